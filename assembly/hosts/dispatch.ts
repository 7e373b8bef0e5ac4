// Which host scheduler picks: the only file that knows every host scheduler.

import { HOST_FP, HOST_EDF } from "../abi";
import { machine, Server } from "../records";
import { Instant } from "../time";
import * as edf from "./edf";
import * as fp from "./fp";
import * as table from "./table";

/** Phase H: the server that gets the CPU, or noServer. */
// @ts-ignore: decorator
@inline
export function pickServer(eligible: u64, ran: Server, now: Instant, plain: bool): Server {
  if (plain || machine.host == HOST_FP) return fp.pick(eligible);
  if (machine.host == HOST_EDF) return edf.pick(eligible, ran);
  return table.pick(now);
}
