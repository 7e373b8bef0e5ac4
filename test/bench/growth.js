// How the cost of a run grows: with the tasks of a server, with the servers, with the horizon, with the cells of a sweep.

import { readFileSync } from "node:fs";
import { compileKernel, Kernel, parseScenario, resultJson, simulate } from "../../build/src/index.js";
import { cpuMs, instantsOf, interleaved, print, runSweep } from "./measure.js";

const module = compileKernel();

/** Prints a table for each; `quick`: one round of small ones, to see that it works. */
export function growth(scratch, quick) {
  const rounds = quick ? 1 : 7;
  const upTo = (most) => [1, 2, 4, 8, 16, 32, 64, 128, 256].filter((count) => count <= (quick ? 4 : most));
  systems("tasks in one server", upTo(256), oneServer, rounds);
  systems("servers of 4 tasks", upTo(64), manyServers, rounds);
  horizons(quick ? [1, 10] : [1, 10, 100, 1000], rounds);
  cells(scratch, quick ? [1000] : [1e3, 1e4, 1e5, 1e6]);
}

/** Ticks; a task of so many times them has a hundredth of them as its share. */
const PERIODS = [200, 300, 400, 500, 600, 800, 1000, 1200];

/**
 * Tasks of the same utilisation together, whatever their number: their periods grow with it, so that there is as much to
 * do in a time as before, and only what it takes to find the next event changes. No two periods are alike.
 */
function tasksOf(count, number, utilisation) {
  return Array.from({ length: number }, (_, i) => {
    const period = PERIODS[i % PERIODS.length] * count + i;
    return { name: `t${i}`, period, wcet: Math.floor((period * utilisation) / count) };
  });
}

/** Servers of systems of growing size, by what grows. */
export const SYSTEMS = { "tasks in one server": oneServer, "servers of 4 tasks": manyServers };

/** A scenario of such servers, its text. */
export function systemText(servers) {
  return JSON.stringify({ horizon: HORIZON, host: { scheduler: "fp" }, servers });
}

const HORIZON = 1_000_000;

function oneServer(count) {
  return [{ name: "vm", policy: "deferrable", period: 50, budget: 40, tasks: tasksOf(count, count, 0.7) }];
}

function manyServers(count) {
  return Array.from({ length: count }, (_, i) => {
    const period = [50, 60, 80, 100][i % 4] * count + i;
    const tasks = tasksOf(4 * count, 4, 0.6);
    return { name: `vm${i}`, policy: "deferrable", period, budget: Math.floor((0.8 * period) / count), tasks };
  });
}

/** Nanoseconds an instant and instants a tick of systems of growing size, without leaps. */
function systems(what, counts, serversOf, rounds) {
  const kernel = new Kernel(module, false);
  const runs = counts.map((count) => {
    const scenario = parseScenario(systemText(serversOf(count)));
    const instants = instantsOf(kernel, scenario.flat);
    for (let i = 0; i < 20; i++) kernel.run(scenario.flat);
    return { count, instants, repeats: Math.ceil(2_000_000 / instants), flat: scenario.flat };
  });
  const work = ({ flat, instants, repeats }) => {
    return () => (cpuMs(() => repeat(repeats, () => kernel.run(flat))) * 1e6) / repeats / instants;
  };
  const figures = interleaved(runs.map(work), rounds);
  const rows = runs.map(({ count, instants }, i) => [
    String(count),
    figures[i].toFixed(1),
    `${(figures[i] / figures[0]).toFixed(2)} x`,
    ((1000 * instants) / HORIZON).toFixed(0),
    ((figures[i] * instants) / HORIZON).toFixed(2),
  ]);
  print([[what, "ns an instant", "against one", "instants in 1,000 ticks", "ns a tick"], ...rows], [0, 1, 2, 3, 4]);
}

function repeat(times, work) {
  for (let i = 0; i < times; i++) work();
}

/** The time that horizons of so many hyperperiods take, stepping and leaping. */
function horizons(counts, rounds) {
  const text = readFileSync(new URL("scenarios/m4x4.json", import.meta.url), "utf8");
  const hyperperiod = 12_000;
  const kernels = [new Kernel(module, false), new Kernel(module, true)];
  const scenarios = counts.map((count) =>
    parseScenario(JSON.stringify({ ...JSON.parse(text), horizon: count * hyperperiod })),
  );
  for (const scenario of scenarios) {
    const [stepped, leapt] = kernels.map((kernel) => resultJson(simulate(kernel, scenario)));
    if (stepped !== leapt) throw new Error("the leap changed a number");
  }
  const works = scenarios.flatMap(({ flat }, i) =>
    kernels.map((kernel) => {
      const repeats = Math.ceil((kernel.leaping ? 100 : 1000) / counts[i]);
      repeat(20, () => kernel.run(flat));
      return () => (cpuMs(() => repeat(repeats, () => kernel.run(flat))) * 1000) / repeats;
    }),
  );
  const figures = interleaved(works, rounds);
  const rows = counts.map((count, i) => {
    const [step, leap] = [figures[2 * i], figures[2 * i + 1]];
    return [String(count), ...[step, leap].flatMap((us, j) => [us.toFixed(0), `${(us / figures[j]).toFixed(1)} x`])];
  });
  const heading = ["hyperperiods, 4 servers of 4 tasks", "us stepping", "against one", "us leaping", "against one"];
  print([heading, ...rows], [0, 1, 2, 3, 4]);
}

/** Seconds, CPU seconds and memory of whole sweeps, tables included. */
function cells(scratch, counts) {
  const rows = counts.map((count) => {
    const { elapsedMs, cpuSeconds, peakMb } = runSweep(scratch, count, 1500, 1);
    const each = (seconds) => ((seconds * 1e6) / count).toFixed(1);
    return [
      count.toLocaleString("en"),
      (elapsedMs / 1000).toFixed(2),
      each(elapsedMs / 1000),
      cpuSeconds.toFixed(2),
      each(cpuSeconds),
      peakMb.toFixed(0),
    ];
  });
  const heading = ["cells of about 5 us, 1 worker", "s", "us a cell", "CPU s, start included", "us a cell", "peak MB"];
  print([heading, ...rows], [0, 1, 2, 3, 4, 5]);
}
