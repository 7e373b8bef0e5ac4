// Events in the order of their time, where a trace has them slightly out of order.

import { type Met, NO_TIME } from "./threads.js";

/** What a line says but for its time. */
export interface Said {
  readonly cpu: number;
  /** The thread that was running. */
  readonly thread: Met;
  /** The thread that a switch gives the CPU to; undefined: the event is no switch. */
  readonly next: Met | undefined;
  /** These are threads of the VM, as far as is known at this line. */
  readonly own: boolean;
  readonly nextOwn: boolean;
  /** How the name and priority of these are numbered at a switch; -1 elsewhere. */
  readonly role: number;
  readonly nextRole: number;
  /** After a switch the thread would have gone on: preempted, throttled or stopped, not asleep. */
  readonly runnable: boolean;
}

/** One line of a trace that is an event. */
export interface TraceEvent {
  line: number;
  /** In whole nanoseconds since the start of the trace's first second. */
  time: number;
  said: Said;
  /** Events of this CPU are missing just before this line. */
  lost: boolean;
}

const NOBODY: Met = { pid: -1, chosen: false, name: "", hashes: [], ran: NO_TIME, member: undefined, role: undefined };
const NOTHING: Said = {
  cpu: 0,
  thread: NOBODY,
  next: undefined,
  own: false,
  nextOwn: false,
  role: -1,
  nextRole: -1,
  runnable: false,
};

/** How many events are held back: a line may come that many events late. */
export const HELD_BACK = 4096;

/**
 * Sorts a nearly sorted stream by (time, line) with a bounded memory: events are held back until `HELD_BACK` newer
 * ones have come. Between calls of `slot` and `push` the caller fills the slot.
 */
export class Reorder {
  private readonly ring: TraceEvent[] = [];
  private head = 0;
  private held = 0;
  private emitted = Number.NEGATIVE_INFINITY;
  /** Events that came too late to be put in their place, and were left out; the first one's line. */
  late = 0;
  firstLate = 0;
  /** Events that were not in order, but could be put in their place. */
  moved = 0;

  constructor(private readonly emit: (event: TraceEvent) => void) {
    for (let i = 0; i <= HELD_BACK; i++) this.ring.push(emptyEvent());
  }

  /** The record to fill for the next event. */
  slot(): TraceEvent {
    return this.ring[this.index(this.held)];
  }

  /** Takes the slot's event in. */
  push(): void {
    const event = this.slot();
    if (event.time < this.emitted) {
      if (this.late === 0) this.firstLate = event.line;
      this.late++;
      return;
    }
    let place = this.held;
    while (place > 0 && this.ring[this.index(place - 1)].time > event.time) {
      this.ring[this.index(place)] = this.ring[this.index(place - 1)];
      place--;
    }
    if (place < this.held) {
      this.moved++;
      this.ring[this.index(place)] = event;
    }
    this.held++;
    if (this.held > HELD_BACK) this.release();
  }

  /** Lets all that is held back go. */
  flush(): void {
    while (this.held > 0) this.release();
  }

  private release(): void {
    const event = this.ring[this.head];
    this.emitted = event.time;
    this.emit(event);
    this.head = this.index(1);
    this.held--;
  }

  private index(place: number): number {
    const index = this.head + place;
    return index > HELD_BACK ? index - HELD_BACK - 1 : index;
  }
}

function emptyEvent(): TraceEvent {
  return { line: 0, time: NO_TIME, said: NOTHING, lost: false };
}
