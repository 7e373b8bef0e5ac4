// Tables of a sweep whose cells have different numbers of VMs: a row a VM in servers, a row a VCPU in vcpus.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openCursor } from "../../src/grid/cells.js";
import { openSweep } from "../../src/grid/open.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { compileKernel } from "../../src/kernel/load.js";
import { type ServerResult, simulate, type VcpuResult } from "../../src/kernel/simulate.js";
import { planFile, tableMetadata } from "../../src/results/plan-file.js";
import { type RunOptions, runSweep } from "../../src/run/run.js";
import { tableLayouts } from "../../src/tables/columns.js";
import { runInProcess } from "./in-process.js";
import type { TableRow } from "./rows.js";
import { VMS_SWEEP } from "./vms.js";

test("a VM has one row in servers, each VCPU one in vcpus, with the counters of its cell's own scenario", () => {
  const { sweep, plan } = openSweep(VMS_SWEEP, "vms.yaml");
  const kernel = new Kernel(compileKernel());
  const cursor = openCursor(sweep, plan, kernel);
  const [servers, vcpus]: TableRow[][] = [[], []];
  const counted = ({ supply, blackout_max, migrations }: ServerResult | VcpuResult) => {
    return { supply, blackout_max, migrations: migrations! };
  };
  const own = new Kernel(compileKernel());
  while (cursor.next()) {
    for (let replicate = 0; replicate < 2; replicate++) {
      cursor.replicate(replicate);
      const id = { cell: cursor.cell, replicate };
      for (const { vcpus: list = [], ...server } of simulate(own, cursor.scenario).servers) {
        servers.push({ ...id, server: server.name, ...counted(server) });
        for (const vcpu of list) vcpus.push({ ...id, server: server.name, vcpu: vcpu.name, ...counted(vcpu) });
      }
    }
  }
  const like = (rows: readonly TableRow[], { ...keys }: TableRow) =>
    rows.map((row) => Object.fromEntries(Object.keys(keys).map((key) => [key, row[key]])));
  const { servers: ofServers, vcpus: ofVcpus } = runInProcess(VMS_SWEEP, 7);
  const unit = (row: TableRow) => ({
    ...row,
    supply: Number(row.supply) / 1000,
    blackout_max: Number(row.blackout_max) / 1000,
  });
  expect(like(ofServers, servers[0]!)).toStrictEqual(servers.map(unit));
  expect(like(ofVcpus, vcpus[0]!)).toStrictEqual(vcpus.map(unit));
  expect(plan.rowsServers).toBe(servers.length);
  expect(new Set(ofServers.map(({ server }) => server))).toStrictEqual(new Set(["vm1", "vm2", "host"]));
  for (const row of ofServers.filter(({ server }) => server !== "host")) {
    const [v0, v1] = ofVcpus.filter(
      (one) => one.cell === row.cell && one.replicate === row.replicate && one.server === row.server,
    );
    expect([row.server_policy ?? null, row.period]).toStrictEqual([
      v0!.vcpu_policy === v1!.vcpu_policy ? v0!.vcpu_policy : null,
      row.P === 10 ? 10 : null,
    ]);
    expect(row.schedulable).toBe(v0!.schedulable === v1!.schedulable ? v0!.schedulable : null);
    expect(row.u_actual).toBeGreaterThan(0);
  }
});

test("a search may ask what a VCPU, or its VM, has counted", () => {
  const find = (condition: string) =>
    runInProcess(
      `{ horizon: 100, system: { servers: { vm: { assignment: global-blind, vcpus: { a: { policy: idling, period: 10, budget: =B }, b: { policy: idling, period: 20, budget: 2 } }, tasks: { t: { period: 20, wcet: 1 } } } } },
         axes: { B: [1, 2, 3, 4, 5] }, find: { axis: B, least: ${condition} } }`,
    ).find!.map(({ found }) => found);
  expect(find("vcpu.vm.a.supply >= 25")).toStrictEqual([3]);
  expect(find("server.vm.supply >= 45")).toStrictEqual([4]);
  expect(find("task.vm.t.missed = 0")).toStrictEqual([1]);
});

test("only a run with VCPUs has another format, and a table of them", () => {
  const none = "{ horizon: 10, system: { host: { cpus: 2 }, servers: { s: { policy: dedicated } } } }";
  const found = [VMS_SWEEP, none].map((text) => {
    const { plan } = openSweep(text, "s.yaml");
    const identity = { planHash: "", kernelHash: "" };
    const layouts = tableLayouts(plan);
    const content = JSON.parse(
      planFile(
        plan,
        "",
        identity,
        layouts,
        layouts.map(() => 1),
      ),
    );
    return [content.format, tableMetadata(plan, "", identity).get("format"), Object.keys(content.tables)];
  });
  const tables = ["cells", "servers", "tasks", "cpus"];
  expect(found).toStrictEqual([
    [4, "4", [...tables, "vcpus"]],
    [3, "3", tables],
  ]);
});

/** Stops a run when it has something to go on with, and goes on. @returns whether it was stopped before its end */
async function stopAndGoOn(text: string, root: string): Promise<boolean> {
  const run = (name: string, options: Partial<RunOptions> = {}) =>
    runSweep({ text, file: "vms.yaml", directory: join(root, name), workers: 1, ...options });
  const stop = new AbortController();
  const first = await run("stopped", {
    signal: stop.signal,
    onProgress: ({ runsDone }) => {
      if (runsDone > 0) stop.abort();
    },
  });
  if (first.interrupted === undefined) return false;
  expect(first.runsDone).toBeGreaterThan(0);
  const last = await run("stopped");
  expect([last.interrupted, last.cellsBefore]).toEqual([undefined, first.cellsDone]);
  await run("whole");
  const [own, other] = await Promise.all(
    ["stopped", "whole"].map((name) => readFile(join(root, name, "SHA256SUMS"), "utf8")),
  );
  expect(own).toContain("vcpus.arrow");
  expect(own).toBe(other);
  return true;
}

test("a run with VMs that was stopped goes on to the same bytes", async () => {
  // How much is done when the first progress is told is up to the machine: as much work as it takes.
  for (let horizon = 2000; ; horizon *= 2) {
    const root = await mkdtemp(join(tmpdir(), "replenish-vcpus-"));
    const wasStopped = await stopAndGoOn(VMS_SWEEP.replace("horizon: 200", `horizon: ${horizon}`), root);
    await rm(root, { recursive: true });
    if (wasStopped) return;
  }
});
