// What is asked of the kernel for a set of tasks, and its answer: names and ratios -> flat numbers -> tasks. How each number
// is drawn is in assembly/draws; docs/workloads.md says it for people.

import * as draws from "../../assembly/draws/abi.js";

/** How utilizations are drawn, at the index of their id. */
export const METHODS = ["convolutional-fixed-sum", "randfixedsum", "uunifast-discard"] as const;
export type Method = (typeof METHODS)[number];

/** Two bounds, both included. */
export type Bounds = readonly [least: number, most: number];

/** A period and its weight, a whole number. */
export type Choice = readonly [period: number, weight: number];

export type Periods =
  | { readonly kind: "log-uniform" | "uniform"; readonly bounds: Bounds; readonly multiple: number }
  | { readonly kind: "choose"; readonly choices: readonly Choice[] };

/** A set of tasks to be drawn. Times are whole steps. */
export interface Question {
  readonly count: number;
  /** Of all tasks together. */
  readonly utilization: number;
  readonly method: Method;
  /** Bounds of one task's utilization. */
  readonly each: Bounds;
  readonly periods: Periods;
  /** Ratios of the period; undefined: the period. */
  readonly deadline?: Bounds | undefined;
  /** Ratios of the wcet; undefined: the wcet. */
  readonly bcet?: Bounds | undefined;
  /** Whether first arrivals are drawn within the period; otherwise they are at 0. */
  readonly offset: boolean;
  /** Ratios of the period; undefined: none. */
  readonly jitter?: Bounds | undefined;
}

const KINDS = ["log-uniform", "uniform", "choose"] as const;
const NONE: Bounds = [-1, -1];

/**
 * A question as the kernel takes it, of replicate 0.
 * @param seed of the sweep, unsigned 64 bits
 * @param server its name: servers have sets of their own
 */
export function requestOf(question: Question, seed: bigint, server: string): Float64Array {
  const { periods } = question;
  const choices = periods.kind === "choose" ? periods.choices : [];
  const request = new Float64Array(draws.ASK_SIZE + choices.length * draws.CHOICE_SIZE);
  const pair = (slot: number, [least, most]: Bounds) => request.set([least, most], slot);
  request[draws.ASK_SEED_LOW] = Number(seed & 0xffffffffn);
  request[draws.ASK_SEED_HIGH] = Number(seed >> 32n);
  request[draws.ASK_SERVER] = nameWord(server);
  request[draws.ASK_COUNT] = question.count;
  request[draws.ASK_UTILIZATION] = question.utilization;
  request[draws.ASK_METHOD] = METHODS.indexOf(question.method);
  request[draws.ASK_PERIODS] = KINDS.indexOf(periods.kind);
  request[draws.ASK_OFFSET] = Number(question.offset);
  pair(draws.ASK_EACH_LEAST, question.each);
  pair(draws.ASK_DEADLINE_LEAST, question.deadline ?? NONE);
  pair(draws.ASK_BCET_LEAST, question.bcet ?? NONE);
  pair(draws.ASK_JITTER_LEAST, question.jitter ?? NONE);
  request[draws.ASK_CHOICES] = choices.length;
  request.set(choices.flat(), draws.ASK_SIZE);
  if (periods.kind === "choose") return request;
  pair(draws.ASK_PERIOD_LEAST, periods.bounds);
  request[draws.ASK_PERIOD_MULTIPLE] = periods.multiple;
  return request;
}

/**
 * The word of the counter that stands for a server: FNV-1a, 32 bits, of its name in UTF-8. A set is then that of a name,
 * wherever in the file the server stands.
 */
function nameWord(name: string): number {
  let word = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) word = Math.imul(word ^ byte, 0x01000193);
  return word >>> 0;
}

/** A task that was drawn; null stands for what was not asked for. */
export interface DrawnTask {
  /** Before the wcet was rounded. */
  readonly utilization: number;
  readonly period: number;
  readonly wcet: number;
  readonly deadline: number | null;
  readonly bcet: number | null;
  readonly offset: number | null;
  readonly jitter: number | null;
}

/** The tasks of an answer. @param rows as Kernel.drawTasks gives them */
export function drawnTasks(rows: Float64Array): DrawnTask[] {
  return Array.from({ length: rows.length / draws.DRAWN_SIZE }, (_, task) => {
    const at = (slot: number) => rows[task * draws.DRAWN_SIZE + slot];
    const orNull = (slot: number) => (at(slot) < 0 ? null : at(slot));
    return {
      utilization: at(draws.DRAWN_UTILIZATION),
      period: at(draws.DRAWN_PERIOD),
      wcet: at(draws.DRAWN_WCET),
      deadline: orNull(draws.DRAWN_DEADLINE),
      bcet: orNull(draws.DRAWN_BCET),
      offset: orNull(draws.DRAWN_OFFSET),
      jitter: orNull(draws.DRAWN_JITTER),
    };
  });
}
