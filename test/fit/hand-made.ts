// Small traces written by hand, and what `fit` says of them.

import { Readable } from "node:stream";
import { type Fit, type FitOptions, fitTrace } from "../../src/fit/fit.js";

/** Thread names; 0 is the idle thread. */
export type Name = string;

const PIDS: Record<Name, number> = { "<idle>": 0, vm: 7, vm2: 8, hog: 9, other: 10 };

/** A switch at `time` in us after second 100: `from` leaves in `state`, `to` gets the CPU. */
export function change(time: number, from: Name, to: Name, state = "R", cpu = 0): string {
  const next = `next_comm=${to} next_pid=${PIDS[to]} next_prio=120`;
  return `${head(time, from, cpu)}sched_switch: prev_comm=${from} prev_pid=${PIDS[from]} prev_prio=120 prev_state=${state} ==> ${next}`;
}

/** Any other event, while `running` runs. */
export function event(time: number, running: Name, cpu = 0): string {
  return `${head(time, running, cpu)}sched_wakeup: comm=x pid=1 prio=120 target_cpu=000`;
}

function head(time: number, running: Name, cpu: number): string {
  const stamp = `${100 + Math.floor(time / 1e6)}.${String(time % 1e6).padStart(6, "0")}`;
  return `${running.padStart(16)}-${PIDS[running]} [${String(cpu).padStart(3, "0")}] d..2. ${stamp}: `;
}

/** Fits the thread `vm` of a text, given in pieces of `size` bytes; without a part: the whole trace. */
export function fitText(
  text: string | readonly string[],
  options: Partial<FitOptions> = {},
  size = 1000,
): Promise<Fit> {
  const whole = typeof text === "string" ? text : `${text.join("\n")}\n`;
  const bytes = Buffer.from(whole, "latin1");
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
  return fitTrace(Readable.from(pieces), { threads: ["vm"], from: 0, file: "small.trace", ...options });
}

/** The windows in us after the part's begin: [start, end]. */
export function windowsOf({ timeline: { begin, windows } }: Fit): number[][] {
  return Array.from({ length: windows.length }, (_, i) =>
    [windows.starts[i], windows.ends[i]].map((time) => (time - begin) / 1000),
  );
}

/** The message of the error that ends it. */
export function refusal(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "accepted",
    (error: Error) => error.message,
  );
}
