// The rules on a task.

import * as abi from "../../../assembly/abi.js";
import { serverAt, TASK_FIELDS, taskAt } from "../../model/fields.js";
import { Checker, type Report } from "./checker.js";

/** @param isSimulated whether a job has to be released before its deadline */
export function checkTask(
  flat: Float64Array,
  server: number,
  index: number,
  isSimulated: boolean,
  report: Report,
): void {
  const task = new Checker(flat, taskAt(flat[abi.IN_HEADER_SERVERS], index), "task", index, report);
  task.minima(TASK_FIELDS);
  task.required("period", abi.IN_TASK_PERIOD);
  task.required("wcet", abi.IN_TASK_WCET);
  if (flat[serverAt(server) + abi.IN_SERVER_PRIORITIES] === abi.PRIORITIES_EXPLICIT)
    task.required("priority", abi.IN_TASK_PRIORITY);
  else task.unused("priority", abi.IN_TASK_PRIORITY, "unless the server's priorities are explicit");
  const period = task.value(abi.IN_TASK_PERIOD);
  const wcet = task.value(abi.IN_TASK_WCET);
  task.atMost("bcet", abi.IN_TASK_BCET, wcet, (show) => `exceeds the wcet ${show(wcet)}`);
  task.atLeast("period_max", abi.IN_TASK_PERIOD_MAX, period, (show) => `is less than the period ${show(period)}`);
  task.atMost("jitter", abi.IN_TASK_JITTER, period, (show) => `exceeds the period ${show(period)}`);
  const jitter = task.value(abi.IN_TASK_JITTER);
  if (jitter > 0 && task.value(abi.IN_TASK_PERIOD_MAX) > period && period !== abi.ABSENT) {
    task.say(
      "jitter",
      (show) =>
        `${show(jitter)} does not go with sporadic arrivals (period_max above the period), which must have no jitter`,
    );
  }
  if (isSimulated) checkReleases(task);
}

/** A job is released before its deadline. */
function checkReleases(task: Checker): void {
  const jitter = task.value(abi.IN_TASK_JITTER);
  const deadline = task.value(task.has(abi.IN_TASK_DEADLINE) ? abi.IN_TASK_DEADLINE : abi.IN_TASK_PERIOD);
  if (jitter > 0 && deadline !== abi.ABSENT && jitter >= deadline) {
    task.say("jitter", (show) => `${show(jitter)} is not less than the deadline ${show(deadline)}`);
  }
}
