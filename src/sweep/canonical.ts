// A sweep in one fixed spelling: keys in a fixed order, numbers exact, expressions with all their parentheses, overrides
// applied. It is hashed, kept in the metadata of every table, and is itself a sweep file with the same meaning.

import { Fraction } from "fraction.js";
import * as abi from "../../assembly/abi.js";
import { pathOf, VM_FIELDS } from "../model/fields.js";
import { formatNanoseconds, formatNumber } from "../numbers/durations.js";
import { type WrittenServer, writtenServers } from "../scenario/directory.js";
import type { Rounding } from "./rounding.js";
import type { Axis, Find, Operand, Point, Reference, Sample, Sweep, SweepField, TaskSets, Until } from "./sweep.js";
import type { SweepColumn, Times } from "./time-columns.js";
import type { Range, RelativeField, Workload, WorkloadPeriods } from "./workload.js";

/** A value as JSON text. */
type Json = string;

/** The canonical JSON text of a sweep, on one line. Two sweeps with the same text have the same cells and results. */
export function canonicalSweep(sweep: Sweep): string {
  const operand = (value: Operand) => operandJson(value, sweep.tick);
  const byRecord = recordsOf(sweep.fields); // by their place: recordings have tens of thousands of windows
  const written = ({ field, value }: SweepField) =>
    field.kind === "flag" && value.kind === "text" ? value.value : operand(value);
  const fields: Fields = (record, index, within) => {
    const all = byRecord.get(`${record} ${index}`) ?? [];
    if (within === undefined) return nested(all, written, 0);
    const inside = all.filter(({ field }) => field.name.startsWith(`${within}.`));
    return nested(inside, written, 1);
  };
  const { hyperperiods, resolution } = sweep;
  const run = Object.fromEntries(fields("run", 0));
  return map([
    ["name", sweep.named ? JSON.stringify(sweep.name) : undefined],
    ["tick", sweep.saysTick ? JSON.stringify(formatNanoseconds(sweep.tick!)) : undefined],
    ["unit", JSON.stringify(sweep.unit)],
    [
      "horizon",
      hyperperiods
        ? map([
            ["hyperperiods", operand(hyperperiods.count)],
            ["at_most", hyperperiods.atMost && operand(hyperperiods.atMost)],
          ])
        : run.horizon,
    ],
    ["stop", run.stop ?? '"horizon"'],
    ["warmup", run.warmup],
    ["resolution", resolution && operand({ kind: resolution.written, value: resolution.value })],
    ["rounding", sweep.rounding && roundingJson(sweep.rounding, sweep)],
    [
      "system",
      map([
        [
          "host",
          map([
            ...fields("host", 0),
            ["assign", sweep.hostAssign && operand(sweep.hostAssign.method)],
            ["windows", tableWindows(sweep, fields)],
          ]),
        ],
        ["servers", new ServerWriter(sweep, fields, operand).servers(undefined)],
      ]),
    ],
    ["axes", map(sweep.axes.map((axis) => [axis.name, axisJson(axis, operand)]))],
    ...chosenCells(sweep, operand),
    ["where", list(sweep.where.map((constraint) => JSON.stringify(constraint.expression.text)))],
    ["replicates", sweep.until === undefined ? String(sweep.replicates) : undefined],
    ["until", sweep.until && untilJson(sweep.until)],
    ["simulate", sweep.skipsProved ? '"unless-proved"' : undefined],
    ["weigh", sweep.weigh === undefined ? undefined : JSON.stringify(sweep.axes[sweep.weigh].name)],
    ["phases", sweep.phases === "random" ? '"random"' : undefined],
    ["seed", String(sweep.seed)],
    ["analysis", sweep.analysis ? "true" : undefined],
  ]);
}

function roundingJson({ grid, rules }: Rounding, { tick }: Sweep): Json {
  const resolution = operandJson({ kind: tick === undefined ? "number" : "time", value: grid }, tick);
  return map([
    ["resolution", resolution],
    ...Object.entries(rules).map(([kind, mode]) => [kind, `"${mode}"`] as const),
  ]);
}

/** Fields that stand in the same map or list at this depth of their paths belong together, and follow each other. */
function nested<Own extends RelativeField>(
  fields: readonly Own[],
  written: (field: Own) => Json,
  depth: number,
): [string, Json][] {
  const groups = new Map<string, Own[]>();
  for (const field of fields) {
    const key = String(pathOf(field.field)[depth]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [field]);
    else group.push(field);
  }
  return [...groups].map(([key, group]): [string, Json] => {
    const next = pathOf(group[0].field)[depth + 1];
    if (next === undefined) return [key, written(group[0])];
    const inner = nested(group, written, depth + 1);
    return [key, typeof next === "number" ? list(inner.map(([, json]) => json)) : map(inner)];
  });
}

/** The fields of a record, or those in one map of it. */
type Fields = (record: SweepField["record"], index: number, within?: string) => [string, Json][];

function recordsOf(fields: readonly SweepField[]): Map<string, SweepField[]> {
  const records = new Map<string, SweepField[]>();
  for (const field of fields) {
    const key = `${field.record} ${field.index}`;
    const record = records.get(key);
    if (record === undefined) records.set(key, [field]);
    else record.push(field);
  }
  return records;
}

function tableWindows({ names, windows: { table } }: Sweep, fields: Fields): Json | undefined {
  const serverOf = (number: number): [string, Json][] => {
    const { name, vcpu } = names[number];
    if (vcpu === undefined) return [["server", JSON.stringify(name)]];
    return [
      ["server", JSON.stringify(vcpu.vm)],
      ["vcpu", JSON.stringify(vcpu.name)],
    ];
  };
  return table && list(table.map((server, i) => map([...serverOf(server), ...fields("window", i)])));
}

/** Writes servers as they stand in the file; lists of all of them are numbered one after the other. */
class ServerWriter {
  private readonly written: readonly WrittenServer[];
  private readonly next: { window: number; job: number; observed: number; part: number };
  private readonly references = new Map<string, Reference>();

  constructor(
    private readonly sweep: Sweep,
    private readonly fields: Fields,
    private readonly operand: (value: Operand) => Json,
  ) {
    this.written = writtenServers(sweep.names);
    this.next = { window: sweep.windows.table?.length ?? 0, job: 0, observed: 0, part: 0 };
    for (const reference of sweep.references)
      this.references.set(`${reference.record} ${reference.index} ${reference.slot}`, reference);
  }

  /** The servers in another one, or the topmost ones. */
  servers(parent: number | undefined): Json {
    const inside = this.written.filter((server) => server.parent === parent);
    return map(inside.map((server) => [server.name, this.server(server)]));
  }

  private server(server: WrittenServer): Json {
    const { first, count, vcpus, holdsServers } = server;
    const { assigns, copies } = this.sweep;
    const more: [string, Json | undefined][] = [
      ["copies", copies[first] && this.operand(copies[first].count)],
      ["assign", assigns[first] && this.operand(assigns[first].method)],
    ];
    if (vcpus === undefined) {
      const own: [string, Json | undefined][] = [...this.fields("server", first), ...more, this.affinity(first)];
      if (holdsServers) return map([...own, ["servers", this.servers(first)]]);
      return map([...own, ["windows", this.windows(first)], ["tasks", this.tasks(server)]]);
    }
    const ofVm = this.fields("server", first).filter(([key]) => OF_VM.includes(key));
    const list = Array.from({ length: count }, (_, i): [string, Json] => {
      const own = this.fields("server", first + i).filter(([key]) => !OF_VM.includes(key));
      return [vcpus[i], map([...own, this.affinity(first + i)])];
    });
    return map([...ofVm, ...more, ["vcpus", map(list)], ["tasks", this.tasks(server)]]);
  }

  private affinity(server: number): [string, Json | undefined] {
    const affinity = this.sweep.affinities[server];
    return ["affinity", affinity && list(affinity.cpus.map(({ value }) => this.operand(value)))];
  }

  private windows(server: number): Json | undefined {
    const count = this.sweep.windows.servers[server];
    return this.list("window", count);
  }

  /** The next records of a kind. */
  private list(record: "window" | "job", count: number | undefined): Json | undefined {
    if (count === undefined) return undefined;
    const columns = this.columnsAt(record, count);
    if (columns === undefined)
      return list(Array.from({ length: count }, () => map(this.fields(record, this.next[record]++))));
    const keys = columns.map(({ field }) => `${JSON.stringify(field.name)}:`);
    const texts = columns.map(({ times }) => timesJson(times));
    return list(
      Array.from({ length: count }, (_, row) => {
        const own = texts.flatMap((text, i) => (text[row] === undefined ? [] : [keys[i] + text[row]]));
        return `{${own.join(",")}}`;
      }),
    );
  }

  /** The columns of the next records, which are then passed; undefined where they are in none. */
  private columnsAt(record: "window" | "job" | "observed", count: number): SweepColumn[] | undefined {
    const found = this.sweep.columns.filter((column) => column.record === record && column.first === this.next[record]);
    if (count === 0 || found.length === 0) return undefined;
    this.next[record] += count;
    return found;
  }

  private tasks({ first, firstTask, tasks }: WrittenServer): Json {
    const all = tasks.map((name, i): NamedTask => ({ name, fields: this.task(firstTask + i) }));
    const sets = this.sweep.sets[first];
    if (sets !== undefined) return tasksOfSets(sets, all);
    const written = all.map(({ name, fields }): [string, Json] => [name, map(fields)]);
    const workload = this.sweep.workloads[firstTask + tasks.length - 1];
    return workload === undefined ? map(written) : drawnTasks(workload, written.slice(0, -1), this.operand);
  }

  private task(number: number): [string, Json | undefined][] {
    const named = (slot: number) => this.references.get(`task ${number} ${slot}`);
    const fields = this.fields("task", number);
    const after = named(abi.IN_TASK_AFTER);
    const delay = this.fields("task", number, "after");
    const deferring = named(abi.IN_TASK_DEFER_WHILE);
    return [
      ...fields.filter(([key]) => key !== "after"),
      ["execution", this.observed(this.sweep.observed[number])],
      this.vcpu(named(abi.IN_TASK_VCPU)),
      ["after", after && map([...this.taskName(after.number), ...delay])],
      ["defer_while", deferring && JSON.stringify(this.sweep.names[deferring.number].name)],
      ["jobs", this.list("job", this.sweep.jobs[number])],
      ["parts", this.parts(this.sweep.parts[number])],
    ];
  }

  /** The next observed execution times, in place of a distribution. */
  private observed(count: number | undefined): Json | undefined {
    if (count === undefined) return undefined;
    const [column] = this.columnsAt("observed", count) ?? [];
    const times = column
      ? (timesJson(column.times) as Json[])
      : Array.from({ length: count }, () => this.fields("observed", this.next.observed++)[0][1]);
    return map([["empirical", list(times)]]);
  }

  private vcpu(reference: Reference | undefined): [string, Json | undefined] {
    return ["vcpu", reference && JSON.stringify(this.sweep.names[reference.number].vcpu!.name)];
  }

  private taskName(number: number): [string, Json][] {
    const owner = this.written.findLast(({ firstTask, tasks }) => firstTask <= number && tasks.length > 0)!;
    return [
      ["server", JSON.stringify(owner.name)],
      ["task", JSON.stringify(owner.tasks[number - owner.firstTask])],
    ];
  }

  private parts(count: number | undefined): Json | undefined {
    if (count === undefined) return undefined;
    const parts = Array.from({ length: count }, () => {
      const number = this.next.part++;
      const vcpu = this.vcpu(this.references.get(`part ${number} ${abi.IN_PART_VCPU}`));
      return map([vcpu, ...this.fields("part", number)]);
    });
    return list(parts);
  }
}

interface NamedTask {
  readonly name: string;
  readonly fields: readonly [string, Json | undefined][];
}

/** Tasks in sets stand in a table, whatever it was called, and those that are in every set before it. */
function tasksOfSets({ from, labels, starts }: TaskSets, tasks: readonly NamedTask[]): Json {
  const rows = labels.flatMap((label, set) =>
    tasks.slice(from + starts[set], from + starts[set + 1]).map(({ name, fields }) => {
      return { label, name, values: new Map(fields.filter(([, value]) => value !== undefined)) };
    }),
  );
  const keys = [...new Set(rows.flatMap(({ values }) => [...values.keys()]))].sort();
  const lines = [
    ["set", "name", ...keys],
    ...rows.map(({ label, name, values }) => [label, name, ...keys.map((key) => values.get(key) ?? "")]),
  ];
  const text = lines.map((cells) => `${cells.map(quoted).join()}\n`).join("");
  const table = map([
    ["file", '"tasks.csv"'],
    ["text", JSON.stringify(text)],
  ]);
  const fixed = tasks.slice(0, from).map(({ name, fields }): [string, Json] => [name, map(fields)]);
  return map([
    ["from", table],
    ["fixed", fixed.length === 0 ? undefined : map(fixed)],
  ]);
}

/** A value of a line of comma separated ones. */
function quoted(text: string): string {
  return /^[^",;\s]*$/.test(text) ? text : `"${text.replaceAll('"', '""')}"`;
}

/** What stands with a VM, not with its first VCPU. */
const OF_VM: readonly string[] = VM_FIELDS.map(({ name }) => name);

function drawnTasks(workload: Workload, fixed: readonly [string, Json][], operand: (value: Operand) => Json): Json {
  const { count, utilization, method, each, periods, deadline, bcet, jitter, drawsOffsets, times } = workload;
  const range = (bounds: Range) => list(bounds.map(operand));
  const ratio = (bounds: Range | undefined) => bounds && map([["ratio", range(bounds)]]);
  const generate = map([
    ["count", operand(count)],
    ["utilization", operand(utilization)],
    ["method", operand(method)],
    ["each", range(each)],
    ["period", periodsJson(periods, operand)],
    ["deadline", ratio(deadline)],
    ["bcet", ratio(bcet)],
    ["offset", drawsOffsets ? '{"uniform":"period"}' : undefined],
    ["jitter", ratio(jitter)],
    ["execution", relative(times, "execution", operand)],
    ["sporadic", relative(times, "sporadic", operand)],
  ]);
  return map([
    ["generate", generate],
    ["fixed", fixed.length === 0 ? undefined : map(fixed)],
  ]);
}

/** Fields of all generated tasks, in a map: those of execution, or of arrivals. */
function relative(times: readonly RelativeField[], key: string, operand: (value: Operand) => Json): Json | undefined {
  const own = times.filter(({ field }) => field.name.startsWith("execution.") === (key === "execution"));
  if (own.length === 0) return undefined;
  const inside = own.map(({ field, value }) => ({
    value,
    field: { ...field, name: field.name.replace(`${key}.`, "") },
  }));
  return map(nested(inside, ({ value }) => operand(value), 0));
}

function periodsJson(periods: WorkloadPeriods, operand: (value: Operand) => Json): Json {
  if (periods.kind === "automotive") return '"automotive"';
  if (periods.kind === "choose") {
    return map([
      ["choose", list(periods.periods.map(operand))],
      ["weights", periods.weights && list(periods.weights.map(operand))],
    ]);
  }
  const multiple = periods.kind === "harmonic" ? undefined : periods.multiple;
  return map([
    [periods.kind, list(periods.bounds.map(operand))],
    ["multiple_of", multiple && operand(multiple)],
  ]);
}

function axisJson({ values, when }: Axis, operand: (value: Operand) => Json): Json {
  const condition: [string, Json | undefined] = ["when", when && JSON.stringify(when.text)];
  if (values.form === "list") {
    const items = list(values.items.map(operand));
    return when === undefined ? items : map([["values", items], condition]);
  }
  const ends: [string, Json][] = [
    ["from", operand(values.from)],
    ["to", operand(values.to)],
  ];
  if (values.form === "sample") return map([...ends, ["step", values.step && operand(values.step)]]);
  if (values.form === "step") return map([...ends, ["step", operand(values.step)], condition]);
  return map([...ends, ["count", operand(values.count)], ["scale", JSON.stringify(values.form)], condition]);
}

function axisNames({ axes }: Sweep, group: readonly number[]): Json {
  return list(group.map((axis) => JSON.stringify(axes[axis].name)));
}

function sampleJson(sweep: Sweep, { axes, method, count }: Sample): Json {
  return map([
    ["axes", axisNames(sweep, axes)],
    ["method", JSON.stringify(method)],
    ["count", String(count)],
  ]);
}

function untilJson({ halfWidth, atMost }: Until): Json {
  return map([
    ["half_width", String(halfWidth)],
    ["at_most", String(atMost)],
  ]);
}

/** What says which cells there are besides the axes and their constraints. */
function chosenCells(sweep: Sweep, operand: (value: Operand) => Json): [string, Json | undefined][] {
  return [
    ["zip", sweep.zip.length === 0 ? undefined : list(sweep.zip.map((group) => axisNames(sweep, group)))],
    ["sample", sweep.sample && sampleJson(sweep, sweep.sample)],
    [
      "points",
      sweep.points.length === 0 ? undefined : list(sweep.points.map((point) => pointJson(sweep, point, operand))),
    ],
    ["find", sweep.find && findJson(sweep, sweep.find)],
  ];
}

function findJson({ axes }: Sweep, { axis, wanted, condition, probes, overReplicates }: Find): Json {
  return map([
    ["axis", JSON.stringify(axes[axis].name)],
    [wanted, JSON.stringify(condition.text)],
    ["probes", String(probes)],
    ["over", overReplicates ? '"replicates"' : undefined],
  ]);
}

function pointJson({ axes }: Sweep, { values }: Point, operand: (value: Operand) => Json): Json {
  return map(values.map((value, axis) => [axes[axis].name, value && operand(value)]));
}

/** The values of a column as operandJson writes them; undefined where there is none. */
function timesJson({ kind, scale, values }: Times): (Json | undefined)[] {
  return Array.from(values, (value) => {
    if (Number.isNaN(value)) return undefined;
    if (scale === 1) return kind === "number" ? String(value) : `"${wholeNanoseconds(value)}"`;
    const exact = new Fraction(value, scale);
    return kind === "number" ? formatNumber(exact) : `"${formatNanoseconds(exact)}"`;
  });
}

/** What formatNanoseconds writes. */
function wholeNanoseconds(value: number): string {
  if (value % 1e9 === 0) return `${value / 1e9}s`;
  if (value % 1e6 === 0) return `${value / 1e6}ms`;
  return value % 1e3 === 0 ? `${value / 1e3}us` : `${value}ns`;
}

function operandJson(value: Operand, tick: Fraction | undefined): Json {
  if (value.kind === "expression") return JSON.stringify(`=${value.expression.text}`);
  if (value.kind === "text") return JSON.stringify(value.value);
  return value.kind === "number"
    ? formatNumber(value.value)
    : JSON.stringify(formatNanoseconds(value.value.mul(tick!)));
}

function map(entries: readonly (readonly [string, Json | undefined])[]): Json {
  const present = entries.filter(([, value]) => value !== undefined);
  return `{${present.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(",")}}`;
}

function list(items: readonly Json[]): Json {
  return `[${items.join(",")}]`;
}
