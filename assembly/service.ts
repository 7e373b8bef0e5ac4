// As what the server that runs has the CPU: class, level, and who pays (semantics.md sections 10.1, 10.4, 10.6 and 10.7). Only
// a traced run asks.

import {
  HOST_CREDIT,
  HOST_SEDF,
  POLICY_RTDS,
  SERVICE_BACKGROUND,
  SERVICE_BEST_EFFORT,
  SERVICE_EXTRA,
  SERVICE_IDLE,
  SERVICE_RESERVED,
} from "./abi";
import * as sedfHost from "./hosts/sedf";
import * as credit from "./policies/credit";
import { core, machine, noServer, Server } from "./records";

/** After phase H has decided, of who runs: one of the SERVICE_ numbers. */
export function classOf(server: Server): i32 {
  if (server == noServer) return SERVICE_IDLE;
  if (core.serves) return SERVICE_BEST_EFFORT;
  if (core.payer != changetype<usize>(server)) return machine.host == HOST_SEDF ? SERVICE_EXTRA : SERVICE_BACKGROUND;
  if (machine.host == HOST_CREDIT) return credit.levelOf(server) == credit.OVER ? SERVICE_EXTRA : SERVICE_RESERVED;
  return server.level > 0 ? SERVICE_EXTRA : SERVICE_RESERVED;
}

/** Its level, where its policy has levels; else -1. */
export function levelOf(server: Server): i64 {
  if (server == noServer) return -1;
  if (machine.host == HOST_CREDIT) return credit.levelOf(server);
  if (machine.host == HOST_SEDF) return payer() < 0 ? sedfHost.listOfExtraTime() : -1;
  return server.policy == POLICY_RTDS ? server.level : -1;
}

/** Number of the server that pays; -1: nobody. */
export function payer(): i32 {
  const server = changetype<Server>(core.payer);
  return server == noServer ? -1 : server.number;
}
