// What the sweeps on several CPUs, VCPUs and I/O show: tables of docs/systems.md.

import { type Cell, cellsOf, markdownTable } from "../support/cells.js";

interface Task {
  readonly name: string;
  readonly missed: number;
  readonly released: number;
  readonly response_max: number;
  readonly migrations?: number;
}

const missedIn = ({ result }: Cell): number => result.tasks.reduce((sum: number, { missed }: Task) => sum + missed, 0);

/** The task of a cell. */
export function taskIn({ result }: Cell, name: string): Task {
  return result.tasks.find((task: Task) => task.name === name);
}

/** The greatest value of the last axis up to which nothing is missed, by the other axes. */
function boundaries(cells: readonly Cell[]): Map<string, number> {
  const found = new Map<string, number>();
  const lost = new Set<string>();
  for (const cell of cells) {
    const values = Object.values(cell.axes);
    const key = values.slice(0, -1).join(" ");
    if (cell.result === undefined || missedIn(cell) > 0) lost.add(key);
    if (!lost.has(key)) found.set(key, Number(values.at(-1)));
  }
  return found;
}

/** The greatest heavy task of sweeps/several/dhall.yaml, by guest, way and light tasks. */
export function heaviest(): Map<string, number> {
  // Around the boundaries only: the whole sweep takes seconds.
  return boundaries(cellsOf("sweeps/several/dhall.yaml", ["heavy=75,76,77,90,91,92,98,99,100,101"]));
}

export function heaviestTable(heaviest: ReadonlyMap<string, number>): string {
  const rows = ["fp", "edf"].flatMap((guest) =>
    ["2", "10", "25"].map((light) => [
      guest,
      light,
      ...["global", "separated", "partitioned"].map((how) => String(heaviest.get(`${guest} ${how} ${light}`))),
    ]),
  );
  return markdownTable(["guest", "light", "global", "separated", "partitioned"], rows, 1);
}

/** Jobs missed of those released in the sweeps on RT-Xen's hosts, or "fits nowhere", by period and share. */
export function hosts(): Map<string, string> {
  const found = new Map<string, string>();
  for (const host of ["partitioned", "global"]) {
    for (const cell of cellsOf(`sweeps/several/rt-xen-${host}.yaml`)) {
      const missed = cell.result === undefined ? "fits nowhere" : String(missedIn(cell));
      found.set(`${host} ${Object.values(cell.axes).join(" ")}`, missed);
    }
  }
  return found;
}

export function hostsTable(hosts: ReadonlyMap<string, string>): string {
  const rows = ["100", "200", "600"].flatMap((period) =>
    ["4", "5", "6"].map((share) => [
      period,
      share,
      ...["partitioned", "global"].map((host) => hosts.get(`${host} ${period} ${share}`)!),
    ]),
  );
  return markdownTable(["period", "budget of 10", "partitioned: missed", "global: missed"], rows, 0);
}

/** The greatest load of each of three tasks on two CPUs, by method. */
export function loads(): Map<string, number> {
  return boundaries(cellsOf("sweeps/several/semi-partitioned.yaml"));
}

export function loadsTable(loads: ReadonlyMap<string, number>): string {
  const methods = ["first-fit", "worst-fit", "fp-pm", "edf-wm"];
  return markdownTable(
    methods.map((method) => `${method} %`),
    [methods.map((method) => String(loads.get(method)))],
    0,
  );
}

/** The longest responses of two tasks, by guest and burst. */
export function guests(): Map<string, [number, number]> {
  const cells = cellsOf("sweeps/several/blind-guest.yaml");
  return new Map(
    cells.map((cell) => [
      Object.values(cell.axes).join(" "),
      [taskIn(cell, "hi").response_max, taskIn(cell, "lo").response_max],
    ]),
  );
}

export function guestsTable(guests: ReadonlyMap<string, readonly [number, number]>): string {
  const rows = ["5", "10", "20", "30"].map((burst) => [
    burst,
    ...["global-blind", "global-aware"].flatMap((guest) => guests.get(`${guest} ${burst}`)!.map(String)),
  ]);
  return markdownTable(["burst", "blind: hi", "blind: lo", "aware: hi", "aware: lo"], rows, 0);
}

/** The longest way of a packet in us, and the longest burst of the others in ms, by boost and burst. */
export function packets(): Map<string, [string, string]> {
  const cells = cellsOf("sweeps/several/dom0.yaml");
  return new Map(
    cells.map((cell) => [
      Object.values(cell.axes).join(" "),
      [
        cell.time(taskIn(cell, "rx").response_max).toFixed(0),
        (cell.time(taskIn(cell, "burst").response_max) / 1000).toFixed(2),
      ],
    ]),
  );
}

export function packetsTable(packets: ReadonlyMap<string, readonly [string, string]>): string {
  const rows = ["1000us", "2000us", "4000us"].map((burst) => [
    burst,
    ...["9", "1"].flatMap((boost) => packets.get(`${boost} ${burst}`)!),
  ]);
  return markdownTable(["batch", "packet (us)", "batch (ms)", "boosted: packet (us)", "batch (ms)"], rows, 0);
}

/** The longest delay of a frame from the disk on in ms, frames late, and overhead in per cent, by period. */
export function frames(): Map<string, [string, string, string]> {
  const cells = cellsOf("sweeps/several/media-server.yaml");
  return new Map(
    cells.map((cell) => {
      const { response_max, missed, released } = taskIn(cell, "send");
      const { overhead, end } = cell.result.host;
      const late = `${((100 * missed) / released).toFixed(1)}`;
      return [
        Object.values(cell.axes).join(" "),
        [cell.time(response_max).toFixed(2), late, ((100 * overhead) / end).toFixed(2)],
      ];
    }),
  );
}

export function framesTable(frames: ReadonlyMap<string, readonly [string, string, string]>): string {
  const rows = ["5ms", "10ms", "20ms", "40ms"].map((period) => [
    period,
    ...["polling", "deferrable"].flatMap((policy) => frames.get(`${policy} ${period}`)!),
  ]);
  const head = ["longest delay (ms)", "late %", "overhead %"];
  return markdownTable(["period", "polling: longest delay (ms)", "late %", "overhead %", ...head], rows, 0);
}

/** Of 20 sets of sweeps/several/acceptance.yaml those that miss nothing, by way and utilization. */
export function accepted(): Map<string, number> {
  const found = new Map<string, number>();
  for (const cell of cellsOf("sweeps/several/acceptance.yaml", ["replicates=20", "U=2.4,2.8,3.2,3.6"])) {
    const key = Object.values(cell.axes).join(" ");
    const isMet = cell.result !== undefined && missedIn(cell) === 0;
    found.set(key, (found.get(key) ?? 0) + (isMet ? 1 : 0));
  }
  return found;
}

export function acceptedTable(accepted: ReadonlyMap<string, number>): string {
  const utilizations = ["2.4", "2.8", "3.2", "3.6"];
  const ways = ["global fp", "global edf", "edf-us", "first-fit", "edf-wm"];
  const rows = ways.map((way) => [way, ...utilizations.map((each) => String(accepted.get(`${way} ${each}`)))]);
  return markdownTable(["sets of 20 accepted", ...utilizations], rows, 1);
}
