// A server whose budget comes and goes in windows that have been recorded somewhere.

import { countReplenishments, type Server } from "../state.js";
import type { AnyVcpu, RecordedWindow } from "../types.js";
import { Policy } from "./policy.js";

export class Recorded extends Policy {
  private readonly windows: readonly RecordedWindow[];
  private left = 0;

  constructor(server: Server, given: AnyVcpu) {
    super(server);
    this.windows = given.windows!;
  }

  override isEligible(_now: number): boolean {
    return this.left > 0;
  }

  override use(ticks: number, _now: number): void {
    this.left -= ticks;
    if (this.left === 0) this.server.happened.depletions += 1;
  }

  override replenish(now: number): void {
    if (this.windows.some(({ start, duration }) => start + duration === now)) this.left = 0;
    const begun = this.windows.find(({ start }) => start === now);
    if (begun === undefined) return;
    this.left = begun.duration;
    countReplenishments(this.server);
  }

  override deadline(now: number): number {
    const window = this.windows.find(({ start, duration }) => start + duration > now);
    if (window === undefined) return Number.POSITIVE_INFINITY;
    return window.start <= now ? window.start + window.duration : window.start;
  }

  override exhaustion(now: number): number {
    return now + this.left;
  }

  override timers(now: number): number[] {
    const edges = this.windows.flatMap(({ start, duration }) => [start, start + duration]);
    return edges.filter((edge) => edge > now);
  }
}
