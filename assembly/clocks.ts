// Clocks of guests that stand still (semantics.md section 10.5): `virtual`, while the server waits for the CPU, as where a
// guest's time is corrected for what the hypervisor steals; `execution`, while it has no CPU. Tasks of such a server arrive,
// and have their deadlines, by its clock. Between two instants a clock runs or stands still.

import { CLOCK_EXECUTION, CLOCK_HOST, CLOCK_VIRTUAL, IN_SERVER_CLOCK, ON_MISS_ABORT, SERVERS_MAX } from "./abi";
import * as backlog from "./backlog";
import { fieldOr } from "./input";
import { machine, Server, serverAt, serverIndex, serverOf, Task, taskOf } from "./records";
import { Duration, Instant, NEVER } from "./time";

@unmanaged
class Clock {
  time: Instant; // by this clock
  next: Instant; // not after the first arrival, release or watched deadline by this clock
  onlyRunning: i32; // it stands still whenever the server has no CPU
}

const column = memory.data(SERVERS_MAX * offsetof<Clock>(), 64);

/** Servers whose clock runs in the present interval, one bit each. */
let running: u64 = 0;

function clockOf(server: Server): Clock {
  return changetype<Clock>(column + <usize>serverIndex(server) * offsetof<Clock>());
}

/** Before the servers are loaded. */
export function start(): void {
  backlog.clear();
  running = 0;
  machine.clockAt = NEVER;
}

export function read(server: Server, input: usize): void {
  const kind = <i32>fieldOr(input, IN_SERVER_CLOCK, CLOCK_HOST);
  if (kind == CLOCK_HOST) return;
  assert(kind == CLOCK_VIRTUAL || kind == CLOCK_EXECUTION, "unknown clock");
  machine.clocked |= server.bit;
  machine.clockAt = 0;
  clockOf(server).time = 0;
  clockOf(server).next = 0;
  clockOf(server).onlyRunning = kind == CLOCK_EXECUTION ? 1 : 0;
}

/** The time by the clock of the server. @inline */
export function timeOf(server: Server, now: Instant): Instant {
  return (machine.clocked & server.bit) == 0 ? now : clockOf(server).time;
}

/** Phase A: the clocks that ran. */
export function advance(passed: Duration): void {
  for (let left = running; left != 0; left &= left - 1) clockOf(serverAt(<i32>ctz(left))).time += passed;
}

/** Phase H: which clocks run from now on, while that server has the CPU, and when the first has something due. */
export function run(ran: Server, now: Instant): void {
  running = 0;
  machine.clockAt = NEVER;
  for (let left = machine.clocked; left != 0; left &= left - 1) {
    const server = serverAt(<i32>ctz(left));
    const clock = clockOf(server);
    if (server != ran && (clock.onlyRunning || (machine.pending & server.bit) != 0)) continue;
    running |= server.bit;
    if (clock.next != NEVER) machine.clockAt = min(machine.clockAt, now + clock.next - clock.time);
  }
}

/** Whether something may be due at the server: an arrival, a release, a watched deadline. */
export function isDue(server: Server): bool {
  return clockOf(server).next <= clockOf(server).time;
}

/** Phase E: the next job of the task arrives, unless it has. */
export function arrive(task: Task, now: Instant): void {
  if (task.upcomingAt == NEVER && task.nextArrival == clockOf(serverOf(task)).time) task.upcomingAt = now;
}

/** Phase E, once all that is due at the server has been released: the least of what comes next. */
export function setNext(server: Server, next: Instant): void {
  for (let i = 0; i < server.taskCount; i++) {
    const task = taskOf(server, i);
    if (task.pendingCount != 0 && isWatched(task)) next = min(next, task.headDeadline);
  }
  clockOf(server).next = next;
}

/** Whether something happens at the deadlines of the task. */
function isWatched(task: Task): bool {
  return task.onMiss == ON_MISS_ABORT || machine.stopAtMiss != 0;
}

/** The task has another head job. */
export function watch(task: Task): void {
  const clock = clockOf(serverOf(task));
  if (isWatched(task)) clock.next = min(clock.next, task.headDeadline);
}

/** Phase B: counts the response of the head job by the clock of its server, and returns it. */
export function countResponse(task: Task): Duration {
  const response = clockOf(serverOf(task)).time - task.headArrival;
  task.guestResponseSum += response; // never more than the response by the host's clock, which is checked
  task.guestResponseMax = max(task.guestResponseMax, response);
  return response;
}
