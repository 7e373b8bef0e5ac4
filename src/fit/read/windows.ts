// Execution windows in columns: a recording has as many of them as its VM had turns.

/** How a window began and ended, as bits. */
export const ENDED_ASLEEP = 1;
/** The window began before the recording, or while events were lost: its length is not known. */
export const BEGIN_UNSEEN = 2;
/** The same of its end. */
export const END_UNSEEN = 4;

/** Windows in the order of time, not overlapping and not touching, in nanoseconds. */
export interface Windows {
  readonly length: number;
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  readonly flags: Uint8Array;
}

/** A growing list of windows. */
export class WindowList implements Windows {
  length = 0;
  starts = new Float64Array(1024);
  ends = new Float64Array(1024);
  flags = new Uint8Array(1024);

  /** Appends a window; one that begins where the last one ends (or before) prolongs it. Empty ones are left out. */
  append(start: number, end: number, flags: number): void {
    if (end <= start) return;
    const last = this.length - 1;
    if (last >= 0 && start <= this.ends[last]) {
      this.ends[last] = Math.max(this.ends[last], end);
      this.flags[last] = (this.flags[last] & BEGIN_UNSEEN) | (flags & (ENDED_ASLEEP | END_UNSEEN));
      return;
    }
    if (this.length === this.starts.length) this.grow();
    this.starts[this.length] = start;
    this.ends[this.length] = end;
    this.flags[this.length] = flags;
    this.length++;
  }

  private grow(): void {
    const { starts, ends, flags } = this;
    const size = 2 * this.length;
    this.starts = new Float64Array(size);
    this.starts.set(starts);
    this.ends = new Float64Array(size);
    this.ends.set(ends);
    this.flags = new Uint8Array(size);
    this.flags.set(flags);
  }
}

/** The windows inside [begin, end), cut at its borders; a border that cuts hides how the window really ended. */
export function clip(windows: Windows, begin: number, end: number): Windows {
  const inside = new WindowList();
  for (let i = 0; i < windows.length; i++) {
    if (windows.starts[i] >= end) break;
    const cut = windows.ends[i] > end;
    const flags = cut ? windows.flags[i] & BEGIN_UNSEEN : windows.flags[i];
    inside.append(Math.max(windows.starts[i], begin), Math.min(windows.ends[i], end), flags);
  }
  return inside;
}

/** The total length of all windows. */
export function supplyOf(windows: Windows): number {
  let sum = 0;
  for (let i = 0; i < windows.length; i++) sum += windows.ends[i] - windows.starts[i];
  return sum;
}
