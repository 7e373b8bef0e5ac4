// The sporadic server: every piece of budget that is used returns one period after its own time.

import { sum } from "../integers.js";
import { countReplenishments, isPending, type Server } from "../state.js";
import type { AnyVcpu } from "../types.js";
import { Policy } from "./policy.js";

/** A piece of the budget. `counted`: it has been counted as a replenishment. */
interface Refill {
  time: number;
  amount: number;
  counted: boolean;
}

export class Sporadic extends Policy {
  private readonly period: number;
  private readonly refillsMax: number;
  private readonly refills: Refill[];

  constructor(server: Server, given: AnyVcpu) {
    super(server);
    this.period = given.period!;
    this.refillsMax = given.max_replenishments ?? 16;
    this.refills = [{ time: given.offset ?? 0, amount: given.budget!, counted: false }];
  }

  private get head(): Refill {
    return this.refills[0]!;
  }

  override isEligible(now: number): boolean {
    return this.head.time <= now && isPending(this.server);
  }

  override use(ticks: number, now: number): void {
    const { refills, head } = this;
    const last = refills.at(-1)!;
    const back = sum(head.time, this.period);
    if (last.time === back) {
      last.amount += ticks;
    } else if (refills.length + 1 > this.refillsMax) {
      last.amount += ticks;
      last.time = back;
    } else {
      refills.push({ time: back, amount: ticks, counted: false });
    }
    head.amount -= ticks;
    if (head.amount > 0) return;
    refills.shift();
    if (this.head.time > now) this.server.happened.depletions += 1;
  }

  override replenish(now: number): void {
    const { head } = this;
    if (head.time > now || head.counted) return;
    head.counted = true;
    countReplenishments(this.server);
  }

  override wake(now: number): void {
    const { head } = this;
    if (head.time >= now) return;
    const merged = this.refills.slice(1).filter((refill) => refill.time <= now);
    head.time = now;
    for (const refill of merged) head.amount += refill.amount;
    this.refills.splice(1, merged.length);
  }

  override deadline(_now: number): number {
    return sum(this.head.time, this.period);
  }

  override exhaustion(now: number): number {
    return now + this.head.amount;
  }

  override timers(_now: number): number[] {
    return this.refills.map((refill) => refill.time);
  }
}
