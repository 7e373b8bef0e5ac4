// An imported system as the text of a sweep, with a comment for each thing that could not be taken over.

import type { Fraction } from "fraction.js";
import { formatNumber, type TimeUnit } from "../numbers/durations.js";

/** A value as it stands in the text: a word, a number, a duration, an expression. */
export type Value = string;

/** Where a task or server stands in the files that it comes from. */
export interface Origin {
  readonly file: string;
  readonly line?: number;
}

export interface ImportedTask {
  readonly name: string;
  readonly origin: Origin;
  readonly fields: readonly (readonly [string, Value])[];
  readonly remark?: string;
}

export interface ImportedServer {
  readonly name: string;
  readonly origin: Origin;
  readonly fields: readonly (readonly [string, Value])[];
  readonly tasks: readonly ImportedTask[];
  readonly remark?: string;
}

export interface ImportedSystem {
  readonly name: string;
  /** What the files are, and what was decided or left out: a line each. */
  readonly remarks: readonly string[];
  readonly horizon: Value;
  readonly host: string;
  readonly servers: readonly ImportedServer[];
}

/** The text of a sweep, and for each of its lines what it comes from; undefined for those of the whole. */
export interface ImportedSweep {
  readonly text: string;
  readonly origins: readonly (Origin | undefined)[];
}

interface Line {
  readonly text: string;
  readonly origin?: Origin;
}

/** The text of the sweep. */
export function sweepText({ name, remarks, horizon, host, servers }: ImportedSystem): ImportedSweep {
  const head = [
    ...remarks.map((remark) => `# ${oneLine(remark)}`),
    `name: ${name}`,
    `horizon: ${horizon}`,
    "system:",
    `  host: { scheduler: ${host} }`,
    "  servers:",
  ];
  const lines: Line[] = [...head.map((text) => ({ text })), ...servers.flatMap(serverLines)];
  return { text: lines.map(({ text }) => `${text}\n`).join(""), origins: lines.map(({ origin }) => origin) };
}

function serverLines({ name, fields, tasks, remark, origin }: ImportedServer): Line[] {
  const own = [
    `    ${key(name)}:${comment(remark)}`,
    ...fields.map(([field, value]) => `      ${field}: ${value}`),
    ...(tasks.length === 0 ? [] : ["      tasks:"]),
  ];
  return [
    ...own.map((text) => ({ text, origin })),
    ...tasks.map((task) => ({
      text: `        ${key(task.name)}: { ${pairs(task.fields)} }${comment(task.remark)}`,
      origin: task.origin,
    })),
  ];
}

function pairs(fields: readonly (readonly [string, Value])[]): string {
  return fields.map(([field, value]) => `${field}: ${value}`).join(", ");
}

function comment(remark: string | undefined): string {
  return remark === undefined ? "" : ` # ${oneLine(remark)}`;
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, " ");
}

/** A name as a key of YAML: plain where nothing can take it for something else. */
function key(name: string): string {
  return /^[A-Za-z_][\w-]*$/.test(name) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(name)
    ? name
    : JSON.stringify(name);
}

/** An exact number: a decimal where it ends, otherwise an expression. */
export function numberText(value: Fraction): Value {
  const text = formatNumber(value);
  return text.includes("/") ? `=${text}` : text;
}

/** An exact time: a number of ticks, or with a unit a duration, or an expression. */
export function timeText(value: Fraction, unit: TimeUnit | undefined): Value {
  const text = numberText(value);
  if (unit === undefined) return text;
  return text.startsWith("=") ? JSON.stringify(text.replace("/", `${unit} / `)) : text + unit;
}
