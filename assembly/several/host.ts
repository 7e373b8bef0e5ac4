// The host's choice (semantics.md section 11.3): which topmost servers have a CPU, and which one. A cluster in which nothing
// has changed keeps its choice.

import { HOST_EDF, HOST_FP, HOST_TABLE } from "../abi";
import { CPUS, Mode } from "../mode";
import { machine } from "../records";
import { Instant } from "../time";
import { first, firstWaiting, isBefore, last } from "./order";
import { Cluster, clusterAt, cpuAt, lowest, many, Vcpu, Vm, vcpuAt, vmAt } from "./state";
import * as table from "./table";

/** Phase H. Sets the next path of each CPU to its topmost server, of the CPUs that are returned; the others keep theirs. @inline */
export function choose(dirty: u64, now: Instant, mode: Mode): u64 {
  many.passed = 0;
  if (mode != CPUS && machine.host == HOST_TABLE) return machine.hostAt <= now ? table.step(now) : 0;
  if (many.passes) return (dirty & many.top) != 0 ? chooseInOrder(now, mode) : 0;
  let changed: u64 = 0;
  for (let i = 0; i < many.clusterCount; i++) {
    const cluster = clusterAt(i);
    if ((cluster.servers & dirty) == 0) continue;
    const picked = pick(cluster, dirty, now, mode);
    if (picked != (cluster.servers & many.running)) changed |= place(cluster, picked, now, mode);
  }
  return changed;
}

/** Who of a cluster is picked: as many as it has CPUs, the first in the order of the host. @inline */
function pick(cluster: Cluster, dirty: u64, now: Instant, mode: Mode): u64 {
  const wanted = many.eligible & cluster.servers;
  const excess = <i32>popcnt(wanted) - cluster.count;
  return excess <= 0 ? wanted : pickFirst(cluster, wanted, dirty, now, mode);
}

/** The same where there are more than CPUs. @inline */
function pickFirst(cluster: Cluster, wanted: u64, dirty: u64, now: Instant, mode: Mode): u64 {
  let picked = wanted & many.running;
  let waiting = wanted & ~picked;
  const same = (picked & dirty) == 0;
  for (let free = cluster.count - <i32>popcnt(picked); free > 0; free--) {
    const best = firstWaiting(waiting, now, mode);
    picked |= best;
    waiting ^= best;
  }
  if (same) waiting &= dirty; // all others wait for those that go on, as before, and come after who was picked now
  while (waiting != 0) {
    const best = firstWaiting(waiting, now, mode);
    const worst = last(picked, machine.host, now, mode);
    if (!isBefore(best, worst, machine.host, now, mode)) break;
    picked ^= best | worst;
    waiting ^= best; // who was the worst does not come back
  }
  return picked;
}

/** The same of all clusters, where VCPUs of a VM are passed over for which it has no ready job. */
function chooseInOrder(now: Instant, mode: Mode): u64 {
  for (let i = 0; i < many.vmCount; i++) vmAt(i).picked = 0;
  for (let i = 0; i < many.clusterCount; i++) clusterAt(i).picked = 0;
  let picked: u64 = 0;
  for (let left = many.eligible & many.top; left != 0; ) {
    const server = first(left, machine.host, now, mode);
    const vcpu = vcpuAt(<i32>ctz(server));
    const cluster = clusterAt(vcpu.cluster);
    left ^= server;
    if (isPassedOver(vcpu)) many.passed |= server;
    else if (cluster.picked < cluster.count) {
      cluster.picked++;
      if (vcpu.vm != 0) changetype<Vm>(vcpu.vm).picked++;
      picked |= server;
    }
  }
  let changed: u64 = 0;
  for (let i = 0; i < many.clusterCount; i++) changed |= place(clusterAt(i), picked & clusterAt(i).servers, now, mode);
  return changed;
}

function isPassedOver(vcpu: Vcpu): bool {
  if (vcpu.vm == 0) return false;
  const vm = changetype<Vm>(vcpu.vm);
  return vm.passes != 0 && vm.picked >= vm.ready;
}

/** Gives those that are picked the CPUs of their cluster. Returns the CPUs that change hands. @inline */
function place(cluster: Cluster, picked: u64, now: Instant, mode: Mode): u64 {
  const ran = many.running & cluster.servers;
  const arriving = picked & ~ran;
  let changed: u64 = 0;
  for (let left = ran & ~picked; left != 0; left &= left - 1) changed |= leave(<i32>ctz(left));
  if (arriving == 0) return changed;
  let free = cluster.cpus & ~many.busy;
  free |= changed; // who ran keeps its CPU;
  const isOne = (arriving & (arriving - 1)) == 0;
  let rest: u64 = 0;
  for (let left = arriving; left != 0; ) {
    const server = isOne ? left : firstWaiting(left, now, mode);
    const cpu = vcpuAt(<i32>ctz(server)).cpu;
    left ^= server;
    if (cpu >= 0 && (free >> cpu) & 1) {
      const bit = (<u64>1) << cpu; // then the others take the one that they had last,
      cpuAt(cpu).next = server;
      changed |= bit;
      free ^= bit;
    } else rest |= server;
  }
  while (rest != 0) {
    const server = (rest & (rest - 1)) != 0 ? firstWaiting(rest, now, mode) : rest;
    const bit = lowest(free); // and then the first that is free.
    cpuAt(<i32>ctz(bit)).next = server;
    changed |= bit;
    free ^= bit;
    rest ^= server;
  }
  return changed;
}

/** A server loses its CPU, which is returned. @inline */
function leave(server: i32): u64 {
  const cpu = vcpuAt(server).cpu;
  cpuAt(cpu).next = 0;
  return (<u64>1) << cpu;
}

/** Whether there is such a host here. */
export function check(): void {
  assert(machine.host == HOST_FP || machine.host == HOST_EDF || machine.host == HOST_TABLE, "the host of several CPUs");
}
