// Xen's credit scheduler: how credits are used, and given out anew (semantics.md section 10.7).

import { ceilDiv, firstOf, floorDiv, greatest, least } from "../integers.js";
import { countReplenishments, type Server } from "../state.js";
import type { AnyHost, AnyServer } from "../types.js";

/** From high to low. */
export const CLASS = { realtime: 0, boost: 1, under: 2, over: 3 } as const;

export interface Entity {
  readonly server: Server;
  readonly weight: bigint;
  /** In percent; null: none. */
  readonly cap: bigint | null;
  readonly laxity: number | null;
  /** Its class. */
  rank: number;
  /** c. */
  credits: bigint;
  isParked: boolean;
}

export class Accounts {
  readonly entities: readonly Entity[];
  private readonly perTick: bigint; // credits of a tick of time
  private readonly samples: boolean;
  private readonly tick: number;
  private readonly slice: number;
  private active: Entity[] = [];
  private balance = 0n; // b

  constructor(servers: readonly Server[], host: AnyHost, given: readonly AnyServer[]) {
    this.perTick = BigInt(host.credits ?? 1);
    this.samples = host.accounting === "sampled";
    this.tick = host.tick!;
    this.slice = host.slice!;
    this.entities = servers.map((server) => {
      const { cap = 0, laxity = null, realtime = false } = given[server.number]!;
      return {
        server,
        weight: BigInt(server.weight),
        cap: cap === 0 ? null : BigInt(cap),
        laxity,
        rank: realtime ? CLASS.realtime : CLASS.under,
        credits: 0n,
        isParked: false,
      };
    });
  }

  private get most(): bigint {
    return BigInt(this.slice) * this.perTick; // M
  }

  isTick(now: number): boolean {
    return now % this.tick === 0;
  }

  /** A: it ran for so many ticks. */
  use(entity: Entity, ticks: number): void {
    if (!this.samples) entity.credits -= BigInt(ticks) * this.perTick;
  }

  /** D, at a multiple of the tick, for the one that ran. */
  sample(entity: Entity): void {
    if (!this.active.includes(entity)) this.active.unshift(entity);
    if (entity.rank === CLASS.boost) entity.rank = CLASS.under;
    if (this.samples) entity.credits -= BigInt(this.tick) * this.perTick;
  }

  /** D, at a multiple of the slice: credits for all that are active. Returns whether there was anything to do. */
  settle(): boolean {
    const weights = this.active.reduce((total, entity) => total + entity.weight, 0n);
    if (weights === 0n) {
      this.balance = 0n;
      return false;
    }
    const shares = this.shares(weights);
    let balance = 0n;
    for (const [entity, share] of shares) {
      entity.credits += share;
      countReplenishments(entity.server);
      this.classify(entity);
      balance += entity.credits;
    }
    this.balance = balance;
    return true;
  }

  /** What each gets, in order: its weight's part, and of what is over its cap the others' part. */
  private shares(weights: bigint): [Entity, bigint][] {
    const owed = -least(this.balance, 0n);
    let total = this.most + owed;
    let left = weights;
    let some = false; // somebody got less than his peak
    return [...this.active].map((entity) => {
      left -= entity.weight;
      const most = this.most + ceilDiv(owed * entity.weight, weights);
      const peak = entity.cap === null ? most : least(most, this.capOf(entity));
      const fair = ceilDiv(total * entity.weight, weights);
      if (fair < peak) {
        some = true;
        return [entity, fair];
      }
      if (left > 0n) total += ceilDiv((fair - peak) * weights, left);
      if (some) this.active = [entity, ...this.active.filter((other) => other !== entity)];
      return [entity, peak];
    });
  }

  private capOf(entity: Entity): bigint {
    return ceilDiv(entity.cap! * this.most, 100n); // k
  }

  private classify(entity: Entity): void {
    const isRealtime = entity.rank === CLASS.realtime;
    if (entity.credits < 0n) {
      if (!isRealtime && entity.rank !== CLASS.over) entity.server.happened.depletions += 1;
      if (!isRealtime) entity.rank = CLASS.over;
      if (entity.cap !== null && entity.credits < -this.capOf(entity)) entity.isParked = true;
      entity.credits = greatest(entity.credits, -this.most);
      return;
    }
    if (!isRealtime) entity.rank = CLASS.under;
    entity.isParked = false;
    if (entity.credits <= this.most) return;
    this.active = this.active.filter((other) => other !== entity);
    entity.credits = floorDiv(entity.credits, 2n);
  }

  timers(now: number): number[] {
    return [firstOf(this.tick, 0, now + 1), firstOf(this.slice, 0, now + 1)];
  }
}
