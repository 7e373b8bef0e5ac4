// What the curves of a page show: how many configurations keep their deadlines, the least bandwidth, response times.

import { VERDICT_TRUE } from "../tables/verdict-columns.js";
import { axisValueText } from "./bins.js";
import { MET, standingOf } from "./squares.js";
import type { PageTable } from "./table.js";

export interface Point {
  readonly x: number;
  readonly y: number;
  /** Ends of an interval around y. */
  readonly low?: number;
  readonly high?: number;
}

export interface Series {
  readonly name: string;
  /** Number of its colour; series of one thing share it. */
  readonly colour: number;
  readonly isDashed: boolean;
  readonly points: readonly Point[];
}

/** Two-sided 95 % of the normal distribution. */
const Z = 1.959963984540054;

/** The interval of E. B. Wilson (1927) around a share of `hits` of `count`, at 95 %. */
export function wilson(hits: number, count: number): readonly [number, number] {
  const share = hits / count;
  const spread = Z * Math.sqrt((share * (1 - share)) / count + (Z * Z) / (4 * count * count));
  const middle = share + (Z * Z) / (2 * count);
  const scale = 1 + (Z * Z) / count;
  return [Math.max(0, (middle - spread) / scale), Math.min(1, (middle + spread) / scale)];
}

interface Tally {
  runs: number;
  met: number;
  guaranteed: number;
  least: number;
  leastBounded: number;
}

/** What all runs say of each value of an axis, apart for each value of the text axis. */
function tallies(table: PageTable, x: string, rows: readonly number[]): Map<number, Map<number, Tally>> {
  const policy = table.axes.find(({ texts, name }) => texts !== undefined && name !== x);
  const [values, policies] = [table.numbers(x), policy && table.numbers(policy.name)];
  const bandwidth = table.numbers("bandwidth");
  const verdicts = table.has("schedulable") ? table.numbers("schedulable") : undefined;
  const standing = standingOf(table);
  const found = new Map<number, Map<number, Tally>>();
  for (const row of rows) {
    const group = found.get(policies?.[row] ?? 0) ?? new Map<number, Tally>();
    found.set(policies?.[row] ?? 0, group);
    const none = { runs: 0, met: 0, guaranteed: 0, least: Number.NaN, leastBounded: Number.NaN };
    const tally = group.get(values[row]) ?? none;
    group.set(values[row], tally);
    const [met, guaranteed] = [standing(row) === MET, verdicts?.[row] === VERDICT_TRUE];
    tally.runs++;
    if (met) tally.met++;
    if (guaranteed) tally.guaranteed++;
    if (met && !(tally.least <= bandwidth[row])) tally.least = bandwidth[row];
    if (guaranteed && !(tally.leastBounded <= bandwidth[row])) tally.leastBounded = bandwidth[row];
  }
  return found;
}

function seriesOf(
  table: PageTable,
  x: string,
  rows: readonly number[],
  kinds: readonly { readonly suffix: string; readonly isDashed: boolean; point(x: number, tally: Tally): Point }[],
): Series[] {
  const policy = table.axes.find(({ texts, name }) => texts !== undefined && name !== x);
  return [...tallies(table, x, rows)].flatMap(([value, group], colour) =>
    kinds.map(({ suffix, isDashed, point }) => ({
      name: [...(policy === undefined ? [] : [axisValueText(policy, value)]), suffix].join(", "),
      colour,
      isDashed,
      points: [...group]
        .filter(([at]) => !Number.isNaN(at))
        .sort(([a], [b]) => a - b)
        .map(([at, tally]) => point(at, tally))
        .filter(({ y }) => !Number.isNaN(y)),
    })),
  );
}

const SIMULATED = "by simulation";
const BOUNDED = "by analysis";

/**
 * The share of runs without a miss over an axis, and the share that the analysis guarantees.
 * @param isDrawn whether runs are drawn at random: then the share has an interval
 */
export function acceptance(table: PageTable, x: string, rows: readonly number[], isDrawn: boolean): Series[] {
  const simulated = {
    suffix: SIMULATED,
    isDashed: false,
    point: (at: number, { runs, met }: Tally) => {
      if (!isDrawn) return { x: at, y: met / runs };
      const [low, high] = wilson(met, runs);
      return { x: at, y: met / runs, low, high };
    },
  };
  const bounded = {
    suffix: BOUNDED,
    isDashed: true,
    point: (at: number, { runs, guaranteed }: Tally) => ({ x: at, y: guaranteed / runs }),
  };
  return seriesOf(table, x, rows, table.has("schedulable") ? [simulated, bounded] : [simulated]);
}

/** The least bandwidth over an axis: of the runs without a miss, and of those that the analysis guarantees. */
export function leastBandwidth(table: PageTable, x: string, rows: readonly number[]): Series[] {
  const simulated = {
    suffix: SIMULATED,
    isDashed: false,
    point: (at: number, { least }: Tally) => ({ x: at, y: least }),
  };
  const bounded = {
    suffix: BOUNDED,
    isDashed: true,
    point: (at: number, { leastBounded }: Tally) => ({ x: at, y: leastBounded }),
  };
  return seriesOf(table, x, rows, table.has("schedulable") ? [simulated, bounded] : [simulated]);
}

const PERCENTILES = [
  ["response_max", "greatest"],
  ["response_p99", "99 %"],
  ["response_p50", "median"],
] as const;

/** Response times of a task over an axis, of some rows of a tasks table, and their bound. */
export function responses(tasks: PageTable, x: string, rows: readonly number[]): Series[] {
  const values = tasks.numbers(x);
  const shown = [...PERCENTILES, ...(tasks.has("bound") ? [["bound", "bound by analysis"] as const] : [])];
  return shown.map(([column, name], colour) => {
    const numbers = tasks.numbers(column);
    const points = new Map<number, number>();
    for (const row of rows) {
      if (Number.isNaN(numbers[row]) || Number.isNaN(values[row])) continue;
      points.set(values[row], Math.max(points.get(values[row]) ?? 0, numbers[row]));
    }
    return {
      name,
      colour,
      isDashed: column === "bound",
      points: [...points].sort(([a], [b]) => a - b).map(([at, y]) => ({ x: at, y })),
    };
  });
}
