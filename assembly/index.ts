// The whole API of the kernel, and nothing else. Only numbers cross it; see src/kernel/kernel.ts for the other side.

import { ABI_VERSION, STATUS_MORE } from "./abi";
import * as request from "./draws/request";
import * as events from "./events";
import * as input from "./input";
import * as result from "./result";
import { prepare } from "./scenario";

export { drawTasks } from "./draws/tasks";
export { run } from "./simulation";

export function abiVersion(): i32 {
  return ABI_VERSION;
}

/** Where the flat scenario is written before load(). */
export function scenarioPointer(): usize {
  return input.pointer();
}

/** How many float64 the scenario may have. */
export function scenarioCapacity(): i32 {
  return input.capacity();
}

/** Where the counters are after run() has returned STATUS_DONE. */
export function resultPointer(): usize {
  return result.pointer();
}

/** Where the event log of a traced run is. */
export function eventsPointer(): usize {
  return events.pointer();
}

/** How many events the log holds now. */
export function eventCount(): i32 {
  return events.length();
}

/** Empties the log, once the caller has read it. */
export function clearEvents(): void {
  events.clear();
}

/**
 * Prepares a run of the scenario that was written. `leaping`: it may leap over repeating cycles, see leap.ts; `traced`: it
 * writes events, and does not leap.
 */
export function load(leaping: bool, traced: bool): i32 {
  events.start();
  prepare(leaping, traced);
  return STATUS_MORE;
}

/** Where it is written what is asked for before drawTasks(). */
export function requestPointer(): usize {
  return request.requestPointer();
}

/** Where the tasks are that were drawn. */
export function answerPointer(): usize {
  return request.answerPointer();
}
