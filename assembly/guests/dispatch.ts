// Which guest scheduler does what: the only file that knows every guest scheduler. README.md beside the policies says how
// to add one. What a guest scheduler does not say refuses: it is unknown, or runs with it do not leap.

import { GUEST_EDF, GUEST_FIFO, GUEST_FP } from "../abi";
import { GENERAL, Mode, PLAIN } from "../mode";
import { machine, noTask, Server, Task } from "../records";
import * as edf from "./edf";
import * as fifo from "./fifo";
import * as fp from "./fp";

/** That of a server whose guest was left out. */
export const DEFAULT = GUEST_FP;

/** The least mode that can be this server's guest. */
export function leastMode(server: Server): Mode {
  return server.guest == GUEST_FP && server.taskCount <= 64 ? PLAIN : GENERAL;
}

/** A server's tasks stand in the order of this and their number: the task at `task` of the server at `input`. */
export function orderOf(guest: i32, input: usize, task: usize): i64 {
  switch (guest) {
    case GUEST_FP:
      return fp.orderOf(input, task);
    case GUEST_EDF:
    case GUEST_FIFO:
      return 0;
    default:
      assert(false, "unknown guest scheduler");
      return 0;
  }
}

/** Phase H: the task whose head job runs in that server, or noTask. @inline */
export function pickTask(server: Server, mode: Mode): Task {
  if (mode < GENERAL) return fp.pickFew(server);
  if ((machine.pending & server.bit) == 0) return noTask;
  if (server.guest == GUEST_FP) return fp.pick(server);
  if (server.guest == GUEST_EDF) return edf.pick(server);
  if (server.guest == GUEST_FIFO) return fifo.pick(server);
  assert(false, "unknown guest scheduler");
  return noTask;
}

/** Whether a guest has no state but the job that ran last, so that a run can leap. */
export function repeats(server: Server): bool {
  return server.guest == GUEST_FP || server.guest == GUEST_EDF || server.guest == GUEST_FIFO;
}

/** Whether a guest picks the same tasks when their heads have aged, each as it may. */
export function ignoresAge(server: Server): bool {
  return server.guest == GUEST_FP;
}
