// Two weaknesses of Xen's schedulers that one workload does not show: tables of docs/systems.md.

import { cellsOf, markdownTable } from "../support/cells.js";

const share = (part: number, { end }: { end: number }): string => ((100 * part) / end).toFixed(1);

/** What the sleeper of sweeps/credit-sleeper.yaml gets of the CPU in per cent, by first job, accounting and burst. */
export function sleepers(): Map<string, string> {
  const cells = cellsOf("sweeps/credit-sleeper.yaml");
  return new Map(
    cells.map(({ axes, result }) => [Object.values(axes).join(" "), share(result.servers[0].supply, result.host)]),
  );
}

/** A row a burst. */
export function sleepersTable(shares: ReadonlyMap<string, string>): string {
  const ways = ["12ms sampled", "12ms exact", "0.1ms sampled", "0.1ms exact"];
  const rows = ["2ms", "5ms", "8ms", "9.5ms"].map((burst) => [
    burst,
    ...ways.map((way) => shares.get(`${way} ${burst}`)!),
  ]);
  return markdownTable(["burst", "sampled %", "exact %", "never seen: sampled %", "never seen: exact %"], rows, 0);
}

/** What the domain of sweeps/sedf-short-blocks.yaml gets in all, and in its slices, by extra time and wait. */
export function blockers(): Map<string, { readonly all: string; readonly slices: string }> {
  const cells = cellsOf("sweeps/sedf-short-blocks.yaml");
  return new Map(
    cells.map(({ axes, result }) => {
      const { supply, supply_background } = result.servers[0];
      const all = share(supply, result.host);
      return [Object.values(axes).join(" "), { all, slices: share(supply - supply_background, result.host) }];
    }),
  );
}

/** A row a wait. */
export function blockersTable(shares: ReturnType<typeof blockers>): string {
  const rows = ["0ms", "0.1ms", "1ms", "5ms", "20ms"].map((block) => {
    const [without, extra] = ["false", "true"].map((extratime) => shares.get(`${extratime} ${block}`)!);
    return [block, without.all, without.slices, extra.all, extra.slices];
  });
  return markdownTable(["block", "share %", "in slices %", "extra time: share %", "in slices %"], rows, 0);
}
