// As what the server that runs has the CPU: class, level, and who pays (semantics.md sections 10.1, 10.4, 10.6 and 10.7). Only
// a traced run asks.

import { SERVICE_BACKGROUND, SERVICE_BEST_EFFORT, SERVICE_EXTRA, SERVICE_IDLE, SERVICE_RESERVED } from "./abi";
import * as hosts from "./hosts/dispatch";
import { core, noServer, Server } from "./records";

/** After phase H has decided, of who runs: one of the SERVICE_ numbers. */
export function classOf(server: Server): i32 {
  if (server == noServer) return SERVICE_IDLE;
  if (core.serves) return SERVICE_BEST_EFFORT;
  if (hosts.isExtra(server)) return SERVICE_EXTRA;
  return core.payer == changetype<usize>(server) ? SERVICE_RESERVED : SERVICE_BACKGROUND;
}

/** Its level, where its policy has levels; else -1. */
export function levelOf(server: Server): i64 {
  return server == noServer ? -1 : hosts.levelOf(server);
}

/** Number of the server that pays; -1: nobody. */
export function payer(): i32 {
  const server = changetype<Server>(core.payer);
  return server == noServer ? -1 : server.number;
}
