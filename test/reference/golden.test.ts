// The golden examples of semantics.md section 10.9: who has the CPU when, and counters. `a[0,2)` is a server with the
// CPU in an interval, `a*[0,2)` the same as background supply.

import { describe, expect, test } from "vitest";
import { GOLDEN_HOSTS } from "./golden-hosts.js";
import { GOLDEN_SERVERS, ONE_JOB } from "./golden-servers.js";
import { GOLDEN_OF_SEVERAL } from "./golden-several.js";
import { type Stepping, traceReference } from "./simulator.js";
import type { Piece, Run } from "./state.js";
import type { AnyScenario } from "./types.js";

/** Who ran when: adjacent pieces with one label are one span. */
function spans(pieces: readonly Piece[], label: (run: Run) => string): string {
  const found: { name: string; from: number; to: number }[] = [];
  for (const { from, to, run } of pieces) {
    const name = label(run);
    const last = found.at(-1);
    if (last?.name === name && last.to === from) last.to = to;
    else found.push({ name, from, to });
  }
  return found.map(({ name, from, to }) => `${name}[${from},${to})`).join(" ");
}

/** The schedule in the notation of the examples. */
function written(pieces: readonly Piece[]): string {
  return spans(pieces, ({ path, isBackground }) => {
    const { given, name } = path[0]!;
    const isCounted = given.background !== undefined || given.policy === "rtds" || given.policy === "sedf";
    return isBackground && isCounted ? `${name}*` : name;
  });
}

/** Adds the name that the examples leave out where it is the one before: `a[0,2) [3,4)`. */
function inFull(cpu: string): string {
  let label = "";
  return cpu.replaceAll(/([^\s[]*)\[/g, (_, given: string) => {
    if (given !== "") label = given;
    return `${label}[`;
  });
}

/** The named counters, wherever a result has them: of the host, of the servers, summed over the tasks of a server. */
function counted(scenario: AnyScenario, stepping: Stepping, name: string, counters: readonly string[]): unknown {
  const { host, servers, tasks } = traceReference(scenario, stepping).result;
  const server = servers.find((each) => each.name === name);
  const own = tasks.filter((each) => each.server === name);
  const values = counters.map((counter) => {
    if (name === "host") return [counter, host[counter as "busy"]];
    if (server !== undefined && counter in server) return [counter, server[counter as "supply"]];
    return [counter, own.map((task) => task[counter as "missed"]).reduce((a, b) => a + b, 0)];
  });
  return Object.fromEntries(values);
}

describe.each<Stepping>(["ticks", "events"])("by %s", (stepping) => {
  test.each([...ONE_JOB, ...GOLDEN_SERVERS, ...GOLDEN_HOSTS])("$title", ({ scenario, cpu, counters }) => {
    expect(written(traceReference(scenario, stepping).pieces)).toBe(inFull(cpu));
    for (const [name, expected] of Object.entries(counters ?? {})) {
      expect(counted(scenario, stepping, name, Object.keys(expected)), name).toStrictEqual(expected);
    }
  });
});

describe.each<Stepping>(["ticks", "events"])("of several, by %s", (stepping) => {
  test.each(GOLDEN_OF_SEVERAL)("$title", ({ scenario, cpus, counters }) => {
    const { pieces, result } = traceReference(scenario, stepping);
    const labelled = (cpu: number) =>
      spans(
        pieces.filter(({ run }) => run.cpu === cpu),
        ({ path, job }) => path.at(-1)!.name + (job === null ? "" : `:${job.task.name}`),
      );
    expect(cpus.map((_, cpu) => labelled(cpu))).toStrictEqual(cpus);
    const rows = Object.fromEntries([
      ["host", result.host],
      ...result.servers.map((row) => [row.name, row]),
      ...result.tasks.map((row) => [`${row.server}:${row.name}`, row]),
    ]);
    expect(rows).toMatchObject(counters);
  });
});
