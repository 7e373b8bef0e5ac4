// The state of a run on several CPUs, beside that of ../records.ts: one record a CPU, one a server (a VCPU, or a server of
// a tree), one a VM, one a cluster, one a task, one for all. A set of servers is a mask by their places, a set of CPUs one by
// their numbers. A path, the servers that have a CPU together, is such a set, too: a server stands before those in it, so
// the topmost is the lowest bit and the leaf the highest one.

import { CPUS_MAX, SERVERS_MAX, TASKS_MAX } from "../abi";
import { CPUS, Mode } from "../mode";
import { besideServer, besideTask, SERVER_BYTES, Server, TASK_BYTES, Task } from "../records";
import { Duration, Instant, NEVER } from "../time";

@unmanaged
export class Cpu {
  path: u64; // the servers that have it; 0: nobody
  next: u64; // those that will have it, within phase H
  job: usize; // task whose head job runs; noTask
  before: usize; // the same in the interval before, within phase H
  jobNumber: i64; // of the running job
  since: Instant; // up to when path and job have paid
  gotAt: Instant; // when it stopped being idle
  cost: Duration; // of this dispatch
  last: u64; // the topmost server that had it last, ever

  busy: Duration;
  switches: i64;
}

/** What a server has to do with CPUs and jobs. */
@unmanaged
export class Vcpu {
  cpu: i32; // it has or had last; -1: none yet
  cluster: i32; // of a topmost one
  vm: usize; // VM with several VCPUs whose job is put on it; 0: none
  index: i32; // its place among the VCPUs of its VM
  children: u64; // servers in it
  tree: u64; // all of its tree, of a topmost one
  lastChild: u64; // that ran last, ever
  job: usize; // task whose job was dispatched last on it, ever; 0: none yet
  jobNumber: i64;
  memory: usize; // task whose job was put on it last, under a global assignment; 0: none yet
  memoryNumber: i64;
  put: usize; // task whose job is on it now: it runs there if the VCPU has a CPU, or would; or noTask
  migrations: i64;
}

/** A VM: several VCPUs, the first of which has the tasks. */
@unmanaged
export class Vm {
  first: usize; // server
  servers: u64;
  count: i32;
  assignment: i32;
  heavy: i32; // so many of its tasks come before all others
  picked: i32; // of its VCPUs at this dispatch
  ready: i32; // jobs
  passes: i32; // the host passes over those of its VCPUs for which there is no job
  isOff: i32; // none of its VCPUs runs
  lostAt: Instant; // since when
  blackoutMax: Duration;
}

/** CPUs, and the topmost servers that may have each of them. */
@unmanaged
export class Cluster {
  cpus: u64;
  servers: u64;
  count: i32; // CPUs
  picked: i32; // at this dispatch
}

/** Where the head job of a task is. */
@unmanaged
export class Place {
  runsOn: i32; // CPU, or -1
  ranOn: i32; // place of the VCPU on which job `ranNumber` ran last
  ranNumber: i64;
  putOn: i32; // place of the VCPU on which a job of it, `putNumber`, was put last; -1: none yet
  putNumber: i64;
  migrations: i64;

  // Of a task in parts, see parts.ts.
  partCount: i32; // 0: it has none
  part: i32; // the current one
  parts: usize; // in the input
  partOf: i64; // number of the job whose part it is
  partLeft: Duration;
  partEndedAt: Instant; // when it last used up one; -1: never
  relative: Duration; // deadline that guest edf compares
}

@unmanaged
export class Many {
  cpuCount: i32;
  vmCount: i32;
  clusterCount: i32;
  hasParts: i32;
  passes: i32; // a VM may be passed over
  hasLevels: i32; // a policy has levels, which come before deadlines
  byDeadline: i32; // the host, or a server of a tree, goes by deadlines
  hostMigration: Duration;
  guestMigration: Duration;

  // Masks of servers.
  top: u64; // the topmost
  inner: u64; // have servers in them
  guests: u64; // have a guest scheduler of their own
  globals: u64; // VCPUs of VMs under a global assignment, which share one
  aware: u64; // those of them whose guest knows which of them run
  running: u64;
  pending: u64;
  pendingBefore: u64; // in the interval before
  budgetedBefore: u64; // likewise, in a run with trees
  globalsPending: u64;
  eligible: u64;
  eligibleBefore: u64;
  moved: u64; // have another deadline, or priority, than at the last dispatch
  switched: u64; // begin to run at this dispatch, or stop
  passed: u64; // were passed over at this dispatch

  // Masks of CPUs.
  busy: u64;
  due: u64; // when what runs there ends has to be computed again

  endsAt: Instant; // when something of what runs is used up first
}

const CPU_BYTES = 192;
/** As many as of a server, and of a task, so that one is found from the other by an addition. */
const VCPU_BYTES = SERVER_BYTES;
const PLACE_BYTES = TASK_BYTES;

const manyRecord = memory.data(256, 64);
const cpuRecords = memory.data(CPUS_MAX * CPU_BYTES, 64);
const runEnds = memory.data(CPUS_MAX * 8, 64);
const vcpuRecords = memory.data((SERVERS_MAX + 1) * VCPU_BYTES, 64);
const vmRecords = memory.data(SERVERS_MAX * offsetof<Vm>(), 64);
const clusterRecords = memory.data(CPUS_MAX * offsetof<Cluster>(), 64);
const placeRecords = memory.data((TASKS_MAX + 1) * PLACE_BYTES, 64); // the last one is that of noTask
/** Place of the server of each number. */
const places = memory.data(SERVERS_MAX, 64);

export const many = changetype<Many>(manyRecord);

/** @inline */
export function cpuAt(number: i32): Cpu {
  return changetype<Cpu>(cpuRecords + <usize>(number * CPU_BYTES));
}

/** @inline */
export function runEndOf(cpu: i32): Instant {
  return load<i64>(runEnds + ((<usize>cpu) << 3));
}

/** When the first of what runs is used up. All CPUs are looked at: which are busy nobody can guess. @inline */
export function firstRunEnd(): Instant {
  let first = runEndOf(0);
  for (let cpu = 1, count = many.cpuCount; cpu < count; cpu++) first = min(first, runEndOf(cpu));
  return first;
}

/** The CPUs on which something of what runs is used up then. @inline */
export function endingAt(time: Instant): u64 {
  let cpus: u64 = 0;
  for (let cpu = 0, count = many.cpuCount; cpu < count; cpu++) cpus |= (<u64>(runEndOf(cpu) == time ? 1 : 0)) << cpu;
  return cpus;
}

/** When the work, the part or a budget of what runs on a CPU is used up; NEVER: nothing runs. @inline */
export function putRunEnd(cpu: i32, time: Instant): void {
  store<i64>(runEnds + ((<usize>cpu) << 3), time);
}

/** Of the server at that place. @inline */
export function vcpuAt(place: i32): Vcpu {
  return changetype<Vcpu>(vcpuRecords + <usize>(place * VCPU_BYTES));
}

/** @inline */
export function vcpuOf(server: Server): Vcpu {
  return changetype<Vcpu>(besideServer(server, vcpuRecords));
}

/** @inline */
export function vmAt(index: i32): Vm {
  return changetype<Vm>(vmRecords + <usize>index * offsetof<Vm>());
}

/** @inline */
export function clusterAt(index: i32): Cluster {
  return changetype<Cluster>(clusterRecords + <usize>index * offsetof<Cluster>());
}

/** @inline */
export function placeOf(task: Task): Place {
  return changetype<Place>(besideTask(task, placeRecords));
}

/** Place of the server of that number. @inline */
export function serverPlace(number: i32): i32 {
  return <i32>load<u8>(places + <usize>number);
}

export function putServerPlace(number: i32, place: i32): void {
  store<u8>(places + <usize>number, <u8>place);
}

/** What is left of a path below its topmost server. @inline */
export function below(path: u64, mode: Mode): u64 {
  return mode == CPUS ? 0 : path & (path - 1);
}

/** The highest bit of a set that has one. @inline */
export function highest(set: u64): u64 {
  return (<u64>1) << (63 - clz(set));
}

/** The lowest bit of a set. @inline */
export function lowest(set: u64): u64 {
  return set & -set;
}

/** A set of so many, from 0 on. */
export function firstOnes(count: i32): u64 {
  return count == 64 ? ~(<u64>0) : ((<u64>1) << count) - 1;
}

/** Before a run. */
export function clear(): void {
  assert(<i32>offsetof<Cpu>() <= CPU_BYTES && <i32>offsetof<Vcpu>() <= VCPU_BYTES, "a record outgrew its bytes");
  assert(<i32>offsetof<Place>() <= PLACE_BYTES && <i32>offsetof<Many>() <= 256, "a record outgrew its bytes");
  memory.fill(manyRecord, 0, 256);
  memory.fill(cpuRecords, 0, CPUS_MAX * CPU_BYTES);
  for (let cpu = 0; cpu < CPUS_MAX; cpu++) putRunEnd(cpu, NEVER);
  memory.fill(vcpuRecords, 0, (SERVERS_MAX + 1) * VCPU_BYTES);
  memory.fill(vmRecords, 0, SERVERS_MAX * offsetof<Vm>());
  memory.fill(clusterRecords, 0, CPUS_MAX * offsetof<Cluster>());
}

/** Before a run with so many tasks, of their places. */
export function clearPlaces(taskCount: i32): void {
  memory.fill(placeRecords, 0, <usize>taskCount * PLACE_BYTES);
}
