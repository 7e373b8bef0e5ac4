// Recorded server: the supply that a virtual machine was seen to get, replayed window by window; `replenish fit` makes the
// windows from a recording, there is no paper to cite. It runs, and uses its budget, whether a job is pending or not; what it
// cannot use in a window is lost. Nothing recorded need repeat, so it does not say how it would.

import { firstWindowOf, windowCountOf } from "../input";
import { Mode } from "../mode";
import { machine, Server } from "../records";
import { Instant, NEVER } from "../time";
import { setDue } from "../timers";
import { endOf, startOf, windowAt } from "../windows";
import { discarded, replenished } from "./budget";
import { stateOf } from "./state";

@unmanaged
class State {
  window: i32; // the present window, or the next one
  windowsEnd: i32; // one past its last window
  inWindow: i32;
}

/** The windows stand in their places already. */
export function start(server: Server): void {
  const state = stateOf<State>(server);
  state.window = firstWindowOf(server.number);
  state.windowsEnd = state.window + windowCountOf(server.number);
  assert(state.window < state.windowsEnd, "a recorded server has windows");
  for (let i = state.window + 1; i < state.windowsEnd; i++) {
    assert(startOf(windowAt(i)) >= endOf(windowAt(i - 1)), "recorded windows are in order");
  }
  machine.idles |= server.bit;
  server.deadline = startOf(windowAt(state.window));
  setDue(server, server.deadline);
}

/** Phase D, at both edges of a window: what is left at its end is lost, and the next one may begin there. */
export function replenish(server: Server, now: Instant, mode: Mode): Instant {
  const state = stateOf<State>(server);
  const left = machine.budgeted & server.bit;
  if (state.inWindow) {
    state.inWindow = 0;
    state.window++;
    server.budget = 0;
    machine.budgeted &= ~server.bit;
  }
  server.deadline = nextEdge(server, now);
  if (state.inWindow) replenished(server, now, mode);
  else if (left != 0) discarded(server, now, mode);
  return server.deadline;
}

/** Enters the window that begins now, if there is one. Returns when it ends, or when the next one begins. */
function nextEdge(server: Server, now: Instant): Instant {
  const state = stateOf<State>(server);
  if (state.window == state.windowsEnd) return NEVER;
  const window = windowAt(state.window);
  const start = startOf(window);
  if (start > now) return start;
  state.inWindow = 1;
  server.budget = endOf(window) - start;
  machine.budgeted |= server.bit;
  return endOf(window);
}
