// Random tasks: version 1's, their phases shifted, their jobs as given, or thinking.

import fc from "fast-check";
import { type Load, optionally, optionalNat, withoutMissing, wrapped } from "../arbitraries.js";
import type { Execution, Observed } from "../drawn-times.js";
import { buildTask, type RawTask } from "../scenarios.js";
import type { AnyTask } from "../types.js";
import type { Trait } from "./traits.js";

const SHORT = 8; // ticks

export interface MoreOfTask {
  /** Which of the traits of its server it has; 0: as little as it may. */
  readonly kind: number;
  readonly jobs: readonly { readonly gap: number; readonly work: number }[];
  readonly think: number;
  readonly thinkMore: number | undefined;
  readonly execution: RawExecution;
}

/** Of a distribution: numbers that become its parameters once the bounds are known. */
interface RawExecution {
  readonly distribution: Execution["distribution"] | "empirical";
  readonly places: readonly [number, number];
  readonly shape: readonly [number, number];
}

export const moreOfTask: fc.Arbitrary<MoreOfTask> = fc.record({
  kind: fc.nat({ max: 5 }),
  jobs: fc.array(fc.record({ gap: fc.nat({ max: 20 }), work: fc.integer({ min: 1, max: SHORT }) }), {
    minLength: 1,
    maxLength: 12,
  }),
  think: fc.nat({ max: 12 }),
  thinkMore: optionalNat(6),
  execution: fc.record({
    distribution: fc.constantFrom<RawExecution["distribution"][]>(
      ...(["uniform", "constant", "truncated-normal", "exponential", "weibull", "bimodal", "empirical"] as const),
    ),
    places: fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 60 })),
    shape: fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })),
  }),
});

/** A task of a server with these traits. */
export function buildAnyTask(...parameters: Parameters<typeof buildKind>): AnyTask {
  const task = buildKind(...parameters);
  const [, more, , , , traits] = parameters;
  if (!traits.has("distributions") || task.wcet === undefined || more.kind === 1) return task;
  // Times of this many ticks make every distribution show; a task of so much work is late, which is as good.
  const wcet = more.kind === 2 ? task.wcet + 20 : task.wcet;
  const drawn = { ...task, wcet, execution: executionOf(more.execution, task.bcet ?? wcet, wcet) };
  return task.period_max === undefined ? drawn : { ...drawn, sporadic: sporadicOf(more.execution, task) };
}

function sporadicOf({ places }: RawExecution, task: AnyTask): NonNullable<AnyTask["sporadic"]> {
  const [period, longest] = [task.period!, task.period_max!];
  if (places[0] % 4 === 0) return { distribution: "uniform" };
  return { distribution: "exponential", mean: period + (places[1] % (longest - period + 1)) };
}

function executionOf({ distribution, places, shape }: RawExecution, bcet: number, wcet: number): Execution | Observed {
  const [first, second] = places.map((place) => bcet + (place % (wcet - bcet + 1))).sort((a, b) => a - b) as [
    number,
    number,
  ];
  const [lesser, greater] = shape[0] < shape[1] ? shape : [shape[1], shape[0]];
  switch (distribution) {
    case "uniform":
      return { distribution };
    case "empirical":
      return { empirical: [second, first, bcet, second].slice(0, 1 + (shape[0] % 4)) };
    case "constant":
      return places[1] % 2 === 0 ? { distribution } : { distribution, mean: first };
    case "truncated-normal":
      return { distribution, mean: first, deviation: 1 + places[1] };
    case "exponential":
      return { distribution, mean: second };
    case "weibull":
      return { distribution, shape, scale: 1 + places[1] };
    case "bimodal": {
      const share = [lesser, greater] as const;
      return withoutMissing({ distribution, share, ...(shape[0] % 2 === 0 ? {} : { short: first, long: second }) });
    }
  }
}

function buildKind(
  raw: RawTask,
  more: MoreOfTask,
  number: number,
  load: Load,
  isExplicit: boolean,
  traits: ReadonlySet<Trait>,
): AnyTask {
  const kinds = (["shift", "jobs", "think"] as const).filter((trait) => traits.has(trait));
  const task = buildTask(raw, number, load, isExplicit);
  const kind = more.kind === 0 ? undefined : kinds[more.kind % (kinds.length + 1)];
  const { name, deadline, priority, on_miss } = task;
  const wcet = wrapped(raw.wcet, SHORT);
  const times = { wcet, bcet: optionally(raw.bcet, (value) => wrapped(value, wcet)) };
  switch (kind) {
    case undefined:
      return task;
    case "shift":
      return { ...task, on_miss: "shift" };
    case "jobs":
      if (more.kind < 3) return withoutMissing({ name, deadline, priority, on_miss, jobs: jobsOf(more) });
      return withoutMissing({ name, deadline, priority, on_miss, ...times, jobs: withoutWork(jobsOf(more)) });
    case "think": {
      const think_max = optionally(more.thinkMore, (value) => more.think + value);
      return withoutMissing({
        ...{ name, deadline, priority, on_miss, ...times },
        ...{ offset: task.offset, think: more.think, think_max },
      });
    }
  }
}

function jobsOf({ jobs }: MoreOfTask): { at: number; work: number }[] {
  let at = 0;
  return jobs.map(({ gap, work }) => {
    at += gap;
    return { at, work };
  });
}

/** Every other one takes what the task says. */
function withoutWork(jobs: readonly { at: number; work: number }[]): { at: number; work?: number }[] {
  return jobs.map(({ at, work }, i) => (i % 2 === 0 ? { at } : { at, work }));
}
