// The words of other tools: who writes one of them is told ours.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { InvalidInput } from "../../src/input/problem.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { oneServer, problemsOf } from "./sweeps.js";

/** What is said of the one key that does not belong. */
function remark(text: string): string {
  const problems = problemsOf(text).filter((problem) => problem.includes("is not a key of"));
  expect(problems).toHaveLength(1);
  return problems[0].replace(/^.*is not a key of /, "");
}

describe("a server", () => {
  const server = (key: string) => remark(oneServer(["policy: cbs", "period: 10", "budget: 2", `${key}: 1`]));
  test.each([
    "runtime",
    "capacity",
    "slice",
    "execution",
    "C",
    "Q",
    "cost",
    "dl-runtime",
    "deadline_runtime",
    "sched_runtime",
    "wcet",
  ])("%s is its budget", (key) =>
    expect(server(key)).toMatch(
      /^a server; the CPU time of a server in a period is called "budget"; the keys of a server are policy, period, budget, /,
    ),
  );
  test.each([
    ["T", "period"],
    ["dl_period", "period"],
    ["D", "deadline"],
    ["prio", "priority"],
    ["phase", "offset"],
  ])("%s is its %s", (key, ours) => expect(server(key)).toContain(`; this of a server is called "${ours}"; the keys`));
  test("what it has not", () => {
    expect(server("jitter")).toBe('a server; it belongs to a task, where it is called "jitter"');
    expect(server("wcrt")).toMatch(/^a server; it is a result: "response_max" in tasks.arrow/);
    expect(server("bugdet")).toBe('a server; did you mean "budget"?');
    expect(server("colour")).toBe("a server");
  });
});

describe("a task", () => {
  const task = (key: string) =>
    remark(oneServer(["policy: dedicated", "tasks:", `  t: { period: 10, wcet: 2, ${key}: 1 }`]));
  test.each(["runtime", "C", "cost", "execution_time", "capacity", "computation"])("%s is its wcet", (key) =>
    expect(task(key)).toMatch(
      /^a task; the worst-case execution time of a task is called "wcet"; the keys of a task are /,
    ),
  );
  test.each([
    ["T", "period"],
    ["D", "deadline"],
    ["prio", "priority"],
    ["phase", "offset"],
    ["J", "jitter"],
  ])("%s is its %s", (key, ours) => expect(task(key)).toContain(`; this of a task is called "${ours}"; the keys`));
  test("a time that is its wcet elsewhere, and a map here", () => {
    const lines = ["policy: dedicated", "tasks:", "  t: { period: 10, wcet: 2, execution: 3ms, sporadic: 20 }"];
    const found = problemsOf(oneServer(lines));
    expect(found[0]).toMatch(/"3ms" is not execution; the worst-case execution time of a task is called "wcet"$/);
    expect(found[1]).toMatch(/20 is not sporadic, a map with distribution, mean$/);
  });
  test("what it has not", () => {
    expect(task("budget")).toBe('a task; it belongs to the server of the task, where it is called "budget"');
    expect(task("WCRT")).toMatch(/^a task; it is a result/);
  });
});

test("the sweep, its host, and a scenario in JSON", () => {
  expect(remark(`${oneServer(["policy: dedicated"])}\nruns: 3`)).toContain('; this of a sweep is called "replicates"');
  expect(remark("horizon: 1\nsystem: { host: { policy: edf }, servers: { a: { policy: dedicated } } }")).toContain(
    'the host; this of the host is called "scheduler"',
  );
  const server = { name: "vm", policy: "cbs", period: 10, runtime: 2, tasks: [] };
  expect(() => parseScenario(JSON.stringify({ horizon: 1, servers: [server] }))).toThrow(InvalidInput);
  expect(() => parseScenario(JSON.stringify({ horizon: 1, servers: [server] }))).toThrow(
    /servers\[0\]\.runtime: unknown field; the CPU time of a server in a period is called "budget"; the keys of a server are /,
  );
});

test("the words of SCHED_DEADLINE: a deadline before the end of the period is a field, the runtime is the budget", () => {
  const text = readFileSync(join(import.meta.dirname, "../commands/field/sched-deadline-words.yaml"), "utf8");
  expect(remark(text)).toMatch(/is called "budget"; the keys of a server are .*period, budget,.* deadline,/);
  expect(problemsOf(text.replace("runtime", "budget"))).toEqual(["no problem"]);
});

describe("values", () => {
  const said = (text: string) => problemsOf(text)[0].replace(/^.* is not one of [^;]*/, "");
  test.each([
    ["ds", "a deferrable server is deferrable"],
    ["deferrable-server", "a deferrable server is deferrable"],
    ["ps", "a polling server is polling"],
    ["polling_server", "a polling server is polling"],
    ["ss", "a sporadic server is sporadic"],
    ["sporadic_server", "a sporadic server is sporadic"],
    ["periodic", "a periodic server, whose budget is used up with or without a job, is idling"],
    ["SCHED_DEADLINE", "SCHED_DEADLINE is policy cbs under host edf"],
    ["sched_fifo", "SCHED_FIFO has no budget: it is dedicated under host fp, where a smaller priority goes first"],
    ["rt-group", "an RT group is policy deferrable under host fp"],
    ["idlin", 'did you mean "idling"?'],
  ])("policy %s", (word, remark) => {
    expect(said(oneServer([`policy: ${word}`, "period: 10", "budget: 2"]))).toBe(`; ${remark}`);
    const server = { name: "vm", policy: word, period: 10, budget: 2, tasks: [] };
    expect(() => parseScenario(JSON.stringify({ horizon: 1, servers: [server] }))).toThrow(`; ${remark}`);
  });
  test.each([
    ["rm", "rate monotonic is host fp with priorities by period: the shortest has the smallest"],
    ["RMS", "rate monotonic is host fp with priorities by period: the shortest has the smallest"],
    ["dm", "deadline monotonic is host fp with priorities by deadline: the shortest has the smallest"],
    ["fifo", "SCHED_FIFO is host fp, where a smaller priority goes first"],
    ["cfs", "fair sharing is host fp with servers of policy fair; host.fair says how"],
    ["DEADLINE", "SCHED_DEADLINE is host edf with servers of policy cbs"],
  ])("host %s", (word, remark) => {
    const text = `horizon: 1\nsystem: { host: { scheduler: ${word} }, servers: { a: { policy: dedicated } } }`;
    expect(said(text)).toBe(`; ${remark}`);
  });
  test("a guest has words of its own", () =>
    expect(said(oneServer(["policy: dedicated", "scheduler: SCHED_DEADLINE"]))).toBe(""));
});
