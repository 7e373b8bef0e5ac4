// A sweep in one fixed spelling: keys in a fixed order, numbers exact, expressions with all their parentheses, overrides
// applied. It is hashed, kept in the metadata of every table, and is itself a sweep file with the same meaning.

import type { Fraction } from "fraction.js";
import { pathOf } from "../model/fields.js";
import { formatNanoseconds, formatNumber } from "../numbers/durations.js";
import type { Rounding } from "./rounding.js";
import type { Axis, Operand, Point, Sample, Sweep, SweepField } from "./sweep.js";

/** A value as JSON text. */
type Json = string;

/** The canonical JSON text of a sweep, on one line. Two sweeps with the same text have the same cells and results. */
export function canonicalSweep(sweep: Sweep): string {
  const operand = (value: Operand) => operandJson(value, sweep.tick);
  const byRecord = recordsOf(sweep.fields); // by their place: recordings have tens of thousands of windows
  const written = ({ field, value }: SweepField) =>
    field.kind === "flag" && value.kind === "text" ? value.value : operand(value);
  const fields: Fields = (record, index) => nested(byRecord.get(`${record} ${index}`) ?? [], written, 0);
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
    ["resolution", resolution && operand({ kind: resolution.written, value: resolution.value })],
    ["rounding", sweep.rounding && roundingJson(sweep.rounding, sweep)],
    [
      "system",
      map([
        ["host", map([...fields("host", 0), ["windows", tableWindows(sweep, fields)]])],
        ["servers", servers(sweep, fields, operand)],
      ]),
    ],
    ["axes", map(sweep.axes.map((axis) => [axis.name, axisJson(axis, operand)]))],
    ["zip", sweep.zip.length === 0 ? undefined : list(sweep.zip.map((group) => axisNames(sweep, group)))],
    ["sample", sweep.sample && sampleJson(sweep, sweep.sample)],
    [
      "points",
      sweep.points.length === 0 ? undefined : list(sweep.points.map((point) => pointJson(sweep, point, operand))),
    ],
    ["where", list(sweep.where.map((constraint) => JSON.stringify(constraint.expression.text)))],
    ["replicates", String(sweep.replicates)],
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
function nested(fields: readonly SweepField[], written: (field: SweepField) => Json, depth: number): [string, Json][] {
  const groups = new Map<string, SweepField[]>();
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

type Fields = (record: SweepField["record"], index: number) => [string, Json][];

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
  return (
    table &&
    list(table.map((server, i) => map([["server", JSON.stringify(names[server].name)], ...fields("window", i)])))
  );
}

function servers(sweep: Sweep, fields: Fields, operand: (value: Operand) => Json): Json {
  let first = 0;
  let window = sweep.windows.table?.length ?? 0;
  const ownWindows = (server: number): Json | undefined => {
    const count = sweep.windows.servers[server];
    return count === undefined ? undefined : list(Array.from({ length: count }, () => map(fields("window", window++))));
  };
  let job = 0;
  const jobsOf = (task: number): Json | undefined => {
    const count = sweep.jobs[task];
    return count === undefined ? undefined : list(Array.from({ length: count }, () => map(fields("job", job++))));
  };
  return map(
    sweep.names.map(({ name, tasks }, i) => {
      const taskMaps = tasks.map((task, j): [string, Json] => [
        task,
        map([...fields("task", first + j), ["jobs", jobsOf(first + j)]]),
      ]);
      first += tasks.length;
      const copies = sweep.copies[i];
      return [
        name,
        map([
          ...fields("server", i),
          ["copies", copies && operand(copies.count)],
          ["windows", ownWindows(i)],
          ["tasks", map(taskMaps)],
        ]),
      ];
    }),
  );
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

function pointJson({ axes }: Sweep, { values }: Point, operand: (value: Operand) => Json): Json {
  return map(values.map((value, axis) => [axes[axis].name, value && operand(value)]));
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
