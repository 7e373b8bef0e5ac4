// The rules on a task, and on its jobs where they are given one by one.

import * as abi from "../../../assembly/abi.js";
import { CLOCKS, JOB_FIELDS, jobAt, ON_MISS, serverAt, slotsWithin, TASK_FIELDS, taskAt } from "../../model/fields.js";
import { Checker, listed, oneOf, type Report } from "./checker.js";
import { checkExecution, checkSporadic } from "./execution.js";
import { windowCount } from "./windows.js";

/**
 * @param firstJob number of its first job as given
 * @param isSimulated whether a job has to be released before its deadline
 */
export function checkTask(
  flat: Float64Array,
  server: number,
  index: number,
  firstJob: number,
  isSimulated: boolean,
  report: Report,
): void {
  const task = new Checker(flat, taskAt(flat[abi.IN_HEADER_SERVERS], index), "task", index, report);
  task.minima(TASK_FIELDS);
  if (flat[serverAt(server) + abi.IN_SERVER_PRIORITIES] === abi.PRIORITIES_EXPLICIT)
    task.required("priority", abi.IN_TASK_PRIORITY);
  else task.unused("priority", abi.IN_TASK_PRIORITY, "unless the server's priorities are explicit");
  const source = sourceOf(task);
  if (source !== undefined) checkSource(task, source);
  checkCompany(task, flat[serverAt(server) + abi.IN_SERVER_CLOCK]);
  checkTimes(task);
  checkExecution(task, flat, index);
  if (source === PERIODIC) checkSporadic(task);
  checkWindow(task);
  if (isSimulated) checkReleases(task);
  if (task.value(abi.IN_TASK_JOBS) >= 0) checkJobs(flat, task, firstJob, report);
}

/** Where the jobs of a task come from: exactly one of these fields, and what goes with it. */
const SOURCES = [
  { name: "period", required: ["wcet"], unused: ["think_max"] },
  { name: "jobs", required: [], unused: ["offset", "jitter", "period_max", "think_max", "sporadic"] },
  { name: "think", required: ["wcet"], unused: ["jitter", "period_max", "sporadic"] },
  { name: "after", required: ["wcet"], unused: ["offset", "jitter", "period_max", "think_max", "sporadic"] },
].map(({ name, required, unused }) => ({
  name,
  slot: slotsOfTask(name)[0],
  required: required.map((field) => ({ field, slot: slotsOfTask(field)[0] })),
  unused: unused.map((field) => ({
    field,
    slots: slotsOfTask(field),
    why: field === "think_max" ? "without think" : `for a task with ${name}`,
  })),
}));

/** What jobs take that do not say their work. */
const OF_WORK = ["wcet", "bcet", "execution"].map((field) => ({ field, slots: slotsOfTask(field) }));

type Source = (typeof SOURCES)[number];

function slotsOfTask(name: string): readonly number[] {
  if (name === "after") return [abi.IN_TASK_AFTER];
  return name === "jobs" ? [abi.IN_TASK_JOBS] : slotsWithin(TASK_FIELDS, name);
}

const PERIODIC = SOURCES[0];

/** The one that the task has; undefined, and said so, where it has none or several. */
function sourceOf(task: Checker): Source | undefined {
  const found = SOURCES.filter(({ slot }) => task.has(slot));
  if (found.length === 1) return found[0];
  if (found.length > 1) {
    const names = found.filter(({ slot }) => task.isGiven(slot)).map(({ name }) => name);
    if (names.length < 2) return undefined; // what was refused is not mentioned again
    task.say(
      names[1],
      () => `does not go with ${listed([names[0], ...names.slice(2)], "and")}; a task has one of them`,
    );
    return undefined;
  }
  task.required("period", abi.IN_TASK_PERIOD);
  return PERIODIC;
}

function checkSource(task: Checker, { required, unused }: Source): void {
  for (const { field, slot } of required) task.required(field, slot);
  for (const { field, slots, why } of unused) task.unused(field, slots, why);
}

/** What goes neither with jobs that no period makes nor with a guest's own clock. */
function checkCompany(task: Checker, clock: number): void {
  const shifts = task.value(abi.IN_TASK_ON_MISS) === abi.ON_MISS_SHIFT;
  const own = SOURCES.filter((source) => source !== PERIODIC && task.isGiven(source.slot)).map(({ name }) => name);
  if (shifts && own.length > 0)
    task.say("on_miss", () => `${ON_MISS[abi.ON_MISS_SHIFT]} does not go with ${oneOf(own)}; it shifts periods`);
  if (!(clock > abi.CLOCK_HOST)) return;
  const why = `on a server whose clock is ${CLOCKS[clock]}; it follows host time`;
  if (shifts) task.say("on_miss", () => `${ON_MISS[abi.ON_MISS_SHIFT]} means nothing ${why}`);
  for (const name of own) task.unused(name, slotsOfTask(name), why);
}

function checkTimes(task: Checker): void {
  const period = task.value(abi.IN_TASK_PERIOD);
  const wcet = task.value(abi.IN_TASK_WCET);
  task.atMost("bcet", abi.IN_TASK_BCET, wcet, (show) => `exceeds the wcet ${show(wcet)}`);
  task.atLeast("period_max", abi.IN_TASK_PERIOD_MAX, period, (show) => `is less than the period ${show(period)}`);
  task.atMost("jitter", abi.IN_TASK_JITTER, period, (show) => `exceeds the period ${show(period)}`);
  const think = task.value(abi.IN_TASK_THINK);
  task.atLeast("think_max", abi.IN_TASK_THINK_MAX, think, (show) => `is less than the think time ${show(think)}`);
  const jitter = task.value(abi.IN_TASK_JITTER);
  if (jitter > 0 && task.value(abi.IN_TASK_PERIOD_MAX) > period && period !== abi.ABSENT) {
    task.say(
      "jitter",
      (show) =>
        `${show(jitter)} does not go with sporadic arrivals (period_max above the period), which must have no jitter`,
    );
  }
}

/** Misses, and in how many consecutive jobs. */
function checkWindow(task: Checker): void {
  const [misses, jobs] = [task.value(abi.IN_TASK_WINDOW), task.value(abi.IN_TASK_WINDOW + 1)];
  if (misses > jobs) task.say("window[0]", () => `${misses} exceeds the ${jobs} jobs in which misses are counted`);
  if (jobs > abi.JOB_WINDOW_MAX)
    task.say("window[1]", () => `${jobs} exceeds ${abi.JOB_WINDOW_MAX}, the most jobs in which misses are counted`);
}

/** A job is released before its deadline. */
function checkReleases(task: Checker): void {
  const jitter = task.value(abi.IN_TASK_JITTER);
  const deadline = task.value(task.has(abi.IN_TASK_DEADLINE) ? abi.IN_TASK_DEADLINE : abi.IN_TASK_PERIOD);
  if (jitter > 0 && deadline !== abi.ABSENT && jitter >= deadline) {
    task.say("jitter", (show) => `${show(jitter)} is not less than the deadline ${show(deadline)}`);
  }
}

function checkJobs(flat: Float64Array, task: Checker, first: number, report: Report): void {
  const count = task.value(abi.IN_TASK_JOBS);
  if (count === 0) task.say("jobs", () => "has no job; a task has at least one");
  const windows = windowCount(flat);
  if (windows > abi.WINDOWS_MAX) return;
  checkWork(flat, task, first, jobAt(flat[abi.IN_HEADER_SERVERS], flat[abi.IN_HEADER_TASKS], windows, first), report);
  let before = 0;
  for (let index = first; index < first + count; index++) {
    const at = jobAt(flat[abi.IN_HEADER_SERVERS], flat[abi.IN_HEADER_TASKS], windows, index);
    const job = new Checker(flat, at, "job", index, report);
    job.minima(JOB_FIELDS);
    job.required("at", abi.IN_JOB_AT);
    const arrival = job.value(abi.IN_JOB_AT);
    const last = before;
    if (arrival >= 0 && arrival < last)
      job.say(
        "at",
        (show) => `${show(arrival)} is before the job before, ${show(last)}; jobs are in the order of time`,
      );
    if (arrival > before) before = arrival;
  }
}

/** Jobs have their own work, or take what the task says. @param at where the first one stands */
function checkWork(flat: Float64Array, task: Checker, first: number, at: number, report: Report): void {
  const count = task.value(abi.IN_TASK_JOBS);
  const workAt = (index: number) => flat[at + index * abi.IN_JOB_SIZE + abi.IN_JOB_WORK];
  let drawn = 0;
  for (let index = 0; index < count; index++) {
    if (workAt(index) !== abi.ABSENT) continue;
    drawn++;
    if (!task.has(abi.IN_TASK_WCET))
      report(
        { record: "job", index: first + index, field: "work" },
        () => "is missing; it has no default without a wcet of the task",
      );
  }
  if (drawn > 0) return;
  // Bounds that observed times give are not the user's.
  const said = task.has(abi.IN_TASK_OBSERVED) ? OF_WORK.filter(({ field }) => field === "execution") : OF_WORK;
  for (const { field, slots } of said) task.unused(field, slots, "for a task with jobs that all have their work");
}
