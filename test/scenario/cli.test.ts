// What `replenish simulate` prints and with which code it ends when something is wrong. What comes through stdin, and some of
// the rest, is told the program as built.

import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ABI_VERSION } from "../../assembly/abi.js";
import { replenish as inProcess } from "../support/command.js";
import { PROGRAM } from "../support/program.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function outcomeOf(command: string, words: readonly string[], input: string): Outcome {
  const { status, stdout, stderr } = spawnSync(command, words, { input, encoding: "utf8", timeout: 120_000 });
  return { code: status, stdout, stderr };
}

const replenish = (words: readonly string[], input = "", cli = PROGRAM): Outcome =>
  outcomeOf(process.execPath, [cli, ...words], input);

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

const STACK = /^\s+at /m;
const GOOD = '{"horizon":9,"servers":[{"name":"it\'s \\n \\\\ vm","policy":"dedicated","tasks":[]}]}';
const MISSPELT = GOOD.replace("dedicated", "dedicatet");
const TOO_MUCH = JSON.stringify({
  horizon: 9,
  host: { host_switch: Number.MAX_SAFE_INTEGER, guest_switch: 1 },
  servers: [{ name: "vm", policy: "dedicated", tasks: [{ name: "t", period: 5, wcet: 1 }] }],
});

describe("replenish simulate", () => {
  test.each<[string, string, string, string?]>([
    ["a misspelt value", MISSPELT, 'servers[0].policy: "dedicatet" is not one of dedicated, idling,'],
    ["a misspelt field", GOOD.replace("policy", "polcy"), 'servers[0].polcy: unknown field; did you mean "policy"?'],
    ["a negative horizon", GOOD.replace("9", "-9"), "horizon: -9 is less than 1, the least that is allowed"],
    ["NaN", GOOD.replace("9", "NaN"), "not valid JSON: ", ":1:12"],
    ["nothing", "", "not valid JSON: ", ":1:1"],
    ["deep nesting", "[".repeat(300_000), "not valid JSON: it is nested too deeply", ":"],
  ])("refuses %s with code 3 and the place", async (_what, text, message, place = "") => {
    const piped = replenish(["simulate"], text);
    expect(piped).toMatchObject({ code: 3, stdout: "" });
    expect(piped.stderr.startsWith(message)).toBe(true);
    expect(piped.stderr).toMatch(/\n\d problems?; nothing was run\n$/);
    expect(piped.stderr).not.toMatch(STACK);
    const file = written("bad.json", text);
    const read = await inProcess("simulate", file);
    expect(read).toMatchObject({ code: 3, stdout: "" });
    expect(read.stderr.startsWith(`${file}${place} ${message}`)).toBe(true);
  });

  test.each(["simulate", "analyze", "trace", "design"])("%s says where JSON has a mistake", async (command) => {
    const text = '{"horizon": 9,\n "servers": [{"name": "vm", "policy": "dedicated",\n "tasks": []},]}\n';
    const file = written("comma.json", text);
    const { code, stderr } = await inProcess(command, file);
    const mistake = "not valid JSON: Array item expected but got ']'";
    expect([code, stderr.split("\n", 1)]).toEqual([3, [`${file}:3:15 ${mistake}`]]);
    if (command === "simulate")
      expect(replenish(["simulate"], text).stderr.startsWith(`${mistake} at line 3, column 15\n`)).toBe(true);
  });

  test.each([
    ["a sweep in JSON with a mistake", '{"horizon": "9ms", "system": {"servers": {},]}}'],
    ["a sweep in YAML", "{horizon: 9ms, system: {servers: {}}}"],
  ])("%s is no scenario", async (_what, text) => {
    const { code, stderr } = await inProcess("analyze", written("sweep.json", text));
    expect([code, stderr.includes("JSON")]).toEqual([3, false]);
  });

  test("answers a bad line in its place and ends with code 3", () => {
    const { code, stdout, stderr } = replenish(["simulate", "--jsonl"], [GOOD, MISSPELT, "", "{", GOOD].join("\n"));
    const answers = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect({ code, stderr, answers }).toMatchObject({
      code: 3,
      stderr: "stdin: an error is the answer to lines 2, 4\nstdin: there is no answer to what is blank, line 3\n",
      answers: [
        { host: { end: 9 } },
        { error: expect.stringContaining("servers[0].policy: ") },
        { error: expect.stringContaining("not valid JSON: ") },
        { host: { end: 9 } },
      ],
    });
  });

  test("says of a long stream the first lines that it refuses, and of a good one nothing", async () => {
    const lines = (...all: string[]) => written("lines.jsonl", all.join("\n"));
    const bad = await inProcess("simulate", "--jsonl", lines(GOOD, ...Array<string>(2000).fill("{")));
    expect(bad.stderr).toMatch(/lines\.jsonl: an error is the answer to lines 2, 3, 4,[ ,\d]* 21 and 1,980 more\n$/);
    expect((await inProcess("simulate", "--jsonl", lines(GOOD, GOOD, "", ""))).stderr).toBe("");
  });

  test("ends with code 4 when a run cannot be exact, and with 3 when a line is refused as well", async () => {
    expect(replenish(["simulate"], TOO_MUCH)).toMatchObject({
      code: 4,
      stdout: "",
      stderr: "a counter or a time passes what is exact: 2^53 - 1, of a sum of response times 2^62\n",
    });
    const codeOf = async (...lines: string[]) =>
      (await inProcess("simulate", "--jsonl", written("lines.jsonl", lines.join("\n")))).code;
    expect(await codeOf(TOO_MUCH, GOOD)).toBe(4);
    expect(await codeOf(TOO_MUCH, MISSPELT, GOOD)).toBe(3);
  });

  test("ends with code 7 when there is no such file, with 2 when there is no such option", async () => {
    const missing = join(folder, "missing.json");
    for (const words of [[missing], [missing, "--jsonl"], [folder]]) {
      const { code, stdout, stderr } = await inProcess("simulate", ...words);
      expect({ code, stdout }).toStrictEqual({ code: 7, stdout: "" });
      expect(stderr).toMatch(/: (no such file or directory|illegal operation on a directory) \(\w+\)\n$/);
    }
    const unknown = replenish(["simulate", "--fats"]);
    expect(unknown).toMatchObject({ code: 2, stdout: "" });
    expect(unknown.stderr).toContain("fats");
    expect(unknown.stderr).not.toMatch(STACK);
  });
});

describe("an assertion of the kernel that fires", () => {
  // The program as built, with another kernel: one that has the interface of ours, and fails at every scenario.
  const KERNEL = `
    const numbers = memory.data(800000);
    export function abiVersion(): i32 { return ${ABI_VERSION}; }
    export function scenarioPointer(): usize { return numbers; }
    export function scenarioCapacity(): i32 { return 100000; }
    export function resultPointer(): usize { return numbers; }
    export function load(leaping: bool, traced: bool): i32 { assert(false, "forced"); return 0; }
    export function run(instants: i32): i32 { return 0; }`;
  let cli = "";

  beforeAll(async () => {
    for (const part of ["package.json", "build"]) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    cli = join(folder, "build/command/replenish.js");
    const { error } = await asc.main(["kernel.ts", "--runtime", "stub", "--outFile", "kernel.wasm"], {
      readFile: (name) => (name === "kernel.ts" ? KERNEL : null),
      writeFile: (_name, contents) => writeFileSync(join(folder, "build/kernel.wasm"), contents),
    });
    expect(error).toBeNull();
  });

  /** Runs the command that a message offers, with `replenish` as the program under test. */
  function replayed(stderr: string): Outcome {
    const command = /^This is a bug of replenish\. To see it again: (.*)$/ms.exec(stderr)?.[1];
    return outcomeOf("sh", ["-c", `replenish() { '${process.execPath}' '${cli}' "$@"; }; ${command}`], "");
  }

  test("is our bug: code 1, and a command that shows it again", () => {
    const file = written("it's good.json", GOOD);
    const failed = replenish(["simulate", file], "", cli);
    expect(failed).toMatchObject({ code: 1, stdout: "" });
    expect(failed.stderr).toMatch(/^forced at kernel\.ts:\d+:\d+\nThis is a bug of replenish\. To see it again: /);
    expect(replayed(failed.stderr)).toStrictEqual(failed);
  });

  test("through a pipe the command holds the scenario", () => {
    const failed = replenish(["simulate"], GOOD, cli);
    expect(failed).toMatchObject({ code: 1, stdout: "" });
    expect(failed.stderr).not.toMatch(STACK);
    expect(replayed(failed.stderr)).toStrictEqual(failed);
  });

  test("in a stream it is the answer to its line, and the stream goes on", () => {
    const failed = replenish(["simulate", "--jsonl"], [GOOD, MISSPELT].join("\n"), cli);
    expect(failed.code).toBe(1);
    const [first, second, ...rest] = failed.stdout.trimEnd().split("\n");
    expect(first).toMatch(/^\{"error":"forced at kernel\.ts:\d+:\d+"\}$/);
    expect(second).toContain("servers[0].policy");
    expect(rest).toStrictEqual([]);
    expect(replayed(failed.stderr)).toMatchObject({ code: 1, stderr: expect.stringContaining("printf %s '{") });
  });
});
