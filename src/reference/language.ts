// Reference pages of the sweep language, made from the lists that read and check it: docs/language.md, `replenish help`.

import { z } from "zod";
import {
  type Field,
  HOST_FIELDS,
  JOB_FIELDS,
  RUN_FIELDS,
  SERVER_FIELDS,
  TABLE_WINDOW_FIELDS,
  TASK_FIELDS,
} from "../model/fields.js";
import { GUEST_FACTS } from "../model/guests.js";
import { HOST_FACTS } from "../model/hosts.js";
import { factsOf, POLICIES } from "../model/policies.js";
import { FUNCTIONS } from "../sweep/functions.js";
import { sweepSchema } from "../sweep/schema.js";
import { tablesPage } from "../tables/page.js";

/** What is known of a topic: its page as Markdown. */
export const TOPICS = {
  language: () => [HEAD, sweepPage(), policiesPage(), expressionsPage()].join("\n"),
  sweep: sweepPage,
  policies: policiesPage,
  expressions: expressionsPage,
  columns: tablesPage,
} as const satisfies Record<string, () => string>;
export type Topic = keyof typeof TOPICS;
export const TOPIC_NAMES = Object.keys(TOPICS) as Topic[];

const HEAD = `# The language of sweeps

This page is made from the lists that read and check a sweep;
\`replenish help language\` prints it, and \`replenish schema\` gives an editor the same. What the words do, with examples:
[sweep.md](sweep.md) and [policies.md](policies.md).
`;

/** Keys of the file, and the fields of run, host, servers, tasks. */
function sweepPage(): string {
  const { properties = {} } = z.toJSONSchema(sweepSchema);
  const keys = Object.entries(properties).map(([key, value]) => [`\`${key}\``, keyText(key, value)]);
  const records = [
    section("Fields of `system.host`", "", fieldTable(HOST_FIELDS)),
    section("Fields of a server", SERVERS, fieldTable(SERVER_FIELDS)),
    section("Fields of a task", TASKS, fieldTable(TASK_FIELDS)),
    section("A job of `jobs`", "", fieldTable(JOB_FIELDS)),
    section("A window of host `table`", WINDOWS, fieldTable(TABLE_WINDOW_FIELDS)),
  ];
  return [section("Keys of a sweep", KEYS, table(["key", "holds"], keys)), ...records].join("\n");
}

function keyText(key: string, value: unknown): string {
  const { description, enum: names } = value as { description?: string; enum?: string[] };
  const run = RUN_FIELDS.find(({ name }) => name === key);
  const text =
    description ?? run?.description ?? "`host`, and `servers`: a map from names to fields, each with its `tasks`";
  return names === undefined ? text : `${text}: ${names.map((name) => `\`${name}\``).join(", ")}`;
}

const KEYS = `A duration is a number with a unit (\`10ms\`, \`250us\`, \`1s\`, \`40ns\`), or a plain number of ticks. Every value of a field may be an
expression over the axes, after \`=\`. Unknown keys are refused.
`;

const SERVERS = `A map from names to fields. At host \`fp\` the servers are ranked by \`priority\`, the smaller the number the higher; one that says
none has its place in the file as its priority, whatever its period, and \`replenish check\` says so where a slower server stands
before a faster one. Which fields a policy needs and may have: below.
`;

const TASKS = `A map from names to fields, under the server. A task needs a \`period\` and a \`wcet\`, or \`jobs\` one by one, or \`think\` times.
\`tasks: { from: tasks.csv }\` reads them from a table, \`tasks: { generate: {...} }\` draws them: [workloads.md](workloads.md).
`;

const WINDOWS = `\`host: { scheduler: table, frame: 20ms, windows: [{ server: a, start: 0, duration: 8ms }, { server: b, start: 8ms, duration: 12ms }] }\`,
with servers of policy \`dedicated\`. \`server\` is the name of one.
`;

/** Server policies, host and guest schedulers. */
function policiesPage(): string {
  const list = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(", ");
  const policies = POLICIES.map((name) => {
    const { meaning, hosts, required, optional, paper } = factsOf(name);
    return [`\`${name}\``, meaning, list(hosts), list(required), list(optional), paper];
  });
  const hosts = Object.entries(HOST_FACTS).map(([name, { meaning, required, optional, paper }]) => {
    return [`\`${name}\``, meaning, list(required), list(optional), paper];
  });
  const guests = Object.entries(GUEST_FACTS).map(([name, { meaning, paper }]) => [`\`${name}\``, meaning, paper]);
  return [
    section("Server policies", "", table(["policy", "what it does", "hosts", "needs", "may have", "paper"], policies)),
    section("Host schedulers", "", table(["scheduler", "picks by", "needs", "may have", "paper"], hosts)),
    section("Guest schedulers", "", table(["scheduler", "picks by", "paper"], guests)),
  ].join("\n");
}

/** Operators and functions. */
function expressionsPage(): string {
  const functions = Object.entries(FUNCTIONS).map(([name, { most, description }]) => {
    return [most === 1 ? `\`${name}(x)\`` : `\`${name}(x, ...)\``, description];
  });
  return section("Expressions", EXPRESSIONS, table(["function", "is"], functions));
}

const EXPRESSIONS = `After \`=\` in a value, and in \`where\` and \`when\` without it, in exact rationals over the axes before: \`=P * U\`, \`=20ms - X\`,
\`Q / P <= 0.9\`. From what binds most: \`-x\` and \`not\`; \`* / %\`; \`+ -\`; \`< <= > >=\`; \`== !=\`; \`and\`; \`or\`; \`condition ? one : other\`. The remainder
\`%\` has the sign of the divisor. Texts are in quotes, single or double: \`policy == "cbs"\`. Numbers may have a unit of time.
`;

function section(title: string, text: string, body: string): string {
  return `## ${title}\n\n${text === "" ? "" : `${text}\n`}${body}\n`;
}

function fieldTable(fields: readonly Field[]): string {
  const rows = fields
    .filter(({ name }) => name !== "replicate")
    .map((field) => [`\`${field.name}\``, kindText(field), field.description]);
  return table(["field", "is", "what it says"], rows);
}

function kindText({ kind, choices, min, word }: Field): string {
  const or = word === undefined ? "" : `, or \`${word.text}\``;
  if (kind === "choice") return choices.map((name) => `\`${name}\``).join(", ");
  if (kind === "flag") return "`true`, `false`";
  if (kind === "times") return "list of durations above 0, or the name of a table";
  return `${kind === "time" ? "duration" : "whole number"}${min > 0 ? (kind === "time" ? " above 0" : ` from ${min}`) : ""}${or}`;
}

/** A Markdown table, padded as the formatter of this repository pads it. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const escaped = rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = heads.map((head, index) => Math.max(head.length, ...escaped.map((row) => row[index].length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at])).join(" | ")} |`;
  return [line(heads), line(widths.map((width) => "-".repeat(width))), ...escaped.map(line)].join("\n");
}
