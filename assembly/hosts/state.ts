// What the host scheduler remembers of its own, in bytes that belong to it alone and that it sees as a class of its own;
// also what its servers share. leap.ts compares it with a copy that is kept.

const BYTES = 256;
const record = memory.data(BYTES, 64);
const keptRecord = memory.data(BYTES, 64);

/** The host's state as a class, which has to fit. @inline */
export function hostState<State>(): State {
  assert(<i32>offsetof<State>() <= BYTES, "the state of a host scheduler has to fit");
  return changetype<State>(record);
}

/** The state that was kept last. */
export function keptHostState<State>(): State {
  return changetype<State>(keptRecord);
}

/** Before a run. */
export function clear(): void {
  memory.fill(record, 0, BYTES);
}

/** Keeps a copy. */
export function keep(): void {
  memory.copy(keptRecord, record, BYTES);
}
