// No server at all: the VM competes whenever it has a job, without a budget. The top-level task model of Liu & Layland,
// Journal of the ACM 20(1), 1973, and the only kind of server under a table.

import { machine, Server } from "../records";
import { Duration, NEVER, UNLIMITED } from "../time";

export function start(server: Server): void {
  server.budget = UNLIMITED; // charged like any other, and never used up
  server.deadline = NEVER;
  machine.budgeted |= server.bit;
}

/** It has no rhythm of its own, */
export function cycle(): Duration {
  return 1;
}

/** nor a state. */
export function repeats(): bool {
  return true;
}
