// What a policy remembers of each of its servers, in the last bytes of the server's record. They belong to the policy,
// which sees them as a class of its own; nobody else looks at them. They are kept with the record when leap.ts looks for a
// cycle: the policy compares and shifts them in its hooks `repeats` and `shift`.

import { Server, STATE_BYTES, STATE_OFFSET } from "../records";

/** The state of a server as its policy's class, which has to fit. @inline */
export function stateOf<State>(server: Server): State {
  assert(<i32>offsetof<State>() <= STATE_BYTES, "the state of a policy has to fit");
  return changetype<State>(changetype<usize>(server) + STATE_OFFSET);
}
