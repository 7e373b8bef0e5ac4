// What the command line says of itself, and of words that it does not know.

import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { initCommand } from "../../src/commands/bodies/init.js";
import { simulateCommand } from "../../src/commands/bodies/simulate.js";
import { COMMANDS } from "../../src/commands/list.js";
import { usageText } from "../../src/commands/usage.js";
import { openSweep } from "../../src/grid/open.js";
import { EXIT, EXIT_LINES } from "../../src/input/exit.js";
import { HOST_FIELDS, SERVER_FIELDS, TASK_FIELDS } from "../../src/model/fields.js";
import { POLICIES } from "../../src/model/policies.js";
import { TOPICS } from "../../src/reference/language.js";
import { STARTER } from "../../src/reference/start.js";
import { FUNCTION_NAMES } from "../../src/sweep/functions.js";
import { replenish } from "../support/command.js";
import { printedBy } from "./capture.js";

const PAGE = join(import.meta.dirname, "../../docs/language.md");

test("docs/language.md is what the lists say", () => {
  const text = TOPICS.language();
  if (process.env.UPDATE_DOCS !== undefined) writeFileSync(PAGE, text);
  expect(text).toBe(readFileSync(PAGE, "utf8"));
});

test("the page has every field, policy and function", () => {
  const text = TOPICS.language();
  const names = [...HOST_FIELDS, ...SERVER_FIELDS, ...TASK_FIELDS].map(({ name }) => name);
  for (const name of [...names, ...POLICIES, ...FUNCTION_NAMES]) expect(text, name).toContain(`| \`${name}`);
  expect(text).toContain("the smaller the number the higher");
});

test("the page says the default of every field that has one", () => {
  const required = new Set([
    ...["policy", "period", "budget", "wcet", "frame", "slice", "tick", "extra_quantum", "assignment", "priority"],
    ...["utilization", "feedback", "latency", "window", "think"].flatMap((name) => [name, `${name}[0]`, `${name}[1]`]),
  ]);
  const isPart = (name: string) =>
    /^(fair|feedback|latency|execution|sporadic|background)[.]|^(utilization|window)\[/.test(name);
  const silent = [...HOST_FIELDS, ...SERVER_FIELDS, ...TASK_FIELDS].filter(
    ({ name, description }) => !/by default|the default/i.test(description) && !required.has(name) && !isPart(name),
  );
  expect(silent.map(({ name }) => name)).toEqual([]);
});

test("every line of the sweep of init is explained, and it is valid without a warning", () => {
  const bare = STARTER.split("\n").filter((line) => /\S/.test(line) && !line.includes("#"));
  expect(bare).toEqual([]);
  const { plan } = openSweep(STARTER, "mine.yaml");
  expect([plan.cellCount, plan.warnings]).toEqual([54, []]);
});

test("init names the sweep after its file, and replaces nothing", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "replenish-init-")), "three vms.yaml");
  const options = { file, force: false };
  const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const { code } = await printedBy(() => initCommand(options));
  const [[text]] = said.mock.calls;
  said.mockRestore();
  expect([code, text]).toEqual([
    0,
    `${file} is written. Next: replenish check '${file}', then replenish run '${file}'\n`,
  ]);
  expect(openSweep(readFileSync(file, "utf8"), file).plan.name).toBe("three-vms");
  await expect(initCommand(options)).rejects.toThrow("is there already; --force replaces it");
  const { out } = await printedBy(() => initCommand({ example: "systems/hsf", force: false }));
  expect(out).toBe(readFileSync(join(import.meta.dirname, "../../sweeps/systems/hsf.yaml"), "utf8"));
  await expect(initCommand({ example: "papr", force: false })).rejects.toThrow('did you mean "paper"?');
  expect(existsSync(`${file}.part`)).toBe(false);
});

test.each([
  ["Unknown argument: inti", "inti", 'there is no command inti; did you mean "init"?'],
  ["Unknown argument: rnu", "rnu", 'there is no command rnu; did you mean "run"?'],
  ["Unknown argument: wrokers", "run a --wrokers 2", 'there is no option --wrokers; did you mean "--workers"?'],
  [
    "Unknown arguments: take-ovr, takeOvr",
    "run a --take-ovr",
    'there is no option --take-ovr; did you mean "--take-over"?',
  ],
  ["Unknown argument: b", "run a b", "run takes no further argument: b"],
  ["Not enough non-option arguments: got 0, need at least 1", "run", "run needs a sweep: replenish run <sweep>"],
  [
    "Not enough non-option arguments: got 0, need at least 1",
    "trace",
    "trace needs a sweep: replenish trace <sweep> [other]",
  ],
  [
    "Not enough non-option arguments: got 0, need at least 1",
    "completion",
    "completion needs a shell, one of bash, zsh, fish: replenish completion <shell>",
  ],
  ["Not enough non-option arguments: got 1, need at least 2", "diff x", "diff needs a and b: replenish diff <a> <b>"],
  ["Not enough non-option arguments: got 0, need at least 1", "run --frobnicate a", "there is no option --frobnicate"],
  ["Unknown argument: frobnicate", "run a --no-frobnicate", "there is no option --no-frobnicate"],
  [
    "Not enough non-option arguments: got 0, need at least 1",
    "run --take-over --no-takeOver -- --frobnicate",
    "run needs a sweep: replenish run <sweep>",
  ],
  ["Missing required argument: format", "export a", "--format is needed: one of parquet, csv, jsonl, notebook"],
  ["Not enough arguments following: o", "run a -o", "-o needs a value"],
])("%s", async (message, line, text) => {
  expect(await usageText(message, line.split(" "), COMMANDS)).toBe(text);
});

test("a value that is none of the choices is refused as it was typed", async () => {
  const message = 'Invalid values:\n  Argument: kind, Given: "heatmp", Choices: "heatmap", "boundary"';
  expect(await usageText(message, ["plot", "a"], COMMANDS)).toBe(
    '--kind heatmp: one of heatmap, boundary, curve, acceptance, distribution, pareto; did you mean "heatmap"?',
  );
});

test("a sweep that simulate is given is told where it goes", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "replenish-init-")), "mine.yaml");
  writeFileSync(file, STARTER);
  const options = { file, jsonl: false, leap: true, set: [], cell: undefined, replicate: undefined };
  await expect(simulateCommand(options as never)).rejects.toThrow(
    "this looks like a sweep: replenish run simulates it",
  );
});

test("every command ends its help with an example of its own", () => {
  for (const { usage, examples } of COMMANDS) {
    const [name] = usage.split(" ");
    expect(examples.length, name).toBeGreaterThan(0);
    for (const example of examples)
      expect(example).toMatch(new RegExp(`^replenish .*\\b${name}\\b|\\| replenish ${name}\\b`));
  }
});

test("each is shown, also that of help itself", async () => {
  for (const { usage, examples } of COMMANDS) {
    const { code, stdout } = await replenish(usage.split(" ")[0], "--help");
    expect([code, stdout.startsWith(`replenish ${usage}\n`)], usage).toEqual([0, true]);
    expect(stdout).toContain(`\nExample${examples.length === 1 ? "" : "s"}:\n  ${examples[0]}\n`);
  }
});

test("help with the name of a command shows what its --help does", async () => {
  for (const name of ["plot", "help"]) {
    const shown = await replenish("help", name);
    expect(shown).toEqual(await replenish(name, "--help"));
    expect([shown.code, shown.stdout.startsWith(`replenish ${name} `)]).toEqual([0, true]);
  }
  const { code, stderr } = await replenish("help", "polt");
  expect([code, stderr]).toEqual([EXIT.usage, expect.stringContaining("topic polt: one of language, sweep")]);
});

test("the help of a command ends with what the exit codes mean", async () => {
  expect(EXIT_LINES.map((line) => Number.parseInt(line, 10)).sort((a, b) => a - b)).toEqual(Object.values(EXIT));
  const { stdout } = await replenish("merge", "--help");
  expect(stdout.replace(/\s+/g, " ")).toContain(`Exit codes: ${EXIT_LINES.join("; ")}`);
});
