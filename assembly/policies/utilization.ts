// What the total bandwidth and the constant utilization server share: each job gets as budget what it needs, and a deadline
// by which a server of the utilization x / y would have served it. Deng, Liu & Sun, Euromicro RTS 1997.

import { IN_SERVER_UTILIZATION, STATUS_OVERFLOW } from "../abi";
import { fail } from "../failure";
import { pickTask } from "../guests/dispatch";
import { field, serverInput } from "../input";
import { Mode } from "../mode";
import { machine, Server, Task } from "../records";
import { Duration, Instant, SUM_MAX } from "../time";
import { ceilingOfQuotient } from "../wide";
import { depleted, replenished } from "./budget";
import { stateOf } from "./state";

@unmanaged
class State {
  numerator: i64;
  denominator: i64;
  task: usize; // for whose head job the budget is
}

export function start(server: Server): void {
  const state = stateOf<State>(server);
  state.numerator = field(serverInput(server.number), IN_SERVER_UTILIZATION);
  state.denominator = field(serverInput(server.number), IN_SERVER_UTILIZATION + 1);
  assert(state.numerator > 0 && state.numerator <= state.denominator, "utilization");
  machine.activates |= server.bit;
  machine.leaves |= server.bit;
}

/** Phase A. */
export function deplete(server: Server, now: Instant, mode: Mode): void {
  machine.budgeted &= ~server.bit;
  depleted(server, now, mode);
}

/** Phase F, once all have woken up, of a server without a budget: one for the job that its guest would pick. */
export function give(server: Server, from: Instant, now: Instant, mode: Mode): void {
  const state = stateOf<State>(server);
  const task = pickTask(server, mode);
  const length: Duration = ceilingOfQuotient(task.remaining, state.denominator, state.numerator);
  state.task = changetype<usize>(task);
  server.budget = task.remaining;
  server.deadline = from + length;
  machine.budgeted |= server.bit;
  if (server.deadline > SUM_MAX) fail(STATUS_OVERFLOW);
  replenished(server, now, mode);
}

/** The head job of the task leaves: what is left of its budget does so, too. */
export function left(server: Server, task: Task): void {
  if (stateOf<State>(server).task != changetype<usize>(task)) return;
  stateOf<State>(server).task = 0;
  server.budget = 0;
  machine.budgeted &= ~server.bit;
}
