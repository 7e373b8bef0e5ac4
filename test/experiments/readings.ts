// The paper's experiment in each of its readings: the table of docs/paper.md.

import { cellsOf, markdownTable } from "../support/cells.js";

/** Who shares the CPU with the paper's virtual machine: a sweep of sweeps/readings each. */
const SWEEPS = ["kvm-bursts", "kvm-alone", "hsf-alone", "hsf-beside-kvm"] as const;

export interface Reading {
  readonly sweep: (typeof SWEEPS)[number];
  /** By which the host sets the constants of its fair class; undefined where there is none. */
  readonly cpus: string | undefined;
  /** What the desktop wants of the CPU; undefined where there is none. */
  readonly load: string | undefined;
  readonly clock: string;
  readonly late: string;
  /** rt_task1; times in ticks of the host, but `guest` in those of the guest. */
  readonly released: number;
  readonly missed: number;
  readonly least: number;
  readonly mean: number;
  readonly most: number;
  readonly gap: number;
  /** The longest response by the guest's own clock. */
  readonly guest: number;
  readonly secondCompleted: number;
  /** What the virtual machine got of the CPU. */
  readonly share: number;
}

/** Every cell of the four sweeps. */
export function readings(): Reading[] {
  return SWEEPS.flatMap((sweep) =>
    cellsOf(`sweeps/readings/${sweep}.yaml`).map(({ axes, result, time }): Reading => {
      const [first, second] = result.tasks;
      const { clock, late, load, cpus } = axes;
      return {
        ...{ sweep, cpus, load, clock, late },
        released: first.released,
        missed: first.missed,
        least: time(first.response_min),
        mean: time(first.response_sum) / first.completed,
        most: time(first.response_max),
        gap: time(first.gap_max),
        guest: time(clock === "host" ? first.response_max : first.guest_response_max),
        secondCompleted: second.completed,
        share: result.servers[0].supply / result.host.end,
      };
    }),
  );
}

/** Whether every job completes in its own period of the host's time: then no two completions are further apart than 2T - C. */
export function isEven({ missed, gap }: Reading): boolean {
  return missed === 0 && gap <= 2 * 5 - 2;
}

/** The readings as docs/paper.md has them: on the paper's two CPUs. */
export function readingsTable(all: readonly Reading[]): string {
  const head = [
    ...["sweep", "clock", "late", "desktop", "share", "released", "missed", "least", "mean", "longest", "gap"],
    ...["in guest time", "rt_task2", "even"],
  ];
  const rows = all
    .filter(({ cpus }) => cpus !== "1")
    .map((row) => [
      ...[row.sweep, row.clock, row.late, row.load ?? "", row.share.toFixed(2)],
      ...[row.released, row.missed, row.least].map(String),
      row.mean.toFixed(2),
      ...[row.most, row.gap, row.guest, row.secondCompleted].map(String),
      isEven(row) ? "yes" : "no",
    ]);
  return markdownTable(head, rows, 3);
}
