// A server of Xen's SEDF host: its slice of every period, and what decides its extra time (semantics.md section 10.6).

import { floorDiv, sum } from "../integers.js";
import { countReplenishments, isPending, type Server } from "../state.js";
import type { AnyVcpu } from "../types.js";
import { Policy } from "./policy.js";

export class Sedf extends Policy {
  readonly budget: number;
  readonly hasExtraTime: boolean;
  private readonly period: number;
  private readonly weight: number | null;
  private end = 0; // d
  private used = 0; // c
  private hasBeenAwake = false;
  /** Its scores in the lists 0 and 1: the smaller, the sooner its turn. */
  readonly scores: [bigint, bigint] = [0n, 0n];
  /** It lost time to a short block and wants it back. */
  wants = false;

  constructor(server: Server, given: AnyVcpu) {
    super(server);
    this.period = given.period!;
    this.budget = given.budget!;
    this.hasExtraTime = given.extratime ?? false;
    this.weight = given.extraweight ?? null;
  }

  get begin(): number {
    return this.end - this.period;
  }

  /** Ready: it may run in its slice. */
  override isEligible(now: number): boolean {
    return isPending(this.server) && this.budget > 0 && this.begin <= now;
  }

  override use(ticks: number, _now: number): void {
    this.used += ticks;
    if (this.used < this.budget) return;
    this.server.happened.depletions += 1;
    this.renew(sum(this.end, this.period));
  }

  override wake(now: number): void {
    const isFirst = !this.hasBeenAwake;
    this.hasBeenAwake = true;
    if (isFirst) this.end = sum(now, this.budget);
    if (now < this.begin) return;
    const left = this.budget - this.used;
    if (now >= this.end) {
      this.renew(sum(now, this.period)); // long block
      return;
    }
    if (!isFirst && left > 0) {
      this.scores[0] = floorDiv(1024n * BigInt(this.period), BigInt(left));
      this.wants = true;
    }
    this.renew(sum(this.end, this.period)); // short block
  }

  private renew(end: number): void {
    this.end = end;
    this.used = 0;
    if (this.budget > 0) countReplenishments(this.server);
  }

  /** H, for a ready server whose deadline has come: the next one that has not. */
  skipPast(now: number): void {
    if (this.end > now) return;
    const periods = Math.floor((now - this.end) / this.period) + 1;
    this.renew(sum(this.end, periods * this.period));
  }

  /** The score in list 1 after a service of it. */
  nextScore(): bigint {
    if (this.weight !== null) return 131072n / BigInt(this.weight);
    return (1024n * BigInt(this.period)) / BigInt(this.budget);
  }

  override deadline(_now: number): number {
    return this.end;
  }

  override exhaustion(now: number): number {
    return now + this.budget - this.used;
  }

  override timers(_now: number): number[] {
    return [this.begin, this.end];
  }
}
