// The independently computed results of test/vectors: every number of every analysis and design answer.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Analysis, analyze, design } from "../../src/analysis/index.js";
import { fromScenario, type Scenario, type ScenarioTask } from "./scenario.js";

type Expected = Pick<Analysis, "host" | "servers" | "tasks">;

interface AnalysisVector {
  readonly id: string;
  readonly scenario: Scenario;
  readonly result: Expected;
  readonly result_edp?: Expected;
}

interface DesignVector {
  readonly id: string;
  readonly guest: "fp" | "edf";
  readonly priorities: "rm" | "dm";
  readonly tasks: readonly ScenarioTask[];
  readonly periods: readonly [number, number];
  readonly switch: number;
  readonly curve: readonly (readonly [number, number | null])[];
  readonly best: number | null;
  readonly best_with_switch: number | null;
}

function readLines<T>(name: string): T[] {
  const text = readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
}

/** The compared fields: reasons, theorems and failing intervals are for people. */
function compared({ host, servers, tasks }: Expected): unknown {
  return {
    schedulable: host.schedulable,
    servers: servers.map(({ name, schedulable, response, sbf_blackout, min_budget }) => {
      return { name, schedulable, response, sbf_blackout, min_budget };
    }),
    tasks: tasks.map(({ server, name, schedulable, response_bound }) => {
      return { server, name, schedulable, response_bound };
    }),
  };
}

describe("analysis.jsonl", () => {
  const vectors = readLines<AnalysisVector>("analysis.jsonl");
  test("is complete", () => expect(vectors).toHaveLength(280));

  test.each(vectors)("$id, each budget by the end of its period", ({ scenario, result }) => {
    expect(compared(analyze(fromScenario(scenario)))).toEqual(compared(result));
  });

  test.each(vectors)("$id, each budget within w", ({ scenario, result, result_edp }) => {
    expect(compared(analyze(fromScenario(scenario), { edp: true }))).toEqual(compared(result_edp ?? result));
  });
});

describe("design.jsonl", () => {
  const vectors = readLines<DesignVector>("design.jsonl");
  test("is complete", () => expect(vectors).toHaveLength(40));

  test.each(vectors)("$id", (question) => {
    const tasks = fromScenario({ servers: [{ tasks: question.tasks }] }).servers[0].tasks;
    const { curve, best, best_with_switch } = question;
    expect(design({ ...question, tasks })).toEqual({ curve, best, best_with_switch });
  });
});
