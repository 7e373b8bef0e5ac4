// AQuoSA: every so many periods the budget of a constant bandwidth server follows the lateness of its jobs. Palopoli,
// Cucinotta, Marzario & Lipari, Software: Practice and Experience 39(1), 2009. See semantics.md section 10.2.

import {
  IN_SERVER_FEEDBACK_EVERY,
  IN_SERVER_FEEDBACK_GAIN,
  IN_SERVER_FEEDBACK_HIGHEST,
  IN_SERVER_FEEDBACK_LOWEST,
  SERVERS_MAX,
} from "./abi";
import * as alarms from "./alarms";
import { field, fieldOr } from "./input";
import { machine, Server, serverAt, serverIndex, Task, taskOf } from "./records";
import { Duration, Instant, NEVER } from "./time";
import { tripleReaches } from "./wide";

/** Less than every lateness: there was no job. */
const NOTHING: Duration = -NEVER;

@unmanaged
class Feedback {
  every: Duration;
  numerator: i64;
  denominator: i64;
  lowest: Duration;
  highest: Duration;
  lateness: Duration; // the greatest of the jobs that have left since the last time
}

const column = memory.data(SERVERS_MAX * offsetof<Feedback>(), 64);

function ruleOf(server: Server): Feedback {
  return changetype<Feedback>(column + <usize>serverIndex(server) * offsetof<Feedback>());
}

export function read(server: Server, input: usize): void {
  const periods = fieldOr(input, IN_SERVER_FEEDBACK_EVERY, 0);
  if (periods == 0) return;
  const rule = ruleOf(server);
  rule.every = periods > NEVER / server.period ? NEVER : periods * server.period;
  rule.numerator = field(input, IN_SERVER_FEEDBACK_GAIN);
  rule.denominator = field(input, IN_SERVER_FEEDBACK_GAIN + 1);
  rule.lowest = field(input, IN_SERVER_FEEDBACK_LOWEST);
  rule.highest = field(input, IN_SERVER_FEEDBACK_HIGHEST);
  rule.lateness = NOTHING;
  assert(rule.lowest > 0 && rule.lowest <= server.budgetFull, "the lowest budget");
  assert(server.budgetFull <= rule.highest && rule.highest <= server.period, "the highest budget");
  assert(rule.numerator > 0 && rule.denominator > 0, "gain");
  machine.feeds |= server.bit;
  alarms.set(alarms.FEEDBACK, server, rule.every);
}

/** The head job of the task completes or is aborted. */
export function left(server: Server, task: Task, now: Instant): void {
  if (task.deadline == NEVER) return;
  ruleOf(server).lateness = max(ruleOf(server).lateness, now - task.headDeadline);
}

/** Phase D, first. */
export function adapt(now: Instant): void {
  for (let due = alarms.take(alarms.FEEDBACK, now); due != 0; due &= due - 1) {
    const server = serverAt(<i32>ctz(due));
    const rule = ruleOf(server);
    const late = latenessAt(server, now);
    rule.lateness = NOTHING;
    alarms.set(alarms.FEEDBACK, server, now + rule.every);
    if (late == NOTHING) continue;
    const budget = adapted(server, late);
    if (budget == server.budgetFull) continue;
    server.budgetFull = budget;
    server.adaptations++;
  }
}

/** The greatest lateness of the jobs that have left since the last time, and of those that are late now. */
function latenessAt(server: Server, now: Instant): Duration {
  let late = ruleOf(server).lateness;
  for (let i = 0; i < server.taskCount; i++) {
    const task = taskOf(server, i); // its head is the latest of its jobs
    if (task.pendingCount != 0 && task.headDeadline <= now) late = max(late, now - task.headDeadline);
  }
  return late;
}

/** Q + floor(Q * gain * lateness / P) within the bounds: the greatest Q' there for which (Q' - Q) * P <= Q * gain * lateness. */
function adapted(server: Server, late: Duration): Duration {
  let low = ruleOf(server).lowest;
  let high = ruleOf(server).highest;
  while (low < high) {
    const middle = low + (high - low + 1) / 2;
    if (isWithin(server, late, middle - server.budgetFull)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Whether change * P * y <= Q * x * lateness. */
function isWithin(server: Server, late: Duration, change: Duration): bool {
  const rule = ruleOf(server);
  if (change <= 0 && late >= 0) return true;
  if (change >= 0 && late < 0) return false;
  if (change > 0)
    return tripleReaches(server.budgetFull, rule.numerator, late, change, server.period, rule.denominator);
  return tripleReaches(-change, server.period, rule.denominator, server.budgetFull, rule.numerator, -late);
}
