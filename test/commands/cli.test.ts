import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { replenish } from "../support/command.js";
import { PROGRAM } from "../support/program.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
let directory = "";

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "replenish-cli-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** The program as a user starts it, without a terminal. */
function started(words: string[], input = "") {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...words], {
    encoding: "utf8",
    input,
    cwd: directory,
  });
  return { code: status, stdout, stderr };
}

/** @returns its path */
function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

const SWEEP = `name: small
horizon: 60
system:
  servers:
    vm: { policy: =policy, period: 5, budget: =Q, tasks: { t: { period: 10, wcet: 4 } } }
axes:
  policy: [idling, deferrable]
  Q: [1, 2, 3]
`;

describe("the command line", () => {
  test("answers --version with the package's version", () => {
    const { code, stdout } = started(["--version"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test.each([
    ["--version", "stdout: ENOSPC: no space left on device, write\n"],
    ["help language", "stdout: no space left on device (ENOSPC)\n"],
  ])("ends %s with code 7 where that cannot be written, and says why", (words, message) => {
    const script = `"$0" "$1" ${words} > /dev/full`;
    const { status, stderr } = spawnSync("sh", ["-c", script, process.execPath, PROGRAM], { encoding: "utf8" });
    expect([status, stderr]).toEqual([7, message]);
  });

  test("lists its commands in --help", () => {
    const { code, stdout } = started(["--help"]);
    expect(code).toBe(0);
    for (const command of ["run <sweep>", "check <sweep>", "plan <sweep>", "simulate [file]"]) {
      expect(stdout).toContain(command);
    }
  });

  test.each([
    [["simulat"]],
    [["run"]],
    [["run", "x.yaml", "--wrong"]],
    [["run", "x.yaml", "--workers"]],
    [["verify", "x", "--workers", "0"]],
    [["run", "x.yaml", "-o", "a", "-o", "b"]],
    [["run", "x.yaml", "--no-output"]],
  ])("refuses %j as usage, with code 2 and nothing on stdout", async (words) => {
    const { code, stdout, stderr } = await replenish(...words);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/See: replenish (run |verify )?--help/);
    expect(stderr).not.toMatch(/\n {4}at /);
  });

  test("alone says what to do first", () => {
    const { code, stdout } = started([]);
    expect(code).toBe(0);
    expect(stdout).toContain("replenish init mine.yaml");
  });

  test("-- ends the options, so that a file may be named like one", async () => {
    expect(await replenish("check", "--", "-none.yaml")).toMatchObject({
      code: 7,
      stderr: "-none.yaml: no such file or directory (ENOENT)\n",
    });
    expect((await replenish("check", "--", file("after.yaml", SWEEP))).code).toBe(0);
  });

  test("a path may stand right behind -o", async () => {
    const sweep = file("behind.yaml", SWEEP);
    const run = join(directory, "behind");
    expect((await replenish("run", sweep, `-o${run}`, "--quiet", "--workers", "1")).code).toBe(0);
    expect((await replenish("report", run, `-o${join(run, "page.html")}`)).stdout).toBe(`${join(run, "page.html")}\n`);
  });

  test.each([
    [["check", ""], "sweep needs a value"],
    [["simulate", ""], "file needs a value"],
    [["import", "a.csv", ""], "files needs a value"],
    [["analyze", "a.yaml", "--cell", ""], "--cell needs a value"],
    [["analyze", "a.yaml", "--cell="], "--cell needs a value"],
    [["analyze", "a.yaml", "--cell", " "], "--cell needs a value"],
    [["explore", "a", "--port="], "--port needs a value"],
    [
      ["run", "a.yaml", "-o", "-dash"],
      "there is no option -dash; a value that begins with a dash is written --NAME=-dash",
    ],
    [["run", "a.yaml", "-hV"], "there is no option -hV"],
    [["merge", "-"], "merge reads directories; - is standard input, which is none"],
    [["import", "-", "a.csv", "-"], "- is given twice; each file is read once"],
    [["import", "a.csv", "a.csv"], "a.csv is given twice; each file is read once"],
    [["plot", "a", "--kind", "-"], "--kind -: one of heatmap,"],
    [["check", "a", "-"], "check takes no further argument: -"],
  ])("refuses %j as usage, and says %j", async (words, message) => {
    const { code, stdout, stderr } = await replenish(...words);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });

  test("report and plot write over no file of the run", async () => {
    const sweep = file("kept.yaml", SWEEP);
    const run = join(directory, "kept");
    expect((await replenish("run", sweep, "-o", run, "--quiet", "--workers", "1")).code).toBe(0);
    const sums = readFileSync(join(run, "SHA256SUMS"), "utf8");
    for (const [name, ...words] of [
      ["cells.arrow", "report"],
      ["SHA256SUMS", "report"],
      ["plan.json", "plot", "--kind", "heatmap", "--spec"],
    ]) {
      const output = join(run, name);
      const { code, stdout, stderr } = await replenish(...words, run, "-o", output);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toContain(`--output ${output} would overwrite ${output}, which it is made of`);
    }
    expect(readFileSync(join(run, "SHA256SUMS"), "utf8")).toBe(sums);
    expect((await replenish("verify", run)).code).toBe(0);
  });

  test("suggests the command that was meant", () => {
    const { code, stdout, stderr } = started(["simulat"]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("simulate");
  });

  test("says that a file cannot be read, with code 7", async () => {
    const missing = join(directory, "missing.yaml");
    const { code, stderr } = await replenish("check", missing);
    expect([code, stderr]).toEqual([7, `${missing}: no such file or directory (ENOENT)\n`]);
  });

  test.each([["report"], ["explore"], ["plot"], ["describe"], ["verify"], ["export", "--format", "csv"]])(
    "%s says that there is no such run, and that a sweep is none, with code 7",
    async (...words) => {
      const missing = join(directory, "results");
      const sweep = file("swept.yaml", SWEEP);
      const said = async (path: string) => {
        const { code, stderr } = await replenish(words[0], path, ...words.slice(1));
        return [code, stderr];
      };
      expect(await said(missing)).toEqual([7, `${missing}: no such file or directory (ENOENT)\n`]);
      const wanted = "a file, where the directory of a run is wanted, such as results/mine (ENOTDIR)";
      expect(await said(sweep)).toEqual([7, `${sweep}: ${wanted}\n`]);
    },
  );
});

describe("check and plan", () => {
  test("check says that a sweep is valid", () => {
    file("small.yaml", SWEEP);
    expect(started(["check", "small.yaml"])).toStrictEqual({
      code: 0,
      stdout: "small.yaml: valid, 6 cells\n",
      stderr: "",
    });
  });

  test("check reads stdin", () => {
    expect(started(["check", "-"], SWEEP).stdout).toBe("stdin: valid, 6 cells\n");
  });

  test("import reads stdin, also beside a file", () => {
    const { code, stdout } = started(["import", "-"], "name,period,wcet\na,10,1\n");
    expect([code, stdout.split("\n", 1)]).toEqual([0, ["# From stdin; times are ticks."]]);
    const tasks = file("tasks.csv", "name,period,wcet\na,10,1\n");
    expect(started(["import", tasks, "-"], "x").stderr).toMatch(/^stdin: is neither a workload/);
  });

  test("check shows all problems at once, each with its place", async () => {
    const bad = SWEEP.replace("wcet: 4", "wcett: 4").replace("horizon: 60", "horizon: -1");
    const { code, stdout, stderr } = await replenish("check", file("bad.yaml", bad));
    expect([code, stdout]).toEqual([3, ""]);
    const lines = stderr.replaceAll(`${directory}/`, "").split("\n");
    expect(lines.some((line) => line.startsWith("bad.yaml:2:10 horizon: "))).toBe(true);
    expect(lines.some((line) => /^bad\.yaml:5:\d+ .*wcett.*did you mean "wcet"/.test(line))).toBe(true);
    expect(stderr).toContain("problems; nothing was run");
  });

  test("plan shows cells before and after each constraint, rows and bytes", async () => {
    const where = file("where.yaml", `${SWEEP}where: Q < 3\n`);
    const { code, stdout } = started(["plan", "where.yaml", "--json"]);
    expect(code).toBe(0);
    const plan = JSON.parse(stdout);
    expect(plan).toMatchObject({ gridCells: 6, cellCount: 4, removed: [{ removed: 2 }], rowsCells: 4, rowsTasks: 4 });
    expect(plan.bytes).toBeGreaterThan(0);
    expect((await replenish("plan", where)).stdout).toMatch(/Q < 3\)?: removes 2/);
  });

  test("--set replaces an axis", async () => {
    const small = file("small.yaml", SWEEP);
    const { stdout } = await replenish("check", small, "--set", "Q=1..5", "--set", "policy=idling");
    expect(stdout).toBe(`${small}: valid, 5 cells\n`);
  });

  test("leave no trace", () => {
    expect(readdirSync(directory)).not.toContain("results");
  });
});

describe("the sweeps of this repository", () => {
  test.each(readdirSync(join(root, "sweeps")).filter((name) => name.endsWith(".yaml")))("%s is valid", async (name) => {
    expect((await replenish("check", join(root, "sweeps", name))).code).toBe(0);
  });
});
