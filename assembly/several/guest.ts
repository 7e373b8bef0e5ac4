// The guest's choice (semantics.md section 11.4): which job runs on a VCPU that has a scheduler of its own; which jobs of a
// VM are put on which of its VCPUs, where they share one.

import {
  ASSIGNMENT_GLOBAL_AWARE,
  ASSIGNMENT_GLOBAL_BLIND,
  GUEST_EDF,
  GUEST_FIFO,
  GUEST_FP,
  TASKS_PER_SERVER_MAX,
} from "../abi";
import * as fifo from "../guests/fifo";
import * as fp from "../guests/fp";
import { FULL, Mode } from "../mode";
import { machine, noTask, pendingWord, Server, serverAt, Task, taskOf } from "../records";
import { Instant, NEVER } from "../time";
import { many, placeOf, serverPlace, Vcpu, Vm, vcpuAt, vmAt } from "./state";

/** The jobs chosen for a VM, in the guest's order, with what they are compared by. */
const chosen = memory.data(TASKS_PER_SERVER_MAX * 4, 64);
const keys = memory.data(TASKS_PER_SERVER_MAX * 8, 64);

/** @inline */
function chosenAt(place: i32): Task {
  return changetype<Task>(<usize>load<u32>(chosen + ((<usize>place) << 2)));
}

/** @inline */
function putChosen(place: i32, task: Task): void {
  store<u32>(chosen + ((<usize>place) << 2), <u32>changetype<usize>(task));
}

/** @inline */
function keyAt(place: i32): i64 {
  return load<i64>(keys + ((<usize>place) << 3));
}

/** @inline */
function putKey(place: i32, key: i64): void {
  store<i64>(keys + ((<usize>place) << 3), key);
}

/** The deadline that guest edf compares: of a task in parts that of the part. @inline */
function deadlineOf(task: Task, mode: Mode): Instant {
  return mode >= FULL && many.hasParts ? min(task.headArrival + placeOf(task).relative, NEVER) : task.headDeadline;
}

/** Phase P, once jobs have come and gone: guests of which one did choose. @inline */
export function choose(mode: Mode): void {
  if (many.globals != 0) putBlindly();
  for (let left = machine.touched & many.guests; left != 0; left &= left - 1) {
    const vcpu = vcpuAt(<i32>ctz(left));
    vcpu.put = changetype<usize>(pick(serverAt(<i32>ctz(left)), vcpu, mode));
  }
}

/** The job that runs on the VCPU at that place if it has a CPU now, or would; noTask: it idles. @inline */
export function nextJob(place: i32): Task {
  return changetype<Task>(vcpuAt(place).put);
}

/** That of a VCPU with a guest scheduler of its own. @inline */
function pick(server: Server, vcpu: Vcpu, mode: Mode): Task {
  if ((machine.pending & server.bit) == 0) return noTask;
  if (server.guest == GUEST_FP) return fp.pick(server);
  return server.guest == GUEST_FIFO ? fifo.pick(server) : pickEarliest(server, vcpu, mode);
}

/** The earliest deadline; of equal ones the job that was dispatched last there, then the first. @inline */
function pickEarliest(server: Server, vcpu: Vcpu, mode: Mode): Task {
  let best = noTask;
  let least = i64.MAX_VALUE;
  for (let word = 0; word << 6 < server.taskCount; word++) {
    for (let ready = pendingWord(server, word); ready != 0; ready &= ready - 1) {
      const task = taskOf(server, (word << 6) + <i32>ctz(ready));
      const deadline = deadlineOf(task, mode);
      if (deadline < least || (deadline == least && ranLast(vcpu, task))) {
        best = task;
        least = deadline;
      }
    }
  }
  return best;
}

/** Whether the head job of the task was dispatched last on the VCPU. @inline */
function ranLast(vcpu: Vcpu, task: Task): bool {
  return vcpu.job == changetype<usize>(task) && vcpu.jobNumber == task.headNumber;
}

/** Whether the head job of the task holds a VCPU: that on which it was put last, which remembers it. */
function holds(task: Task): bool {
  const place = placeOf(task);
  if (place.putOn < 0 || place.putNumber != task.headNumber) return false;
  const vcpu = vcpuAt(place.putOn);
  return vcpu.memory == changetype<usize>(task) && vcpu.memoryNumber == task.headNumber;
}

/** The same of guests that share several VCPUs: those that do not know which run put on all. */
function putBlindly(): void {
  const touched = machine.touched;
  for (let i = 0; i < many.vmCount; i++) {
    const vm = vmAt(i);
    const first = changetype<Server>(vm.first);
    if ((touched & first.bit) == 0 || (vm.servers & many.globals) == 0) continue;
    machine.touched |= vm.servers;
    vm.ready = readyCount(first);
    many.globalsPending &= ~vm.servers;
    if (vm.assignment == ASSIGNMENT_GLOBAL_BLIND) many.globalsPending |= put(vm, vm.servers);
    else if (vm.ready != 0) many.globalsPending |= vm.servers;
  }
}

/** Phase H, once the host has chosen: guests that know which of their VCPUs run put their jobs on those, which are returned. */
export function putAware(): u64 {
  const changed = many.switched | machine.touched;
  let given: u64 = 0;
  for (let i = 0; i < many.vmCount; i++) {
    const vm = vmAt(i);
    if (vm.assignment != ASSIGNMENT_GLOBAL_AWARE || (vm.servers & changed) == 0) continue;
    put(vm, many.running & vm.servers);
    given |= vm.servers;
  }
  return given;
}

function readyCount(first: Server): i32 {
  return <i32>(popcnt(first.pending0) + popcnt(first.pending1) + popcnt(first.pending2) + popcnt(first.pending3));
}

/** Puts the first of the ready jobs on the VCPUs that are available; returns those that have one. */
function put(vm: Vm, available: u64): u64 {
  for (let left = available; left != 0; left &= left - 1) vcpuAt(<i32>ctz(left)).put = changetype<usize>(noTask);
  const most = <i32>popcnt(available);
  const areAll = vm.ready <= most;
  let count = areAll ? collect(vm) : chooseFirst(vm, most);
  let free = available;
  let rest = 0;
  for (let i = 0; i < count; i++) {
    const task = chosenAt(i); // those that hold a VCPU keep it;
    if (holds(task) && takes(task, free)) free ^= serverAt(placeOf(task).putOn).bit;
    else putChosen(rest++, task);
  }
  if (areAll && rest > 1) sort(vm, rest);
  count = rest;
  rest = 0;
  for (let i = 0; i < count; i++) {
    const task = chosenAt(i); // then others take the one on which their task was last,
    if (placeOf(task).putOn >= 0 && takes(task, free)) free ^= serverAt(placeOf(task).putOn).bit;
    else putChosen(rest++, task);
  }
  for (let i = 0, number = changetype<Server>(vm.first).number; i < rest; i++, number++) {
    while ((free & serverAt(serverPlace(number)).bit) == 0) number++; // and then the first that is free.
    remember(chosenAt(i), serverPlace(number));
    free ^= serverAt(serverPlace(number)).bit;
  }
  return available & ~free;
}

/** The task's job takes the VCPU on which its task was put last, if that is free. */
function takes(task: Task, free: u64): bool {
  const on = placeOf(task).putOn;
  if ((free & serverAt(on).bit) == 0) return false;
  remember(task, on);
  return true;
}

function remember(task: Task, on: i32): void {
  const vcpu = vcpuAt(on);
  const place = placeOf(task);
  vcpu.put = changetype<usize>(task);
  vcpu.memory = changetype<usize>(task);
  vcpu.memoryNumber = task.headNumber;
  place.putOn = on;
  place.putNumber = task.headNumber;
}

/** Chooses all ready jobs of the VM, in the order of their tasks; returns how many. */
function collect(vm: Vm): i32 {
  const server = changetype<Server>(vm.first);
  let count = 0;
  for (let word = 0; word << 6 < server.taskCount; word++) {
    for (let ready = pendingWord(server, word); ready != 0; ready &= ready - 1) {
      putChosen(count++, taskOf(server, (word << 6) + <i32>ctz(ready)));
    }
  }
  return count;
}

/** Puts the jobs that were collected in the guest's order. */
function sort(vm: Vm, count: i32): void {
  const server = changetype<Server>(vm.first);
  for (let i = 0; i < count; i++) {
    insert(vm, server, chosenAt(i), i, count);
  }
}

/** What the guest compares: nothing of tasks that go first, or under fixed priorities: they stand in this order. @inline */
function keyOf(vm: Vm, server: Server, task: Task): i64 {
  const index = task.index - changetype<Task>(server.tasks).index;
  if (server.guest == GUEST_FP || index < vm.heavy) return i64.MIN_VALUE;
  return server.guest == GUEST_EDF ? task.headDeadline : task.headRelease;
}

/** Chooses the first jobs of the VM in the guest's order, so many at most; returns how many. */
function chooseFirst(vm: Vm, most: i32): i32 {
  const server = changetype<Server>(vm.first);
  const byOrder = server.guest == GUEST_FP ? server.taskCount : vm.heavy; // tasks stand in it
  let count = 0;
  for (let word = 0; word << 6 < server.taskCount; word++) {
    for (let ready = pendingWord(server, word); ready != 0; ready &= ready - 1) {
      const index = (word << 6) + <i32>ctz(ready);
      if (count == most && index < byOrder) return count;
      const task = taskOf(server, index);
      count = insert(vm, server, task, count, most);
    }
  }
  return count;
}

/** Inserts a job among those chosen so far; returns how many there are now. @inline */
function insert(vm: Vm, server: Server, task: Task, count: i32, most: i32): i32 {
  const key = keyOf(vm, server, task);
  let place = count;
  for (; place > 0 && isBefore(server, task, key, place - 1); place--) {
    if (place == most) continue;
    putChosen(place, chosenAt(place - 1));
    putKey(place, keyAt(place - 1));
  }
  if (place == most) return count;
  putChosen(place, task);
  putKey(place, key);
  return min(count + 1, most);
}

/** Whether the job with that key comes before the chosen one: of equal deadlines one that holds a VCPU is first. @inline */
function isBefore(server: Server, task: Task, key: i64, than: i32): bool {
  const other = keyAt(than);
  if (key != other || key == i64.MIN_VALUE || server.guest != GUEST_EDF) return key < other;
  return holds(task) && !holds(chosenAt(than));
}
