// Latencies: a wake-up, or a replenishment, takes place some drawn time after it is due, as where a daemon or a busy kernel
// has to see it first (semantics.md section 10.5).

import { ABSENT, IN_SERVER_LATENCY_REPLENISH, IN_SERVER_LATENCY_WAKE, SERVERS_MAX } from "./abi";
import * as alarms from "./alarms";
import { field } from "./input";
import { draw, drawn1, drawn2 } from "./random";
import { machine, Server, serverAt, serverIndex } from "./records";
import { Duration, Instant, NEVER } from "./time";

/** Entities of latencies in the random draws begin here. */
const ENTITY: u32 = 0xc0000000;

@unmanaged
class Latency {
  wakeLeast: Duration;
  wakeSpan: i64; // greatest - least + 1
  replenishLeast: Duration;
  replenishSpan: i64;
  wakeUps: i64; // found so far
}

const column = memory.data(SERVERS_MAX * offsetof<Latency>(), 64);

/** Servers whose wake-up is on its way, and those of them whose wake-up is due now, one bit each. */
let waiting: u64 = 0;
let coming: u64 = 0;

function latencyOf(server: Server): Latency {
  return changetype<Latency>(column + <usize>serverIndex(server) * offsetof<Latency>());
}

/** Before the servers are loaded. */
export function start(): void {
  waiting = 0;
  coming = 0;
}

export function read(server: Server, input: usize): void {
  const latency = latencyOf(server);
  latency.wakeUps = 0;
  if (field(input, IN_SERVER_LATENCY_WAKE) != ABSENT) {
    machine.wakesLate |= server.bit;
    latency.wakeLeast = field(input, IN_SERVER_LATENCY_WAKE);
    latency.wakeSpan = field(input, IN_SERVER_LATENCY_WAKE + 1) - latency.wakeLeast + 1;
    assert(latency.wakeSpan > 0, "latency of wake-ups");
  }
  if (field(input, IN_SERVER_LATENCY_REPLENISH) != ABSENT) {
    machine.refillsLate |= server.bit;
    latency.replenishLeast = field(input, IN_SERVER_LATENCY_REPLENISH);
    latency.replenishSpan = field(input, IN_SERVER_LATENCY_REPLENISH + 1) - latency.replenishLeast + 1;
    assert(
      latency.replenishSpan > 0 && latency.replenishLeast + latency.replenishSpan <= server.period,
      "latency of replenishments",
    );
  }
}

/** Phase D: the wake-ups that are due now. */
export function notice(now: Instant): void {
  coming = alarms.take(alarms.WAKE, now);
}

/** Phase F, first: a server whose wake-up is on its way is not pending. One that has no job left does not wake up. */
export function holdBack(now: Instant): void {
  let found = machine.pending & ~machine.pendingBefore & machine.wakesLate & ~waiting;
  for (let left = waiting; left != 0; left &= left - 1) goOn(serverAt(<i32>ctz(left)));
  machine.pending &= ~waiting;
  for (; found != 0; found &= found - 1) find(serverAt(<i32>ctz(found)), now);
  coming = 0;
}

/** Its wake-up is on its way, or takes place now. */
function goOn(server: Server): void {
  const isPending = (server.pending0 | server.pending1 | server.pending2 | server.pending3) != 0;
  if (isPending && (coming & server.bit) == 0) return;
  waiting &= ~server.bit;
  if (isPending) machine.pending |= server.bit;
  else alarms.set(alarms.WAKE, server, NEVER);
}

/** It has a job again: when its wake-up takes place is drawn. */
function find(server: Server, now: Instant): void {
  const latency = latencyOf(server);
  draw(latency.wakeUps++, ENTITY + server.number);
  const late: Duration = latency.wakeLeast + <i64>(drawn1 % <u64>latency.wakeSpan);
  if (late == 0) return;
  waiting |= server.bit;
  machine.pending &= ~server.bit;
  alarms.set(alarms.WAKE, server, now + late);
}

/** How much later than it is due replenishment k takes place. */
export function ofReplenishment(server: Server, k: i64): Duration {
  if ((machine.refillsLate & server.bit) == 0) return 0;
  draw(k, ENTITY + server.number);
  return latencyOf(server).replenishLeast + <i64>(drawn2 % <u64>latencyOf(server).replenishSpan);
}
