// The structure of a sweep file as one zod schema: which keys there are, and what kind of value each holds. Its messages
// are the ones users read; `replenish schema` prints it for editors. What a value means (exact numbers, expressions, names)
// is read in sweep-reader.ts.

import { z } from "zod";
import { METHODS, WHOLE_METHODS } from "../assign/assign.js";
import { showValue } from "../input/problem.js";
import {
  type Field,
  type FieldTree,
  HOST_FIELDS,
  isTree,
  JOB_FIELDS,
  PART_FIELDS,
  RUN_FIELDS,
  SERVER_FIELDS,
  TABLE_WINDOW_FIELDS,
  TASK_FIELDS,
  treeOf,
  VCPU_FIELDS,
  WINDOW_FIELDS,
} from "../model/fields.js";
import { listText } from "../scenario/shape.js";
import { ROUNDED, ROUNDINGS, type RoundedKind, SAFE } from "./rounding.js";
import { choice, duration, expected, fixedMap, flag, named, oneOf, whole } from "./schema-parts.js";
import { PHASES, SAMPLE_METHODS, SEARCHED_OVER, SIMULATED } from "./sweep.js";
import type { TASK_PARTS } from "./task-keys.js";
import { recorded, tasksSchema, timesOf } from "./workload-schema.js";

/** What is said beside a field that easily is taken for another. */
const HINTS = new Map<Field | undefined, (input: unknown) => string>([
  [
    HOST_FIELDS.find(({ name }) => name === "cpus"),
    (input) =>
      Array.isArray(input)
        ? `; it is how many there are, such as ${Math.max(1, input.length)}, and they are numbered from 0: the numbers of a machine's CPUs stand in cpus at the top of the sweep`
        : "",
  ],
]);

function fieldSchema(field: Field) {
  if (field.kind === "time") return duration(field.description);
  if (field.kind === "flag") return flag(field.description);
  if (field.kind === "times") return timesOf(field.description);
  return field.kind === "count"
    ? whole(field.description, field.min, HINTS.get(field))
    : choice(field.description, field.choices);
}

/** What stands in a map or list of a record. */
function treeSchema(key: string, tree: FieldTree): z.ZodType {
  if (!tree.isList) return fixedMap(key, treeShape(tree));
  const items = [...tree.children].map(([item, child]) => partSchema(item, child)) as [z.ZodType, ...z.ZodType[]];
  return z.tuple(items, {
    error: ({ input }) => listText(tree, Array.isArray(input) ? `a list of ${input.length}` : showValue(input)),
  });
}

function partSchema(key: string, part: Field | FieldTree): z.ZodType {
  return isTree(part) ? treeSchema(key, part) : fieldSchema(part);
}

function treeShape({ children }: FieldTree): Record<string, z.ZodOptional> {
  return Object.fromEntries([...children].map(([key, part]) => [key, partSchema(key, part).optional()]));
}

function fieldShape(fields: readonly Field[]): Record<string, z.ZodOptional> {
  return treeShape(treeOf(fields));
}

const job = fixedMap("a job", fieldShape(JOB_FIELDS));
function nameOf(what: string, description: string) {
  return z.string(expected(`the name of ${what}`)).meta({ description });
}
const part = fixedMap("a part", {
  vcpu: nameOf("a VCPU", "VCPU that the part runs on"),
  ...fieldShape(PART_FIELDS),
});
const { delay } = treeShape(treeOf(TASK_FIELDS).children.get("after") as FieldTree);
const after = fixedMap("after", {
  server: nameOf("a server", "server of the task before"),
  task: nameOf("a task", "task whose completions release this one"),
  delay,
});
const taskParts: Record<(typeof TASK_PARTS)[number], z.ZodType> = {
  vcpu: nameOf("a VCPU", "VCPU that it runs on (partitioned)").optional(),
  parts: z
    .array(part, expected("a list of parts"))
    .optional()
    .meta({ description: "on which VCPUs it runs one after the other, and how long (partitioned)" }),
  after: after.optional().meta({ description: "the task that it follows, instead of a period" }),
  defer_while: nameOf(
    "a server",
    "server that has to have no ready job before one of this task is let through",
  ).optional(),
  jobs: z
    .array(job, expected("a list of jobs"))
    .optional()
    .meta({ description: "its jobs one by one, in the order of time, instead of a period" }),
  recorded: recorded.optional(),
};
const task = fixedMap("a task", { ...fieldShape(TASK_FIELDS), ...taskParts }, "task");
const recordedWindow = fixedMap("a window of a server", fieldShape(WINDOW_FIELDS));
const affinity = z
  .array(whole("number of a CPU", 0), expected("a list of CPUs, by their numbers"))
  .optional()
  .meta({ description: "the CPUs that it may have; all of them by default" });
const vcpu = fixedMap("a VCPU", { ...fieldShape(VCPU_FIELDS), affinity }, "server");
const server: z.ZodType = fixedMap(
  "a server",
  {
    ...fieldShape(SERVER_FIELDS),
    affinity,
    vcpus: named("a map from the names of VCPUs to their fields", vcpu).optional(),
    servers: named(
      "a map from the names of servers to their fields",
      z.lazy(() => server),
    ).optional(),
    assign: choice("how its tasks are assigned to its VCPUs (partitioned)", METHODS).optional(),
    windows: z
      .array(recordedWindow, expected("a list of windows"))
      .optional()
      .meta({ description: "windows in which a recorded server runs, in the order of time" }),
    copies: whole("how many of this server there are: NAME1, NAME2, ... in place of NAME, alike", 0).optional(),
    tasks: tasksSchema(task).optional(),
  },
  "server",
);
const window = fixedMap("a window", {
  server: nameOf("a server", "server that has the CPU in the window"),
  vcpu: nameOf("a VCPU", "VCPU that has the CPU in the window, of a server with vcpus").optional(),
  ...fieldShape(TABLE_WINDOW_FIELDS),
});
const host = fixedMap(
  "the host",
  {
    ...fieldShape(HOST_FIELDS),
    assign: choice("how VCPUs are assigned to CPUs", WHOLE_METHODS).optional(),
    windows: z.array(window, expected("a list of windows")).optional().meta({ description: "windows of a table host" }),
  },
  "host",
);

const SCALES = ["linear", "log"] as const;
const UNITS = ["tick", "ns", "us", "ms", "s"] as const;

const existence = z
  .string(expected("a condition over earlier axes, as text"))
  .optional()
  .meta({ description: "where the axis exists; elsewhere its column is null and the cells are not multiplied" });
const axisList = z
  .array(z.union([z.number(), z.string(), z.boolean()], expected("a number, a duration or a text")))
  .min(1, { error: "has no values; an axis needs at least one" });
const axisRange = fixedMap("a range", {
  from: duration("first value"),
  to: duration("last value, reached when it is a whole number of steps away"),
  step: duration("distance from one value to the next").optional(),
  count: whole("number of values, instead of a step", 1).optional(),
  scale: z.enum(SCALES, oneOf(SCALES)).optional().meta({ description: "equal distances or equal ratios, with count" }),
  when: existence,
});
const axisValues = fixedMap("an axis", { values: axisList, when: existence });
const axis = z.union(
  [axisList, axisRange, axisValues],
  expected("an axis: a list of values, or a range with from, to and step (or count)"),
);
const axisNames = z
  .array(z.string(expected("the name of an axis")), expected("a list of names of axes"))
  .min(1, { error: "names no axis" });
const point = named("a map from the names of axes to values", z.union([z.number(), z.string(), z.boolean()]));
const sample = fixedMap("a sample", {
  axes: axisNames.meta({ description: "ranges whose values are drawn" }),
  method: z.enum(SAMPLE_METHODS, oneOf(SAMPLE_METHODS)).meta({ description: "how they are drawn" }),
  count: z
    .number(expected("a whole number"))
    .meta({ description: "points drawn for every combination of the other axes", minimum: 1 }),
});

const condition = (description: string) => z.string(expected("a condition, as text")).optional().meta({ description });
const find = fixedMap("a search", {
  axis: z.string(expected("the name of an axis")).meta({ description: "numeric axis along which is searched" }),
  least: condition("the least value is wanted for which this holds, a condition over columns of the tables"),
  largest: condition("the largest value is wanted for which this holds"),
  probes: z
    .number(expected("a whole number"))
    .optional()
    .meta({ description: "probes of each search that look for anomalies; 8 by default", minimum: 0 }),
  over: z
    .enum(SEARCHED_OVER, oneOf(SEARCHED_OVER))
    .optional()
    .meta({ description: "replicates: the value must be good in all replicates" }),
});

const until = fixedMap("an end of the replicates", {
  half_width: z
    .number(expected("a number between 0 and 1"))
    .meta({ description: "of the 95 % interval of the acceptance", exclusiveMinimum: 0, exclusiveMaximum: 1 }),
  at_most: z
    .number(expected("a whole number"))
    .meta({ description: "replicates of a cell", minimum: 1, maximum: 2 ** 32 }),
});

const horizon = z
  .union(
    [
      duration("length of every run"),
      fixedMap("a horizon", {
        hyperperiods: whole("length in least common multiples of all periods of the cell", 1),
        at_most: duration("the longest that the run may be").optional(),
      }),
    ],
    expected("a duration, or a map with hyperperiods and at_most"),
  )
  .meta({ description: "length of every run" });

function roundingMode(kind: RoundedKind, what: string) {
  return z
    .enum(ROUNDINGS, oneOf(ROUNDINGS))
    .optional()
    .meta({ description: `${what}; by default ${SAFE[kind]}` });
}

/** A field of the run, by its name. */
function runField(name: string) {
  return fieldSchema(RUN_FIELDS.find((field) => field.name === name)!).optional();
}

/** The structure of a sweep file. */
export const sweepSchema = fixedMap(
  "a sweep",
  {
    name: z.string(expected("a text")).optional().meta({ description: "name of the sweep and of its results" }),
    tick: z
      .string(expected("a length of time with a unit, such as 1ms"))
      .optional()
      .meta({ description: "length of one tick" }),
    unit: z.enum(UNITS, oneOf(UNITS)).optional().meta({ description: "unit of the times in the results" }),
    horizon,
    stop: runField("stop"),
    warmup: runField("warmup"),
    resolution: duration(
      "length of one simulation step; by default the greatest common divisor of all durations",
    ).optional(),
    rounding: z
      .union(
        [
          z.enum(ROUNDINGS),
          fixedMap("a rounding", {
            resolution: duration("what times are made multiples of; by default the resolution").optional(),
            budgets: roundingMode("budgets", "budgets of servers"),
            server_periods: roundingMode("server_periods", "periods of servers"),
            periods: roundingMode("periods", "periods of tasks, and of servers that have no rule"),
            wcet: roundingMode("wcet", "execution times"),
            other: roundingMode("other", "all other times"),
          }),
        ],
        expected(`${ROUNDINGS.join(", ")}, or a map with ${["resolution", ...ROUNDED].join(", ")}`),
      )
      .optional()
      .meta({ description: "how times that are no whole steps are rounded; without it they are refused" }),
    system: fixedMap("the system", {
      host: host.optional(),
      servers: named("a map from the names of servers to their fields", server),
    }),
    cpus: z
      .array(z.number(expected("the number of a CPU")), expected("a list of numbers of CPUs"))
      .optional()
      .meta({ description: "numbers of the machine's CPUs that design places the servers on; they change no result" }),
    axes: named("a map from the names of axes to their values", axis)
      .optional()
      .meta({ description: "the grid; the last axis varies fastest" }),
    zip: z
      .array(axisNames, expected("a list of lists of names of axes"))
      .optional()
      .meta({ description: "axes of equal length that vary together, in the place of the first" }),
    sample: sample.optional().meta({ description: "axes that are drawn instead of enumerated" }),
    points: z
      .array(point, expected("a list of cells, each a map from the names of axes to values"))
      .optional()
      .meta({ description: "single cells after the grid" }),
    find: find.optional().meta({ description: "searches for a boundary along an axis instead of computing all cells" }),
    where: z
      .union(
        [z.string(), z.array(z.string(expected("a condition, as text")))],
        expected("a condition, or a list of conditions"),
      )
      .optional()
      .meta({ description: "conditions that every cell must fulfil" }),
    replicates: z
      .number(expected("a whole number"))
      .optional()
      .meta({
        description: "runs of every cell, each with its own random draws, which are whole steps of the resolution",
        minimum: 1,
        maximum: 2 ** 32,
      }),
    until: until
      .optional()
      .meta({ description: "replicates go on, in batches of 100, until the share without a miss is known so well" }),
    simulate: z.enum(SIMULATED, oneOf(SIMULATED)).optional().meta({
      description: "unless-proved: what a bound shows to miss nothing is not simulated; needs analysis: true",
    }),
    weigh: z
      .string(expected("the name of an axis"))
      .optional()
      .meta({ description: "axis whose values weigh the acceptance: weighted schedulability over it" }),
    phases: z
      .enum(PHASES, oneOf(PHASES))
      .optional()
      .meta({ description: "random: every replicate but the first draws the offsets of all servers and tasks" }),
    seed: z
      .number(expected("a whole number"))
      .optional()
      .meta({ description: "seed of all random draws, up to 2^64 - 1", minimum: 0 }),
    analysis: z
      .boolean(expected("true or false"))
      .optional()
      .meta({ description: "whether the tables get bounds and verdicts beside what was simulated; false by default" }),
  },
  "sweep",
).meta({ title: "replenish sweep" });
