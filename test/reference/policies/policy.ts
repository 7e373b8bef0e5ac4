// What every server policy answers to. Each one is a file here: its rules in the phases A, D, F, G and H.

import { between, draw } from "../philox.js";
import type { Job, Server } from "../state.js";
import type { AnyVcpu, Feedback } from "../types.js";

/** The instants at which exhaustion is noticed, and what becomes of a debt. */
export interface Enforcement {
  readonly every: number;
  readonly phase: number;
  readonly carries: boolean;
  readonly cost: number;
}

/** A server without `enforce_every` is one whose budget is looked at in every tick and that can have no debt. */
export function enforcementOf(given: AnyVcpu): Enforcement {
  const enforced = given.enforce_every !== undefined || given.reclaim === true;
  return {
    every: given.enforce_every ?? 1,
    phase: given.enforce_phase ?? 0,
    carries: enforced && given.overrun !== "forgive",
    cost: given.enforce_cost ?? 0,
  };
}

export abstract class Policy {
  /** Host edf compares it before the deadline. */
  level = 0;

  /** Its level has risen in phase A of this instant. */
  get hasRisen(): boolean {
    return false;
  }

  constructor(protected readonly server: Server) {}

  /** Whether the host may pick the server now. */
  abstract isEligible(now: number): boolean;

  /** A. So many ticks, ending now, of the CPU are paid for. */
  use(_ticks: number, _now: number): void {}

  /** D. What is due now is done. */
  replenish(_now: number): void {}

  /** F, for a server that has woken up now. */
  wake(_now: number): void {}

  /** F, after all wake-ups. */
  afterWakes(_now: number): void {}

  /** G. */
  discard(_now: number): void {}

  /** H, where it used budget in the interval before and the host goes on to something else. */
  notice(_now: number): void {}

  /** H, where it was pending after the last H and is not now. */
  stop(_now: number): void {}

  /** B or C, when a job of it leaves. */
  jobLeft(_job: Job): void {}

  /** What host edf compares; infinity for a server that has no deadline. */
  deadline(_now: number): number {
    return Number.POSITIVE_INFINITY;
  }

  /** D, first: the budget of each replenishment from now on, after jobs as late as this. */
  adapt(_feedback: Feedback, _lateness: number): void {
    throw new Error("this policy has no feedback");
  }

  /** H, at the end: what holds for this instant only is over. */
  settle(): void {}

  /** Q / P, of so many units. */
  share(_units: bigint): bigint {
    throw new Error("this policy has no bandwidth");
  }

  /** The budget that a replenishment gives, now; for the counters. */
  fullBudget(): number {
    throw new Error("this policy has no budget");
  }

  /** What it costs now that it used budget in the interval before. */
  enforcementCost(_now: number): number {
    return 0;
  }

  /** When something happens to it if it uses budget from now on. */
  exhaustion(_now: number): number {
    return Number.POSITIVE_INFINITY;
  }

  /** When something happens to it by itself. */
  timers(_now: number): number[] {
    return [];
  }
}

/** How late replenishment `number` of the server takes place. */
export function replenishmentLatency(
  server: Server,
  latency: readonly [number, number] | null,
  number: number,
): number {
  return latency === null ? 0 : between(latency[0], latency[1], draw(server.latencyStream, number).x2);
}
