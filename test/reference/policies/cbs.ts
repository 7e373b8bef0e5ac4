// The hard constant bandwidth server, as Linux has it for SCHED_DEADLINE: throttled when its budget is used up, with a
// deadline that may be shorter than the period, enforced at every tick or every so many, reclaiming or not.

import { adaptedBudget } from "../feedback.js";
import { ceilDiv, firstOf, floorDiv, least, sum } from "../integers.js";
import { countReplenishments, isPending, type Server } from "../state.js";
import type { AnyVcpu, Feedback } from "../types.js";
import { type Enforcement, enforcementOf, Policy, replenishmentLatency } from "./policy.js";

export class ConstantBandwidth extends Policy {
  private readonly enforcement: Enforcement;
  private readonly period: number;
  private readonly relative: number; // D
  private readonly reclaims: boolean;
  private readonly latency: readonly [number, number] | null;
  private budget: number;
  /** q in units; below 0 a debt. */
  private left = 0n;
  private end = 0; // d
  private isFresh = true; // it never had a replenishment
  /** While it is throttled: when that is due to end, and when it does. */
  private throttled: { due: number; takesPlace: number } | null = null;
  private throttlings = 0;

  constructor(server: Server, given: AnyVcpu) {
    super(server);
    this.enforcement = enforcementOf(given);
    this.period = given.period!;
    this.budget = given.budget!;
    this.relative = typeof given.deadline === "number" ? given.deadline : this.period;
    this.reclaims = given.reclaim ?? false;
    this.latency = given.latency?.replenish ?? null;
  }

  private get unit(): bigint {
    return this.server.world.bandwidth?.unit ?? 1n;
  }

  /** What a tick takes from the budget. */
  private get price(): bigint {
    return this.reclaims ? this.server.world.bandwidth!.price : this.unit;
  }

  /** n, the start of its next period. */
  private get next(): number {
    return this.end - this.relative + this.period;
  }

  private get full(): bigint {
    return BigInt(this.budget) * this.unit;
  }

  override isEligible(_now: number): boolean {
    return this.throttled === null && isPending(this.server);
  }

  override use(ticks: number, now: number): void {
    this.left -= BigInt(ticks) * this.price;
    const { every, phase } = this.enforcement;
    if (firstOf(every, phase, now) === now) this.exhaust(now);
  }

  private exhaust(now: number): void {
    if (this.throttled !== null || this.left > 0n) return;
    this.server.happened.depletions += 1;
    this.throttle(now);
  }

  private throttle(now: number): void {
    const due = Math.max(this.next, now);
    const takesPlace = due + replenishmentLatency(this.server, this.latency, this.throttlings);
    this.throttlings += 1;
    this.throttled = { due, takesPlace };
  }

  override notice(now: number): void {
    this.exhaust(now);
    this.replenish(now);
  }

  override replenish(now: number): void {
    if (this.throttled === null || this.throttled.takesPlace > now) return;
    const { due } = this.throttled;
    this.throttled = null;
    do {
      this.left = this.enforcement.carries ? this.left + this.full : this.full;
      this.end = sum(this.end, this.period);
      this.isFresh = false;
      countReplenishments(this.server);
    } while (this.left <= 0n);
    if (this.enforcement.carries && this.end < due) {
      this.left = this.full;
      this.end = sum(due, this.relative);
    }
  }

  override wake(now: number): void {
    this.server.world.bandwidth?.activate(this.server);
    if (this.throttled !== null) return;
    const wanted = this.left * BigInt(this.relative);
    const allowed = BigInt(this.end - now) * this.full;
    if (this.isFresh || this.next <= now) {
      this.renew(now);
    } else if (this.end <= now) {
      this.left = least(this.left, 0n);
      this.throttle(now);
    } else if (wanted > allowed && this.relative === this.period) {
      this.renew(now);
    } else if (wanted > allowed) {
      const ticks = floorDiv(BigInt(this.end - now) * BigInt(this.budget), BigInt(this.relative));
      this.left = ticks * this.unit;
      if (ticks === 0n) this.throttle(now);
    }
  }

  private renew(now: number): void {
    this.left = this.full;
    this.end = sum(now, this.relative);
    this.isFresh = false;
    countReplenishments(this.server);
  }

  override stop(now: number): void {
    // z, when what is left would be used up at the rate Q / P: the first whole tick >= d - q * P / Q.
    const until = this.end - Number(floorDiv(this.left * BigInt(this.period), this.full));
    this.server.world.bandwidth?.deactivate(this.server, until, now);
  }

  override share(common: bigint): bigint {
    return (BigInt(this.budget) * common) / BigInt(this.period);
  }

  override adapt(feedback: Feedback, lateness: number): void {
    this.budget = adaptedBudget(this.budget, this.period, feedback, lateness);
  }

  override fullBudget(): number {
    return this.budget;
  }

  override deadline(_now: number): number {
    return this.end;
  }

  override enforcementCost(now: number): number {
    const { every, phase, cost } = this.enforcement;
    return firstOf(every, phase, now) === now ? cost : 0;
  }

  override exhaustion(now: number): number {
    const { every, phase, cost } = this.enforcement;
    const ticks = Math.max(1, Number(ceilDiv(this.left, this.price)));
    return firstOf(every, phase, cost > 0 ? now + 1 : now + ticks);
  }

  override timers(_now: number): number[] {
    return this.throttled === null ? [] : [this.throttled.takesPlace];
  }
}
