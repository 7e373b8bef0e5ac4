// Linux's completely fair scheduler (2.6.23 to 6.5): the smallest virtual time runs, for a slice that shrinks with the
// number of members.

import { ceilDiv, firstOf, greatest, least, preferred, smallest } from "../integers.js";
import type { Server } from "../state.js";
import type { FairScheduler } from "../types.js";
import { type Change, Fair } from "./fair.js";

export class CompletelyFair extends Fair {
  private readonly latency: bigint;
  private readonly granularity: bigint;
  private readonly wakeup: bigint;
  private readonly credit: bigint;
  private readonly tick: number | null;
  private readonly virtual = new Map<Server, bigint>(); // v
  private floor = 0n; // m
  private ran = 0n;

  constructor(servers: readonly Server[], given: Extract<FairScheduler, { algorithm: "cfs" }>) {
    super(servers);
    this.latency = BigInt(given.latency);
    this.granularity = BigInt(given.min_granularity);
    this.wakeup = BigInt(given.wakeup_granularity);
    this.credit = BigInt(given.sleeper_credit ?? given.latency);
    this.tick = given.tick ?? null;
  }

  private virtualOf(server: Server): bigint {
    return this.virtual.get(server) ?? 0n;
  }

  private raiseFloor(): void {
    if (this.members.length === 0) return;
    this.floor = greatest(this.floor, this.members.map((server) => this.virtualOf(server)).reduce(least));
  }

  override account(ticks: number, _now: number): void {
    const server = this.current!;
    this.virtual.set(server, this.virtualOf(server) + BigInt(ticks) * this.tickOf(server));
    this.ran += BigInt(ticks);
    this.raiseFloor();
  }

  protected override leave(_server: Server): void {}

  protected override afterLeaving(): void {
    this.raiseFloor();
  }

  protected override join(server: Server): void {
    const credited = this.floor - (this.credit * this.scale) / 1024n; // exact: L is a multiple of 1024
    this.virtual.set(server, greatest(this.virtualOf(server), credited));
  }

  protected override serve({ now, joined, hadCpu }: Change): Server {
    const { current } = this;
    if (hadCpu && current !== null && !this.isSliceOver(current, now) && !this.isOvertaken(current, joined)) {
      return current;
    }
    this.ran = 0n;
    return smallest(this.members, (server) => [this.virtualOf(server), preferred(server !== current), server.number])!;
  }

  /** W, and p times the weight of the current server: its slice is over when ran * W reaches that. */
  private slice(current: Server): { weights: bigint; due: bigint } {
    const weights = this.members.map((server) => BigInt(server.weight)).reduce((a, b) => a + b);
    const count = BigInt(this.members.length);
    const few = count <= ceilDiv(this.latency, this.granularity);
    const period = few ? this.latency : count * this.granularity;
    return { weights, due: period * BigInt(current.weight) };
  }

  private isSliceOver(current: Server, now: number): boolean {
    if (this.members.length < 2) return false;
    const { weights, due } = this.slice(current);
    if (this.tick === null) return this.ran * weights >= due;
    return now % this.tick === 0 && this.ran * weights > due;
  }

  /** Whether one that joins now is so far behind that it is served at once. */
  private isOvertaken(current: Server, joined: readonly Server[]): boolean {
    const ahead = (server: Server) => this.virtualOf(current) - this.virtualOf(server);
    return joined.some((server) => ahead(server) > this.wakeup * this.tickOf(server));
  }

  override timers(now: number): number[] {
    if (this.current === null) return [];
    if (this.tick !== null) return [firstOf(this.tick, 0, now + 1)];
    const { weights, due } = this.slice(this.current);
    return [now + Number(ceilDiv(due, weights) - this.ran)];
  }
}
