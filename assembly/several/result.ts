// What a run on several CPUs counts beside ../result.ts: of CPUs, and migrations.

import * as abi from "../abi";
import * as counters from "../counters";
import { machine, Server, serverAt, Task } from "../records";
import { Instant } from "../time";
import { cpuAt, many, placeOf, vcpuOf, vmAt } from "./state";

/** Writes the CPUs, and what the host has of them. */
export function writeCpus(host: usize, cpus: usize, end: Instant): void {
  const length = end - machine.warmup;
  let busy: i64 = 0;
  let switches: i64 = 0;
  let migrations: i64 = 0;
  for (let number = 0; number < many.cpuCount; number++) {
    const cpu = cpuAt(number);
    const at = cpus + <usize>(number * abi.OUT_CPU_SIZE) * 8;
    counters.put(at, abi.OUT_CPU_BUSY, cpu.busy);
    counters.put(at, abi.OUT_CPU_IDLE, length - cpu.busy);
    counters.put(at, abi.OUT_CPU_SWITCHES, cpu.switches);
    busy += cpu.busy;
    switches += cpu.switches;
  }
  for (let place = 0; place < machine.serverCount; place++) migrations += vcpuOf(serverAt(place)).migrations;
  counters.put(host, abi.OUT_HOST_BUSY, busy);
  counters.put(host, abi.OUT_HOST_IDLE, many.cpuCount * length - busy);
  counters.put(host, abi.OUT_HOST_SWITCHES, switches);
  counters.put(host, abi.OUT_HOST_MIGRATIONS, migrations);
}

export function writeServer(server: Server, at: usize): void {
  counters.put(at, abi.OUT_SERVER_MIGRATIONS, vcpuOf(server).migrations);
  for (let i = 0; i < many.vmCount; i++) {
    if (vmAt(i).first == changetype<usize>(server))
      counters.put(at, abi.OUT_SERVER_BLACKOUT_MAX_VM, vmAt(i).blackoutMax);
  }
}

export function writeTask(task: Task, at: usize): void {
  counters.put(at, abi.OUT_TASK_MIGRATIONS, placeOf(task).migrations);
}
