// The schedulers of the paper's related work, one beside the other. docs/systems.md cannot say what is not so.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { cellsOf } from "../support/cells.js";
import { systemsPicture } from "./picture.js";
import { comparisonTable, type Row, systems, systemsTable } from "./systems.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const text = (path: string): string => readFileSync(join(root, path), "utf8");
const sweepsIn = (folder: string): string[] =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => `${folder}/${name}`);

const all = systems();
const row = (sweep: string, axes = ""): Row => all.find((found) => found.sweep === sweep && found.axes === axes)!;
const names = (wanted: (row: Row) => boolean): string[] =>
  all.filter(wanted).map(({ sweep, axes }) => `${sweep} ${axes}`.trim());

describe("the systems on one workload", () => {
  test("page, README and picture are as they are computed", () => {
    expect(text("docs/systems.md")).toContain(systemsTable(all));
    expect(text("README.md")).toContain(comparisonTable(all));
    expect(text("sweeps/figures/systems.svg")).toBe(systemsPicture(all));
  });

  test("every sweep has the same virtual machines with the same tasks and horizon", () => {
    const workloads = sweepsIn("sweeps/systems").map((file) => {
      const { horizon, system, axes } = parse(text(file));
      const tasks = Object.entries(system.servers).map(([name, server]) => [
        name,
        (server as { tasks: unknown }).tasks,
      ]);
      return { horizon, tasks, play: axes.play };
    });
    expect(workloads).toHaveLength(21);
    for (const workload of workloads) expect(workload).toStrictEqual(workloads[0]);
  });

  test("every cell of every sweep is in the table", () => {
    expect(all).toHaveLength(30);
    for (const { calm, wild } of all) for (const cell of [calm, wild]) expect(cell.task1.released).toBeGreaterThan(0);
    const sweeps = new Set(all.map(({ sweep }) => `sweeps/systems/${sweep}.yaml`));
    expect([...sweeps].sort()).toStrictEqual(sweepsIn("sweeps/systems").sort());
  });

  test("reservations miss nothing, whatever a neighbour does", () => {
    const safe = ({ calm, wild }: Row): boolean =>
      [calm.play, calm.task1, calm.task2, wild.task1, wild.task2].every(({ missed }) => missed === 0);
    expect(names(safe)).toStrictEqual([
      ...["hsf", "resch", "vsched", "kvm-cbs cbs", "kvm-cbs cbs-soft", "sched-deadline", "sched-sporadic", "sfq 1ms"],
      ...["guest-deadlines", "rt-xen deferrable", "rt-xen idling", "rt-xen polling", "rt-xen sporadic"],
      ...["rtds false", "rtds true", "sedf true", "sedf false", "xtratum"],
    ]);
  });

  test("without budgets one machine that runs wild stops all below it", () => {
    expect(names(({ wild }) => wild.task1.response === undefined)).toStrictEqual(["kvm-fifo", "psedf", "spumone"]);
  });

  test("those that go on without budget before all others leave nothing to the batch machine", () => {
    expect(names(({ wild }) => wild.batch < 0.001 && wild.task1.response !== undefined)).toStrictEqual([
      ...["resch", "kvm-cbs cbs-soft", "sched-sporadic", "open-environment tbs", "credit-preemptive"],
    ]);
  });

  test("priorities and real-time classes answer soonest, windows in a table latest of those that miss nothing", () => {
    const mean = (sweep: string, axes?: string): number => row(sweep, axes).calm.task1.response!.mean;
    expect(Math.max(mean("kvm-fifo"), mean("psedf"), mean("spumone"))).toBeLessThan(4.03);
    expect(mean("xtratum")).toBeGreaterThan(9);
    expect(mean("hsf")).toBeGreaterThan(mean("kvm-cbs", "cbs"));
  });

  test("credit: sampled accounting makes three times the misses of exact beside a machine that runs wild", () => {
    const missed = (axes: string) => {
      const { calm, wild } = row("credit", axes);
      return [calm.play.missed, calm.task1.missed, wild.task1.missed];
    };
    expect(missed("sampled")).toStrictEqual([3, 2, 34]);
    expect(missed("exact")).toStrictEqual([3, 1, 13]);
    expect(row("credit-laxity").calm.task1.missed).toBe(2);
    expect(row("credit-preemptive").calm.play.missed).toBe(120);
  });

  test("KVM as it is misses a third of the short deadlines", () => {
    const { play, task1 } = row("kvm-fair").calm;
    expect([play.missed, play.released, task1.missed]).toStrictEqual([241, 660, 0]);
  });

  test("AQuoSA's controller waits for a miss; constant utilization servers wait for deadlines", () => {
    expect(row("aquosa").calm.task2.missed).toBe(15);
    expect(row("open-environment", "tbs").calm.task1.missed).toBe(30);
    expect(row("open-environment", "cus").calm.task1.missed).toBe(150);
  });
});

describe("the README's table of systems", () => {
  const section = /## Every scheduler of the paper\n([\s\S]*?)\n## /.exec(text("README.md"))![1];
  const table = section.slice(0, section.indexOf("\n\n", section.indexOf("| system")));
  const lines = table.split("\n").filter((line) => /^\| (?!system|--)/.test(line));

  test("names every system that the paper refers to, by its number there", () => {
    expect(lines.length).toBeGreaterThan(25);
    const numbers = lines.flatMap((line) => [...line.split("|")[1].matchAll(/\[(\d+)\]/g)].map(([, n]) => Number(n)));
    const related = [...[3, 7, 8, 9, 10, 12, 13, 14], ...Array.from({ length: 17 }, (_, i) => 17 + i)];
    expect(numbers.sort((a, b) => a - b)).toStrictEqual(related);
  });

  test("names for each a sweep, and every sweep of the comparison for some", () => {
    const named = lines.flatMap((line) => {
      const found = [...line.matchAll(/\]\((sweeps\/[\w/-]+\.yaml)\)/g)].map(([, path]) => path);
      expect(found.length, line).toBeGreaterThan(0);
      return found;
    });
    expect(sweepsIn("sweeps/systems").filter((path) => !named.includes(path))).toStrictEqual([]);
    for (const path of named) expect(text(path)).toContain("name: ");
  });

  // Those in its folders run whole: above, in readings.test.ts, and against recordings.
  test.each(sweepsIn("sweeps"))("%s is laid out and runs", (file) => {
    for (const { result } of cellsOf(file, ["horizon=40ms", "replicates=2"]))
      expect(result.host.busy + result.host.idle).toBe(result.host.end);
  });
});
