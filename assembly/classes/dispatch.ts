// The classes under fixed priorities and edf (semantics.md section 10.1): real-time, which the host has picked; background;
// best effort. The first that is not empty has the CPU. Only runs from POLICIES on come here.

import { IN_SERVER_BACKGROUND_WEIGHT } from "../abi";
import { fieldOr } from "../input";
import { FULL, Mode } from "../mode";
import * as policies from "../policies/dispatch";
import { core, machine, noServer, Server } from "../records";
import { Duration, Instant } from "../time";
import * as background from "./background";
import * as bestEffort from "./best-effort";
import * as shares from "./shares";

/** Before the servers are loaded. */
export function start(): void {
  bestEffort.start();
}

/** Reads what a server without budget does. */
export function read(server: Server, input: usize): void {
  background.read(server, input);
  const weight = fieldOr(input, IN_SERVER_BACKGROUND_WEIGHT, 0);
  if (weight != 0) shares.add(server, weight);
}

/** Once all servers are loaded. */
export function ready(): void {
  bestEffort.ready();
}

/** Phase A: the best-effort class had the CPU for `used` ticks, and with it that server. */
export function charge(server: Server, used: Duration): void {
  bestEffort.charge(server, used);
}

/**
 * Phase H, once the host has picked `first` of the real-time class, or noServer. Who had used budget and is not picked may be
 * noticed to have none; an idle lender gives the CPU to a lower class. Returns who runs; who was picked pays.
 * @inline
 */
export function decide(first: Server, now: Instant, mode: Mode): Server {
  const paid = changetype<Server>(core.payer);
  if (mode >= FULL && paid != first && (machine.enforced & machine.budgeted & paid.bit) != 0)
    policies.notice(paid, now, mode);
  core.payer = changetype<usize>(first);
  if ((machine.weighted | machine.backgrounds | machine.lends) != 0) return decideAll(first, now);
  machine.runnable = machine.budgeted & (machine.pending | machine.idles);
  return first;
}

/** The same where there are lower classes. @inline */
function decideAll(first: Server, now: Instant): Server {
  const waiting = machine.pending & ~machine.budgeted;
  const behind = waiting & machine.backgrounds;
  const members = waiting & machine.weighted;
  machine.runnable = (machine.budgeted & (machine.pending | machine.idles)) | members | behind;
  let server = first;
  let serves = false;
  if (first == noServer || (machine.lends & ~machine.pending & first.bit) != 0) {
    if (behind != 0) server = background.pick(behind);
    else serves = members != 0;
  }
  if (bestEffort.isThere()) {
    const served = bestEffort.decide(members, serves, now);
    if (serves) server = served;
  }
  core.serves = serves ? 1 : 0;
  return server;
}
