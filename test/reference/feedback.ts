// Feedback: every so many periods a server's budget follows the lateness of its jobs (semantics.md section 10.2).

import { firstOf, floorDiv, greatest, least } from "./integers.js";
import type { Server } from "./state.js";
import type { Feedback } from "./types.js";

/** Q with a server of period P whose jobs were at worst so late (early if negative). */
export function adaptedBudget(budget: number, period: number, feedback: Feedback, lateness: number): number {
  const { gain, lowest, highest } = feedback;
  const change = BigInt(budget) * BigInt(gain[0]) * BigInt(lateness);
  const wanted = BigInt(budget) + floorDiv(change, BigInt(period) * BigInt(gain[1]));
  return Number(least(BigInt(highest), greatest(BigInt(lowest), wanted)));
}

/** D, first: the server adapts its budget if the time for it has come and there is anything to go by. */
export function adapt(server: Server, now: number): void {
  const { happened } = server;
  const { feedback, period } = server.given;
  if (feedback === undefined || now === 0 || now % (feedback.every * period!) !== 0) return;
  const late = server.tasks.flatMap((task) => task.queue.filter((job) => job.deadline <= now));
  const latenesses = [...happened.lateness, ...late.map((job) => now - job.deadline)];
  happened.lateness = [];
  if (latenesses.length === 0) return;
  const before = server.policy.fullBudget();
  server.policy.adapt(feedback, Math.max(...latenesses));
  if (server.policy.fullBudget() !== before) happened.adaptations += 1;
}

/** When it next does. */
export function nextAdaptation(server: Server, now: number): number {
  const { feedback, period } = server.given;
  return feedback === undefined ? Number.POSITIVE_INFINITY : firstOf(feedback.every * period!, 0, now + 1);
}
