// A run that cannot be exact any more. It never ends in a wrong number: it ends with a status.

import { machine } from "./records";

/** The run ends with that status at the next instant, which is now. */
export function fail(status: i32): void {
  machine.status = status;
  machine.stopAt = -1;
  machine.dueAt = -1;
  machine.timerAt = -1;
}
