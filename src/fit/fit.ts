// A trace of a real machine -> the supply that a VM truly got, and the periodic server that it comes closest to.

import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { storing } from "../files/storage.js";
import { InvalidInput, type Problem } from "../input/problem.js";
import { type CurvePoint, greatestDeficit, supplyCurve } from "./measure/curve.js";
import { cyclesOf, stretchesOf, turnsOf } from "./measure/cycles.js";
import { type DeadlineServer, deadlineServer, isDeadline } from "./measure/deadline.js";
import { type Distribution, distributionOf } from "./measure/distribution.js";
import { type Interval, steadyInterval } from "./measure/interval.js";
import { fitPeriodic, type PeriodicFit } from "./measure/periodic.js";
import { type DrawnServer, drawnServer, type Timeline } from "./measure/recorded.js";
import type { CompletenessVerdict } from "./read/completeness.js";
import { type Recording, readTrace, type Thread } from "./read/read.js";
import { BEGIN_UNSEEN, clip, END_UNSEEN, supplyOf, type Windows } from "./read/windows.js";

export interface FitOptions {
  /** Pids (numbers, or digits) and names of the threads that are the VM. */
  readonly threads: readonly (string | number)[];
  /**
   * The part of the trace to measure, in seconds of its clock as the trace writes them (`3135.848`). Without one the
   * part is found (`steadyInterval`).
   */
  readonly from?: string | number | undefined;
  readonly to?: string | number | undefined;
  /** Whether several threads, or all that bear one name, are one VM whose supply is their union; else each is by itself. */
  readonly together?: boolean | undefined;
  /** Counts in a second of a trace whose times are counts (x86-tsc): hertz, or `2.4GHz`. */
  readonly rate?: string | number | undefined;
  /** The trace's name in messages, when it is not given as a path. */
  readonly file?: string | undefined;
}

/** What a VM got. Times are whole nanoseconds unless said otherwise. */
export interface Fit {
  readonly threads: readonly Thread[];
  /** Whether the trace shows all that happened: to be known before any number below. */
  readonly completeness: CompletenessVerdict;
  /** The part measured, in seconds of the trace's clock, exact. */
  readonly from: string;
  readonly to: string;
  /** The part's length, the VM's time on a CPU in it, and their ratio. */
  readonly span: number;
  readonly supply: number;
  readonly share: number;
  /** Execution windows, joined over threads and CPUs, and the gaps between them; without those not seen whole. */
  readonly windows: Distribution;
  readonly gaps: Distribution;
  /** The longest time without a CPU, at the ends of the part as well, and when it began, in the timeline's times. */
  readonly blackoutMax: number;
  readonly blackoutBegin: number;
  readonly periodic: PeriodicFit;
  /** The server of a SCHED_DEADLINE thread, whose budget is looked at at ticks; null for all others. */
  readonly deadline: DeadlineServer | null;
  /** The measured lower supply curve beside the bound of the fit. */
  readonly curve: readonly CurvePoint[];
  /** How far the measured curve falls below the bound at most; null without a fit. */
  readonly deficitMax: number | null;
  /** In the whole trace: how often a thread of the VM came to run on another CPU than before. */
  readonly migrations: number;
  /** In the whole trace: switches found missing, and events that the trace itself reports as lost. */
  readonly switchesLost: number;
  /** The windows themselves: see `recordedSupply`. */
  readonly timeline: Timeline;
  /** An `idling` server with this supply; null without two windows. */
  readonly drawn: DrawnServer | null;
  /** What was left out or assumed, one sentence each. */
  readonly warnings: readonly string[];
}

/** How `from` and `to` are written. */
export const CLOCK_TIME = /^(\d+)(?:\.(\d{1,9}))?$/;

/** A good size for reading a file in pieces. */
const PIECE = 1 << 20;
const SECOND = 1_000_000_000n;

/**
 * Reads a trace (text of ftrace, `trace-cmd report` or `perf script`) in one pass and finds the supply of a VM.
 * @param source the path of a file, or a stream of its bytes
 * @throws InvalidInput (with the line) for what is no trace, for threads or times that are not in it, and for threads
 *   that are several and not taken together; StorageError
 */
export async function fitTrace(source: string | Readable, options: FitOptions): Promise<Fit> {
  const fits = await fitEach(source, options);
  if (fits.length === 1) return fits[0];
  const names = fits.map(({ threads: [{ pid, name }] }) => `${name} (${pid})`).join(", ");
  const text = `${names} have a supply each: choose one, or take them together, as one VM`;
  throw new InvalidInput([{ file: fileOf(source, options), path: "", text }]);
}

/** The same for each of several threads; one fit where they are taken together. */
export async function fitEach(source: string | Readable, options: FitOptions): Promise<Fit[]> {
  const file = fileOf(source, options);
  const { threads, together = false } = options;
  const wanted = { threads, together, rate: rateOf(options.rate) };
  const read = (bytes: AsyncIterable<Buffer | string>) => readTrace(bytes, file, wanted);
  const reading =
    typeof source === "string"
      ? await storing(source, () => read(createReadStream(source, { highWaterMark: PIECE })))
      : await read(source);
  const recordings = together ? [reading.together] : reading.each;
  return recordings.map((recording) => fitRecording(recording, chosenInterval(recording, options, file)));
}

function fileOf(source: string | Readable, { file }: FitOptions): string {
  return typeof source === "string" ? source : (file ?? "trace");
}

/** How `rate` is written, and how many hertz its units are. */
export const RATE = /^(\d+(?:\.\d+)?) ?(|Hz|kHz|MHz|GHz)$/;
const HERTZ: Readonly<Record<string, number>> = { "": 1, Hz: 1, kHz: 1e3, MHz: 1e6, GHz: 1e9 };

function rateOf(given: string | number | undefined): number | undefined {
  if (given === undefined) return undefined;
  const parts = RATE.exec(String(given).trim());
  const hertz = parts === null ? 0 : Number(parts[1]) * HERTZ[parts[2]];
  if (hertz > 0) return hertz;
  throw new InvalidInput([{ path: "rate", text: `${given} is no rate; it is written as 2.4GHz or 2400000000` }]);
}

/** The same of a trace already read, for a part of it. */
function fitRecording(recording: Recording, part: Interval): Fit {
  const { begin, end } = part;
  const windows = clip(recording.windows, begin, end);
  const span = end - begin;
  const supply = supplyOf(windows);
  const stretches = stretchesOf(windows);
  const cycles = cyclesOf(windows);
  const periodic = fitPeriodic(cycles);
  const { gaps, blackoutMax, blackoutBegin } = gapsOf(windows, recording.unseen, part);
  const deadline = deadlineServer(recording.roles, windows, part);
  const reach = Math.min(span, 20 * blackoutMax);
  let curve: readonly CurvePoint[] | undefined;
  return {
    threads: recording.threads,
    completeness: recording.completeness,
    from: clockTime(recording, begin),
    to: clockTime(recording, end),
    span,
    supply,
    share: span > 0 ? supply / span : 0,
    windows: distributionOf(wholeWindows(windows)),
    gaps: distributionOf(gaps),
    blackoutMax,
    blackoutBegin,
    periodic,
    deadline,
    get curve() {
      curve ??= supplyCurve(windows, stretches, periodic.period, periodic.budget, reach);
      return curve;
    },
    deficitMax:
      periodic.period === null || periodic.budget === null
        ? null
        : greatestDeficit(windows, stretches, periodic.period, periodic.budget),
    migrations: recording.migrations,
    switchesLost: recording.switchesLost,
    timeline: { begin, end, windows },
    drawn: drawnServer(cycles.lengths.length > 1 ? cycles : turnsOf(windows)),
    warnings: [
      ...recording.warnings,
      ...inDoubt(recording),
      ...leftOut(recording, part),
      ...(deadline === null && isDeadline(recording.roles, windows, part) ? unseenServer(recording) : []),
    ],
  };
}

/** The part that the user asks for, or the one found. */
function chosenInterval(recording: Recording, { from, to }: FitOptions, file: string): Interval {
  if (from === undefined && to === undefined) return steadyInterval(recording);
  const problems: Problem[] = [];
  const time = (name: string, given: string | number | undefined, otherwise: number): number => {
    if (given === undefined) return otherwise;
    const parts = CLOCK_TIME.exec(String(given).trim());
    if (parts === null) {
      const text = `${given} is no time; it is given in seconds as the trace writes them, such as 3135.848`;
      problems.push({ file, path: name, text });
      return otherwise;
    }
    const exact = (BigInt(parts[1]) - BigInt(recording.origin)) * SECOND + BigInt((parts[2] ?? "").padEnd(9, "0"));
    return Math.min(Math.max(Number(exact), recording.begin), recording.end);
  };
  const part = { begin: time("from", from, recording.begin), end: time("to", to, recording.end) };
  if (problems.length === 0 && part.begin >= part.end) {
    const whole = `${clockTime(recording, recording.begin)} to ${clockTime(recording, recording.end)}`;
    problems.push({ file, path: "", text: `nothing lies between from and to; the trace goes from ${whole} s` });
  }
  if (problems.length > 0) throw new InvalidInput(problems);
  return part;
}

/** The lengths of the windows that were seen from begin to end. */
function wholeWindows(windows: Windows): Float64Array {
  const lengths = new Float64Array(windows.length);
  let whole = 0;
  for (let i = 0; i < windows.length; i++) {
    if ((windows.flags[i] & (BEGIN_UNSEEN | END_UNSEEN)) === 0) lengths[whole++] = windows.ends[i] - windows.starts[i];
  }
  return lengths.subarray(0, whole);
}

/** The gaps between windows, and the longest stretch without a CPU; gaps in which events were lost are left out. */
function gapsOf(
  windows: Windows,
  unseen: Recording["unseen"],
  { begin, end }: Interval,
): { gaps: Float64Array; blackoutMax: number; blackoutBegin: number } {
  const gaps = new Float64Array(windows.length);
  let seen = 0;
  let [blackoutMax, blackoutBegin] = [0, begin];
  let passed = 0;
  for (let i = 0; i <= windows.length; i++) {
    const from = i === 0 ? begin : windows.ends[i - 1];
    const to = i === windows.length ? end : windows.starts[i];
    while (passed < unseen.length && unseen[passed][1] <= from) passed++;
    if (passed < unseen.length && unseen[passed][0] < to) continue;
    if (to - from > blackoutMax) [blackoutMax, blackoutBegin] = [to - from, from];
    if (i > 0 && i < windows.length) gaps[seen++] = to - from;
  }
  return { gaps: gaps.subarray(0, seen), blackoutMax, blackoutBegin };
}

function inDoubt({ switchesMissing, uncertain, parallel }: Recording): string[] {
  const warnings: string[] = [];
  if (switchesMissing > 0) {
    const doubt = uncertain > 0 ? `; up to ${ms(uncertain)} ms of the VM's supply are in doubt` : "";
    warnings.push(
      `missing switches: ${switchesMissing}; each is taken to have happened at the line before on its CPU${doubt}`,
    );
  }
  if (parallel > 0) warnings.push(`for ${ms(parallel)} ms more than one of the threads ran: counted once, as one CPU`);
  return warnings;
}

/** A switch does not say with which parameters a thread runs. */
function unseenServer({ threads }: Recording): string[] {
  const how = `where it still runs, \`chrt -p ${threads[0].pid}\` tells its runtime and period`;
  return [
    `a SCHED_DEADLINE thread in whose windows no period shows, as where other reservations preempt it or it sleeps before its budget is used up; ${how}`,
  ];
}

function leftOut(recording: Recording, { begin, end }: Interval): string[] {
  if (begin === recording.begin && end === recording.end) return [];
  const before = supplyOf(clip(recording.windows, recording.begin, begin));
  const after = supplyOf(clip(recording.windows, end, recording.end));
  const part = `${clockTime(recording, begin)} s to ${clockTime(recording, end)} s`;
  return [
    `measured is ${part}; left out are ${ms(begin - recording.begin)} ms before it (${ms(before)} ms supply) and ${ms(recording.end - end)} ms after it (${ms(after)} ms supply)`,
  ];
}

function ms(nanoseconds: number): number {
  return nanoseconds / 1_000_000;
}

/** A time of a recording as its trace writes it. */
function clockTime({ origin, resolution }: Recording, time: number): string {
  const exact = BigInt(origin) * SECOND + BigInt(time);
  const fraction = (exact % SECOND).toString().padStart(9, "0");
  return `${exact / SECOND}.${resolution === 1 ? fraction : fraction.slice(0, 6)}`;
}
