// GRUB: what servers that reclaim bandwidth pay for a tick depends on who is active (semantics.md section 10.2).
// Budgets are counted in units so small that every price is whole: a tick of budget is `unit` of them.

import { leastCommonMultiple } from "./integers.js";
import type { Server } from "./state.js";
import type { AnyScenario } from "./types.js";

export class Bandwidth {
  readonly unit: bigint;
  /** The price of a tick of the interval that began with the last phase H. */
  price = 0n;
  /** The active servers with their share Q / P of the units of a tick; until when, if that is settled. */
  private readonly active = new Map<Server, number>();
  private readonly max: readonly [bigint, bigint];
  private readonly reserved: bigint;
  private readonly common: bigint;

  constructor(scenario: AnyScenario) {
    const { max = [1, 1], reserved = [0, 1] } = scenario.host?.bandwidth ?? {};
    const periods = scenario.servers.flatMap(({ policy, period }) => (policy === "cbs" ? [BigInt(period!)] : []));
    this.common = leastCommonMultiple([BigInt(reserved[1]), ...periods]);
    this.unit = BigInt(max[0]) * this.common;
    this.max = [BigInt(max[0]), BigInt(max[1])];
    this.reserved = (BigInt(reserved[0]) * this.common) / BigInt(reserved[1]);
  }

  /** F: the server, a constant bandwidth server of this budget and period, has woken up. */
  activate(server: Server): void {
    this.active.set(server, Number.POSITIVE_INFINITY);
  }

  /** H: the server has stopped being pending; it stays active until `until`. */
  deactivate(server: Server, until: number, now: number): void {
    if (until <= now) this.active.delete(server);
    else this.active.set(server, until);
  }

  /** D: those whose time has come are active no longer. */
  expire(now: number): void {
    for (const [server, until] of this.active) if (until <= now) this.active.delete(server);
  }

  /** H, at the end: (c/e + the sum of Q/P of the active) * b/a of a tick's units. */
  setPrice(): void {
    const shares = [...this.active.keys()].map((server) => server.policy.share(this.common));
    const used = shares.reduce((a, b) => a + b, this.reserved);
    this.price = used * this.max[1]; // divided by a * common, and times the unit, which is just that
  }

  timers(): number[] {
    return [...this.active.values()].filter((until) => until < Number.POSITIVE_INFINITY);
  }
}
