// Where the VM ran out of budget and got a new one: the only places where its supply, and not its demand, is seen.

import { BEGIN_UNSEEN, END_UNSEEN, ENDED_ASLEEP, type Windows } from "../read/windows.js";

/** From one replenishment to the next, in nanoseconds: how long each took, and how much the VM ran in it. */
export interface Cycles {
  readonly lengths: Float64Array;
  readonly supplies: Float64Array;
}

/** A list of cycles that grows up to a number known before. */
export class CycleList {
  private readonly all: Cycles;
  private count = 0;

  constructor(most: number) {
    this.all = { lengths: new Float64Array(most), supplies: new Float64Array(most) };
  }

  add(length: number, supply: number): void {
    this.all.lengths[this.count] = length;
    this.all.supplies[this.count++] = supply;
  }

  cycles(): Cycles {
    const { all, count } = this;
    return { lengths: all.lengths.subarray(0, count), supplies: all.supplies.subarray(0, count) };
  }
}

/** Windows between which the VM always had work: the supply in it is what the host was ready to give. */
export interface Stretch {
  /** Index of its first window, and of the one after its last. */
  readonly first: number;
  readonly end: number;
}

/** A gap shorter than this part of the usual ones is an interruption, not a throttling. */
const INTERRUPTION = 1 / 10;

/** The stretches in which the VM was never asleep between two windows, nor out of sight. */
export function stretchesOf(windows: Windows): Stretch[] {
  const stretches: Stretch[] = [];
  let first = 0;
  for (let i = 1; i <= windows.length; i++) {
    const breaks = i === windows.length || isBreak(windows, i - 1);
    if (!breaks) continue;
    stretches.push({ first, end: i });
    first = i;
  }
  return stretches;
}

/** Whether the gap after window i says nothing about the supply. */
function isBreak(windows: Windows, i: number): boolean {
  return (windows.flags[i] & (ENDED_ASLEEP | END_UNSEEN)) !== 0 || (windows.flags[i + 1] & BEGIN_UNSEEN) !== 0;
}

/**
 * The cycles of a recording. A gap in which the VM had work ends when it is replenished; a cycle lasts from one such
 * end to the next, the VM having work all the while. (After a sleep the window's start is when the VM woke, which says
 * nothing about the server.)
 */
export function cyclesOf(windows: Windows): Cycles {
  const short = interruption(windows);
  const cycles = new CycleList(windows.length);
  for (const { first, end } of stretchesOf(windows)) {
    let since = -1;
    let supply = 0;
    for (let i = first; i < end; i++) {
      const start = windows.starts[i];
      if (i > first && start - windows.ends[i - 1] > short) {
        if (since >= 0) cycles.add(start - windows.starts[since], supply);
        since = i;
        supply = 0;
      }
      supply += windows.ends[i] - start;
    }
  }
  return cycles.cycles();
}

/** From each window's start to the next one's: how the VM ran, where no throttling is seen. */
export function turnsOf(windows: Windows): Cycles {
  const short = interruption(windows);
  const turns = new CycleList(windows.length);
  let since = 0;
  let supply = 0;
  for (let i = 0; i < windows.length; i++) {
    if (i > 0 && windows.starts[i] - windows.ends[i - 1] > short) {
      turns.add(windows.starts[i] - windows.starts[since], supply);
      since = i;
      supply = 0;
    }
    supply += windows.ends[i] - windows.starts[i];
  }
  return turns.cycles();
}

/** The longest gap that is an interruption: a tenth of the gap length that half of the waiting time lies above. */
function interruption(windows: Windows): number {
  const gaps = new Float64Array(Math.max(0, windows.length - 1));
  for (let i = 0; i < gaps.length; i++) gaps[i] = windows.starts[i + 1] - windows.ends[i];
  gaps.sort();
  const half = gaps.reduce((sum, gap) => sum + gap, 0) / 2;
  let sum = 0;
  let i = gaps.length - 1;
  while (i > 0 && sum + gaps[i] < half) sum += gaps[i--];
  return i < 0 ? 0 : gaps[i] * INTERRUPTION;
}
