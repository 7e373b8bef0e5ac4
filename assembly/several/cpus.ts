// Who has which CPU, from when to when, and what a dispatch costs (semantics.md section 11.5).

import { FULL, Mode } from "../mode";
import * as policies from "../policies/dispatch";
import { machine, noTask, Server, serverAt, Task } from "../records";
import { Duration, Instant } from "../time";
import * as parts from "./parts";
import { below, Cpu, cpuAt, lowest, many, Vcpu, vcpuAt, vmAt } from "./state";

/** Path and job of a CPU pay for what they had since they paid last. @inline */
export function settle(cpu: Cpu, now: Instant, mode: Mode): void {
  if (cpu.since != now) pay(cpu, now - cpu.since, mode);
}

/** Path and job pay for so long. @inline */
function pay(cpu: Cpu, used: Duration, mode: Mode): void {
  cpu.since += used;
  const task = changetype<Task>(cpu.job);
  const idles = task == noTask;
  if (!idles) {
    task.remaining -= used;
    if (mode >= FULL) parts.use(task, used);
  }
  for (let left = cpu.path; left != 0; left = below(left, mode)) {
    const server = serverAt(<i32>ctz(left));
    policies.charge(server, server.budget, used, mode);
    if (idles) server.idled += used;
  }
}

/** The same of the CPUs that these servers have. What they have left is then asked anew. */
export function settleServers(servers: u64, now: Instant, mode: Mode): void {
  for (let left = servers; left != 0; left &= left - 1) {
    const cpu = vcpuAt(<i32>ctz(left)).cpu;
    settle(cpuAt(cpu), now, mode);
    many.due |= (<u64>1) << cpu;
  }
}

/** A server loses its CPU; preempted: it could go on. @inline */
export function lose(server: Server, preempted: bool, now: Instant): void {
  server.supply += now - server.gotCpuAt;
  server.lostCpuAt = now;
  if (preempted) server.preemptions++;
}

/** A server that had none gets a CPU. @inline */
export function gain(server: Server, now: Instant): void {
  server.blackoutMax = max(server.blackoutMax, now - server.lostCpuAt);
  server.gotCpuAt = now;
}

/** A CPU has another path from now on: counts switches and migrations, and returns what they cost. @inline */
export function take(number: i32, cpu: Cpu, now: Instant, mode: Mode): Duration {
  if ((cpu.path != 0) != (cpu.next != 0)) {
    if (cpu.path != 0) cpu.busy += now - cpu.gotAt;
    else cpu.gotAt = now;
  }
  cpu.path = cpu.next;
  const bit = (<u64>1) << number;
  if (cpu.path == 0) {
    many.busy &= ~bit;
    return 0;
  }
  many.busy |= bit;
  const top = lowest(cpu.path);
  let cost: Duration = 0;
  if (isSwitch(cpu, cpu.path, mode)) {
    cost = machine.hostSwitch;
  }
  const had = vcpuAt(<i32>ctz(top)).cpu;
  if (had != number && had >= 0) {
    vcpuAt(<i32>ctz(top)).migrations++;
    cost += many.hostMigration;
  }
  for (let left = cpu.path; left != 0; left = below(left, mode)) vcpuAt(<i32>ctz(left)).cpu = number;
  return cost;
}

/** Whether any server of the path comes after another one, on the CPU or in its parent: each of those counts a switch. @inline */
export function isSwitch(cpu: Cpu, path: u64, mode: Mode): bool {
  const top = lowest(path);
  let any = false;
  if (cpu.last != top) {
    cpu.last = top;
    serverAt(<i32>ctz(top)).switches++;
    any = true;
  }
  let parent = vcpuAt(<i32>ctz(top));
  for (let left = below(path, mode); left != 0; left &= left - 1) {
    const child = lowest(left);
    if (parent.lastChild != child) {
      parent.lastChild = child;
      serverAt(<i32>ctz(child)).switches++;
      any = true;
    }
    parent = vcpuAt(<i32>ctz(child));
  }
  if (any) cpu.switches++;
  return any;
}

/** Which VMs have begun to run, or stopped, with these servers running from now on. */
export function countBlackouts(running: u64, now: Instant): void {
  for (let i = 0; i < many.vmCount; i++) {
    const vm = vmAt(i);
    const isOff = (vm.servers & running) == 0 ? 1 : 0;
    if (isOff == vm.isOff) continue;
    vm.isOff = isOff;
    if (isOff) vm.lostAt = now;
    else vm.blackoutMax = max(vm.blackoutMax, now - vm.lostAt);
  }
}

/** At the end: all pay, and what they had is summed up. */
export function close(now: Instant, mode: Mode): void {
  for (let left = many.busy; left != 0; left &= left - 1) {
    const cpu = cpuAt(<i32>ctz(left));
    settle(cpu, now, mode);
    cpu.busy += now - cpu.gotAt;
  }
  for (let left = many.running; left != 0; left &= left - 1) lose(serverAt(<i32>ctz(left)), false, now);
  for (let i = 0; i < many.vmCount; i++) {
    const vm = vmAt(i);
    if (vm.isOff) vm.blackoutMax = max(vm.blackoutMax, now - vm.lostAt);
  }
}

/** The VCPU that a path ends with. @inline */
export function leafOf(path: u64): Vcpu {
  return vcpuAt(63 - <i32>clz(path));
}
