// What `replenish trace` writes, refuses, and with which code it ends. Starting the program takes half a second, so most
// cases call the command's function.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { traceCommand } from "../../src/commands/bodies/trace.js";
import { UsageError } from "../../src/commands/failure.js";
import type { TraceOptions } from "../../src/commands/trace.js";
import { replenish } from "../support/command.js";
import { PROGRAM } from "../support/program.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PAPER = "sweeps/paper-figures.yaml";

function trace(words: readonly string[]) {
  const {
    status: code,
    stdout,
    stderr,
  } = spawnSync(process.execPath, [PROGRAM, "trace", ...words], {
    cwd: ROOT,
    encoding: "utf8",
    timeout: 120_000,
  });
  return { code, stdout, stderr };
}

const OPTIONS = { set: [], cell: [], format: "text", rows: [] };

/** What the command writes to a file. */
async function traced(sweep: string, options: Partial<TraceOptions>): Promise<string> {
  const output = join(folder, "output");
  expect(await traceCommand({ ...OPTIONS, sweep: join(ROOT, sweep), output, ...options })).toBe(0);
  return readFileSync(output, "utf8");
}

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "replenish-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const SCENARIO = JSON.stringify({
  horizon: 20,
  servers: [{ name: "vm", policy: "idling", period: 3, budget: 1, tasks: [{ name: "t", period: 5, wcet: 1 }] }],
});

describe("replenish trace", () => {
  test("shows a cell as text on stdout, with axes and unit above", () => {
    const { code, stdout, stderr } = trace([PAPER, "--cell", "1", "--to", "4ms"]);
    expect({ code, stderr }).toStrictEqual({ code: 0, stderr: "" });
    expect(stdout.split("\n")).toStrictEqual([
      "# paper-figures, cell 1: late=skip host=hsf; times in ticks",
      "   0 replenish vm budget=1",
      "   0 release   vm/rt_task1#0 deadline=5",
      "   0 release   vm/rt_task2#0 deadline=55",
      "   0 dispatch  vm/rt_task1#0 budget=1",
      "   1 deplete   vm budget=0",
      "   1 stop      vm budget=0",
      "   1 dispatch  -",
      "",
    ]);
  });

  test("takes a scenario, an override, another replicate, and a file to write", async () => {
    const scenario = written("one.json", SCENARIO);
    const output = join(folder, "one.svg");
    const drawing = await replenish("trace", scenario, "--format", "svg", "-o", output);
    expect(drawing).toStrictEqual({ code: 0, stdout: "", stderr: "" });
    expect(readFileSync(output, "utf8")).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    expect(readdirSync(folder).filter((name) => name.includes(".part"))).toStrictEqual([]);
    const drawn = { cell: [0], to: "100", set: ["burst=0.5,0.75"] };
    const first = await traced("sweeps/paper-without-hsf.yaml", drawn);
    expect(first).toContain("paper-without-hsf, cell 0: vmm=kvm burst=0.5, replicate 0;");
    const second = await traced("sweeps/paper-without-hsf.yaml", { ...drawn, replicate: 1 });
    expect(second.split("\n").slice(1)).not.toStrictEqual(first.split("\n").slice(1));
  });

  test("compares two cells, and two files", async () => {
    const cells = await traced(PAPER, { cell: [0, 1], to: "1" });
    expect(cells).toContain("# A paper-figures, cell 0: late=skip host=kvm");
    expect(cells).toContain("\n   0 B dispatch  vm/rt_task1#0 budget=1\n");
    const files = await traced(PAPER, { cell: [1], to: "1", other: written("two.json", SCENARIO) });
    expect(files).toContain("# B two.json; times in ticks");
    expect(files).toContain("A replenish vm budget=1");
  });

  test("draws the figures of docs/paper.md again, byte for byte", async () => {
    const figure = (name: string) => readFileSync(join(ROOT, "sweeps/figures", name), "utf8");
    const range = { from: "200", format: "svg" };
    const other = join(ROOT, "sweeps/readings/hsf-beside-kvm.yaml");
    const tasks = { ...range, other, cell: [10], to: "400", rows: ["tasks"] };
    expect(await traced("sweeps/readings/kvm-alone.yaml", tasks)).toBe(figure("figures-2-and-3.svg"));
    const machine = { ...range, cell: [0, 1], to: "300", rows: ["servers"] };
    expect(await traced(PAPER, machine)).toBe(figure("figures-4-and-5.svg"));
  });

  const FILE = join(ROOT, PAPER);
  test.each<[string, Partial<TraceOptions>, string]>([
    ["a cell that is not there", { cell: [4] }, `--cell 4: ${FILE} has cells 0 to 3`],
    ["half a cell", { cell: [0.5] }, `--cell 0.5: ${FILE} has cells 0 to 3`],
    ["no cell", {}, `${FILE} has 4 cells: choose one with --cell, 0 to 3`],
    ["three cells", { cell: [0, 1, 2] }, "--cell was given 3 times; at most 2 runs can be shown"],
    ["a replicate that is not there", { cell: [0], replicate: 1 }, `--replicate 1: ${FILE} has replicates 0 to 0`],
    [
      "a misspelt format",
      { cell: [0], format: "perfeto" },
      '--format "perfeto": one of text, svg, perfetto, grasp, ftrace, arrow; did you mean "perfetto"?',
    ],
    [
      "a misspelt row",
      { cell: [0], rows: ["host,task"] },
      '--rows "task": one of host, servers, tasks; did you mean "tasks"?',
    ],
    ["an end before the beginning", { cell: [0], from: "9", to: "8" }, "--from 9 is after --to 8"],
    ["a beginning after the end", { cell: [0], from: "1001" }, "--from 1001 is after the horizon, 1000 ticks"],
    [
      "a time that is none",
      { cell: [0], to: "soon" },
      "--to soon: not a time: a number such as 100 or 0.25, or with a unit (ns, us, ms, s) such as 400ms",
    ],
    ["a time before time", { cell: [0], from: "-1" }, "--from -1: a time is not negative"],
    [
      "two runs where one can be shown",
      { cell: [0, 1], format: "grasp" },
      "--format grasp shows one run; two can be compared as text or svg",
    ],
    [
      "a file whose name says a format that is none",
      { cell: [0], format: undefined, output: "run.json" },
      "--output run.json: .json says no format; end it in .txt, .svg, .png, .pdf, .arrow, or choose one with --format text, svg, perfetto, grasp, ftrace, arrow",
    ],
  ])("refuses %s", async (_what, options, message) => {
    await expect(traceCommand({ ...OPTIONS, sweep: FILE, ...options })).rejects.toThrow(new UsageError(message));
  });

  test("writes no table to a terminal", async () => {
    const { isTTY } = process.stdout;
    process.stdout.isTTY = true;
    try {
      await expect(traceCommand({ ...OPTIONS, sweep: FILE, cell: [0], format: "arrow" })).rejects.toThrow(
        new UsageError("--format arrow is no text for a terminal: write it to a file with -o FILE"),
      );
    } finally {
      process.stdout.isTTY = isTTY;
    }
  });

  test("ends with code 2 for what it refuses", async () => {
    const stderr = `--cell 4: ${FILE} has cells 0 to 3\nSee: replenish trace --help\n`;
    expect(await replenish("trace", FILE, "--cell", "4")).toStrictEqual({ code: 2, stdout: "", stderr });
  });

  test("says how long a tick is only where it is known", async () => {
    const refused = traceCommand({ ...OPTIONS, sweep: written("ticks.json", SCENARIO), to: "4ms" });
    await expect(refused).rejects.toThrow("--to 4ms: a number of ticks is needed; nothing says how long one is");
  });

  test("says what a picture cannot show, and leaves no file", async () => {
    const output = join(folder, "large.svg");
    const sweep = join(ROOT, "sweeps/paper.yaml");
    await expect(traceCommand({ ...OPTIONS, sweep, cell: [100], format: "svg", output })).rejects.toThrow(
      /^--format svg shows at most 20000 events .* from [\d.]+ ticks on; show a part of it with --from/,
    );
    expect([existsSync(output), existsSync(`${output}.part`)]).toStrictEqual([false, false]);
  });

  test("ends with code 3 for an invalid scenario, 7 where it cannot write", async () => {
    const bad = written("bad.json", SCENARIO.replace('"budget":1', '"budget":4'));
    expect(await replenish("trace", bad)).toMatchObject({ code: 3, stdout: "" });
    const good = written("good.json", SCENARIO);
    expect(await replenish("trace", good, "-o", folder)).toStrictEqual({
      code: 7,
      stdout: "",
      stderr: `${folder}: illegal operation on a directory (EISDIR)\n`,
    });
    const nowhere = traceCommand({ ...OPTIONS, sweep: good, output: join(folder, "none", "x.svg") });
    await expect(nowhere).rejects.toThrow("no such file or directory (ENOENT)");
  });

  test("ends in peace when nobody reads on", () => {
    const command = `'${process.execPath}' '${PROGRAM}' trace sweeps/paper.yaml --cell 100 --set horizon=3000000 | head -n 1`;
    const { status, stdout, stderr } = spawnSync("sh", ["-c", command], {
      cwd: ROOT,
      encoding: "utf8",
      timeout: 120_000,
    });
    expect({ status, stderr, lines: stdout.split("\n").length }).toStrictEqual({ status: 0, stderr: "", lines: 2 });
  });
});
