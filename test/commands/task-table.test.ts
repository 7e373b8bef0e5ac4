// Commands read the tables of a sweep beside it; what they make needs no table.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runSweep } from "replenish";
import { describe, expect, test } from "vitest";
import { exportCommand } from "../../src/commands/bodies/export.js";
import { scenarioCommand } from "../../src/commands/bodies/scenario.js";
import { readSweep } from "../../src/commands/sweep-file.js";
import { InvalidInput } from "../../src/input/problem.js";
import { verifyRun } from "../../src/run/verify.js";
import { replenish } from "../run/process.js";
import { fileOf, printedBy } from "./capture.js";

const SERVER = "{ policy: idling, period: 10, budget: 5, tasks: TASKS }";
const TEXT = `horizon: 100\nsystem: { servers: { vm: ${SERVER} } }\n`;
const TABLE = "name,period,wcet\na,20,2\nb,50,3\n";

/** A search with drawn tasks: its tables do not all begin with the number of a cell. */
const DRAWN = `
resolution: 1us
horizon: 100ms
system:
  servers:
    vm: { policy: idling, period: =P, budget: =Q, tasks: { generate: { count: 2, utilization: 0.4, period: automotive } } }
axes: { P: [10ms, 20ms], Q: [3ms, 5ms, 7ms] }
find: { axis: Q, least: missed = 0 }
`;

/** A sweep with a table in the folder `d` beside it. */
function sweepWith(tasks: string): { sweep: string; table: string } {
  const sweep = fileOf("s.yaml", TEXT.replace("TASKS", tasks));
  const table = join(dirname(sweep), "d", "tasks.csv");
  mkdirSync(dirname(table));
  writeFileSync(table, TABLE);
  return { sweep, table };
}

function scenario(sweep: string) {
  return printedBy(() => scenarioCommand({ sweep, set: [], cell: undefined, replicate: undefined }));
}

describe("a sweep with a table", () => {
  test("has the scenario of one that writes its rows, by a relative and an absolute path", async () => {
    const { sweep, table } = sweepWith("{ from: d/tasks.csv }");
    const written = sweepWith("{ a: { period: 20, wcet: 2 }, b: { period: 50, wcet: 3 } }").sweep;
    const absolute = sweepWith(`{ from: ${JSON.stringify(table)} }`).sweep;
    const expected = (await scenario(written)).out;
    expect(expected).toContain('"period": 50');
    expect((await scenario(sweep)).out).toBe(expected);
    expect((await scenario(absolute)).out).toBe(expected);
  });

  test("has a run directory that is verified without the table", async () => {
    const { sweep, table } = sweepWith("{ from: d/tasks.csv }");
    const directory = join(dirname(sweep), "out");
    const { text, file } = await readSweep(sweep);
    await runSweep({ text, file, directory, workers: 1 });
    rmSync(table);
    const kept = join(directory, "sweep.yaml");
    expect(readFileSync(kept, "utf8")).toContain(JSON.stringify({ file: "d/tasks.csv", text: TABLE }));
    expect((await scenario(kept)).out).toContain('"period": 50');
    expect((await verifyRun({ directory, workers: 1 })).differences).toEqual([]);
  });

  test("is not exported over its table", async () => {
    const { sweep, table } = sweepWith("{ from: d/tasks.csv }");
    const directory = join(dirname(sweep), "out");
    const { text, file } = await readSweep(sweep);
    await runSweep({ text, file, directory, workers: 1 });
    const options = { directory, output: dirname(table), partitionBy: undefined };
    for (const format of ["csv", "notebook"] as const) {
      await expect(exportCommand({ ...options, format })).rejects.toThrow(
        `${table}: no export of a run, and would be overwritten; choose another --output`,
      );
    }
    expect([readFileSync(table, "utf8"), existsSync(join(dirname(table), "cells.csv"))]).toEqual([TABLE, false]);
    writeFileSync(table, `${TABLE}\n`); // edited since
    await expect(exportCommand({ ...options, format: "csv" })).rejects.toThrow("no export of a run");
    for (let time = 0; time < 2; time++)
      expect((await printedBy(() => exportCommand({ ...options, format: "jsonl" }))).code).toBe(0);
    for (let time = 0; time < 2; time++)
      expect((await printedBy(() => exportCommand({ ...options, output: directory, format: "csv" }))).code).toBe(0);
  });

  test("is exported over what was exported before, whatever the tables", async () => {
    const sweep = fileOf("s.yaml", DRAWN);
    const directory = join(dirname(sweep), "out");
    await runSweep({ text: DRAWN, file: sweep, directory, workers: 1 });
    for (const format of ["csv", "jsonl", "csv", "jsonl"] as const) {
      const { code, out } = await printedBy(() =>
        exportCommand({ directory, output: directory, format, partitionBy: undefined }),
      );
      expect([code, out.match(/[a-z]+(?=\.(?:csv|jsonl))/g)]).toEqual([
        0,
        ["cells", "find", "servers", "tasks", "workload"],
      ]);
    }
  });

  test("says of all tables that cannot be read where they are named", async () => {
    const { sweep } = sweepWith("{}");
    const other = `    w: ${SERVER.replace("TASKS", "{ from: d/none.csv }")}\n`;
    const one = `    vm: ${SERVER.replace("TASKS", "{ from: d/../../tasks.csv }")}\n`;
    writeFileSync(sweep, `horizon: 100\nsystem:\n  servers:\n${one}${other}`);
    await expect(scenario(sweep)).rejects.toThrow(
      new InvalidInput([
        {
          ...{ file: sweep, line: 4, column: 65, path: "system.servers.vm.tasks.from" },
          text: "d/../../tasks.csv is not in the folder of the sweep; from elsewhere a table is named by its absolute path",
        },
        {
          ...{ file: sweep, line: 5, column: 64, path: "system.servers.w.tasks.from" },
          text: `${join(dirname(sweep), "d/none.csv")}: no such file or directory (ENOENT)`,
        },
      ]),
    );
  });
});

describe("a table whose tasks name tables of times", () => {
  const ARRIVALS = "at,work\n0,2\n30,4\n";
  const NAMED = "name,period,wcet,recorded,execution\na,,,../a.csv,\nb,50,,,{empirical: b.csv}\n";
  const WRITTEN =
    "{ a: { jobs: [{ at: 0, work: 2 }, { at: 30, work: 4 }] }, b: { period: 50, execution: { empirical: [3, 5] } } }";

  /** Beside the table `b.csv`, beside the sweep `a.csv`. */
  function sweepWithTimes(text = NAMED): { sweep: string; folder: string } {
    const { sweep, table } = sweepWith("{ from: d/tasks.csv }");
    const folder = dirname(sweep);
    writeFileSync(table, text.replace("{empirical: b.csv}", '"{empirical: b.csv}"'));
    writeFileSync(join(folder, "a.csv"), ARRIVALS);
    writeFileSync(join(dirname(table), "b.csv"), "3\n5\n");
    return { sweep, folder };
  }

  test("has the scenario of one that writes them, and a run that is verified without any table", async () => {
    const { sweep, folder } = sweepWithTimes();
    const expected = (await scenario(sweepWith(WRITTEN).sweep)).out;
    expect(expected).toContain('"empirical"');
    expect((await scenario(sweep)).out).toBe(expected);
    const { text, file } = await readSweep(sweep);
    const directory = join(folder, "out");
    await runSweep({ text, file, directory, workers: 1 });
    for (const name of ["a.csv", "d"]) rmSync(join(folder, name), { recursive: true });
    const kept = join(directory, "sweep.yaml");
    expect((await scenario(kept)).out).toBe(expected);
    expect((await verifyRun({ directory, workers: 1 })).differences).toEqual([]);
    const traced = await replenish("trace", kept, "--cell", "0");
    expect(traced).toMatchObject({ code: 0, stderr: "" });
    expect(traced.stdout).toMatch(/^ *30 release +vm\/a#1$/m);
    expect(await replenish("report", directory)).toMatchObject({ code: 0 });
    expect(existsSync(join(directory, "report.html"))).toBe(true);
  });

  test("says where those are named that cannot be read, and what is wrong in them", async () => {
    const none = sweepWithTimes(NAMED.replace("../a.csv", "../../a.csv").replace("b.csv", "c.csv"));
    await expect(scenario(none.sweep)).rejects.toThrow(
      /tasks\.csv:2:5 .*\.a\.recorded: .*not in the folder of the sweep/,
    );
    await expect(scenario(none.sweep)).rejects.toThrow(/tasks\.csv:3:8 .*\.b\.execution\.empirical: .*c\.csv/);
    const wrong = sweepWithTimes();
    writeFileSync(join(wrong.folder, "a.csv"), "at,work\n0,2\n-1,4\n");
    await expect(scenario(wrong.sweep)).rejects.toThrow(/a\.csv:3:1 .*\.a\.jobs\[1\]\.at: /);
  });
});
