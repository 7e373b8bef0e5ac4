// Who has which CPU, in the event log of a traced run: of each CPU the events of ../events.ts, as if it were the only one. Of
// a path the last server is shown; who is above it does not change.

import { CPUS_MAX, EVENT_DISPATCH, EVENT_SERVICE, SERVICE_EXTRA, SERVICE_IDLE, SERVICE_RESERVED } from "../abi";
import * as events from "../events";
import * as policies from "../policies/dispatch";
import { noServer, noTask, Server, serverAt, Task } from "../records";
import { Instant } from "../time";
import { Cpu, cpuAt, many } from "./state";

/** What the log says of a CPU. */
@unmanaged
class Shown {
  server: usize;
  task: usize;
  job: i64;
  level: i64;
}

const column = memory.data(CPUS_MAX * offsetof<Shown>(), 64);

function shownOf(cpu: i32): Shown {
  return changetype<Shown>(column + <usize>cpu * offsetof<Shown>());
}

/** Before a run: all are idle. */
export function start(): void {
  for (let cpu = 0; cpu < many.cpuCount; cpu++) {
    shownOf(cpu).server = changetype<usize>(noServer);
    shownOf(cpu).task = changetype<usize>(noTask);
    shownOf(cpu).level = -1;
  }
}

/** After a dispatch: who loses a CPU, then who gets one. */
export function write(now: Instant): void {
  for (let cpu = 0; cpu < many.cpuCount; cpu++) {
    const before = changetype<Server>(shownOf(cpu).server);
    if (before != noServer && before != serverOn(cpuAt(cpu))) events.stopped(cpu, before, now);
  }
  for (let cpu = 0; cpu < many.cpuCount; cpu++) show(cpu, cpuAt(cpu), shownOf(cpu), now);
}

function show(number: i32, cpu: Cpu, shown: Shown, now: Instant): void {
  const server = serverOn(cpu);
  const task = changetype<Task>(cpu.job);
  const level = server == noServer ? -1 : policies.levelOf(server);
  const isServer = shown.server == changetype<usize>(server);
  const isSame = isServer && shown.task == cpu.job && (task == noTask || shown.job == cpu.jobNumber);
  if (isSame && level == shown.level) return;
  shown.server = changetype<usize>(server);
  shown.task = cpu.job;
  shown.job = cpu.jobNumber;
  shown.level = level;
  const service = server == noServer ? SERVICE_IDLE : level > 0 ? SERVICE_EXTRA : SERVICE_RESERVED;
  const payer = server == noServer ? -1 : server.number;
  events.began(isSame ? EVENT_SERVICE : EVENT_DISPATCH, number, server, task, service, level, payer, now);
}

/** The server that a path ends with, or noServer. */
function serverOn(cpu: Cpu): Server {
  return cpu.path == 0 ? noServer : serverAt(63 - <i32>clz(cpu.path));
}
