// The whole API of the kernel, and nothing else. Only numbers cross it; see src/kernel/kernel.ts for the other side.

import { ABI_VERSION, STATUS_MORE } from "./abi";
import { resultNumbers } from "./records";
import { capacity, pointer, prepare } from "./scenario";
export { run } from "./simulation";

export function abiVersion(): i32 {
  return ABI_VERSION;
}

/** Where the flat scenario is written before load(). */
export function scenarioPointer(): usize {
  return pointer();
}

/** How many float64 the scenario may have. */
export function scenarioCapacity(): i32 {
  return capacity();
}

/** Where the counters are after run() has returned STATUS_DONE. */
export function resultPointer(): usize {
  return resultNumbers;
}

/** Prepares a run of the scenario that was written; `leaping`: it may leap over repeating cycles, see leap.ts. */
export function load(leaping: bool): i32 {
  prepare(leaping);
  return STATUS_MORE;
}
