// The schedulers of the paper's related work on one workload (sweeps/systems): the table of docs/systems.md, that
// of README.md, and their picture.

import { type Cell, cellsOf, markdownTable } from "../support/cells.js";

/** A cell of a sweep of sweeps/systems, and what the picture calls it; undefined: the picture has it not. */
interface System {
  readonly sweep: string;
  /** Values of its axes besides `play`, in their order. */
  readonly axes: string;
  readonly title: string | undefined;
}

const SYSTEMS: readonly System[] = [
  { sweep: "hsf", axes: "", title: "HSF, the paper's" },
  { sweep: "resch", axes: "", title: undefined },
  { sweep: "vsched", axes: "", title: "VSched" },
  { sweep: "kvm-cbs", axes: "cbs", title: "KVM with CBS" },
  { sweep: "kvm-cbs", axes: "cbs-soft", title: undefined },
  { sweep: "aquosa", axes: "", title: undefined },
  { sweep: "sched-deadline", axes: "", title: "SCHED_DEADLINE, GRUB" },
  { sweep: "sched-sporadic", axes: "", title: "SCHED_SPORADIC" },
  { sweep: "kvm-fifo", axes: "", title: "KVM, real-time priorities" },
  { sweep: "kvm-fair", axes: "", title: "KVM as it is" },
  { sweep: "sfq", axes: "1ms", title: undefined },
  { sweep: "sfq", axes: "10ms", title: undefined },
  { sweep: "open-environment", axes: "tbs", title: undefined },
  { sweep: "open-environment", axes: "cus", title: undefined },
  { sweep: "guest-deadlines", axes: "", title: undefined },
  { sweep: "rt-xen", axes: "deferrable", title: "RT-Xen, deferrable" },
  { sweep: "rt-xen", axes: "idling", title: undefined },
  { sweep: "rt-xen", axes: "polling", title: "RT-Xen, polling" },
  { sweep: "rt-xen", axes: "sporadic", title: undefined },
  { sweep: "rtds", axes: "false", title: "RTDS" },
  { sweep: "rtds", axes: "true", title: undefined },
  { sweep: "sedf", axes: "true", title: "SEDF, extra time" },
  { sweep: "sedf", axes: "false", title: undefined },
  { sweep: "psedf", axes: "", title: "PSEDF" },
  { sweep: "credit", axes: "sampled", title: "credit, 2007" },
  { sweep: "credit", axes: "exact", title: "credit, 4.x" },
  { sweep: "credit-preemptive", axes: "", title: "credit, preemptive" },
  { sweep: "credit-laxity", axes: "", title: "credit, laxities" },
  { sweep: "spumone", axes: "", title: "SPUMONE" },
  { sweep: "xtratum", axes: "", title: "XtratuM" },
];

/** Response times of a task in ms, and its deadlines; undefined where no job completed. */
interface Task {
  readonly response: { readonly least: number; readonly mean: number; readonly most: number } | undefined;
  readonly released: number;
  readonly missed: number;
}

/** What one cell gives. */
interface Outcome {
  readonly play: Task;
  readonly task1: Task;
  readonly task2: Task;
  readonly request: Task;
  /** Of the CPU: what the batch machine gets, and what the scheduling takes. */
  readonly batch: number;
  readonly overhead: number;
}

export interface Row extends System {
  /** Everybody behaves. */
  readonly calm: Outcome;
  /** The sound system never stops. */
  readonly wild: Outcome;
}

/** Every system with both of its cells. */
export function systems(): Row[] {
  const sweeps = new Map([...new Set(SYSTEMS.map(({ sweep }) => sweep))].map((name) => [name, outcomesOf(name)]));
  return SYSTEMS.map((system) => {
    const of = (play: string): Outcome => sweeps.get(system.sweep)!.get(`${system.axes} ${play}`.trim())!;
    return { ...system, calm: of("0.8ms"), wild: of("10ms") };
  });
}

/** The outcomes of a sweep by the values of its axes. */
function outcomesOf(sweep: string): Map<string, Outcome> {
  return new Map(
    cellsOf(`sweeps/systems/${sweep}.yaml`).map((cell) => [Object.values(cell.axes).join(" "), outcome(cell)]),
  );
}

function outcome({ result, time }: Cell): Outcome {
  const [play, task1, task2, request] = result.tasks.map((task: ReturnType<typeof JSON.parse>): Task => {
    const { released, missed, completed } = task;
    if (completed === 0) return { released, missed, response: undefined };
    const [least, most] = [time(task.response_min), time(task.response_max)];
    return { released, missed, response: { least, mean: time(task.response_sum) / completed, most } };
  });
  const batch = result.servers.find(({ name }: { name: string }) => name === "batch").supply / result.host.end;
  return { play, task1, task2, request, batch, overhead: result.host.overhead / result.host.end };
}

const percent = (part: number, digits: number): string => (100 * part).toFixed(digits);
const missed = (...tasks: readonly Task[]): string => {
  const sum = (of: (task: Task) => number) => tasks.reduce((total, task) => total + of(task), 0);
  return percent(sum(({ missed }) => missed) / sum(({ released }) => released), 1);
};

function numbers({ calm, wild }: Row): string[] {
  const { play, task1, task2, request } = calm;
  return [
    missed(play),
    missed(task1, task2),
    ...[task1.response!.mean, task1.response!.most, task2.response!.most, request.response!.mean].map((ms) =>
      ms.toFixed(2),
    ),
    percent(calm.batch, 0),
    percent(calm.overhead, 2),
    missed(wild.task1, wild.task2),
    percent(wild.batch, 0),
  ];
}

const COLUMNS = [
  ...["sound missed %", "rt missed %", "rt_task1 mean", "longest", "rt_task2 longest", "web mean", "batch %"],
  ...["overhead %", "wild: rt missed %", "wild: batch %"],
];

/** What the paper's discussion asks to be compared. */
const ASKED: readonly string[] = [
  ...["HSF, the paper's", "VSched", "KVM with CBS", "KVM as it is", "RT-Xen, deferrable"],
  ...["SEDF, extra time", "PSEDF", "credit, 2007", "credit, 4.x", "SPUMONE"],
];

/** These alone and in short, as README.md has them. */
export function comparisonTable(rows: readonly Row[]): string {
  const lines = ASKED.map((title) => {
    const { calm, wild } = rows.find((row) => row.title === title)!;
    const { mean, most } = calm.task1.response!;
    return [
      title,
      ...[missed(calm.play), missed(calm.task1, calm.task2), mean.toFixed(2), most.toFixed(2)],
      ...[percent(calm.overhead, 2), missed(wild.task1, wild.task2)],
    ];
  });
  const columns = [
    "`sound` missed %",
    "`rt` missed %",
    "`rt_task1` mean",
    "longest",
    "overhead %",
    "wild: `rt` missed %",
  ];
  return markdownTable(["system", ...columns], lines, 1);
}

/** Every system, as docs/systems.md has it. */
export function systemsTable(rows: readonly Row[]): string {
  const lines = rows.map((row) => [row.sweep, row.axes, ...numbers(row)]);
  return markdownTable(["sweep", "cell", ...COLUMNS], lines, 2);
}
