// What was recorded as something to simulate with: the very windows, or a server whose supply varies as theirs did.

import { WINDOWS_MAX } from "../../../assembly/abi.js";
import { InvalidInput } from "../../input/problem.js";
import { ENDED_ASLEEP, type Windows } from "../read/windows.js";
import type { Cycles } from "./cycles.js";

/**
 * The supply that a VM got, exactly: data for a replay. All times are whole nanoseconds; the recording begins at 0.
 * `windows` are in the order of time and do not overlap or touch: [start, duration, how it ended].
 * `cut`: the host took the CPU away. `asleep`: the VM had nothing more to do; the CPU would have been its own for
 * longer, nobody knows how long. A replay in which the tasks need a little more than they did must therefore let such a
 * window go on until the work is done, or everything after it happens one window late.
 */
export interface RecordedSupply {
  readonly span: number;
  readonly windows: readonly (readonly [start: number, duration: number, ended: "cut" | "asleep"])[];
}

/** What was measured: windows inside [begin, end). */
export interface Timeline {
  readonly begin: number;
  readonly end: number;
  readonly windows: Windows;
}

/** A timeline as data. */
export function recordedSupply({ begin, end, windows }: Timeline): RecordedSupply {
  return {
    span: end - begin,
    windows: Array.from({ length: windows.length }, (_, i) => [
      windows.starts[i] - begin,
      windows.ends[i] - windows.starts[i],
      (windows.flags[i] & ENDED_ASLEEP) === 0 ? "cut" : "asleep",
    ]),
  };
}

/** A task in normal form (semantics.md section 8), its times in ticks of the scenario. */
export type RecordedTask = Readonly<Record<string, unknown>>;

/** A scenario in normal form, and how long one of its ticks is. */
export interface RecordedScenario {
  readonly tick: "1us" | "1ns";
  readonly scenario: Readonly<Record<string, unknown>>;
}

/**
 * A scenario that replays the recorded windows: the VM alone on its CPU, as a `recorded` server that has exactly them.
 * @param tasks what runs in the VM, in ticks of a microsecond when the recording's times are whole microseconds, else of
 *   a nanosecond: see `recordedTick`
 * @param options.slack nanoseconds by which a window that ended because the VM fell asleep is prolonged, at most up to the next
 * @param options.guest the server's other fields, such as `scheduler` and `priorities`
 * @throws InvalidInput without a window, or for more than a scenario may have
 */
export function recordedScenario(
  supply: RecordedSupply,
  tasks: readonly RecordedTask[],
  { slack = 1_000_000, guest = {} }: { slack?: number; guest?: Readonly<Record<string, unknown>> } = {},
): RecordedScenario {
  const { length } = supply.windows;
  if (length === 0) {
    const text = "the VM did not run in the part measured: there is nothing to replay";
    throw new InvalidInput([{ path: "", text }]);
  }
  if (length > WINDOWS_MAX) {
    const text = `${length} windows; a scenario has at most ${WINDOWS_MAX}: choose a shorter part of the trace (from, to)`;
    throw new InvalidInput([{ path: "", text }]);
  }
  const tick = recordedTick(supply);
  const ticks = (time: number) => (tick === "1us" ? Math.round(time / 1000) : time);
  const windows = supply.windows.map(([start, duration, ended], i) => {
    const free = (supply.windows[i + 1]?.[0] ?? supply.span) - start;
    const length = ended === "asleep" ? Math.min(free, duration + slack) : duration;
    return { start: ticks(start), duration: ticks(start + length) - ticks(start) };
  });
  const server = { name: "vm", policy: "recorded", ...guest, windows, tasks };
  return { tick, scenario: { horizon: ticks(supply.span), servers: [server] } };
}

/** The tick of a recording: what its times are whole numbers of. */
export function recordedTick(supply: RecordedSupply): "1us" | "1ns" {
  const whole = (time: number) => time % 1000 === 0;
  return whole(supply.span) && supply.windows.every(([start, duration]) => whole(start) && whole(duration))
    ? "1us"
    : "1ns";
}

/** A server in normal form whose period and budget are drawn; in ticks of `tick`. */
export interface DrawnServer {
  readonly tick: "1us";
  /** What it gives of a CPU: the supply of the cycles to their length. */
  readonly share: number;
  readonly server: {
    readonly name: string;
    readonly policy: "idling";
    readonly period: number;
    readonly period_max: number;
    readonly budget_min: number;
    readonly budget: number;
  };
}

/**
 * An `idling` server that supplies as the cycles do: its periods and budgets are drawn evenly, with the mean and the
 * standard deviation of the cycles', within their least and greatest. Null without a cycle.
 */
export function drawnServer({ lengths, supplies }: Cycles): DrawnServer | null {
  if (lengths.length === 0) return null;
  const [period, periodMax] = evenRange(lengths);
  const [budgetMin, budgetMost] = evenRange(supplies);
  const budget = Math.min(budgetMost, period);
  return {
    tick: "1us",
    share: sumOf(supplies) / sumOf(lengths),
    server: {
      name: "vm",
      policy: "idling",
      period,
      period_max: periodMax,
      budget_min: Math.min(budgetMin, budget),
      budget,
    },
  };
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** The even distribution with the values' mean and standard deviation s: mean - r to mean + r, r = s sqrt 3; in us. */
function evenRange(values: Float64Array): [number, number] {
  const mean = sumOf(values) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const least = values.reduce((a, b) => Math.min(a, b));
  const greatest = values.reduce((a, b) => Math.max(a, b));
  const reach = Math.min(Math.sqrt(3 * variance), mean - least, greatest - mean);
  const low = Math.max(1, Math.round((mean - reach) / 1000));
  return [low, Math.max(low, Math.round((mean + reach) / 1000))];
}
