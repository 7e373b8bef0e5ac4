// Hosts `fp` and `edf`: the real-time class, then background, then best effort (semantics.md section 10.1).

import type { Fair } from "../fair/fair.js";
import { smallest } from "../integers.js";
import { isPending, type Run, type Server, type World } from "../state.js";
import { SingleHost, type Sole } from "./host.js";
import { hostOrder } from "./order.js";

export class Classes extends SingleHost {
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

  override pick(now: number): Sole | null {
    const before = this.world.runs[0];
    const payer = before?.payers[0];
    const first = this.pickRealTime(now);
    if (payer !== first) payer?.policy.notice(now);
    const isFree = first === null || (first.lends && !isPending(first));
    const background = isFree ? this.pickBackground(now) : null;
    const serves = isFree && background === null;
    const members = this.world.servers.filter((server) => this.isMember(server, now));
    const hadCpu = before?.isBestEffort ?? false;
    const best = this.fair?.dispatch(members, now, serves && members.length > 0, hadCpu) ?? null;
    const server = background ?? best ?? first;
    if (server === null) return null;
    const isBackground = server !== first || server.policy.level > 0;
    return { server, payers: first === null ? [] : [first], isBackground, isBestEffort: best !== null };
  }

  /** Class 1: the eligible servers. Of a lender and its borrower the lender ran. */
  private pickRealTime(now: number): Server | null {
    const eligible = this.world.servers.filter((server) => server.policy.isEligible(now));
    const before = this.world.runs[0];
    const ran = before?.payers[0] ?? before?.path[0];
    return smallest(
      eligible,
      hostOrder(this.scheduler, (server) => server === ran, now),
    );
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

  override timers(now: number): number[] {
    return this.world.runs[0]?.isBestEffort ? this.fair!.timers(now) : [];
  }
}
