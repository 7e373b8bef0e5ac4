// The rules on how the execution times of a task are drawn (semantics.md section 13).

import * as abi from "../../../assembly/abi.js";
import { DISTRIBUTIONS, distributionFacts } from "../../model/distributions.js";
import { slotsWithin, TASK_FIELDS } from "../../model/fields.js";
import { type Checker, kept } from "./checker.js";

/** All that can stand in `execution`; most tasks have none of it. */
const SLOTS = slotsWithin(TASK_FIELDS, "execution");
const PARAMETERS = [...new Set(DISTRIBUTIONS.flatMap((name) => Object.values(distributionFacts(name)).flat()))];

/** What a distribution, or none, demands of the fields. */
const rulesBy = kept((id: number) => {
  const name = DISTRIBUTIONS[id] ?? DISTRIBUTIONS[abi.TIMES_UNIFORM];
  const { required, optional } = distributionFacts(name);
  const rule = (field: string) => ({
    field: `execution.${field}`,
    slots: slotsWithin(TASK_FIELDS, `execution.${field}`),
  });
  const why = id === abi.ABSENT ? "without a distribution" : `for the distribution ${name}`;
  return {
    required: required.map((field) => ({ ...rule(field), why: `the distribution ${name} needs it` })),
    unused: PARAMETERS.filter((field) => !required.includes(field) && !optional.includes(field)).map((field) => ({
      ...rule(field),
      why,
    })),
  };
});

export function checkExecution(task: Checker): void {
  if (SLOTS.every((slot) => !task.has(slot))) return;
  const distribution = task.value(abi.IN_TASK_EXECUTION);
  if (Number.isNaN(distribution)) return;
  const { required, unused } = rulesBy(distribution);
  for (const { field, slots, why } of required) task.required(field, slots[0], why);
  for (const { field, slots, why } of unused) task.unused(field, slots, why);
  checkTimes(task);
  checkShare(task);
}

/** What is between the bcet and the wcet. */
function checkTimes(task: Checker): void {
  const wcet = task.value(abi.IN_TASK_WCET);
  const bcet = task.has(abi.IN_TASK_BCET) ? task.value(abi.IN_TASK_BCET) : wcet;
  const least = task.has(abi.IN_TASK_BCET) ? "bcet" : "bcet, by default the wcet";
  const between = (name: string, slot: number) => {
    task.atMost(`execution.${name}`, slot, wcet, (show) => `exceeds the wcet ${show(wcet)}`);
    task.atLeast(`execution.${name}`, slot, bcet, (show) => `is less than the ${least}, ${show(bcet)}`);
  };
  between("mean", abi.IN_TASK_EXECUTION_MEAN);
  between("short", abi.IN_TASK_EXECUTION_SHORT);
  between("long", abi.IN_TASK_EXECUTION_LONG);
  const long = task.value(abi.IN_TASK_EXECUTION_LONG);
  task.atMost(
    "execution.short",
    abi.IN_TASK_EXECUTION_SHORT,
    long,
    (show) => `exceeds the least long time, ${show(long)}`,
  );
}

function checkShare(task: Checker): void {
  const [longs, all] = [task.value(abi.IN_TASK_EXECUTION_SHARE), task.value(abi.IN_TASK_EXECUTION_SHARE + 1)];
  if (longs > all)
    task.say("execution.share[0]", () => `${longs} exceeds ${all}: the share of long times is at most 1`);
  if (all > abi.SHARE_PARTS_MAX)
    task.say("execution.share[1]", () => `${all} exceeds ${abi.SHARE_PARTS_MAX}, the most that a draw is split by`);
}
