// Instructions an instant, which no neighbour of the machine changes: callgrind counts those of a process between two calls
// of a function that is called for nothing else. `node instructions.js DIR FILE...` is that process.

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Kernel } from "../../build/src/kernel/kernel.js";
import { compileKernel } from "../../build/src/kernel/load.js";
import { parseScenario } from "../../build/src/scenario/parse.js";
import { SYSTEMS, systemText } from "./growth.js";
import { instantsOf, print } from "./measure.js";
import { buildYardstick, scenarios, yardstickOf } from "./yardstick.js";

const self = fileURLToPath(import.meta.url);
/** The processor that valgrind imitates: it knows no AVX-512. */
const MARCH = "x86-64-v3";
/** `process.ppid` calls it. */
const MARK = "uv_os_getppid";

/** Prints a table of every scenario, or says why it cannot. */
export function instructions(scratch) {
  if (spawnSync("valgrind", ["--version"]).status !== 0) {
    process.stdout.write("instructions an instant are left out: they need valgrind, which is not installed\n\n");
    return;
  }
  const files = readdirSync(scenarios).sort();
  const instants = files.map((file) => layOut(scratch, file));
  const counts = ofKernel(scratch, files);
  const names = [...new Set(files.map(yardstickOf))];
  const yardsticks = Object.fromEntries(names.map((name) => [name, buildYardstick(scratch, name, MARCH)]));
  const rows = [["instructions an instant", "kernel", "native", "ratio"]];
  for (const [index, file] of files.entries()) {
    const ours = counts[index] / instants[index];
    const start = yardsticks[yardstickOf(file)]?.(file);
    const theirs = start === undefined ? undefined : ofNative(scratch, start) / instants[index];
    const ratio = theirs === undefined ? "" : (ours / theirs).toFixed(2);
    rows.push([file.replace(".json", ""), ours.toFixed(0), theirs?.toFixed(0) ?? "", ratio]);
  }
  print(rows, [1, 2, 3]);
  growing(scratch);
}

/** Prints how the instructions of an instant grow with the system, whose instants are as many at any size. */
function growing(scratch) {
  for (const [what, serversOf] of Object.entries(SYSTEMS)) {
    const counts = what.startsWith("tasks") ? [1, 4, 16, 64, 256] : [1, 4, 8, 16, 64];
    const files = counts.map((count) => `${count} ${what}`);
    const instants = counts.map((count, i) => write(scratch, files[i], systemText(serversOf(count))));
    const each = ofKernel(scratch, files).map((total, i) => total / instants[i]);
    const row = (total, i) => [String(counts[i]), total.toFixed(0), `${(total / each[0]).toFixed(2)} x`];
    print([[what, "instructions an instant", "against one"], ...each.map(row)], [0, 1, 2]);
  }
}

/** Writes the flat numbers of a scenario and returns how many instants it has. */
function layOut(scratch, file) {
  return write(scratch, file, readFileSync(join(scenarios, file), "utf8"));
}

function write(scratch, file, text) {
  const { flat } = parseScenario(text);
  writeFileSync(join(scratch, `${file}.flat`), new Uint8Array(flat.buffer, flat.byteOffset, flat.byteLength));
  return instantsOf(new Kernel(compileKernel(), false), flat);
}

/** Instructions of one run of each scenario, compiled by the engine's optimising compiler. */
function ofKernel(scratch, files) {
  const out = join(scratch, "kernel");
  const engine = [process.execPath, "--no-liftoff", "--single-threaded", self, scratch, ...files];
  count(out, ["--smc-check=all-non-file", `--dump-before=${MARK}`], engine, "");
  return files.map((_, index) => totalOf(`${out}.${2 * index + 2}`)); // between the marks of a file
}

/** The same of the native simulator: half of three runs less one. */
function ofNative(scratch, start) {
  const [one, three] = [1, 3].map((runs) => {
    const out = join(scratch, `native-${runs}`);
    count(out, [], [start.binary, "--bench", String(runs), "--rounds", "1"], start.input);
    return totalOf(out);
  });
  return (three - one) / 2;
}

function count(out, options, words, input) {
  const all = ["--tool=callgrind", `--callgrind-out-file=${out}`, ...options, ...words];
  const { status, stderr } = spawnSync("valgrind", all, { input, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

function totalOf(file) {
  return Number(/^totals: (\d+)/m.exec(readFileSync(file, "utf8"))[1]);
}

/** The process that is counted: each scenario once to be compiled, and once between marks. */
function beCounted([directory, ...files]) {
  const module = compileKernel();
  for (const file of files) {
    const flat = new Float64Array(new Uint8Array(readFileSync(join(directory, `${file}.flat`))).buffer);
    const kernel = new Kernel(module, false);
    kernel.run(flat);
    mark();
    kernel.run(flat);
    mark();
  }
}

function mark() {
  if (process.ppid < 0) throw new Error("no process has such a parent");
}

if (process.argv[1] === self) beCounted(process.argv.slice(2));
