// npm run bench: one table of how fast it is, each line with the hash of its result, so that a change that alters a number
// is seen at once. Times on a shared machine drift; the ratios of one run are the figures to keep.
//
//   node test/bench/bench.js [--quick]     --quick: one short round of everything, to see that it works
//   YARDSTICK=DIR                          a directory with native.c and native_jsonl.py, a native simulator to compare with
//   CC=gcc                                 the compiler for it

import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { STATUS_MORE } from "../../build/assembly/abi.js";
import { compileKernel, Kernel, parseScenario, resultJson, simulate } from "../../build/src/index.js";

const quick = process.argv.includes("--quick");
const rounds = quick ? 1 : 11;
const here = fileURLToPath(new URL(".", import.meta.url));
const cli = fileURLToPath(new URL("../../build/src/cli.js", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "replenish-bench-"));
const module = compileKernel();
const rows = [["what", "figure", "", "ratio", "hash"]];

try {
  const native = buildYardstick();
  for (const file of readdirSync(join(here, "scenarios")).sort()) benchKernel(file, native);
  for (const file of ["paper.json", "m4x4.json", "m16x8.json"]) benchLeap(file);
  benchSweep("cells of about 200 us", quick ? 200 : 40_000, 66_000);
  benchSweep("cells of about 5 us", quick ? 2_000 : 1_000_000, 1_500);
  benchStart();
  print();
} finally {
  rmSync(scratch, { recursive: true });
}

function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

function hash(text) {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

/** Milliseconds of CPU time of this process that `work` takes. */
function cpuMs(work) {
  const before = process.cpuUsage();
  work();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1000;
}

/** The native simulator, if it is there and compiles. */
function buildYardstick() {
  const source = process.env.YARDSTICK;
  if (source === undefined || !existsSync(join(source, "native.c"))) return undefined;
  const binary = join(scratch, "native");
  execFileSync(process.env.CC ?? "cc", [
    "-std=gnu11",
    "-O3",
    "-march=native",
    "-o",
    binary,
    join(source, "native.c"),
    "-lm",
  ]);
  return (file) => {
    const input = JSON.stringify(JSON.parse(readFileSync(join(here, "scenarios", file), "utf8"))); // on one line
    const flat = execFileSync("python3", [join(source, "native_jsonl.py"), "--flat"], { input });
    return () => Number(/ns\/run (\d+)/.exec(execFileSync(binary, ["--bench", "3"], { input: flat }).toString())[1]);
  };
}

function instantsOf(kernel, flat) {
  kernel.input.set(flat);
  kernel.exports.load(0, 0);
  let instants = 1;
  while (kernel.exports.run(1) === STATUS_MORE) instants++;
  return instants;
}

/** Nanoseconds an instant, without leaps, and the ratio to the native simulator in the same rounds. */
function benchKernel(file, native) {
  const kernel = new Kernel(module, false);
  const scenario = parseScenario(readFileSync(join(here, "scenarios", file), "utf8"));
  const result = hash(resultJson(simulate(kernel, scenario)));
  const instants = instantsOf(kernel, scenario.flat);
  const nativeNs = native?.(file);
  const repeats = Math.max(2, Math.ceil(4_000_000 / instants));
  for (let i = 0; i < 50; i++) kernel.run(scenario.flat);
  const ours = [];
  const ratios = [];
  for (let round = 0; round < rounds; round++) {
    const ms = cpuMs(() => {
      for (let i = 0; i < repeats; i++) kernel.run(scenario.flat);
    });
    ours.push((ms * 1e6) / repeats / instants);
    if (nativeNs !== undefined) ratios.push((ms * 1e6) / repeats / nativeNs());
  }
  const ns = median(ours);
  const ratio = ratios.length > 0 ? `${median(ratios).toFixed(2)} x native` : "";
  rows.push([`kernel, ${file.replace(".json", "")}`, ns.toFixed(2), "ns an instant", ratio, result]);
  rows.push(["", (1000 / ns).toFixed(0), "M instants/s", "", ""]);
}

/** How much faster a leap over 1,000 hyperperiods is than simulating them. */
function benchLeap(file) {
  const json = JSON.parse(readFileSync(join(here, "scenarios", file), "utf8"));
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
  const [fast, slow] = [timeOf(leaping, quick ? 2 : 100), timeOf(stepping, 1)];
  const name = `leap over 1,000 hyperperiods, ${file.replace(".json", "")}`;
  rows.push([name, (fast * 1000).toFixed(0), "us", `${(slow / fast).toFixed(0)} x faster`, hash(texts[0])]);
}

function run(sweep, name, workers) {
  const file = join(scratch, `${name}.yaml`);
  const directory = join(scratch, `${name}-${workers}`);
  writeFileSync(file, sweep);
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [cli, "run", file, "-o", directory, "--workers", String(workers), "--json", "--no-leap", "--force"],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(stderr);
  return { ...JSON.parse(stdout), hash: hash(readFileSync(join(directory, "tasks.arrow"))) };
}

/** Cells a second end to end, tables included, with one and two workers. */
function benchSweep(name, cells, horizon) {
  const sweep = `name: bench
horizon: ${horizon}
system: { servers: { vm: { policy: deferrable, period: =P, budget: =Q, tasks: {
  a: { period: 55, wcet: 20 }, b: { period: 5, wcet: 2 } } } } }
axes: { P: { from: 2001, to: 2100, count: 100 }, Q: { from: 1, to: 2000, count: ${cells / 100} } }
`.replaceAll("=Q", "=ceil(Q)");
  const one = run(sweep, "sweep", 1);
  const two = run(sweep, "sweep", 2);
  if (one.hash !== two.hash) throw new Error("the number of workers changed a byte");
  const rate = (summary) => summary.cellsPerSecond.toFixed(0);
  const share = one.kernelShare === null ? "" : `${(100 * one.kernelShare).toFixed(1)} % in the kernel`;
  rows.push([`${name}, 1 worker`, rate(one), "cells/s", share, one.hash]);
  rows.push([
    `${name}, 2 workers`,
    rate(two),
    "cells/s",
    `${(two.cellsPerSecond / one.cellsPerSecond).toFixed(2)} x one`,
    two.hash,
  ]);
  rows.push(["", ((4 * two.cells * 1000) / two.elapsedMs).toFixed(0), "rows/s", "", ""]);
}

/** Process start to exit. */
function benchStart() {
  const wall = (...words) => {
    const times = [];
    for (let round = 0; round < (quick ? 1 : 5); round++) {
      const start = performance.now();
      const { status, stderr } = spawnSync(process.execPath, [cli, ...words], { encoding: "utf8" });
      if (status !== 0) throw new Error(stderr);
      times.push(performance.now() - start);
    }
    return (median(times) / 1000).toFixed(2);
  };
  const sweep = fileURLToPath(new URL("../../sweeps/paper.yaml", import.meta.url));
  rows.push(["replenish --version", wall("--version"), "s", "", ""]);
  rows.push(["the paper's sweep", wall("run", sweep, "-o", join(scratch, "paper"), "--force", "--quiet"), "s", "", ""]);
}

function print() {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) => row.map((text, i) => (i === 1 ? text.padStart(widths[i]) : text.padEnd(widths[i]))).join("  ");
  process.stdout.write(`${process.version}, ${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} cores\n\n`);
  for (const row of rows) process.stdout.write(`${line(row).trimEnd()}\n`);
}
