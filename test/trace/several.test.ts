// Traces of several CPUs, VCPUs, servers in servers, parts and chains (semantics.md section 11): what happened, event by event,
// accounts for the counters of the run.

import { readFileSync } from "node:fs";
import { tableFromIPC } from "@uwdata/flechette";
import { parse } from "lossless-json";
import { describe, expect, test } from "vitest";
import type { Traced } from "../../src/trace/traced.js";
import { sampleOf } from "../support/runs.js";
import { readVectors, type Vector } from "../support/simulate.js";
import { type Happening, notReached, type Parts, SeveralCounter, type SeveralCounts } from "./several.js";
import { bytesOf, eventsOf, modelOf, textOf, tracedOf } from "./support.js";

type Row = Readonly<Record<string, number>>;

interface Counted {
  readonly host: { readonly cpus?: readonly Row[] };
  readonly servers: readonly (Row & { readonly vcpus?: readonly Row[] })[];
  readonly tasks: readonly Row[];
}

interface Written {
  readonly servers?: readonly Written[];
  readonly tasks?: readonly { readonly parts?: readonly { readonly budget: number }[] }[];
}

const VECTORS = readVectors(readFileSync(new URL("../vectors/simulation-3.jsonl", import.meta.url), "utf8"));

function partsOf(servers: readonly Written[]): Parts {
  return servers.flatMap(({ tasks = [], servers: inner = [] }) => [
    ...tasks.map(({ parts = [] }) => parts.slice(0, -1).map(({ budget }) => budget)),
    ...partsOf(inner),
  ]);
}

/** Of the rows of a result the counters that a trace accounts for, as far as the result has them. */
function picked(rows: readonly Row[], like: readonly Row[]): Row[] {
  return rows.map((row, i) => Object.fromEntries(Object.keys(like[i]).map((name) => [name, row[name]])));
}

/** Only a result with `cpus` or `vcpus` has migrations, and counters of CPUs. */
function comparable({ cpus, servers, tasks }: SeveralCounts, hasCpus: boolean): unknown {
  if (hasCpus) return { cpus, servers, tasks };
  const without = (rows: readonly Row[]) => rows.map(({ migrations: _, ...others }) => others);
  return { servers: without(servers), tasks: without(tasks) };
}

function expected(result: Counted, like: SeveralCounts): unknown {
  const servers = result.servers.flatMap((server) => server.vcpus ?? [server]);
  const { cpus } = result.host;
  const counts = {
    cpus: picked(cpus ?? like.cpus, like.cpus),
    servers: picked(servers, like.servers),
    tasks: picked(result.tasks, like.tasks),
  };
  return comparable(counts, cpus !== undefined);
}

const total = (stretches: readonly { readonly from: number; readonly to: number }[]) =>
  stretches.reduce((sum, { from, to }) => sum + to - from, 0);

/** The events of a table. */
function tableEvents(run: Traced): Happening[] {
  const rows = tableFromIPC(bytesOf([run], "arrow"), { useBigInt: false }).toArray();
  return rows.map(({ time, kind, server: owner, vcpu = null, task, job, cpu = 0 }) => {
    const name = vcpu === null ? owner : `${owner}.${vcpu}`;
    const ownerOf = (number: number) => run.servers[number].vcpu?.vm ?? run.servers[number].name;
    return {
      ...{ time, kind, cpu, job: job ?? -1, server: run.servers.findIndex((each) => each.name === name) },
      task: task === null ? -1 : run.tasks.findIndex((each) => each.name === task && ownerOf(each.server) === owner),
    };
  });
}

/** Lengths in a picture: of the bars of CPUs and servers. */
function pictured(run: Traced): unknown {
  const { host, servers } = modelOf(run);
  return {
    cpus: host.map(total),
    servers: servers.map(({ used, extra, idled }) => [total(used) + total(extra) + total(idled), total(idled)]),
  };
}

function suppliesOf({ cpus, servers }: SeveralCounts): unknown {
  return {
    cpus: cpus.map(({ busy }) => busy),
    servers: servers.map(({ supply, idled }) => [supply, idled]),
  };
}

function check({ id, scenario, ...vector }: Vector): void {
  const result = vector.result as Counted;
  const run = tracedOf(parse(scenario));
  const events = eventsOf(run);
  const written = JSON.parse(scenario) as { servers: Written[] };
  const counts = new SeveralCounter(run, partsOf(written.servers)).count(events);
  expect([id, new SeveralCounter(run, partsOf(written.servers)).count(tableEvents(run))]).toStrictEqual([id, counts]);
  expect([id, pictured(run)]).toStrictEqual([id, suppliesOf(counts)]);
  notReached(run, events).forEach((count, task) => {
    counts.tasks[task].missed += count;
  });
  const found = comparable(counts, result.host.cpus !== undefined);
  expect([id, found]).toStrictEqual([id, expected(result, counts)]);
}

describe("the events of every vector of several CPUs, VCPUs, trees and chains", () => {
  test("account for supply, switches, preemptions, migrations, completions and misses", () => {
    expect(VECTORS.length).toBe(400);
    for (const vector of sampleOf(sampleOf(VECTORS))) check(vector);
  });

  test("have a row a CPU in a picture", () => {
    const text = readFileSync(new URL("golden/several-cpus.json", import.meta.url), "utf8");
    const picture = textOf(tracedOf(JSON.parse(text)), "svg");
    const labels = [...picture.matchAll(/<text class="name"[^>]*>([^<]*)</g)].map(([, label]) => label);
    expect(labels).toStrictEqual(["CPU 0", "CPU 1", "vm.v0", "vm.v1", "t", "r", "x", "t", "y", "u", "z", "z"]);
  });
});
