// Random hosts of every kind.

import fc from "fast-check";
import { optional, optionalNat, withoutMissing } from "../arbitraries.js";
import { buildTable, type RawHost, rawHost, type ScenarioOptions } from "../scenarios.js";
import type { AnyHost, FairScheduler, Ratio } from "../types.js";
import type { HostScheduler } from "./traits.js";

export type Algorithm = FairScheduler["algorithm"];

export interface AnyRawHost extends Omit<RawHost, "scheduler"> {
  readonly scheduler: number;
  readonly releaseCost: number | undefined;
  readonly replenishCost: number | undefined;
  readonly algorithm: number;
  readonly fair: {
    readonly length: number;
    readonly granularity: number;
    readonly wakeup: number;
    readonly credit: number | undefined;
    readonly tick: number | undefined;
  };
  readonly max: Ratio | undefined;
  readonly reserved: Ratio | undefined;
  readonly quantum: number;
  readonly credit: {
    readonly tick: number;
    readonly more: number;
    readonly ratelimit: number | undefined;
    readonly credits: number | undefined;
    readonly accounting: "exact" | "sampled" | undefined;
  };
}

const few = fc.integer({ min: 1, max: 10 });

export function anyRawHost(options: ScenarioOptions): fc.Arbitrary<AnyRawHost> {
  const raw = rawHost({ ...options, policies: ["dedicated"], hosts: ["table"] });
  return fc
    .record({
      raw,
      scheduler: fc.nat({ max: 9 }),
      releaseCost: optionalNat(2),
      replenishCost: optionalNat(2),
      algorithm: fc.nat({ max: 5 }),
      fair: fc.record({
        length: few,
        granularity: few,
        wakeup: fc.nat({ max: 6 }),
        credit: optionalNat(10),
        tick: optional(fc.integer({ min: 1, max: 4 })),
      }),
      max: optional(fc.constantFrom<Ratio[]>([1, 1], [19, 20], [9, 10])),
      reserved: optional(fc.constantFrom<Ratio[]>([0, 1], [1, 20], [1, 10])),
      quantum: fc.integer({ min: 1, max: 5 }),
      credit: fc.record({
        tick: fc.integer({ min: 1, max: 6 }),
        more: fc.nat({ max: 12 }),
        ratelimit: optionalNat(12),
        credits: optional(fc.integer({ min: 1, max: 10 })),
        accounting: optional(fc.constantFrom("exact" as const, "sampled" as const)),
      }),
    })
    .map(({ raw: v1, ...more }) => ({ ...v1, ...more }));
}

/** What of a host may occur in a system, and what its servers need of it. */
export interface HostNeeds {
  readonly scheduler: HostScheduler;
  readonly servers: number;
  readonly algorithms: readonly Algorithm[];
  readonly hasMembers: boolean;
  readonly hasReclaiming: boolean;
  readonly hasInterrupts: boolean;
}

export function buildAnyHost(raw: AnyRawHost, needs: HostNeeds): AnyHost {
  const { scheduler } = needs;
  const { tick, more, ratelimit, credits, accounting } = raw.credit;
  const slice = tick + more;
  const bandwidth = raw.max === undefined && raw.reserved === undefined ? undefined : ratios(raw);
  return withoutMissing({
    scheduler,
    host_switch: raw.hostSwitch,
    guest_switch: raw.guestSwitch,
    release_cost: needs.hasInterrupts ? raw.releaseCost : undefined,
    replenish_cost: needs.hasInterrupts ? raw.replenishCost : undefined,
    ...(scheduler === "table" && buildTable(raw, needs.servers)),
    fair: needs.hasMembers ? buildFair(raw, needs.algorithms) : undefined,
    bandwidth: needs.hasReclaiming ? bandwidth : undefined,
    ...(scheduler === "sedf" && { extra_quantum: raw.quantum }),
    ...(scheduler === "credit" &&
      withoutMissing({
        ...{ slice, tick, credits, accounting },
        ratelimit: ratelimit === undefined ? undefined : Math.min(ratelimit, slice),
      })),
  });
}

function ratios({ max, reserved }: AnyRawHost): AnyHost["bandwidth"] {
  return withoutMissing({ max, reserved });
}

function buildFair({ algorithm, fair }: AnyRawHost, algorithms: readonly Algorithm[]): FairScheduler {
  const { length, granularity, wakeup, credit, tick } = fair;
  const chosen = algorithms[algorithm % algorithms.length]!;
  switch (chosen) {
    case "sfq":
      return { algorithm: chosen, quantum: length };
    case "cfs":
      return withoutMissing({
        ...{ algorithm: chosen, latency: length, min_granularity: granularity, wakeup_granularity: wakeup },
        ...{ sleeper_credit: credit, tick },
      });
    case "eevdf":
      return withoutMissing({ algorithm: chosen, slice: length, tick });
  }
}
