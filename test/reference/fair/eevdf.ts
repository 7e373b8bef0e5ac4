// Earliest eligible virtual deadline first, as Linux 6.6 to 6.11 has it.

import { ceilDiv, firstOf, floorDiv, greatest, least, preferred, smallest } from "../integers.js";
import type { Server } from "../state.js";
import type { FairScheduler } from "../types.js";
import { type Change, Fair } from "./fair.js";

interface Entity {
  v: bigint;
  /** The virtual deadline. */
  vd: bigint;
  lag: bigint;
}

export class EarliestEntitled extends Fair {
  private readonly slice: bigint;
  private readonly tick: number | null;
  private readonly entities = new Map<Server, Entity>();
  private last = 0n; // m

  constructor(servers: readonly Server[], given: Extract<FairScheduler, { algorithm: "eevdf" }>) {
    super(servers);
    this.slice = BigInt(given.slice);
    this.tick = given.tick ?? null;
    for (const server of servers) this.entities.set(server, { v: 0n, vd: 0n, lag: 0n });
  }

  private of(server: Server): Entity {
    return this.entities.get(server)!;
  }

  /** W, and the sum of w * v: their quotient is the class's virtual time V. */
  private totals(): { weights: bigint; weighted: bigint } {
    let weights = 0n;
    let weighted = 0n;
    for (const server of this.members) {
      weights += BigInt(server.weight);
      weighted += BigInt(server.weight) * this.of(server).v;
    }
    return { weights, weighted };
  }

  private isEntitled(server: Server): boolean {
    const { weights, weighted } = this.totals();
    return weighted >= this.of(server).v * weights;
  }

  private setDeadline(server: Server): void {
    const entity = this.of(server);
    entity.vd = entity.v + this.slice * this.tickOf(server);
  }

  override account(ticks: number, _now: number): void {
    this.of(this.current!).v += BigInt(ticks) * this.tickOf(this.current!);
  }

  protected override leave(server: Server): void {
    const entity = this.of(server);
    if (this.members.length === 1) {
      this.last = entity.v;
      entity.lag = 0n;
      return;
    }
    const { weights, weighted } = this.totals();
    const limit = greatest(2n * this.slice, BigInt(this.tick ?? 0)) * this.tickOf(server);
    entity.lag = greatest(-limit, least(limit, floorDiv(weighted, weights) - entity.v));
  }

  protected override afterLeaving(): void {}

  protected override join(server: Server): void {
    const entity = this.of(server);
    if (this.members.length === 0) {
      entity.v = this.last;
    } else {
      const { weights, weighted } = this.totals();
      const scaled = floorDiv(entity.lag * (weights + BigInt(server.weight)), weights);
      entity.v = floorDiv(weighted, weights) - scaled;
    }
    this.setDeadline(server);
  }

  protected override serve({ now, joined, left, hadCpu }: Change): Server {
    const { current } = this;
    let isDone = false;
    const looks = this.tick === null || now % this.tick === 0 || joined.length > 0 || left.length > 0 || !hadCpu;
    if (looks && current !== null && this.of(current).v >= this.of(current).vd) {
      this.setDeadline(current);
      isDone = true;
    }
    const pick = this.pick();
    if (!hadCpu || current === null || isDone) return pick;
    if (joined.length > 0 && !this.isEntitled(current) && joined.includes(pick)) return pick;
    return current;
  }

  private pick(): Server {
    if (this.members.length === 1) return this.members[0]!;
    const entitled = this.members.filter((server) => this.isEntitled(server));
    return smallest(entitled, (server) => [this.of(server).vd, preferred(server !== this.current), server.number])!;
  }

  override timers(now: number): number[] {
    if (this.current === null) return [];
    if (this.tick !== null) return [firstOf(this.tick, 0, now + 1)];
    const { v, vd } = this.of(this.current);
    return [now + Math.max(1, Number(ceilDiv(vd - v, this.tickOf(this.current))))];
  }
}
