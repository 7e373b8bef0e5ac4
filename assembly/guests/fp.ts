// Fixed priorities in the guest. Liu & Layland, Journal of the ACM 20(1), 1973 (rate monotonic); Leung & Whitehead,
// Performance Evaluation 2(4), 1982 (deadline monotonic). Tasks stand in the order of (priority, number).

import { Server, Task, taskOf } from "../records";

/** The best pending task of a server that has one. */
// @ts-ignore: decorator
@inline
export function pick(server: Server): Task {
  return server.pending0 != 0 ? taskOf(server, <i32>ctz(server.pending0)) : pickBeyond(server);
}

/** Few servers have more than 64 tasks. */
function pickBeyond(server: Server): Task {
  if (server.pending1 != 0) return taskOf(server, 64 + <i32>ctz(server.pending1));
  if (server.pending2 != 0) return taskOf(server, 128 + <i32>ctz(server.pending2));
  return taskOf(server, 192 + <i32>ctz(server.pending3));
}
