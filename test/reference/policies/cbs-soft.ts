// The soft constant bandwidth server: a new budget and a later deadline as soon as the old budget is used up.

import { adaptedBudget } from "../feedback.js";
import { sum } from "../integers.js";
import { countReplenishments, isPending, type Server } from "../state.js";
import type { AnyVcpu, Feedback } from "../types.js";
import { Policy } from "./policy.js";

export class SoftBandwidth extends Policy {
  private readonly period: number;
  private budget: number;
  private left = 0;
  private end = 0; // the deadline

  constructor(server: Server, given: AnyVcpu) {
    super(server);
    this.period = given.period!;
    this.budget = given.budget!;
  }

  override isEligible(_now: number): boolean {
    return this.left > 0 && isPending(this.server);
  }

  override use(ticks: number, _now: number): void {
    this.left -= ticks;
    if (this.left > 0) return;
    this.server.happened.depletions += 1;
    this.renew(sum(this.end, this.period));
  }

  override wake(now: number): void {
    // Would what is left, spent up to the old deadline, exceed the bandwidth Q / P?
    const wanted = BigInt(this.left) * BigInt(this.period);
    const allowed = BigInt(this.end - now) * BigInt(this.budget);
    if (this.end <= now || wanted > allowed) this.renew(sum(now, this.period));
  }

  private renew(end: number): void {
    this.left = this.budget;
    this.end = end;
    countReplenishments(this.server);
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

  override exhaustion(now: number): number {
    return now + this.left;
  }
}
