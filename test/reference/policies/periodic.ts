// The periodic servers: `idling`, `polling` and `deferrable`, enforced at every tick or every so many.

import { firstOf, sum } from "../integers.js";
import { between, draw } from "../philox.js";
import { countReplenishments, isPending, type Server } from "../state.js";
import type { AnyVcpu } from "../types.js";
import { type Enforcement, enforcementOf, Policy, replenishmentLatency } from "./policy.js";

export class Periodic extends Policy {
  private readonly enforcement: Enforcement;
  private readonly period: number;
  private readonly periodMax: number;
  private readonly budget: number;
  private readonly budgetMin: number;
  private readonly latency: readonly [number, number] | null;
  /** The budget; below 0 a debt. */
  private left = 0;
  private isOut = true;
  /** Number, due time and time of taking place of the next replenishment. */
  private number = 0;
  private due: number;
  private takesPlace: number;

  constructor(
    server: Server,
    private readonly kind: "idling" | "polling" | "deferrable",
    given: AnyVcpu,
  ) {
    super(server);
    this.enforcement = enforcementOf(given);
    this.period = given.period!;
    this.periodMax = given.period_max ?? this.period;
    this.budget = given.budget!;
    this.budgetMin = given.budget_min ?? this.budget;
    this.latency = given.latency?.replenish ?? null;
    this.due = given.offset ?? 0;
    this.takesPlace = this.due + replenishmentLatency(server, this.latency, 0);
  }

  override isEligible(_now: number): boolean {
    return !this.isOut && (this.kind !== "deferrable" || isPending(this.server));
  }

  override use(ticks: number, now: number): void {
    this.left -= ticks;
    const { every, phase } = this.enforcement;
    if (firstOf(every, phase, now) === now) this.notice(now);
  }

  override notice(_now: number): void {
    if (this.isOut || this.left > 0) return;
    this.isOut = true;
    this.server.happened.depletions += 1;
  }

  override replenish(now: number): void {
    if (this.takesPlace !== now) return;
    const { x1, x2 } = draw(this.server.stream, this.number);
    const given = between(this.budgetMin, this.budget, x1);
    this.left = this.enforcement.carries ? Math.min(given, this.left + given) : given;
    this.isOut = this.left <= 0;
    this.number += 1;
    this.due = sum(this.due, between(this.period, this.periodMax, x2));
    this.takesPlace = this.due + replenishmentLatency(this.server, this.latency, this.number);
    countReplenishments(this.server);
  }

  override discard(now: number): void {
    if (this.kind !== "polling" || isPending(this.server)) return;
    if (this.left > 0) {
      this.left = 0;
      this.isOut = true;
    }
    this.notice(now);
  }

  override deadline(_now: number): number {
    return this.due;
  }

  override enforcementCost(now: number): number {
    const { every, phase, cost } = this.enforcement;
    return firstOf(every, phase, now) === now ? cost : 0;
  }

  override exhaustion(now: number): number {
    const { every, phase, cost } = this.enforcement;
    return firstOf(every, phase, cost > 0 ? now + 1 : now + Math.max(1, this.left));
  }

  override timers(now: number): number[] {
    const isIdle = this.kind === "polling" && !this.isOut && !isPending(this.server); // since phase H: emptied in the next G
    return isIdle ? [this.takesPlace, now + 1] : [this.takesPlace];
  }
}
