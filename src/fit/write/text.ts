// A fit as text: what the VM got, and the periodic server that it comes closest to, or why there is none.

import { countOf, formatCount } from "../../numbers/counts.js";
import { alignColumns } from "../../report/format.js";
import type { Fit } from "../fit.js";
import { curveReach } from "../measure/curve.js";
import type { Distribution } from "../measure/distribution.js";
import { LEAST_CYCLES, lackOf, type PeriodicFit } from "../measure/periodic.js";

/** Threads named in a heading; the rest are counted. */
const THREADS_SHOWN = 4;

/** The text of a fit, in milliseconds. */
export function fitLines(title: string, fit: Fit): string[] {
  const { migrations, switchesLost } = fit;
  const rows = [
    ["trace", fit.completeness.verdict, fit.completeness.reason],
    ["share", fit.share.toFixed(4), `${milliseconds(fit.supply)} of ${milliseconds(fit.span)}`],
    ["longest blackout", aligned(fit.blackoutMax), "without the CPU"],
    ...periodicRows(fit),
    ...deadlineRows(fit),
    ["migrations", formatCount(migrations), "to another CPU, in the whole trace"],
    ["lost switches", formatCount(switchesLost), "in the whole trace"],
  ];
  const distributions = [
    ["ms", "n", "min", "p50", "mean", "p99", "max"],
    distributionRow("windows", fit.windows),
    distributionRow("gaps", fit.gaps),
  ];
  return [
    `${title}: ${threadsText(fit)}, ${fit.from} s to ${fit.to} s`,
    ...alignColumns(rows, [false, true, false]).map((line) => `  ${line}`),
    "",
    ...alignColumns(distributions, [false, true, true, true, true, true, true]).map((line) => `  ${line}`),
    ...(fit.periodic.cycles > 0
      ? ["", "A cycle lasts from one replenishment to the next, the VM having work all the while."]
      : []),
  ];
}

/** The threads of the VM: `vcpu0 (8993)`. */
export function threadsText({ threads }: Fit): string {
  const shown = threads.slice(0, THREADS_SHOWN).map(({ name, pid }) => `${printable(name)} (${pid})`);
  const more = threads.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${formatCount(more)} more` : shown.join(", ");
}

/** Nanoseconds in milliseconds, to the microsecond: `12 ms`, `3.997 ms`. */
export function milliseconds(nanoseconds: number): string {
  return `${Math.round(nanoseconds / 1000) / 1000} ms`;
}

/** The same for a column: `12.000 ms`. */
function aligned(nanoseconds: number): string {
  return `${(nanoseconds / 1_000_000).toFixed(3)} ms`;
}

function periodicRows({ periodic, deficitMax, completeness }: Fit): string[][] {
  const { period, budget, cycles, samePeriod, sameBudget, periodRange, budgetRange } = periodic;
  if (period === null || budget === null) return [["period and budget", "none", reasonForNone(periodic)]];
  const reach = milliseconds(curveReach(period));
  return [
    ["period", aligned(period), `${formatCount(samePeriod)} of ${countOf(cycles, "cycle")}: ${range(periodRange)}`],
    [
      "budget",
      aligned(budget),
      `${formatCount(sameBudget)} of these ${formatCount(samePeriod)}: ${range(budgetRange)}`,
    ],
    deficitMax === null || deficitMax === 0
      ? [
          "supply bound",
          completeness.verdict === "part" ? "open" : "kept",
          `${completeness.verdict === "part" ? "only a part of the trace is there; in it, " : ""}in every interval up to ${reach} the VM got what this period and budget guarantee`,
        ]
      : [
          "supply bound",
          "broken",
          `in some interval up to ${reach} the VM got ${milliseconds(deficitMax)} less than this period and budget guarantee`,
        ],
  ];
}

/** What a SCHED_DEADLINE thread was set to; ticks and debts make its supply look otherwise. */
function deadlineRows({ deadline }: Fit): string[][] {
  if (deadline === null) return [];
  const { period, budget, enforceEvery, cycles, samePeriod } = deadline;
  const tick = enforceEvery === null ? "at any time" : `at ticks of ${milliseconds(enforceEvery)}`;
  const whole = `${formatCount(samePeriod)} of ${countOf(cycles, "cycle")} last whole periods`;
  const text = `SCHED_DEADLINE: budget ${milliseconds(budget)} in ${milliseconds(period)}, used up ${tick}; ${whole}`;
  return [["server", "cbs", text]];
}

/** Why the cycles show no server. */
export function reasonForNone(periodic: PeriodicFit): string {
  const { cycles, samePeriod, sameBudget, periodRange, budgetRange } = periodic;
  if (cycles === 0) return "no cycle was seen: the VM slept before it ran out of budget twice";
  const alike = `${formatCount(samePeriod)} of ${countOf(cycles, "cycle")} agree in the period (${range(periodRange)})`;
  const lack = lackOf(periodic);
  if (lack === "period") return `only ${alike}; a server's are 7 of 8`;
  const supplies = `${formatCount(sameBudget)} of these in the budget (${range(budgetRange)})`;
  if (lack === "budget") return `${alike}, but only ${supplies}; a server's are 7 of 8`;
  return `${alike} and ${supplies}, which is too few: ${LEAST_CYCLES} show a server`;
}

function range(pair: readonly [number, number] | null): string {
  if (pair === null) return "none";
  const [least, greatest] = pair.map(milliseconds);
  return least === greatest ? least : `${least.replace(" ms", "")} to ${greatest}`;
}

function distributionRow(name: string, { n, min, p50, mean, p99, max }: Distribution): string[] {
  const cell = (value: number | null) => (value === null ? "-" : aligned(value).replace(" ms", ""));
  return [name, formatCount(n), ...[min, p50, mean, p99, max].map(cell)];
}

/** A thread may call itself anything; what steers a terminal, or is no text in XML, is left out. */
function printable(name: string): string {
  return name.replace(/\p{Cc}/gu, "?");
}
