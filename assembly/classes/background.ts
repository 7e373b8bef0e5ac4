// Background service: what has no budget left goes on behind all that have one, by fixed priorities of its own. RESCH's
// reservation mode: Kato, Rajkumar & Ishikawa, CMU-ECE-TR09-12, 2009; semantics.md section 10.1, class 2.

import { IN_SERVER_BACKGROUND_PRIORITY, SERVERS_MAX } from "../abi";
import { fieldOr } from "../input";
import { machine, noServer, Server, serverAt, serverIndex } from "../records";

/** Priority by place: the smaller, the higher. */
const priorities = memory.data(SERVERS_MAX * 8, 64);

export function read(server: Server, input: usize): void {
  const priority = fieldOr(input, IN_SERVER_BACKGROUND_PRIORITY, 0);
  if (priority == 0) return;
  machine.backgrounds |= server.bit;
  store<i64>(priorities + ((<usize>serverIndex(server)) << 3), priority);
}

/** The one with the smallest (priority, number), or noServer. */
export function pick(waiting: u64): Server {
  let best = noServer;
  let least: i64 = 0;
  for (; waiting != 0; waiting &= waiting - 1) {
    const place = <i32>ctz(waiting);
    const server = serverAt(place);
    const priority = load<i64>(priorities + ((<usize>place) << 3));
    if (best == noServer || priority < least || (priority == least && server.number < best.number)) {
      best = server;
      least = priority;
    }
  }
  return best;
}
