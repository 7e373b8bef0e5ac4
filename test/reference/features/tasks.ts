// Random tasks: version 1's, their phases shifted, their jobs as given, or thinking.

import fc from "fast-check";
import { type Load, optionally, optionalNat, withoutMissing, wrapped } from "../arbitraries.js";
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
}

export const moreOfTask: fc.Arbitrary<MoreOfTask> = fc.record({
  kind: fc.nat({ max: 5 }),
  jobs: fc.array(fc.record({ gap: fc.nat({ max: 20 }), work: fc.integer({ min: 1, max: SHORT }) }), {
    minLength: 1,
    maxLength: 12,
  }),
  think: fc.nat({ max: 12 }),
  thinkMore: optionalNat(6),
});

/** A task of a server with these traits. */
export function buildAnyTask(
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
  switch (kind) {
    case undefined:
      return task;
    case "shift":
      return { ...task, on_miss: "shift" };
    case "jobs":
      return withoutMissing({ name, deadline, priority, on_miss, jobs: jobsOf(more) });
    case "think": {
      const wcet = wrapped(raw.wcet, SHORT);
      const bcet = optionally(raw.bcet, (value) => wrapped(value, wcet));
      const think_max = optionally(more.thinkMore, (value) => more.think + value);
      return withoutMissing({
        ...{ name, deadline, priority, on_miss, wcet, bcet },
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
