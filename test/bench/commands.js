// What a command costs from its start to its exit, in CPU time of all its threads: the least of some rounds, in turn. And what
// it costs for each line of its input, and for each MB of tables.

import { spawnSync } from "node:child_process";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cli, interleaved, sweepOf, usage } from "./measure.js";

const paper = fileURLToPath(new URL("../../sweeps/paper.yaml", import.meta.url));

/** @returns rows of the table */
export function commandRows(scratch, quick) {
  const commands = commandsIn(scratch, quick);
  const works = commands.map(
    ([, words, input]) =>
      () =>
        cpuSeconds(words, input),
  );
  const figures = interleaved(works, quick ? 1 : 15, (times) => Math.min(...times));
  return commands.map(([name], index) => [name, figures[index].toFixed(2), "CPU s", "", ""]);
}

/** @returns rows of the table: what one more line takes, the start left out */
export function lineRows(quick) {
  const [few, many] = quick ? [10, 110] : [10_000, 110_000];
  const texts = [few, many].map((count) => [scenarioLines(count), questionLines(count)]);
  const commands = ["simulate", "analyze", "design"];
  const works = commands.flatMap((command) =>
    texts.map(
      ([scenarios, questions]) =>
        () =>
          cpuSeconds([cli, command, "--jsonl"], command === "design" ? questions : scenarios),
    ),
  );
  const least = interleaved(works, quick ? 1 : 4, (times) => Math.min(...times));
  return commands.map((command, index) => {
    const us = ((least[2 * index + 1] - least[2 * index]) / (many - few)) * 1e6;
    return [`${command} --jsonl, a line more`, us.toFixed(1), "CPU us", `${(1e6 / us).toFixed(0)} a second`, ""];
  });
}

/** Scenarios of two tasks and 300 ticks. */
function scenarioLines(count) {
  return linesOf(count, (i) => ({
    horizon: 300,
    servers: [{ name: "vm", policy: "deferrable", period: 20 + (i % 30), budget: 5 + (i % 7), tasks: tasksOf(i) }],
  }));
}

/** Questions with one period. */
function questionLines(count) {
  return linesOf(count, (i) => ({ tasks: tasksOf(i), periods: [10 + (i % 20), 10 + (i % 20)] }));
}

function tasksOf(i) {
  return [
    { name: "a", period: 30 + (i % 11), wcet: 1 + (i % 3) },
    { name: "b", period: 60 + (i % 13), wcet: 2 + (i % 4) },
  ];
}

function linesOf(count, lineOf) {
  return Array.from({ length: count }, (_, i) => `${JSON.stringify(lineOf(i))}\n`).join("");
}

/** @returns rows of the table: shards put together, and looked through */
export function tableRows(scratch, quick) {
  const [cells, shards] = quick ? [2000, 4] : [500_000, 100];
  const directory = join(scratch, "shards");
  const sweep = join(scratch, "shards.yaml");
  writeFileSync(sweep, sweepOf(cells, 1500));
  for (let shard = 1; shard <= shards; shard++) {
    cpuSeconds([cli, "run", sweep, "-o", directory, "--shard", `${shard}/${shards}`, "--quiet", "--workers", "1"]);
  }
  const seconds = [cpuSeconds([cli, "merge", directory]), cpuSeconds([cli, "verify", directory])];
  const files = readdirSync(directory).filter((name) => name.endsWith(".arrow"));
  const megabytes = files.reduce((sum, name) => sum + statSync(join(directory, name)).size, 0) / 1e6;
  return [`merge, ${shards} shards of ${megabytes.toFixed(0)} MB`, "verify of what it wrote"].map((name, index) => {
    return [name, seconds[index].toFixed(2), "CPU s", `${(megabytes / seconds[index]).toFixed(0)} MB/s`, ""];
  });
}

/** Names, words and standard inputs. */
function commandsIn(scratch, quick) {
  const file = (name, text) => {
    writeFileSync(join(scratch, name), text);
    return join(scratch, name);
  };
  const empty = file("empty.mjs", "");
  const small = file("two-hundred.yaml", TWO_HUNDRED);
  const run = ["run", small, "-o", join(scratch, "two-hundred"), "--force", "--quiet"];
  const whole = ["run", paper, "-o", join(scratch, "paper"), "--force", "--quiet"];
  const billion = file("billion.yaml", billionCells(quick ? 10 : 1000));
  return [
    ["node, an empty module", [empty]],
    ["--version", [cli, "--version"]],
    ["simulate, one scenario", [cli, "simulate", fileURLToPath(new URL("scenarios/paper.json", import.meta.url))]],
    ["design --jsonl, one question", [cli, "design", "--jsonl"], QUESTION],
    ["design, a cell of a sweep", [cli, "design", paper, "--cell", "0"]],
    ["check, 210 cells", [cli, "check", small]],
    ["run, 210 cells", [cli, ...run]],
    ["run, 210 cells, 2 workers", [cli, ...run, "--workers", "2"]],
    ["run, the paper's sweep", [cli, ...whole]],
    ["plan, a thousand million cells", [cli, "plan", billion]],
  ];
}

const QUESTION = '{"tasks":[{"period":5,"wcet":2},{"period":55,"wcet":20}],"periods":[1,20],"switch":1}\n';

const TWO_HUNDRED = `name: two-hundred
horizon: 100000
system: { servers: { vm: { policy: idling, period: =P, budget: =Q, tasks: {
  a: { period: 5, wcet: 2 }, b: { period: 55, wcet: 20 } } } } }
axes: { P: { from: 1, to: 20, step: 1 }, Q: { from: 1, to: =P, step: 1 } }
`;

function billionCells(periods) {
  return `name: billion
horizon: 1000
system: { servers: { vm: { policy: deferrable, period: =P, budget: =Q, tasks: {
  a: { period: 5, wcet: =W }, b: { period: 55, wcet: =V } } } } }
axes: { P: { from: 100, to: 1099, count: ${periods} }, Q: { from: 1, to: 100, count: 1000 },
  W: { from: 0.001, to: 2, count: 100 }, V: { from: 0.01, to: 20, count: 10 } }
`;
}

function cpuSeconds(words, input = "") {
  const options = { input, encoding: "utf8", stdio: ["pipe", "ignore", "pipe"] };
  const { stderr, status } = spawnSync(process.execPath, ["--import", usage, ...words], options);
  if (status !== 0) throw new Error(stderr);
  const used = JSON.parse(stderr.trim().split("\n").at(-1));
  return (used.userCPUTime + used.systemCPUTime) / 1e6;
}
