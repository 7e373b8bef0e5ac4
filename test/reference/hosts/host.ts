// What every host scheduler answers to: its rules in the phases A, D, F and H.

import type { Run, Server } from "../state.js";

/** Who gets a CPU, before its job is picked. */
export type Choice = Omit<Run, "job">;

/** The same where there is one CPU and no tree. */
export type Sole = Omit<Choice, "cpu" | "path"> & { readonly server: Server };

export abstract class Host {
  /** A: this ran for so many ticks, ending now. */
  account(_run: Run, _ticks: number, _now: number): void {}

  /** D, before the servers' replenishments. */
  replenish(_now: number): void {}

  /** F: these have woken up now, by number; their policies know it already. */
  wake(_woken: readonly Server[], _now: number): void {}

  /** H: who gets which CPU; the others are idle. */
  abstract choose(now: number): Choice[];

  /** H, after `choose`: whether the server could have been picked, in whatever class. */
  abstract isRunnable(server: Server, now: number): boolean;

  /** When its choice may change by itself. */
  timers(_now: number): number[] {
    return [];
  }
}

/** A host with one CPU. */
export abstract class SingleHost extends Host {
  /** H. Null: nobody gets the CPU. */
  protected abstract pick(now: number): Sole | null;

  override choose(now: number): Choice[] {
    const sole = this.pick(now);
    if (sole === null) return [];
    const { server, ...terms } = sole;
    return [{ cpu: 0, path: [server], ...terms }];
  }
}
