// The rules on how the times of a task are drawn (semantics.md section 13).

import * as abi from "../../../assembly/abi.js";
import {
  DISTRIBUTIONS,
  type Distribution,
  distributionFacts,
  SPORADIC_DISTRIBUTIONS,
  sporadicFacts,
} from "../../model/distributions.js";
import { pathOf, slotsWithin, TASK_FIELDS } from "../../model/fields.js";
import { observedBounds, observedTasks } from "../observed.js";
import { type Checker, kept } from "./checker.js";

/** What the distributions of a map demand of its fields. */
function demandsOf(map: string, facts: readonly (readonly [name: string, Distribution])[]) {
  const rule = (field: string) => ({ field: `${map}.${field}`, slots: slotsWithin(TASK_FIELDS, `${map}.${field}`) });
  const parameters = new Set(facts.flatMap(([, { required, optional }]) => [...required, ...optional]));
  const rulesBy = kept((id: number) => {
    const [name, { required, optional }] = facts[id === abi.ABSENT ? abi.TIMES_UNIFORM : id];
    const why = id === abi.ABSENT ? "without a distribution" : `for the distribution ${name}`;
    const others = [...parameters].filter((field) => !required.includes(field) && !optional.includes(field));
    return {
      required: required.map((field) => ({ ...rule(field), why: `the distribution ${name} needs it` })),
      unused: others.map((field) => ({ ...rule(field), why })),
    };
  });
  return { slots: slotsWithin(TASK_FIELDS, map), slot: slotsWithin(TASK_FIELDS, `${map}.distribution`)[0], rulesBy };
}

const EXECUTION = demandsOf(
  "execution",
  DISTRIBUTIONS.map((name) => [name, distributionFacts(name)]),
);
const SPORADIC = demandsOf(
  "sporadic",
  SPORADIC_DISTRIBUTIONS.map((name) => [name, sporadicFacts(name)]),
);

/** What means nothing where execution times are observed. */
const BESIDE_OBSERVED = slotsWithin(TASK_FIELDS, "execution").flatMap((slot) => {
  const field = TASK_FIELDS.find((each) => each.slot === slot)!.name;
  return slot === abi.IN_TASK_OBSERVED ? [] : [{ field: pathOf({ name: field }).slice(0, 2).join("."), slot }];
});

/** Whether the map says anything that is to be looked at; most tasks have none. */
function checkFields(task: Checker, { slots, slot, rulesBy }: typeof EXECUTION): boolean {
  const distribution = task.value(slot);
  if (slots.every((each) => !task.has(each)) || Number.isNaN(distribution)) return false;
  const { required, unused } = rulesBy(distribution);
  for (const { field, slots: own, why } of required) task.required(field, own[0], why);
  for (const { field, slots: own, why } of unused) task.unused(field, own, why);
  return true;
}

/** How execution times are drawn. */
export function checkExecution(task: Checker, flat: Float64Array, number: number): void {
  if (task.has(abi.IN_TASK_OBSERVED)) {
    checkObserved(task, flat, number);
    return;
  }
  if (!checkFields(task, EXECUTION)) return;
  checkTimes(task);
  checkShare(task);
}

/** Times that are observed, between the bcet and the wcet where these are said. */
function checkObserved(task: Checker, flat: Float64Array, number: number): void {
  const said = BESIDE_OBSERVED.filter(({ slot }) => task.isGiven(slot)).map(({ field }) => field);
  for (const field of new Set(said)) task.say(field, () => "means nothing beside empirical, which lists the times");
  if (task.value(abi.IN_TASK_OBSERVED) === 0)
    task.say("execution.empirical", () => "has no time; there is at least one");
  const own = observedTasks(flat).find((each) => each.number === number);
  if (own === undefined) return;
  const { least, greatest } = observedBounds(flat, own);
  task.atLeast(
    "wcet",
    abi.IN_TASK_WCET,
    greatest,
    (show) => `is less than ${show(greatest)}, the greatest of its observed execution times`,
  );
  task.atMost(
    "bcet",
    abi.IN_TASK_BCET,
    least,
    (show) => `exceeds ${show(least)}, the least of its observed execution times`,
  );
}

/** How the times between arrivals are drawn, of a task with a period. */
export function checkSporadic(task: Checker): void {
  if (!checkFields(task, SPORADIC)) return;
  const [least, greatest] = [task.value(abi.IN_TASK_PERIOD), task.value(abi.IN_TASK_PERIOD_MAX)];
  task.required("period_max", abi.IN_TASK_PERIOD_MAX, "sporadic says how the times up to it are drawn");
  const slot = abi.IN_TASK_SPACING_MEAN;
  task.atMost("sporadic.mean", slot, greatest, (show) => `exceeds the period_max ${show(greatest)}`);
  task.atLeast("sporadic.mean", slot, least, (show) => `is less than the period ${show(least)}`);
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
