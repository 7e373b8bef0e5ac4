// Start-time fair queueing. Goyal, Guo & Vin, OSDI 1996, as in semantics.md section 10.3: services of a fixed length, in the
// order of their virtual start.

import { IN_HEADER_FAIR_QUANTUM, SERVERS_MAX } from "../abi";
import { field, header } from "../input";
import { core, machine, noServer, Server, serverAt, serverIndex } from "../records";
import { Duration, Instant } from "../time";
import { shareOf } from "./shares";

@unmanaged
class Entity {
  start: i64; // S: virtual start of its next service, or of the one that is on
  finish: i64; // F: virtual finish of its last one
}

const column = memory.data(SERVERS_MAX * offsetof<Entity>(), 64);

let quantum: Duration = 0;
let virtualTime: i64 = 0;
let current: Server = noServer; // whom the class served last, if it has not left since
let isOn: bool = false; // its service is not over
let used: Duration = 0; // of its service

/** @inline */
function entityOf(server: Server): Entity {
  return changetype<Entity>(column + <usize>serverIndex(server) * offsetof<Entity>());
}

export function start(): void {
  quantum = field(header(), IN_HEADER_FAIR_QUANTUM);
  assert(quantum > 0, "a quantum of the best-effort class");
  memory.fill(column, 0, SERVERS_MAX * offsetof<Entity>());
  virtualTime = 0;
  current = noServer;
  isOn = false;
}

/** Phase A. */
export function charge(server: Server, ticks: Duration): void {
  used += ticks;
  if (used != quantum) return;
  end();
  entityOf(server).start = entityOf(server).finish;
}

/** The service is over; what it took is in the virtual finish. */
function end(): void {
  entityOf(current).finish = entityOf(current).start + used * shareOf(current);
  isOn = false;
}

export function leave(server: Server): void {
  if (server != current) return;
  if (isOn) end();
  current = noServer;
}

/** Once all who left have left; `members` stay. */
export function settle(members: u64): void {
  if (members != 0) return;
  for (let place = 0; place < machine.serverCount; place++)
    virtualTime = max(virtualTime, entityOf(serverAt(place)).finish);
}

export function join(server: Server): void {
  entityOf(server).start = max(virtualTime, entityOf(server).finish);
}

export function serve(members: u64, now: Instant): Server {
  if (!isOn) {
    current = first(members);
    virtualTime = entityOf(current).start;
    used = 0;
    isOn = true;
  }
  core.serviceEnd = now + (quantum - used);
  return current;
}

/** The member with the smallest (start, number). */
function first(members: u64): Server {
  let best = noServer;
  for (; members != 0; members &= members - 1) {
    const server = serverAt(<i32>ctz(members));
    const lead = best == noServer ? -1 : entityOf(server).start - entityOf(best).start;
    if (lead < 0 || (lead == 0 && server.number < best.number)) best = server;
  }
  return best;
}
