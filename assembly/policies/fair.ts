// A server of the best-effort class, as the host's own scheduler runs what has no reservation: proportional share, Goyal, Guo
// & Vin, OSDI 1996. It has no budget, ever; classes/best-effort.ts schedules it.

import { IN_SERVER_WEIGHT } from "../abi";
import * as shares from "../classes/shares";
import { fieldOr, serverInput } from "../input";
import { Server } from "../records";
import { NEVER } from "../time";

export function start(server: Server): void {
  server.deadline = NEVER;
  shares.add(server, fieldOr(serverInput(server.number), IN_SERVER_WEIGHT, shares.WEIGHT));
}
