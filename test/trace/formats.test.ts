import { tableFromIPC } from "@uwdata/flechette";
import fc from "fast-check";
import polars from "nodejs-polars";
import { describe, expect, test } from "vitest";
import type { Format } from "../../src/trace/formats.js";
import { scenarioArbitrary } from "../reference/scenarios.js";
import { runsOf } from "../support/runs.js";
import { readArrow, readFtrace, readGrasp, readPerfetto, readText } from "./readers.js";
import { bytesOf, type Counts, countEvents, countersOf, eventsOf, textOf, tracedOf } from "./support.js";

/** Scenarios whose names are such as no format changes. */
const scenarios = scenarioArbitrary({ horizonMax: 200 });

const readers: [Format, (run: ReturnType<typeof tracedOf>) => Counts][] = [
  ["text", (run) => readText(run, textOf(run, "text"))],
  ["perfetto", (run) => readPerfetto(run, textOf(run, "perfetto"))],
  ["grasp", (run) => readGrasp(run, textOf(run, "grasp"))],
  ["ftrace", (run) => readFtrace(run, textOf(run, "ftrace"))],
  ["arrow", (run) => readArrow(run, bytesOf([run], "arrow"))],
];

describe("the events of a run", () => {
  test("account for supply, replenishments, completions, misses and preemptions", () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const run = tracedOf(scenario);
        const events = eventsOf(run);
        const written = events.map((event) => ({ ...event, budget: event.value ?? Number.NaN }));
        expect(countEvents(run, written)).toStrictEqual(countersOf(run));
        expect(events.every((event, i) => i === 0 || event.time >= events[i - 1].time)).toBe(true);
      }),
      { numRuns: runsOf(600) },
    );
  });
});

describe.each(readers)("format %s", (format, read) => {
  test("read back, accounts for the counters of the run", () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const run = tracedOf(scenario);
        const expected = countersOf(run);
        // Grasp knows a server by its budget: one without is not in the trace.
        if (format === "grasp") {
          run.servers.forEach(({ budget }, server) => {
            if (budget === null) expected.servers[server].supply = 0;
          });
        }
        expect(read(run)).toStrictEqual(expected);
      }),
      { numRuns: runsOf(200) },
    );
  });

  test("gives the same bytes again", () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const run = tracedOf(scenario);
        expect(bytesOf([run], format).equals(bytesOf([run], format))).toBe(true);
      }),
      { numRuns: runsOf(20) },
    );
  });
});

describe("format arrow", () => {
  // 150,000 replenishments, depletions, stops and two dispatches each, and the end: more than eleven record batches.
  test("of many record batches is whole, and Polars reads it", () => {
    const scenario = { horizon: 60_000, servers: [{ name: "s", policy: "idling", period: 2, budget: 1, tasks: [] }] };
    const table = polars.readIPC(bytesOf([tracedOf(scenario)], "arrow"));
    expect(table.height).toBe(5 * 30_000 + 1);
    const kinds = table.getColumn("kind").cast(polars.Utf8).toArray();
    expect(kinds.filter((kind) => kind === "replenish").length).toBe(30_000);
    expect(table.getColumn("task").nullCount()).toBe(table.height);
    expect(table.getColumn("budget").sum()).toBe(2 * 30_000);
    expect(table.getColumn("time").toArray().at(-1)).toBe(60_000);
  });

  test("says what its columns are, and what was traced", () => {
    const run = tracedOf({ horizon: 9, servers: [{ name: "s", policy: "idling", period: 2, budget: 1, tasks: [] }] });
    const { schema } = tableFromIPC(bytesOf([run], "arrow"));
    expect(schema.metadata?.get("title")).toBe("test");
    expect(schema.fields.map(({ name, metadata }) => [name, metadata?.get("unit")])).toStrictEqual([
      ["time", "tick"],
      ["kind", undefined],
      ["server", undefined],
      ["task", undefined],
      ["job", undefined],
      ["deadline", "tick"],
      ["response", "tick"],
      ["left", "tick"],
      ["budget", "tick"],
    ]);
  });
});
