// Clocks of guests that stand still (semantics.md section 10.5): `virtual`, while the server waits for the CPU, as where a
// guest's time is corrected for what the hypervisor steals; `execution`, while it has no CPU. Tasks of such a server arrive,
// and have their deadlines, by its clock. Between two instants a clock runs or stands still; only when that changes is
// anything written down.

import { CLOCK_EXECUTION, CLOCK_HOST, CLOCK_VIRTUAL, IN_SERVER_CLOCK, SERVERS_MAX } from "./abi";
import * as backlog from "./backlog";
import { fieldOr } from "./input";
import { watchedDeadline } from "./jobs";
import { FULL } from "./mode";
import { machine, Server, serverIndex, serverOf, Task, taskOf } from "./records";
import { Duration, Instant, later, NEVER } from "./time";

@unmanaged
class Clock {
  next: Instant; // not after the first arrival, release or watched deadline by this clock
  stoodAt: Instant; // what it shows while it stands still
  behind: Duration; // how far it is behind the host's while it runs
}

const column = memory.data(SERVERS_MAX * offsetof<Clock>(), 64);

/** Servers whose clock runs in the present interval, one bit each; those whose clock stands still whenever they have no CPU. */
let running: u64 = 0;
let executing: u64 = 0;
/** Something else comes next at one of them: machine.clockAt has to be found anew. */
let isStale: bool = false;

/** @inline */
function clockAt(place: i32): Clock {
  return changetype<Clock>(column + <usize>place * offsetof<Clock>());
}

/** @inline */
function clockOf(server: Server): Clock {
  return clockAt(serverIndex(server));
}

/** Before the servers are loaded. */
export function start(): void {
  backlog.clear();
  running = 0;
  executing = 0;
  isStale = true;
  machine.clockAt = NEVER;
}

export function read(server: Server, input: usize): void {
  const kind = <i32>fieldOr(input, IN_SERVER_CLOCK, CLOCK_HOST);
  if (kind == CLOCK_HOST) return;
  assert(kind == CLOCK_VIRTUAL || kind == CLOCK_EXECUTION, "unknown clock");
  machine.clocked |= server.bit;
  machine.clockAt = 0;
  clockOf(server).stoodAt = 0;
  clockOf(server).next = 0;
  if (kind == CLOCK_EXECUTION) executing |= server.bit;
}

/** The time by the clock of the server. @inline */
export function timeOf(server: Server, now: Instant): Instant {
  return (machine.clocked & server.bit) == 0 ? now : shownBy(server, now);
}

/** What the clock of the server shows. @inline */
function shownBy(server: Server, now: Instant): Instant {
  return (running & server.bit) == 0 ? clockOf(server).stoodAt : now - clockOf(server).behind;
}

/** Phase H: which clocks run from now on, while that server has the CPU, and when the first has something due. */
export function run(ran: Server, now: Instant): void {
  const runs = machine.clocked & ((~machine.pending & ~executing) | ran.bit);
  const changed = runs ^ running;
  if (changed == 0 && !isStale) return;
  for (let left = changed & runs; left != 0; left &= left - 1) {
    const clock = clockAt(<i32>ctz(left));
    clock.behind = now - clock.stoodAt;
  }
  for (let left = changed & ~runs; left != 0; left &= left - 1) {
    const clock = clockAt(<i32>ctz(left));
    clock.stoodAt = now - clock.behind;
  }
  running = runs;
  isStale = false;
  let next = NEVER;
  for (let left = runs; left != 0; left &= left - 1) {
    const clock = clockAt(<i32>ctz(left));
    next = min(next, later(clock.next, clock.behind));
  }
  machine.clockAt = next;
}

/** Phase E: the clocked servers of which something may be due: an arrival, a release, a watched deadline; one bit each. */
export function due(now: Instant): u64 {
  let servers: u64 = 0;
  for (let left = machine.clocked; left != 0; left &= left - 1) {
    const bit = left & -left;
    const clock = clockAt(<i32>ctz(left));
    const shown = (running & bit) == 0 ? clock.stoodAt : now - clock.behind;
    servers |= clock.next <= shown ? bit : 0;
  }
  return servers;
}

/** Phase E: the next job of the task arrives if it is its time by the clock of its guest, unless it has. @inline */
export function arrive(task: Task, time: Instant, now: Instant): void {
  if (task.upcomingAt == NEVER && task.nextArrival == time) task.upcomingAt = now;
}

/** Phase E, once all that is due at the server has been released: the least of what comes next. */
export function setNext(server: Server, next: Instant): void {
  for (let i = 0, count = machine.watchesDeadlines ? server.taskCount : 0; i < count; i++) {
    const task = taskOf(server, i);
    if (task.pendingCount != 0) next = min(next, watchedDeadline(task, FULL));
  }
  clockOf(server).next = next;
  isStale = true;
}

/** The task has another first deadline. */
export function watch(task: Task, deadline: Instant): void {
  const clock = clockOf(serverOf(task));
  if (deadline >= clock.next) return;
  clock.next = deadline;
  isStale = true;
}

/** Phase B: counts the response of the head job by the clock of its server, and returns it. */
export function countResponse(task: Task, now: Instant): Duration {
  const response = shownBy(serverOf(task), now) - task.headArrival;
  task.guestResponseSum += response; // never more than the response by the host's clock, which is checked
  task.guestResponseMax = max(task.guestResponseMax, response);
  return response;
}
