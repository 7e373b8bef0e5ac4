// POSIX's SCHED_SPORADIC, with its known defects: an activation counts from its first instant, preemptions included.

import { sum } from "../integers.js";
import { countReplenishments, isPending, type Server } from "../state.js";
import type { AnyVcpu } from "../types.js";
import { Policy } from "./policy.js";

export class SporadicPosix extends Policy {
  private readonly period: number;
  private readonly budget: number;
  private readonly waitingMax: number;
  private left: number;
  private used = 0;
  private activation: number | null = null;
  private waiting: { time: number; amount: number }[] = [];

  constructor(server: Server, given: AnyVcpu) {
    super(server);
    this.period = given.period!;
    this.budget = given.budget!;
    this.waitingMax = given.max_replenishments ?? 16;
    this.left = this.budget;
  }

  private get isHigh(): boolean {
    return this.left > 0 && this.waiting.length < this.waitingMax;
  }

  override isEligible(_now: number): boolean {
    return this.isHigh && isPending(this.server);
  }

  override use(ticks: number, _now: number): void {
    this.left -= ticks;
    this.used += ticks;
    if (this.left > 0) return;
    this.server.happened.depletions += 1;
    this.post();
  }

  private post(): void {
    if (this.used > 0) this.waiting.push({ time: sum(this.activation!, this.period), amount: this.used });
    this.used = 0;
    this.activation = null;
  }

  override replenish(now: number): void {
    for (const refill of this.waiting.filter(({ time }) => time <= now)) {
      this.left = Math.min(this.budget, this.left + refill.amount);
      countReplenishments(this.server);
    }
    this.waiting = this.waiting.filter(({ time }) => time > now);
  }

  override afterWakes(now: number): void {
    if (this.isEligible(now)) this.activation ??= now;
  }

  override stop(now: number): void {
    this.post();
    this.replenish(now);
  }

  override exhaustion(now: number): number {
    return now + this.left;
  }

  override timers(_now: number): number[] {
    return this.waiting.map(({ time }) => time);
  }
}
