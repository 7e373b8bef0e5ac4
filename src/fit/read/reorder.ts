// Events in the order of their time, where a trace has them slightly out of order.

/** One line of a trace that is an event. Times are whole nanoseconds since the start of the trace's first second. */
export interface TraceEvent {
  line: number;
  time: number;
  cpu: number;
  /** The thread that was running. */
  pid: number;
  /** The thread that a switch gives the CPU to; -1: the event is no switch. */
  nextPid: number;
  /** pid, and nextPid, are threads of the VM, as far as is known at this line. */
  own: boolean;
  nextOwn: boolean;
  /** How the name and priority of these are numbered at a switch; -1 elsewhere. */
  role: number;
  nextRole: number;
  /** After a switch pid would have gone on: preempted, throttled or stopped, not asleep. */
  runnable: boolean;
  /** Events of this CPU are missing just before this line. */
  lost: boolean;
}

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
  const thread = { pid: 0, nextPid: -1, own: false, nextOwn: false, role: -1, nextRole: -1 };
  return { line: 0, time: 0, cpu: 0, ...thread, runnable: false, lost: false };
}
