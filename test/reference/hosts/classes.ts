// Hosts `fp` and `edf`: the real-time class, then background, then best effort (semantics.md section 10.1).

import type { Fair } from "../fair/fair.js";
import { preferred, smallest } from "../integers.js";
import { isPending, type Run, type Server, type World } from "../state.js";
import { type Choice, Host } from "./host.js";

export class Classes extends Host {
  constructor(
    private readonly world: World,
    private readonly scheduler: "fp" | "edf",
    private readonly fair: Fair | null,
  ) {
    super();
  }

  override account(run: Run, ticks: number, now: number): void {
    if (run.isBestEffort) this.fair!.account(ticks, now);
  }

  override pick(now: number): Choice | null {
    const { before } = this.world;
    const first = this.pickRealTime(now);
    if (before?.payer && before.payer !== first) before.payer.policy.notice(now);
    const isFree = first === null || (first.lends && !isPending(first));
    const background = isFree ? this.pickBackground(now) : null;
    const serves = isFree && background === null;
    const members = this.world.servers.filter((server) => this.isMember(server, now));
    const hadCpu = before?.isBestEffort ?? false;
    const best = this.fair?.dispatch(members, now, serves && members.length > 0, hadCpu) ?? null;
    const server = background ?? best ?? first;
    if (server === null) return null;
    const isBackground = server !== first || server.policy.level > 0;
    return { server, payer: first, isBackground, isBestEffort: best !== null };
  }

  /** Class 1: the eligible servers. Of a lender and its borrower the lender ran. */
  private pickRealTime(now: number): Server | null {
    const eligible = this.world.servers.filter((server) => server.policy.isEligible(now));
    const { before } = this.world;
    const ran = before === null ? null : (before.payer ?? before.server);
    if (this.scheduler === "fp") return smallest(eligible, (server) => [server.priority, server.number]);
    return smallest(eligible, (server) => [
      server.policy.level,
      serverDeadline(server, now),
      server.policy.hasRisen ? 2 : preferred(server === ran),
      server.number,
    ]);
  }

  /** Class 2: pending servers without budget that have a background priority. */
  private pickBackground(now: number): Server | null {
    const servers = this.world.servers.filter((server) => this.isInBackground(server, now));
    return smallest(servers, (server) => [(server.background as { priority: number }).priority, server.number]);
  }

  private isInBackground(server: Server, now: number): boolean {
    const { background, policy } = server;
    return background !== null && "priority" in background && isPending(server) && !policy.isEligible(now);
  }

  /** Class 3: pending servers without budget that have a weight. */
  private isMember(server: Server, now: number): boolean {
    return server.isFairMember && isPending(server) && !server.policy.isEligible(now);
  }

  override isRunnable(server: Server, now: number): boolean {
    return server.policy.isEligible(now) || this.isInBackground(server, now) || this.isMember(server, now);
  }

  override timers(run: Run | null, now: number): number[] {
    return run?.isBestEffort ? this.fair!.timers(now) : [];
  }
}

/** The server deadline that host edf compares. */
function serverDeadline(server: Server, now: number): number {
  if (!server.guestDeadline) return server.policy.deadline(now);
  const deadlines = server.tasks.flatMap((task) => task.queue.map((job) => job.deadline));
  return deadlines.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}
