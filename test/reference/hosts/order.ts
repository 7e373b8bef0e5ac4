// The orders `fp` and `edf` of a host, and of a server that chooses among its children.

import { nextJob } from "../guest.js";
import { preferred, smallest } from "../integers.js";
import type { Server } from "../state.js";

/** The rank of an eligible server: the smallest goes first. `ran`: it ran in the interval before. */
export function hostOrder(
  scheduler: "fp" | "edf",
  ran: (server: Server) => boolean,
  now: number,
): (server: Server) => readonly number[] {
  if (scheduler === "fp") return (server) => [priorityOf(server), server.number];
  return (server) => [
    server.policy.level,
    deadlineOf(server, now),
    server.policy.hasRisen ? 2 : preferred(ran(server)),
    server.number,
  ];
}

/** Its own, or that of the task whose job would be dispatched on it now. */
function priorityOf(server: Server): number {
  const hasBoost = server.vm?.tasks.some((task) => task.hostPriority !== null) ?? false;
  return (hasBoost ? nextJob(server)?.task.hostPriority : null) ?? server.priority;
}

/** The server deadline that `edf` compares. */
function deadlineOf(server: Server, now: number): number {
  if (!server.guestDeadline) return server.policy.deadline(now);
  const deadlines = server.tasks.flatMap((task) => task.queue.map((job) => job.deadline));
  return deadlines.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}

/** The server, its chosen child and so on, to one that has no eligible child. */
export function pathOf(server: Server, ran: (server: Server) => boolean, now: number): Server[] {
  const eligible = server.children.filter((child) => child.policy.isEligible(now));
  const child = smallest(eligible, hostOrder(server.scheduler, ran, now));
  return child === null ? [server] : [server, ...pathOf(child, ran, now)];
}
