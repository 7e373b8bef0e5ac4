// The recordings in test/fit/traces: eight whole ftrace texts of VMs under Linux 6.18 (2 cores, HZ=250, packed), and in
// truth.json what was measured of each VM, the tasks' responses by the guest's own log.

import { createReadStream, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createGunzip, gunzipSync } from "node:zlib";
import { type Fit, type FitOptions, fitTrace } from "../../src/fit/fit.js";

export interface TrueResponse {
  readonly n: number;
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

/** What was measured of one VM, in milliseconds: its supply in [from_s, to_s], its tasks by the guest's own log. */
export interface Truth {
  readonly pids: readonly number[];
  readonly from_s: number;
  readonly to_s: number;
  readonly supply_ms: number;
  readonly share: number;
  readonly windows: Readonly<Record<"n" | "min" | "p50" | "mean" | "p99" | "max", number>>;
  readonly blackout_max_ms: number;
  readonly migrations: number;
  readonly switches_lost: number;
  readonly tasks: Readonly<
    Record<string, { readonly period: number; readonly wcet: number; readonly response: TrueResponse | null }>
  >;
}

const place = (name: string) => fileURLToPath(new URL(`./traces/${name}`, import.meta.url));

/** Every VM of every recording: the trace's name and the truth about it. */
export const RECORDED: readonly (readonly [string, Truth])[] = Object.entries(
  JSON.parse(readFileSync(place("truth.json"), "utf8")) as Record<string, Truth[]>,
).flatMap(([name, machines]) => machines.map((truth) => [name, truth] as const));

export function recordingText(name: string): string {
  return gunzipSync(readFileSync(place(`${name}.gz`))).toString("latin1");
}

export function fitRecorded(name: string, options: FitOptions): Promise<Fit> {
  return fitTrace(createReadStream(place(`${name}.gz`)).pipe(createGunzip()), { file: name, ...options });
}
