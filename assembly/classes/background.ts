// Background service: what has no budget left goes on behind all that have one, by fixed priorities of its own. RESCH's
// reservation mode: Kato, Rajkumar & Ishikawa, CMU-ECE-TR09-12, 2009; semantics.md section 10.1, class 2.

import { IN_SERVER_BACKGROUND_PRIORITY, SERVERS_MAX } from "../abi";
import { fieldOr } from "../input";
import { machine, Server, serverAt, serverIndex } from "../records";

/** By place: priority, the smaller, the higher; and those in the background that come before, one bit each. */
const priorities = memory.data(SERVERS_MAX * 8, 64);
const earlier = memory.data((SERVERS_MAX + 1) * 8, 64); // before noServer, whose place is the last, comes nobody

/** @inline */
function at(column: usize, place: i32): usize {
  return column + ((<usize>place) << 3);
}

/** Servers are read in the order of their places. */
export function read(server: Server, input: usize): void {
  const priority = fieldOr(input, IN_SERVER_BACKGROUND_PRIORITY, 0);
  if (priority == 0) return;
  const place = serverIndex(server);
  let before: u64 = 0;
  for (let others = machine.backgrounds; others != 0; others &= others - 1) {
    const other = serverAt(<i32>ctz(others));
    const its = load<i64>(at(priorities, serverIndex(other)));
    if (its < priority || (its == priority && other.number < server.number)) before |= other.bit;
    else {
      const column = at(earlier, serverIndex(other));
      store<u64>(column, load<u64>(column) | server.bit);
    }
  }
  store<i64>(at(priorities, place), priority);
  store<u64>(at(earlier, place), before);
  machine.backgrounds |= server.bit;
}

/** The one with the smallest (priority, number); without one the count is 64, the place of noServer. @inline */
export function pick(waiting: u64): Server {
  let first = <i32>ctz(waiting);
  let others = waiting & load<u64>(at(earlier, first));
  while (others != 0) {
    first = <i32>ctz(others);
    others &= load<u64>(at(earlier, first));
  }
  return serverAt(first);
}
