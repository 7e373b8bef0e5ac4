// The counters of semantics.md section 7 at the end of a run, as float64 in file order.

import * as abi from "./abi";
import * as histogram from "./histogram";
import { missedAtEnd } from "./jobs";
import { machine, resultNumbers, Server, serverAt, Task, taskAt } from "./records";
import { EXACT_MAX, Instant } from "./time";

/** A number, or null where there is none; one that a float64 cannot hold exactly makes the run an overflow. */
function put(at: usize, slot: i32, value: i64): void {
  if (value > EXACT_MAX) machine.status = abi.STATUS_OVERFLOW;
  store<f64>(at + (<usize>slot << 3), <f64>value);
}
function putNull(at: usize, slot: i32): void {
  store<f64>(at + (<usize>slot << 3), NaN);
}

export function writeResult(end: Instant): i32 {
  let busy: i64 = 0;
  let switches: i64 = 0;
  const servers = resultNumbers + abi.OUT_HOST_SIZE * 8;
  const tasks = servers + <usize>machine.serverCount * abi.OUT_SERVER_SIZE * 8;
  for (let i = 0; i < machine.serverCount; i++) {
    const server = serverAt(i);
    writeServer(server, servers + <usize>server.number * abi.OUT_SERVER_SIZE * 8, end);
    busy += server.supply;
    switches += server.switches;
  }
  for (let i = 0; i < machine.taskCount; i++) {
    const task = taskAt(i);
    writeTask(task, tasks + <usize>task.number * abi.OUT_TASK_SIZE * 8, end);
  }
  put(resultNumbers, abi.OUT_HOST_BUSY, busy);
  put(resultNumbers, abi.OUT_HOST_IDLE, end - busy);
  put(resultNumbers, abi.OUT_HOST_SWITCHES, switches);
  put(resultNumbers, abi.OUT_HOST_OVERHEAD, machine.overhead);
  put(resultNumbers, abi.OUT_HOST_END, end);
  return machine.status;
}

function writeServer(server: Server, at: usize, end: Instant): void {
  put(at, abi.OUT_SERVER_SUPPLY, server.supply);
  put(at, abi.OUT_SERVER_IDLED, server.idled);
  put(at, abi.OUT_SERVER_REPLENISHMENTS, server.replenishments);
  put(at, abi.OUT_SERVER_DEPLETIONS, server.depletions);
  put(at, abi.OUT_SERVER_PREEMPTIONS, server.preemptions);
  put(at, abi.OUT_SERVER_SWITCHES, server.switches);
  put(at, abi.OUT_SERVER_GUEST_SWITCHES, server.guestSwitches);
  put(at, abi.OUT_SERVER_BLACKOUT_MAX, max(server.blackoutMax, end - server.lostCpuAt));
}

function writeTask(task: Task, at: usize, end: Instant): void {
  put(at, abi.OUT_TASK_RELEASED, task.nextNumber);
  put(at, abi.OUT_TASK_COMPLETED, task.completed);
  put(at, abi.OUT_TASK_MISSED, task.missed + missedAtEnd(task, end));
  put(at, abi.OUT_TASK_SKIPPED, task.skipped);
  put(at, abi.OUT_TASK_RESPONSE_SUM, task.responseSum & 0xffffffff);
  put(at, abi.OUT_TASK_RESPONSE_SUM_HIGH, task.responseSum >> 32);
  put(at, abi.OUT_TASK_PREEMPTIONS, task.preemptions);
  put(at, abi.OUT_TASK_TARDINESS_MAX, task.tardinessMax);
  if (task.startMax < 0) putNull(at, abi.OUT_TASK_START_MAX);
  else put(at, abi.OUT_TASK_START_MAX, task.startMax);
  if (task.completed < 2) putNull(at, abi.OUT_TASK_GAP_MAX);
  else put(at, abi.OUT_TASK_GAP_MAX, task.gapMax);
  if (task.completed == 0) {
    for (let slot = abi.OUT_TASK_RESPONSE_MIN; slot <= abi.OUT_TASK_RESPONSE_MAX; slot++) putNull(at, slot);
    for (let slot = abi.OUT_TASK_RESPONSE_P50; slot <= abi.OUT_TASK_RESPONSE_P999; slot++) putNull(at, slot);
    return;
  }
  put(at, abi.OUT_TASK_RESPONSE_MIN, task.responseMin);
  put(at, abi.OUT_TASK_RESPONSE_MAX, task.responseMax);
  put(at, abi.OUT_TASK_RESPONSE_P50, histogram.percentile(task, 500));
  put(at, abi.OUT_TASK_RESPONSE_P90, histogram.percentile(task, 900));
  put(at, abi.OUT_TASK_RESPONSE_P99, histogram.percentile(task, 990));
  put(at, abi.OUT_TASK_RESPONSE_P999, histogram.percentile(task, 999));
}
