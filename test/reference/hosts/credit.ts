// Xen's credit scheduler (semantics.md section 10.7): the queue, boosting, slices and the rate limit. The accounting of
// credits is in credit-accounting.ts.

import { floorDiv } from "../integers.js";
import { isPending, type Run, type Server, type World } from "../state.js";
import type { AnyHost, AnyServer } from "../types.js";
import { Accounts, CLASS, type Entity } from "./credit-accounting.js";
import { SingleHost, type Sole } from "./host.js";

export class Credit extends SingleHost {
  private readonly slice: number;
  private readonly rateLimit: number;
  private readonly accounts: Accounts;
  private queue: Entity[] = [];
  private current: Entity | null = null;
  /** Since when `current` has the CPU, got from another or from idle. */
  private since = 0;
  private expiry = 0;
  private resched = false;
  private unparkedNow: readonly Entity[] = [];

  constructor(
    private readonly world: World,
    host: AnyHost,
    given: readonly AnyServer[],
  ) {
    super();
    this.slice = host.slice!;
    this.rateLimit = host.ratelimit ?? 0;
    this.accounts = new Accounts(world.servers, host, given);
  }

  private entity(server: Server): Entity {
    return this.accounts.entities[server.number]!;
  }

  private isRunning(entity: Entity): boolean {
    return isPending(entity.server) && !entity.isParked;
  }

  override account(run: Run, ticks: number, _now: number): void {
    this.accounts.use(this.entity(run.path[0]!), ticks);
  }

  override replenish(now: number): void {
    const before = this.world.runs[0];
    this.unparkedNow = [];
    if (now > 0 && this.accounts.isTick(now) && before !== undefined)
      this.accounts.sample(this.entity(before.path[0]!));
    if (now === 0 || now % this.slice !== 0) return;
    const parked = this.accounts.entities.filter((entity) => entity.isParked);
    if (!this.accounts.settle()) return;
    this.unparkedNow = parked.filter((entity) => !entity.isParked);
    const isOver = (entity: Entity) => entity.rank === CLASS.over;
    this.queue = [...this.queue.filter((entity) => !isOver(entity)), ...this.queue.filter(isOver)];
  }

  override wake(woken: readonly Server[], now: number): void {
    const awake = woken.map((server) => this.entity(server));
    for (const entity of awake) if (!entity.isParked && entity.rank === CLASS.under) entity.rank = CLASS.boost;
    for (const entity of this.accounts.entities) {
      const hasWoken = awake.includes(entity);
      if (!(hasWoken || this.unparkedNow.includes(entity)) || !this.isRunning(entity)) continue;
      this.insert(entity, hasWoken && entity.laxity !== null ? this.position(entity, now) : this.place(entity));
      if (this.current !== null && entity.rank < this.current.rank) this.resched = true;
    }
  }

  /** Where an insert puts it: before the first of a lower class. */
  private place(entity: Entity): number {
    const at = this.queue.findIndex((other) => other.rank > entity.rank);
    return at < 0 ? this.queue.length : at;
  }

  /** Where one with laxity is put: as far in front as it needs to begin in time. */
  private position(entity: Entity, now: number): number {
    const isHeld = this.current !== null && this.isRunning(this.current);
    const rest = isHeld ? this.expiry - now : 0;
    const slices = Number(floorDiv(BigInt(entity.laxity! - rest), BigInt(this.slice)));
    return Math.min(this.place(entity), Math.max(0, slices));
  }

  private insert(entity: Entity, at: number): void {
    this.queue.splice(at, 0, entity);
  }

  override pick(now: number): Sole | null {
    this.queue = this.queue.filter((entity) => this.isRunning(entity));
    const { current } = this;
    const holds = current !== null && this.isRunning(current);
    if (!holds || !this.goesOn(now)) {
      if (holds) this.insert(current, this.place(current));
      this.current = this.queue.shift() ?? null;
      this.expiry = now + this.slice;
      if (this.current !== current || !holds) this.since = now;
    }
    this.resched = false;
    if (this.current === null) return null;
    return { server: this.current.server, payers: [], isBackground: false, isBestEffort: false };
  }

  /** Whether `current`, which is runnable, keeps the CPU; the rate limit may lengthen its slice. */
  private goesOn(now: number): boolean {
    if (!this.resched && now < this.expiry) return true;
    const ran = now - this.since;
    if (ran >= this.rateLimit || this.queue[0]?.rank === CLASS.realtime) return false;
    this.expiry = now + this.rateLimit - ran;
    return true;
  }

  override isRunnable(server: Server, _now: number): boolean {
    return this.isRunning(this.entity(server));
  }

  override timers(now: number): number[] {
    return [...this.accounts.timers(now), ...(this.current === null ? [] : [this.expiry])];
  }
}
