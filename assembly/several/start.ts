// From the flat scenario to the records of a run on several CPUs: clusters, VMs, trees.

import * as abi from "../abi";
import { field, fieldOr, header, periodOf, serverInput, taskInput } from "../input";
import { CPUS, Mode, SEVERAL, TREES } from "../mode";
import { machine, noTask, Server, serverAt, Task, taskAt } from "../records";
import * as host from "./host";
import * as parts from "./parts";
import {
  clear,
  clearPlaces,
  clusterAt,
  cpuAt,
  firstOnes,
  many,
  placeOf,
  putServerPlace,
  serverPlace,
  Vm,
  vcpuAt,
  vmAt,
} from "./state";
import * as table from "./table";
import * as trace from "./trace";

/** Whether the scenario needs the loop for several CPUs. */
export function isNeeded(serverCount: i32): bool {
  if (fieldOr(header(), abi.IN_HEADER_CPUS, 1) > 1) return true;
  for (let number = 0; number < serverCount; number++) {
    const input = serverInput(number);
    if (field(input, abi.IN_SERVER_VCPUS) != abi.ABSENT || field(input, abi.IN_SERVER_PARENT) != abi.ABSENT)
      return true;
  }
  return false;
}

/** The least mode that can be such a run, where it needs nothing else. */
export function leastMode(): Mode {
  if (machine.host == abi.HOST_TABLE) return SEVERAL;
  if (many.cpuCount == 1 && many.vmCount == 0) return TREES;
  return (many.inner | many.aware) == 0 ? CPUS : SEVERAL;
}

/** Servers in that one stand in the order of this and their number, after all servers above. */
export function orderBelow(parent: i64, priority: i64): i64 {
  const scheduler = fieldOr(serverInput(<i32>parent), abi.IN_SERVER_SCHEDULER, abi.GUEST_FP);
  return ((parent + 1) << 54) + (scheduler == abi.GUEST_FP ? priority : 0);
}

/** The VCPU with which the task at `input` stands first: its own, that of its first part, or the first of its VM. */
export function vcpuFor(input: usize, number: i32, first: Server): Server {
  if (field(input, abi.IN_TASK_VCPU) != abi.ABSENT) return serverAt(serverPlace(<i32>field(input, abi.IN_TASK_VCPU)));
  if (fieldOr(input, abi.IN_TASK_PARTS, 0) == 0) return first;
  return serverAt(serverPlace(parts.firstVcpu(number)));
}

/** Whether the guest takes the task before those of which that is not so, and among these by number (sections 11.4, 11.6). */
export function goesFirst(server: usize, task: usize): bool {
  const guest = fieldOr(server, abi.IN_SERVER_SCHEDULER, abi.GUEST_FP);
  const priorities = fieldOr(server, abi.IN_SERVER_PRIORITIES, abi.PRIORITIES_RM);
  if (fieldOr(task, abi.IN_TASK_PARTS, 0) > 0) return guest == abi.GUEST_FP && priorities != abi.PRIORITIES_EXPLICIT;
  if (fieldOr(server, abi.IN_SERVER_SEPARATION, abi.SEPARATION_NONE) != abi.SEPARATION_US) return false;
  const count = field(server, abi.IN_SERVER_VCPUS);
  const share = guest == abi.GUEST_FP ? 3 * count - 2 : 2 * count - 1;
  return field(task, abi.IN_TASK_WCET) * share > count * periodOf(task, 0); // at most 2^53 * 190
}

/** Before the servers are loaded. */
export function prepare(): void {
  clear();
  many.cpuCount = <i32>fieldOr(header(), abi.IN_HEADER_CPUS, 1);
  assert(many.cpuCount > 0 && many.cpuCount <= abi.CPUS_MAX, "number of CPUs");
  many.hostMigration = fieldOr(header(), abi.IN_HEADER_HOST_MIGRATION, 0);
  many.guestMigration = fieldOr(header(), abi.IN_HEADER_GUEST_MIGRATION, 0);
  trace.start();
  for (let cpu = 0; cpu < many.cpuCount; cpu++) cpuAt(cpu).job = changetype<usize>(noTask);
}

/** Once the servers are loaded, each at its place. */
export function loadServers(): void {
  for (let place = 0; place < machine.serverCount; place++) putServerPlace(serverAt(place).number, place);
  many.byDeadline = machine.host == abi.HOST_EDF ? 1 : 0;
  for (let place = 0; place < machine.serverCount; place++) loadServer(place, serverAt(place));
  host.check();
}

function loadServer(place: i32, server: Server): void {
  const input = serverInput(server.number);
  const vcpu = vcpuAt(place);
  if (server.policy == abi.POLICY_RTDS) many.hasLevels = 1;
  assert(server.policy <= abi.POLICY_CBS_SOFT || server.policy == abi.POLICY_RTDS, "a policy of several CPUs");
  vcpu.cpu = -1;
  vcpu.put = changetype<usize>(noTask);
  const parent = fieldOr(input, abi.IN_SERVER_PARENT, abi.ABSENT);
  if (parent == abi.ABSENT) {
    many.top |= server.bit;
    vcpu.cluster = clusterOf(input);
    clusterAt(vcpu.cluster).servers |= server.bit;
    vcpu.tree |= server.bit;
  } else {
    const above = serverAt(serverPlace(<i32>parent));
    assert(above.number < server.number && serverPlace(above.number) < place, "a server stands before those in it");
    many.inner |= above.bit;
    if (above.guest == abi.GUEST_EDF) many.byDeadline = 1;
    vcpuAt(serverPlace(above.number)).children |= server.bit;
    joinTree(above, server.bit);
  }
  if (fieldOr(input, abi.IN_SERVER_VCPUS, 0) > 0) loadVm(server, input);
}

/** The server with that bit belongs to the tree that this one is in. */
function joinTree(server: Server, bit: u64): void {
  let top = server;
  let parent = field(serverInput(top.number), abi.IN_SERVER_PARENT);
  while (parent != abi.ABSENT) {
    top = serverAt(serverPlace(<i32>parent));
    parent = field(serverInput(top.number), abi.IN_SERVER_PARENT);
  }
  vcpuAt(serverPlace(top.number)).tree |= bit;
}

/** The cluster of the CPUs that a server may have. */
function clusterOf(input: usize): i32 {
  const low = <u64>fieldOr(input, abi.IN_SERVER_AFFINITY_LOW, 0);
  const high = <u64>fieldOr(input, abi.IN_SERVER_AFFINITY_HIGH, 0);
  const all = firstOnes(many.cpuCount);
  const cpus = (low | high) == 0 ? all : low | (high << 32);
  assert((cpus & ~all) == 0, "the CPUs of a cluster");
  for (let i = 0; i < many.clusterCount; i++) {
    if (clusterAt(i).cpus == cpus) return i;
    assert((clusterAt(i).cpus & cpus) == 0, "clusters do not overlap");
  }
  const cluster = clusterAt(many.clusterCount);
  cluster.cpus = cpus;
  cluster.count = <i32>popcnt(cpus);
  return many.clusterCount++;
}

function loadVm(first: Server, input: usize): void {
  const vm = vmAt(many.vmCount++);
  vm.first = changetype<usize>(first);
  vm.count = <i32>field(input, abi.IN_SERVER_VCPUS);
  vm.assignment = <i32>fieldOr(input, abi.IN_SERVER_ASSIGNMENT, abi.ASSIGNMENT_PARTITIONED);
  vm.isOff = 1;
  assert(first.number + vm.count <= machine.serverCount, "the VCPUs of a VM");
  for (let i = 0; i < vm.count; i++) {
    const place = serverPlace(first.number + i);
    vm.servers |= serverAt(place).bit;
    serverAt(place).guest = first.guest;
    vcpuAt(place).index = i;
    if (vm.assignment != abi.ASSIGNMENT_PARTITIONED) vcpuAt(place).vm = changetype<usize>(vm);
  }
  if (vm.assignment != abi.ASSIGNMENT_PARTITIONED) many.globals |= vm.servers;
  if (vm.assignment == abi.ASSIGNMENT_GLOBAL_AWARE) many.aware |= vm.servers;
  if (vm.assignment != abi.ASSIGNMENT_GLOBAL_AWARE || first.policy == abi.POLICY_IDLING) return;
  vm.passes = 1;
  many.passes = 1;
}

/** Once the tasks are loaded. */
export function loadTasks(windows: i32): void {
  clearPlaces(machine.taskCount);
  for (let i = 0; i < machine.taskCount; i++) {
    const place = placeOf(taskAt(i));
    place.putOn = -1;
    place.ranNumber = -1;
  }
  for (let i = 0; i < many.vmCount; i++) shareTasks(vmAt(i));
  parts.start();
  many.guests = firstOnes(machine.serverCount) & ~(many.globals | many.inner);
  machine.touched = ~(<u64>0); // all are looked at first
  if (machine.host == abi.HOST_TABLE) table.start(windows);
}

/** Every VCPU of a VM sees all its tasks. */
function shareTasks(vm: Vm): void {
  const first = changetype<Server>(vm.first);
  let boosts: u64 = 0;
  for (let left = vm.servers; left != 0; left &= left - 1) {
    const server = serverAt(<i32>ctz(left));
    server.tasks = first.tasks;
    server.taskCount = first.taskCount;
    boosts |= machine.boosts & server.bit;
  }
  if (boosts != 0) machine.boosts |= vm.servers;
  const input = serverInput(first.number);
  while (vm.heavy < first.taskCount && goesFirst(input, taskInput(taskOfVm(first, vm.heavy).number))) vm.heavy++;
}

function taskOfVm(first: Server, index: i32): Task {
  return taskAt(changetype<Task>(first.tasks).index + index);
}
