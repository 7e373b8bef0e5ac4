// What every host scheduler answers to: its rules in the phases A, D, F and H.

import type { Run, Server } from "../state.js";

/** Who gets the CPU, before its job is picked. */
export type Choice = Omit<Run, "job">;

export abstract class Host {
  /** A: this ran for so many ticks, ending now. */
  account(_run: Run, _ticks: number, _now: number): void {}

  /** D, before the servers' replenishments. */
  replenish(_now: number): void {}

  /** F: these have woken up now, by number; their policies know it already. */
  wake(_woken: readonly Server[], _now: number): void {}

  /** H. Null: nobody gets the CPU. */
  abstract pick(now: number): Choice | null;

  /** H, after `pick`: whether the server could have been picked, in whatever class. */
  abstract isRunnable(server: Server, now: number): boolean;

  /** When its choice may change by itself while this runs from now on. */
  timers(_run: Run | null, _now: number): number[] {
    return [];
  }
}
