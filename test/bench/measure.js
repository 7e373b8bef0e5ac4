// What the benchmarks share: clocks, medians, sweeps in a process of their own, and the table that is printed.

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { STATUS_MORE } from "../../build/assembly/abi.js";

export const cli = fileURLToPath(new URL("../../build/command/replenish.js", import.meta.url));
/** A module that says at the end what its process has used. */
export const usage = new URL("usage.js", import.meta.url).href;

export function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

export function hash(text) {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

/** Milliseconds of CPU time of this process that `work` takes. */
export function cpuMs(work) {
  const before = process.cpuUsage();
  work();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1000;
}

/** How many instants the kernel takes for a scenario, leaps included if it may leap. */
export function instantsOf(kernel, flat) {
  kernel.input.set(flat);
  kernel.exports.load(kernel.leaping ? 1 : 0, 0);
  let instants = 1;
  while (kernel.exports.run(1) === STATUS_MORE) instants++;
  return instants;
}

/**
 * Runs the work items in turn, round after round, so that a machine that gets slower does so for all of them.
 * @param works functions that return a figure
 * @returns of the figures of each the median, or another one
 */
export function interleaved(works, rounds, of = median) {
  const figures = works.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, work] of works.entries()) figures[index].push(work());
  }
  return figures.map(of);
}

/** Calls `work` with a directory that is removed afterwards. */
export function withScratch(work) {
  const scratch = mkdtempSync(join(tmpdir(), "replenish-bench-"));
  try {
    work(scratch);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/**
 * A deferrable server with two tasks, in so many cells. None is leapt over, so that the horizon says what a cell takes.
 * @returns the run's summary, the hash of its tasks, its CPU seconds and its greatest memory in MB
 */
export function runSweep(scratch, cells, horizon, workers) {
  const file = join(scratch, "sweep.yaml");
  const directory = join(scratch, "results");
  writeFileSync(file, sweepOf(cells, horizon));
  const words = [
    "run",
    file,
    "-o",
    directory,
    "--workers",
    String(workers),
    "--json",
    "--no-leap",
    "--force",
    "--quiet",
  ];
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--import", usage, cli, ...words], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  const used = JSON.parse(stderr.trim().split("\n").at(-1));
  return {
    ...JSON.parse(stdout),
    hash: hash(readFileSync(join(directory, "tasks.arrow"))),
    cpuSeconds: (used.userCPUTime + used.systemCPUTime) / 1e6,
    peakMb: used.maxRSS / 1024,
  };
}

/** Its text. @param cells a multiple of 100 */
export function sweepOf(cells, horizon) {
  return `name: bench
horizon: ${horizon}
system: { servers: { vm: { policy: deferrable, period: =P, budget: =ceil(Q), tasks: {
  a: { period: 55, wcet: 20 }, b: { period: 5, wcet: 2 } } } } }
axes: { P: { from: 2001, to: 2100, count: 100 }, Q: { from: 1, to: 2000, count: ${cells / 100} } }
`;
}

/** Prints rows of texts under a heading; the columns named in `right` are set flush right. */
export function print(rows, right) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) =>
    row.map((text, i) => (right.includes(i) ? text.padStart(widths[i]) : text.padEnd(widths[i]))).join("  ");
  for (const row of rows) process.stdout.write(`${line(row).trimEnd()}\n`);
  process.stdout.write("\n");
}

/** @param neighbours whether every other core is kept busy */
export function printMachine(neighbours) {
  const model = cpus()[0]?.model ?? "unknown processor";
  const where = neighbours ? "on the first, the others kept busy" : `load ${loadavg()[0].toFixed(1)} before`;
  process.stdout.write(`${process.version}, ${model}, ${cpus().length} cores, ${where}\n\n`);
}

/** Keeps to the first core, and every other one busy until this process ends, as in a sweep that has them all. */
export function keepOthersBusy() {
  const { status, error } = spawnSync("taskset", ["-acp", "0", String(process.pid)]);
  if (status !== 0) throw error ?? new Error("taskset cannot keep this process to one core");
  for (let core = 1; core < cpus().length; core++) {
    const spinning = spawn("taskset", ["-c", String(core), process.execPath, "-e", "for (;;);"], { stdio: "ignore" });
    spinning.unref(); // or this process would not end
    process.on("exit", () => spinning.kill());
  }
}
