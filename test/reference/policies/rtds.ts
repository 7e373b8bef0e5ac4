// RT-Xen's deferrable server under RTDS: refilled at the multiples of its period. With extra time an empty budget is
// filled at once, one level lower.

import { countReplenishments, isPending, type Server } from "../state.js";
import type { AnyVcpu } from "../types.js";
import { Policy } from "./policy.js";

export class Rtds extends Policy {
  private readonly period: number;
  private readonly budget: number;
  private readonly hasExtraTime: boolean;
  private left = 0;
  private rose = false;

  constructor(server: Server, given: AnyVcpu) {
    super(server);
    this.period = given.period!;
    this.budget = given.budget!;
    this.hasExtraTime = given.extratime ?? false;
  }

  override get hasRisen(): boolean {
    return this.rose;
  }

  override isEligible(_now: number): boolean {
    return this.left > 0 && isPending(this.server);
  }

  override use(ticks: number, _now: number): void {
    this.left -= ticks;
    if (this.left > 0) return;
    this.server.happened.depletions += 1;
    if (!this.hasExtraTime) return;
    this.left = this.budget;
    this.level += 1;
    this.rose = true;
  }

  override replenish(now: number): void {
    if (now % this.period !== 0) return;
    this.left = this.budget;
    this.level = 0;
    this.rose = false;
    countReplenishments(this.server);
  }

  override settle(): void {
    this.rose = false;
  }

  override deadline(now: number): number {
    return now - (now % this.period) + this.period;
  }

  override exhaustion(now: number): number {
    return now + this.left;
  }

  override timers(now: number): number[] {
    return [this.deadline(now)];
  }
}
