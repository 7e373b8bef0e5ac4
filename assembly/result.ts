// The result of a run: counters as float64 in file order, see counters.ts.

import * as abi from "./abi";
import * as clocks from "./clocks";
import * as counters from "./counters";
import * as histogram from "./histogram";
import { countUnreached, judgedAtEnd, missedAtEnd } from "./jobs";
import { core, machine, Server, serverAt, serverOf, Task, taskAt } from "./records";
import * as several from "./several/result";
import { Instant } from "./time";
import * as warmup from "./warmup";
import * as weaklyHard from "./weakly-hard";

const SIZE =
  abi.OUT_HOST_SIZE +
  abi.SERVERS_MAX * abi.OUT_SERVER_SIZE +
  abi.TASKS_MAX * abi.OUT_TASK_SIZE +
  abi.CPUS_MAX * abi.OUT_CPU_SIZE;
const numbers = memory.data(SIZE * 8, 64);

export function pointer(): usize {
  return numbers;
}

/** Returns the status with which the run ends. */
export function writeResult(end: Instant): i32 {
  const servers = numbers + abi.OUT_HOST_SIZE * 8;
  const tasks = servers + <usize>machine.serverCount * abi.OUT_SERVER_SIZE * 8;
  const cpus = tasks + <usize>machine.taskCount * abi.OUT_TASK_SIZE * 8;
  for (let i = 0; i < machine.serverCount; i++) {
    const server = serverAt(i);
    writeServer(server, servers + <usize>server.number * abi.OUT_SERVER_SIZE * 8, end);
  }
  if (machine.chained) for (let i = 0; i < machine.taskCount; i++) countUnreached(taskAt(i), end);
  for (let i = 0; i < machine.taskCount; i++) {
    const task = taskAt(i);
    writeTask(task, tasks + <usize>task.number * abi.OUT_TASK_SIZE * 8, end);
  }
  if (machine.several) several.writeCpus(numbers, cpus, end);
  else writeCpu(cpus, end);
  counters.put(numbers, abi.OUT_HOST_OVERHEAD, core.overhead);
  counters.put(numbers, abi.OUT_HOST_END, end);
  counters.put(numbers, abi.OUT_HOST_COUNTED, end - machine.warmup);
  return machine.status;
}

/** The only CPU, and the host, which has no other. */
function writeCpu(cpu: usize, end: Instant): void {
  let busy: i64 = 0;
  let switches: i64 = 0;
  for (let i = 0; i < machine.serverCount; i++) {
    busy += serverAt(i).supply;
    switches += serverAt(i).switches;
  }
  counters.put(cpu, abi.OUT_CPU_BUSY, busy);
  const idle = end - machine.warmup - busy;
  counters.put(cpu, abi.OUT_CPU_IDLE, idle);
  counters.put(cpu, abi.OUT_CPU_SWITCHES, switches);
  counters.put(numbers, abi.OUT_HOST_BUSY, busy);
  counters.put(numbers, abi.OUT_HOST_IDLE, idle);
  counters.put(numbers, abi.OUT_HOST_SWITCHES, switches);
  counters.put(numbers, abi.OUT_HOST_MIGRATIONS, 0);
}

function writeServer(server: Server, at: usize, end: Instant): void {
  server.blackoutMax = max(server.blackoutMax, end - server.lostCpuAt);
  counters.write(counters.ofServer(server), abi.OUT_SERVER_COUNTED, at);
  counters.put(at, abi.OUT_SERVER_BUDGET_LAST, server.budgetFull);
  counters.put(at, abi.OUT_SERVER_REPLENISHMENTS, warmup.replenishmentsOf(server));
  counters.put(at, abi.OUT_SERVER_GUEST_TIME, warmup.guestTimeOf(server, end));
  counters.put(at, abi.OUT_SERVER_MIGRATIONS, 0);
  counters.put(at, abi.OUT_SERVER_BLACKOUT_MAX_VM, server.blackoutMax);
  if (machine.several) several.writeServer(server, at);
}

function writeTask(task: Task, at: usize, end: Instant): void {
  warmup.close(task);
  const responses = task.responseSum;
  const guestResponses = task.guestResponseSum;
  const late = missedAtEnd(task, clocks.timeOf(serverOf(task), end));
  task.missed += late;
  task.responseSum = responses & 0xffffffff;
  task.guestResponseSum = guestResponses & 0xffffffff;
  if (task.completed == 0) task.responseMin = -1;
  counters.write(counters.ofTask(task), abi.OUT_TASK_COUNTED, at);
  counters.put(at, abi.OUT_TASK_RELEASED, warmup.releasedOf(task));
  counters.put(at, abi.OUT_TASK_COMPLETED, task.completed);
  counters.put(at, abi.OUT_TASK_RESPONSE_SUM_HIGH, responses >> 32);
  counters.put(at, abi.OUT_TASK_GUEST_RESPONSE_SUM_HIGH, guestResponses >> 32);
  counters.put(at, abi.OUT_TASK_JUDGED, judgedAtEnd(task, end));
  counters.put(at, abi.OUT_TASK_MISSES_IN_WINDOW, machine.windowed ? weaklyHard.close(task, late > 0) : -1);
  counters.put(at, abi.OUT_TASK_MIGRATIONS, 0);
  if (machine.several) several.writeTask(task, at);
  histogram.writePercentiles(task, at);
}
