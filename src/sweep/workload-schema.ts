// The structure of `tasks`: a map of tasks, a table of them, or `generate` and what sets of tasks are drawn by.

import { z } from "zod";
import { DISTRIBUTIONS, SPORADIC_DISTRIBUTIONS } from "../model/distributions.js";
import { METHODS } from "../workload/question.js";
import { choice, duration, expected, fixedMap, named, oneOf, whole } from "./schema-parts.js";

const ratio = z.union([z.number(), z.string().regex(/^=/)], expected('a number, or an expression after "="'));

/** Two bounds, or one value. */
function bounds(what: string, item: z.ZodType) {
  const error = expected(`${what}: [least, greatest]`);
  return z.union([z.tuple([item, item], error), item], error);
}

/** A word, or ratios of something. */
function ratios(words: readonly [string, ...string[]] | undefined, of: string, description: string) {
  const map = fixedMap("a ratio", { ratio: bounds(`ratios of ${of}`, ratio) });
  const error = expected(
    `${words === undefined ? "" : `${words.join(", ")}, or `}{ ratio: [least, greatest] } of ${of}`,
  );
  return (words === undefined ? map : z.union([z.enum(words), map], error)).meta({ description });
}

const time = duration("a duration");

const fileAndText = {
  file: z.string(expected("the name of a file")).meta({ description: "its name, for messages" }),
  text: z.string(expected("text")).meta({ description: "comma separated values: a line of names, a line a task" }),
};
const table = fixedMap("a table", fileAndText);
const taskTable = fixedMap("a table", {
  ...fileAndText,
  tables: named("a map from names of files to their texts", z.string(expected("text")))
    .optional()
    .meta({ description: "the texts of the tables that its rows name, recorded or empirical" }),
});
/** Of a task. */
export const recorded = z
  .union([z.string(), table], expected("the name of a file of comma separated values, or { file, text }"))
  .meta({
    description: "table of arrivals beside the sweep, columns at and, if they are not drawn, work: the task's jobs",
  });

/** A list of times, written or in a table. */
export function timesOf(description: string) {
  const error = expected("a list of durations, the name of a file of comma separated values, or { file, text }");
  return z
    .union([z.array(time), z.string(), table], error)
    .meta({ description: `${description}: a list, or a table beside the sweep` });
}

const from = z
  .union([z.string(), taskTable], expected("the name of a file of comma separated values, or { file, text }"))
  .meta({
    description: "table of tasks beside the sweep: columns name, fields of a task, and set: then one set a replicate",
  });

const drawnPeriods = fixedMap("a way to draw periods", {
  "log-uniform": bounds("durations", time)
    .optional()
    .meta({ description: "bounds between which the logarithms of periods are uniform" }),
  uniform: bounds("durations", time).optional().meta({ description: "bounds between which periods are uniform" }),
  harmonic: bounds("durations", time)
    .optional()
    .meta({ description: "the shortest period, doubled until the longest" }),
  choose: z
    .array(time, expected("a list of durations"))
    .min(1, { error: "has no periods" })
    .optional()
    .meta({ description: "periods to choose from" }),
  weights: z.array(ratio, expected("a list of numbers")).optional().meta({ description: "how often each is chosen" }),
  multiple_of: duration("what periods are multiples of; by default a step").optional(),
});

const period = z
  .union(
    [z.enum(["automotive"], oneOf(["automotive"])), drawnPeriods],
    expected("automotive, or a map with one of log-uniform, uniform, harmonic and choose"),
  )
  .meta({ description: "how periods are drawn" });

const ofWcet = (what: string) => ratio.meta({ description: `${what}, as a ratio of the wcet` }).optional();
const ofPeriod = (what: string) => ratio.meta({ description: `${what}, as a ratio of the period` });
function fraction(what: string) {
  const part = whole(what, 0);
  return z
    .tuple([part, part], expected("a list of a numerator and a denominator"))
    .meta({ description: what })
    .optional();
}

const execution = fixedMap("execution", {
  distribution: choice("how execution times are drawn between bcet and wcet", DISTRIBUTIONS),
  mean: ofWcet("the constant time, or the mean before the bounds cut it off"),
  deviation: ofWcet("standard deviation before that"),
  shape: fraction("the shape (weibull)"),
  scale: ofWcet("the scale, from the bcet on (weibull)"),
  share: fraction("the share of long times (bimodal)"),
  short: ofWcet("greatest short time (bimodal)"),
  long: ofWcet("least long time (bimodal)"),
}).meta({ description: "how execution times are drawn; times are ratios of the wcet" });

const sporadic = fixedMap("sporadic", {
  period_max: ofPeriod("longest time between arrivals"),
  distribution: choice("how times between arrivals are drawn; by default uniform", SPORADIC_DISTRIBUTIONS).optional(),
  mean: ofPeriod("their mean before period_max cuts it off (exponential)").optional(),
}).meta({ description: "arrivals between the period and period_max apart; times are ratios of the period" });

const generate = fixedMap("generate", {
  count: whole("how many tasks", 0),
  utilization: ratio.meta({ description: "of all generated tasks together" }),
  method: choice("how utilizations are drawn", METHODS).optional(),
  each: bounds("bounds of one task's utilization", ratio)
    .optional()
    .meta({ description: "bounds of one task's utilization; by default 0 and 1" }),
  period,
  deadline: ratios(["implicit"], "the period", "deadlines; by default the periods").optional(),
  bcet: ratios(undefined, "the wcet", "best-case execution times; by default the wcets").optional(),
  offset: z
    .union(
      [z.enum(["zero"]), fixedMap("an offset", { uniform: z.enum(["period"], oneOf(["period"])) })],
      expected("zero, or { uniform: period }"),
    )
    .optional()
    .meta({ description: "first arrivals; by default at 0" }),
  jitter: ratios(undefined, "the period", "greatest release jitter; by default none").optional(),
  execution: execution.optional(),
  sporadic: sporadic.optional(),
}).meta({ description: "sets of tasks to be drawn, one a replicate: tasks g1, g2, ..." });

/**
 * `tasks` of a server. The names `generate`, `from` and `fixed` are taken.
 * @param task the structure of one
 */
export function tasksSchema(task: z.ZodType) {
  const what = "a map from the names of tasks to their fields";
  return z
    .object(
      {
        generate: generate.optional(),
        from: from.optional(),
        fixed: named(what, task)
          .optional()
          .meta({ description: "tasks that are always there, beside generated ones or those of a table" }),
      },
      expected(what),
    )
    .catchall(task);
}
