// Inputs as people have them, each with its right value. Others of the field stand with what they are about: rounding in
// test/grid, words in test/sweep, deployment in test/design, recordings in test/fit.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { runCommand } from "../../src/commands/bodies/run.js";
import { openSweep } from "../../src/grid/open.js";
import { notesOn } from "../../src/scenario/notes.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { scenarioJson } from "../../src/scenario/write.js";
import { tracedCell } from "../../src/trace/cell.js";
import { simulateObject } from "../support/simulate.js";
import { analyzed, designed, type Printed, printedBy } from "./capture.js";

const FIELD = join(import.meta.dirname, "field");
const path = (name: string) => join(FIELD, name);
const read = (name: string) => readFileSync(path(name), "utf8");

let directory = "";
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "replenish-field-"));
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterAll(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

/** What went to stderr. */
let said = "";

async function ran(name: string): Promise<Printed> {
  said = "";
  const words = { set: [], json: false, quiet: false, force: false, takeOver: false, failFast: false, leap: true };
  return printedBy(() => runCommand({ sweep: path(name), output: join(directory, name), workers: 1, ...words }));
}

/** The greatest response of each task. */
function responses(scenario: unknown): Record<string, number> {
  const { tasks } = simulateObject(scenario) as { tasks: { name: string; response_max: number }[] };
  return Object.fromEntries(tasks.map(({ name, response_max }) => [name, response_max]));
}

test.each(
  read("published-answers.jsonl")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line)),
)("$source", ({ scenario, response_max }) => expect(responses(scenario)).toMatchObject(response_max));

test("a task in a reservation of its own is schedulable with the published budgets", async () => {
  const { out } = await analyzed(path("one-task-per-reservation.yaml"), { json: true });
  const [{ schedulable, tasks }] = JSON.parse(out).cells;
  expect(schedulable).toBe(true);
  expect(tasks[0].response_bound).toBeLessThanOrEqual(16.6);
  expect(tasks[1].response_bound).toBeLessThanOrEqual(10);
  const least = async (period: string) => {
    const answer = await designed(path("one-task-per-reservation.yaml"), {
      periods: `${period}:${period}`,
      json: true,
    });
    return JSON.parse(answer.out).servers.map((server: { curve: { budget: number }[] }) => server.curve[0].budget);
  };
  expect((await least("16.6ms"))[0]).toBe(5);
  expect((await least("10ms"))[1]).toBe(6);
});

test("two tasks of the kernel's documentation under EDF keep their deadlines", async () => {
  const { out } = await analyzed(path("kernel-document-edf.yaml"), { json: true });
  const [{ schedulable, tasks }] = JSON.parse(out).cells;
  expect(schedulable).toBe(true);
  expect(tasks[1].response_bound).toBeLessThanOrEqual(60);
});

test("a task whose first deadline lies beyond the horizon is named, and there is no cheapest cell", async () => {
  const { code, out } = await ran("horizon-shorter-than-a-deadline.yaml");
  expect(code).toBe(0);
  expect(said).toContain("batch: no job is judged: the first deadline is at 1000ms, beyond the horizon of 100ms");
  expect(said).toContain("A horizon of 1000ms is the least in which every task is judged");
  expect(out).toContain("No cell is known to be without a miss.");
  expect(out).toContain("Not judged, because no deadline of it lies within the run: vm/batch.");
  expect(out).not.toContain("The cheapest");
});

test("one phase is not all: the simulation and the bounds each say what they answer, and point to the other", async () => {
  const name = "rt-group-audio.yaml";
  const { out } = await ran(name);
  expect(out).toContain("1 of 1 cell without a miss.");
  expect(out).toContain("Tried in 1 phase, the offsets as written");
  expect(out).toContain(`What holds in all of them: replenish analyze ${path(name)}\n`);
  said = "";
  const bounds = await analyzed(path(name));
  expect(bounds.out).toMatch(/ 9\.85 +no /);
  expect(said).toBe(
    "1 cell: 0 schedulable, 1 not, 0 unknown. Columns: SERVER: until its budget is given; SERVER/TASK: until a job is done; -: no bound.\n" +
      `Bounds, however releases and budgets fall. What a run does, from the offsets as written: replenish run ${path(name)}\n`,
  );
  // In other phases something is missed.
  const opened = openSweep(read(name), name, ["phases=random", "replicates=5"]);
  const missed = Array.from({ length: 5 }, (_, replicate) => {
    const { scenario } = tracedCell(opened, 0, replicate);
    const { tasks } = simulateObject(scenarioJson(scenario)) as { tasks: { missed: number }[] };
    return tasks.reduce((sum, task) => sum + task.missed, 0);
  });
  expect(missed[0]).toBe(0);
  expect(missed.some((count) => count > 0)).toBe(true);
});

test("a hard task beside a server under EDF keeps its deadline once it has one", () => {
  const scenario = JSON.parse(read("edf-host-with-a-hard-task.json"));
  expect(notesOn(parseScenario(JSON.stringify(scenario)))).toEqual([
    expect.stringContaining("server t1: dedicated has no deadline at host edf"),
  ]);
  expect(responses(scenario)).toEqual({ t1: 8, J1: 4, J2: 3 });
  scenario.servers[0].deadline = "guest";
  expect(notesOn(parseScenario(JSON.stringify(scenario)))).toEqual([]);
  const { t1, ...jobs } = responses(scenario);
  expect(t1).toBeLessThanOrEqual(7);
  expect(jobs).toEqual({ J1: 9, J2: 7 });
});
