// npm run bench: tables of how fast it is, with the hash of every result, so that a change that alters a number is seen at
// once. Times on a shared machine drift; the ratios of one run are the figures to keep.
//
//   node test/bench/bench.js [--all] [--growth] [--instructions] [--commands] [--sweeps] [--busy] [--quick]
//                      --all: the figures, growth and instructions
//                      --growth: instead of the figures, how the cost grows with tasks, servers, horizon and cells
//                      --instructions: instead of the figures, instructions an instant, where there is valgrind
//                      --commands: of the figures only what commands cost, and the page
//                      --sweeps: of the figures only those of whole sweeps
//                      --busy: on one core, the others kept busy, as they are in a sweep; without whole sweeps
//                      --quick: one short round of everything, growth included, to see that it works
//   YARDSTICK=DIR      a directory with native.c and native_jsonl.py, a native simulator to compare with, and likewise
//                      native2.c and native2_jsonl.py for the scenarios of version 2, whose names begin with v2_, and
//                      native3.c, which reads scenarios as they are, for those of version 3
//   CC=gcc             the compiler for it

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compileKernel, Kernel, parseScenario, resultJson, simulate } from "../../build/src/index.js";
import { commandRows, lineRows, tableRows } from "./commands.js";
import { growth } from "./growth.js";
import { instructions } from "./instructions.js";
import {
  cpuMs,
  hash,
  instantsOf,
  keepOthersBusy,
  median,
  print,
  printMachine,
  runSweep,
  withScratch,
} from "./measure.js";
import { pageRows } from "./page.js";
import { buildYardstick, scenarios, yardstickOf } from "./yardstick.js";

const OPTIONS = ["all", "growth", "instructions", "commands", "sweeps", "busy", "quick"];
const { values } = parseArgs({ options: Object.fromEntries(OPTIONS.map((name) => [name, { type: "boolean" }])) });
const { all, growth: onlyGrowth, instructions: onlyInstructions, commands: onlyCommands, sweeps: onlySweeps } = values;
const { busy, quick } = values;
const rounds = quick ? 1 : 11;
/** Instants of a short round: some 10 ms, which a busy neighbour of the core may leave alone. */
const SHORT = 1_000_000;
const module = compileKernel();
const rows = [["what", "figure", "", "ratio", "hash"]];

printMachine(busy);
if (busy) keepOthersBusy();
withScratch((scratch) => {
  if (all || !(onlyGrowth || onlyInstructions)) {
    if (!onlyCommands) figures(scratch);
    if (onlyCommands || !onlySweeps) costs(scratch);
    print(rows, [1]);
  }
  if (all || onlyGrowth || (quick && !onlyInstructions && !onlyCommands && !onlySweeps && !busy))
    growth(scratch, quick);
  if (all || onlyInstructions) instructions(scratch);
});

function costs(scratch) {
  rows.push(...commandRows(scratch, quick), ...lineRows(quick), ...tableRows(scratch, quick), ...pageRows(quick));
}

function figures(scratch) {
  if (!onlySweeps) {
    const names = ["native", "native2", "native3"];
    const yardsticks = Object.fromEntries(names.map((name) => [name, buildYardstick(scratch, name)]));
    for (const file of readdirSync(scenarios).sort()) benchKernel(file, yardsticks[yardstickOf(file)]);
    for (const file of ["paper.json", "m4x4.json", "m16x8.json"]) benchLeap(file);
  }
  if (busy) return;
  benchSweep(scratch, "cells of about 200 us", quick ? 200 : 300_000, 66_000);
  benchSweep(scratch, "cells of about 5 us", quick ? 2_000 : 1_000_000, 1_500);
}

/** A function that returns the nanoseconds of a run of a native simulator: the median of its rounds, and the least. */
function timed({ binary, input }) {
  const figures = /instants\/run (\d+).* ns\/run (\d+).* min ([\d.]+)/;
  return () => {
    const [instants, ns, least] = figures.exec(execFileSync(binary, ["--bench", "3"], { input }).toString()).slice(1);
    return { ns: Number(ns), least: Number(least) * Number(instants) };
  };
}

/**
 * Nanoseconds an instant, without leaps, and the ratio to the native simulator in the same rounds; and the ratio of what
 * the shortest rounds of both took, which others on the machine hardly change.
 */
function benchKernel(file, native) {
  const kernel = new Kernel(module, false);
  const scenario = parseScenario(readFileSync(join(scenarios, file), "utf8"));
  const result = hash(resultJson(simulate(kernel, scenario)));
  const instants = instantsOf(kernel, scenario.flat);
  const nativeRun = native === undefined ? undefined : timed(native(file));
  const runs = Math.ceil(SHORT / instants);
  const shortRound = () => {
    for (let i = 0; i < runs; i++) kernel.run(scenario.flat);
  };
  for (let i = 0; i < 4; i++) shortRound();
  const ours = [];
  const ratios = [];
  const least = { ours: Number.POSITIVE_INFINITY, native: Number.POSITIVE_INFINITY };
  for (let round = 0; round < rounds; round++) {
    const ns = Array.from({ length: 4 }, () => (cpuMs(shortRound) * 1e6) / runs);
    const mean = ns.reduce((sum, one) => sum + one, 0) / ns.length;
    ours.push(mean / instants);
    if (nativeRun === undefined) continue;
    const other = nativeRun();
    ratios.push(mean / other.ns);
    least.ours = Math.min(least.ours, ...ns);
    least.native = Math.min(least.native, other.least);
  }
  const ns = median(ours);
  const [ratio, ofLeast] =
    nativeRun === undefined
      ? ["", ""]
      : [`${median(ratios).toFixed(2)} x native`, `${(least.ours / least.native).toFixed(2)} x, least of both`];
  rows.push([`kernel, ${file.replace(".json", "")}`, ns.toFixed(2), "ns an instant", ratio, result]);
  rows.push(["", (1000 / ns).toFixed(0), "M instants/s", ofLeast, ""]);
}

/** How much faster a leap over 1,000 hyperperiods is than simulating them. */
function benchLeap(file) {
  const json = JSON.parse(readFileSync(join(scenarios, file), "utf8"));
  const periods = json.servers.flatMap((server) => [server.period, ...server.tasks.map((task) => task.period)]);
  const gcd = (a, b) => (b === 0 ? a : gcd(b, a % b));
  const hyperperiod = periods.reduce((a, b) => (a / gcd(a, b)) * b);
  const scenario = parseScenario(JSON.stringify({ ...json, horizon: 1000 * hyperperiod }));
  const [leaping, stepping] = [new Kernel(module, true), new Kernel(module, false)];
  const texts = [leaping, stepping].map((kernel) => resultJson(simulate(kernel, scenario)));
  if (texts[0] !== texts[1]) throw new Error(`${file}: the leap changed a number`);
  const timeOf = (kernel, repeats) => {
    const times = [];
    for (let round = 0; round < (quick ? 1 : 5); round++) {
      const start = performance.now();
      for (let i = 0; i < repeats; i++) kernel.run(scenario.flat);
      times.push((performance.now() - start) / repeats);
    }
    return median(times);
  };
  for (let i = 0; i < (quick ? 2 : 1000); i++) leaping.run(scenario.flat); // what a leap calls is optimised only now
  const [fast, slow] = [timeOf(leaping, quick ? 2 : 100), timeOf(stepping, 1)];
  const name = `leap over 1,000 hyperperiods, ${file.replace(".json", "")}`;
  rows.push([name, (fast * 1000).toFixed(0), "us", `${(slow / fast).toFixed(0)} x faster`, hash(texts[0])]);
}

/**
 * Cells a second end to end, tables included, with one and two workers, and for each second of CPU time of all threads.
 * Reading the sweep and compiling take a second of CPU time, once, which the second worker's core would otherwise have:
 * the sweeps are long enough that it does not hide the ratio.
 */
function benchSweep(scratch, name, cells, horizon) {
  const pairs = [];
  for (let round = 0; round < (quick ? 1 : 3); round++) {
    pairs.push([1, 2].map((workers) => runSweep(scratch, cells, horizon, workers)));
  }
  const result = pairs[0][0].hash;
  if (pairs.flat().some((run) => run.hash !== result)) throw new Error("the number of workers changed a byte");
  const middle = (figure) => median(pairs.map(figure));
  const share = middle(([one]) => one.kernelShare ?? 0);
  rows.push([
    `${name}, 1 worker`,
    middle(([one]) => one.cellsPerSecond).toFixed(0),
    "cells/s",
    share > 0 ? `${(100 * share).toFixed(1)} % in the kernel` : "",
    result,
  ]);
  rows.push(["", middle(([one]) => cells / one.cpuSeconds).toFixed(0), "cells a CPU second, start included", "", ""]);
  const ratio = `${middle(([one, two]) => two.cellsPerSecond / one.cellsPerSecond).toFixed(2)} x one`;
  rows.push([`${name}, 2 workers`, middle(([, two]) => two.cellsPerSecond).toFixed(0), "cells/s", ratio, result]);
  const best = (workers) => Math.max(...pairs.map((pair) => pair[workers - 1].cellsPerSecond));
  const ofBest = `${(best(2) / best(1)).toFixed(2)} x, best of both`;
  rows.push(["", middle(([, two]) => (4 * two.cells * 1000) / two.elapsedMs).toFixed(0), "rows/s", ofBest, ""]);
}
