// Lines that were read before: a trace says the same again and again, at other times.

import { BRACKET_END, COLON } from "./bytes.js";
import type { LineReader } from "./line.js";
import type { Said } from "./reorder.js";

/** So many lines are kept, each in the place that its bytes lead to; of more a later one takes an earlier one's place. */
const PLACES = 1 << 12;
/** Longer lines are read anew. */
const LONGEST = 256;
/** The CPU stands within so many bytes. */
const COLUMN = 64;
/** Of so many lines in a row a quarter must have been found; else so many times as many are read without looking. */
const TRIED = 4096;
const PASSED = 16;
/** Of FNV-1a, over words and not bytes. */
const PRIME = 0x01000193;
const WORD = 4;

/**
 * Keeps what lines said. A line that is one of them in all bytes but those of its time says the same: how a line is read
 * hangs on where its time stands, and not on which time it is.
 */
export class LineMemo {
  private readonly kept = new DataView(new ArrayBuffer(PLACES * LONGEST));
  private readonly said: (Said | undefined)[] = [];
  /** Lengths of the lines, and from where to where in them their times stand; 0: the place is free. */
  private readonly lengths = new Uint16Array(PLACES);
  private readonly timeFrom = new Uint16Array(PLACES);
  private readonly timeTo = new Uint16Array(PLACES);
  private bytes: Buffer = Buffer.alloc(0);
  private view: DataView = new DataView(new ArrayBuffer(0));
  /** Of the line last looked for; -1: it is not to be kept. */
  private place = -1;
  private tried = 0;
  private found = 0;
  private passing = 0;

  constructor(private readonly reader: LineReader) {}

  /** What the line bytes[from, to) says; its time is then the reader's. Undefined: it must be read. */
  find(bytes: Buffer, from: number, to: number): Said | undefined {
    this.place = -1;
    if (this.passing > 0) {
      this.passing--;
      return undefined;
    }
    if (this.tried === TRIED) this.review();
    this.tried++;
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    const place = this.placeOf(from, to);
    this.place = place;
    if (place < 0 || !this.isAt(place, from, to)) return undefined;
    this.found++;
    return this.said[place];
  }

  /** Lines that are all different, as those with a number of their own, are not worth the search. */
  private review(): void {
    if (4 * this.found < this.tried) this.passing = PASSED * TRIED;
    this.tried = 0;
    this.found = 0;
  }

  /** Keeps the line bytes[from, to), which was just looked for, not found, and read. */
  keep(from: number, to: number, said: Said): void {
    const { place, kept, view, reader } = this;
    if (place < 0) return;
    const { timeFrom, timeTo } = reader.header;
    const base = place * LONGEST;
    let at = 0;
    for (; at + WORD <= to - from; at += WORD) kept.setInt32(base + at, view.getInt32(from + at, true), true);
    for (; at < to - from; at++) kept.setUint8(base + at, view.getUint8(from + at));
    this.said[place] = said;
    this.lengths[place] = to - from;
    this.timeFrom[place] = timeFrom - from;
    this.timeTo[place] = timeTo - from;
  }

  /**
   * The place of a line `... CPU] ... TIME: ...`: all of it counts but what stands from the bracket to the colon. Of a line
   * without brackets (`TASK-PID CPUFLAGS TIME: ...`) only what follows the colon does.
   */
  private placeOf(from: number, to: number): number {
    const { bytes, view } = this;
    if (to - from > LONGEST) return -1;
    let hash = to - from;
    let at = from;
    const limit = Math.min(to, from + COLUMN);
    while (at < limit && bytes[at] !== BRACKET_END) hash = Math.imul(hash ^ bytes[at++], PRIME);
    if (at === limit) {
      hash = to - from;
      at = from;
    }
    while (at < to && bytes[at] !== COLON) at++;
    if (to - at < WORD) return -1;
    for (; at + WORD <= to; at += WORD) hash = Math.imul(hash ^ view.getInt32(at, true), PRIME);
    hash = Math.imul(hash ^ view.getInt32(to - WORD, true), PRIME);
    return (hash ^ (hash >>> 12)) & (PLACES - 1);
  }

  /** Whether the line kept at a place is bytes[from, to) but for its time. */
  private isAt(place: number, from: number, to: number): boolean {
    if (this.lengths[place] !== to - from) return false;
    const [timeFrom, timeTo] = [this.timeFrom[place], this.timeTo[place]];
    if (!this.isSame(place, from, 0, timeFrom) || !this.isSame(place, from, timeTo, to - from)) return false;
    return this.reader.time(this.bytes, from + timeFrom, to) === from + timeTo;
  }

  /** Whether the line that begins at `line` has in [from, to) what the kept one has there. */
  private isSame(place: number, line: number, from: number, to: number): boolean {
    const { view, kept } = this;
    const base = place * LONGEST;
    let at = from;
    for (; at + WORD <= to; at += WORD) {
      if (view.getInt32(line + at, true) !== kept.getInt32(base + at, true)) return false;
    }
    for (; at < to; at++) if (view.getUint8(line + at) !== kept.getUint8(base + at)) return false;
    return true;
  }
}
