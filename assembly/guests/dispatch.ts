// Which guest scheduler picks: the only file that knows every guest scheduler.

import { GUEST_EDF, GUEST_FP } from "../abi";
import { machine, noTask, Server, Task } from "../records";
import * as edf from "./edf";
import * as fifo from "./fifo";
import * as fp from "./fp";

/** Phase H: the task whose head job runs in that server, or noTask. */
// @ts-ignore: decorator
@inline
export function pickTask(server: Server, plain: bool): Task {
  if (plain) return fp.pickFew(server);
  if ((machine.pending & server.bit) == 0) return noTask;
  if (server.guest == GUEST_FP) return fp.pick(server);
  if (server.guest == GUEST_EDF) return edf.pick(server);
  return fifo.pick(server);
}
