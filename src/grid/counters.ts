// Which of the counters that only some servers or tasks have are in the tables of a sweep.

import * as abi from "../../assembly/abi.js";
import { type Field, fieldsWithin } from "../model/fields.js";
import { type Metric, SERVER_METRICS, TASK_METRICS } from "../model/metrics.js";
import type { Operand, Sweep, SweepField } from "../sweep/sweep.js";

/** The names of those that some server or task may have in some cell, as far as its fields tell one by one. */
export function countersOf({ fields, axes, names }: Sweep): string[] {
  // Of numbers it matters only that they are there: tables of tasks have many.
  const different = new Map(
    fields.map((each, i) => [each.field.choices.length > 0 ? i : `${each.record} ${each.field.name}`, each]),
  );
  const isFound = (metric: Metric) => [...different.values()].some((field) => canCount(metric, field, axes));
  const ofSome = [...SERVER_METRICS, ...TASK_METRICS].filter(isFound).map(({ name }) => name);
  const migrates = names.some(({ vcpu }) => vcpu !== undefined) || fields.some(({ field }) => field.name === "cpus");
  return migrates ? [...ofSome, "migrations"] : ofSome;
}

/** Whether a field of a server or task can make it one that has the counter. */
function canCount({ onlyOf }: Metric, { record, field, value }: SweepField, axes: Sweep["axes"]): boolean {
  if (onlyOf === undefined || record !== onlyOf.record) return false;
  if (!onlyOf.fields.some((name) => fieldsWithin([field], name).length > 0)) return false;
  const flat = new Float64Array(Math.max(abi.IN_SERVER_SIZE, abi.IN_TASK_SIZE)).fill(abi.ABSENT);
  return valuesOf(field, value, axes).some((number) => {
    flat[field.slot] = number;
    return onlyOf.has(flat, 0);
  });
}

/** What a field can be: the ids of its texts, or any number. */
function valuesOf({ choices }: Field, value: Operand, axes: Sweep["axes"]): number[] {
  if (choices.length === 0) return [1];
  if (value.kind !== "expression") return [choices.indexOf(String(value.value))];
  const { reference } = value.expression;
  const values = reference === undefined ? undefined : axes[reference].values;
  if (values?.form !== "list") return [...choices.keys()];
  return values.items.map((item) => choices.indexOf(String(item.value)));
}

/** The most CPUs that any cell has: exact where the sweep says a number or lists some. */
export function mostCpus({ fields, axes }: Sweep): number {
  const value = fields.find(({ record, field }) => record === "host" && field.name === "cpus")?.value;
  if (value === undefined) return 1;
  if (value.kind !== "expression") return Math.min(abi.CPUS_MAX, Math.max(1, Number(value.value)));
  const { reference } = value.expression;
  const values = reference === undefined ? undefined : axes[reference].values;
  if (values?.form !== "list") return abi.CPUS_MAX;
  return Math.min(abi.CPUS_MAX, Math.max(1, ...values.items.map((item) => Number(item.value))));
}
