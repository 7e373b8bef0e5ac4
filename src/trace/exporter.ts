// What every format implements, and how a run is fed to it.

import * as abi from "../../assembly/abi.js";
import type { Kernel } from "../kernel/kernel.js";
import { RunFailed } from "../kernel/simulate.js";
import { EventDecoder, type TraceEvent } from "./events.js";
import { State } from "./state.js";
import type { Traced } from "./traced.js";

/** Takes a piece of the output; pieces follow each other. */
export type Write = (piece: string | Uint8Array) => void;

/** A format under way: events in, pieces of output out. */
export interface Exporter {
  /** @param state what is so at the time from which on events are shown, which is its `time` */
  begin(state: State): void;
  /** @param state what was so just before the event */
  event(event: TraceEvent, state: State): void;
  /** @param time up to which the trace is shown; stretches under way end here */
  end(time: number, state: State): void;
}

/** The part of a run that is shown, both ends included, in steps of the clock. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** The run ended before the part of it that should be shown. */
export class NothingToShow extends Error {
  constructor(readonly end: number) {
    super(`the run ended at ${end}`);
  }
}

/** A format that keeps the events in memory was given more than it takes. */
export class TooManyEvents extends Error {
  constructor(
    readonly most: number,
    /** The time of the first event that is too many, in steps. */
    readonly time: number,
  ) {
    super(`more than ${most} events`);
  }
}

/**
 * Simulates a run with its event log on, and hands what falls into the range to an exporter as it comes.
 * @throws RunFailed when the run cannot be computed exactly; NothingToShow; what the exporter throws
 */
export function replay(kernel: Kernel, traced: Traced, { from, to }: Range, exporter: Exporter): void {
  const state = new State(traced);
  let begun = false;
  let over = false;
  let instant: TraceEvent[] = [];
  const pass = () => {
    state.foresee(instant);
    for (const event of instant) {
      if (event.time >= from) {
        if (!begun) beginAt(from, state, exporter);
        begun = true;
        exporter.event(event, state);
      }
      state.apply(event);
    }
    instant = [];
  };
  const decoder = new EventDecoder(traced, (event) => {
    if (over) return;
    if (instant.length > 0 && event.time !== instant[0].time) pass();
    if (event.time > to) over = true;
    else instant.push(event);
  });
  const status = kernel.trace(traced.scenario.flat, (rows) => {
    decoder.decode(rows, () => !over);
    return !over;
  });
  pass();
  if (!over && status !== abi.STATUS_DONE) throw new RunFailed(status);
  if (!begun && !over) throw new NothingToShow(state.time);
  if (!begun) beginAt(from, state, exporter); // nothing happens within the range
  exporter.end(over ? to : state.time, state);
}

function beginAt(time: number, state: State, exporter: Exporter): void {
  state.beginAt(time);
  exporter.begin(state);
}
