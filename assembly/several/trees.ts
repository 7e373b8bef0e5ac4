// Trees: servers in servers (semantics.md section 11.7). A server stands before those in it, so children are gone through
// before their parents from the last place on.

import { FULL, Mode } from "../mode";
import * as policies from "../policies/dispatch";
import { machine, serverAt } from "../records";
import { Instant } from "../time";
import { first } from "./order";
import { highest, many, vcpuAt } from "./state";

/** Of some servers, those that may be picked if these have a job or a child for them. @inline */
export function eligibleOf(pending: u64): u64 {
  return machine.budgeted & (pending | machine.idles);
}

/** The same in phase H, once some were found to have no budget: a polling server keeps its own until the next phase G. */
export function eligibleOnceNoticed(pending: u64): u64 {
  return machine.budgeted & (pending | machine.idles | machine.discards);
}

/** Which servers with others in them are pending then, added to the `leaves` that are. */
export function pendingOnceNoticed(leaves: u64): u64 {
  let pending = leaves;
  for (let left = many.inner; left != 0; ) {
    const bit = highest(left);
    left ^= bit;
    if ((eligibleOnceNoticed(pending) & vcpuAt(<i32>ctz(bit)).children) != 0) pending |= bit;
  }
  many.budgetedBefore = machine.budgeted;
  return pending;
}

/** Phases F and G of servers with others in them, once those without are done; returns who is pending. @inline */
export function wakeAndDiscard(leaves: u64, now: Instant, mode: Mode): u64 {
  let pending = leaves | (many.pendingBefore & many.inner);
  if (pending == many.pendingBefore && machine.budgeted == many.budgetedBefore) {
    if (mode < FULL || (machine.budgeted & machine.discards & many.inner & ~pending) == 0) return pending; // nobody new asks
  }
  pending = leaves;
  for (let left = many.inner; left != 0; ) {
    const bit = highest(left);
    const place = <i32>ctz(bit);
    left ^= bit;
    if ((eligibleOf(pending) & vcpuAt(place).children) != 0) {
      pending |= bit;
      if ((bit & ~many.pendingBefore & machine.wakes) != 0) {
        policies.wake(serverAt(place), now, mode);
        many.moved |= bit;
      }
    } else if ((bit & machine.budgeted & machine.discards) != 0) policies.discard(serverAt(place), now, mode);
  }
  many.budgetedBefore = machine.budgeted;
  return pending;
}

/** The topmost server, its chosen child and so on, to one without an eligible child. @inline */
export function pathOf(top: u64, now: Instant, mode: Mode): u64 {
  return (top & many.inner) != 0 ? longPathOf(top, now, mode) : top;
}

function longPathOf(top: u64, now: Instant, mode: Mode): u64 {
  let path = top;
  let place = <i32>ctz(top);
  let children = vcpuAt(place).children & many.eligible;
  while (children != 0) {
    const child = first(children, serverAt(place).guest, now, mode);
    path |= child;
    place = <i32>ctz(child);
    children = vcpuAt(place).children & many.eligible;
  }
  return path;
}
