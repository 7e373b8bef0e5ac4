// A design question as a line of JSON (analysis.md section 6): text -> question, or every problem it has.

import type { DesignQuestion } from "../analysis/design.js";
import { didYouMean, InvalidInput, type Problem, showValue } from "../input/problem.js";
import { isWrittenNumber, parseExactly } from "../scenario/exact-json.js";
import { readScenario } from "../scenario/parse.js";
import { resolveScenario } from "../scenario/resolve.js";
import { COUNT_MAX } from "./periods.js";

const KEYS = ["id", "guest", "priorities", "tasks", "periods", "switch"];
/** An answer that stands beside its question is not looked at. */
const ANSWER_KEYS = ["curve", "best", "best_with_switch"];
const GUESTS = ["fp", "edf"];

/**
 * Reads `{"guest", "priorities", "tasks", "periods": [from, to], "switch"}`: tasks as in a scenario in normal form, whole
 * ticks. `guest` is fp, `priorities` rm and `switch` 0 unless they are given.
 * @throws InvalidInput
 */
export function parseQuestion(text: string): DesignQuestion {
  const question = objectOf(text);
  const problems: Problem[] = [];
  const say = (path: string, message: string) => problems.push({ path, text: message });
  for (const key of Object.keys(question)) {
    if (![...KEYS, ...ANSWER_KEYS].includes(key))
      say(key, `is not a key of a question, which are ${KEYS.join(", ")}${didYouMean(key, KEYS)}`);
  }
  const guest = question.guest ?? "fp";
  if (typeof guest !== "string" || !GUESTS.includes(guest)) say("guest", `${show(guest)} is not one of fp, edf`);
  const periods = periodsOf(question.periods, say);
  const switchCost = wholeOf(question.switch ?? 0, 0);
  if (switchCost === undefined) say("switch", `${show(question.switch)} is not a whole number of at least 0`);
  if (problems.length > 0) throw new InvalidInput(problems);
  const server = guestOf(question, guest as string);
  return {
    guest: guest as DesignQuestion["guest"],
    priorities: server.priorities ?? "rm",
    tasks: server.tasks,
    periods: periods!,
    switch: switchCost!,
  };
}

function objectOf(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = parseExactly(text);
  } catch (error) {
    throw new InvalidInput([{ path: "", text: `not valid JSON: ${(error as Error).message}` }]);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value) && !isWrittenNumber(value)) {
    return value as Record<string, unknown>;
  }
  throw new InvalidInput([{ path: "", text: `${show(value)} is not an object` }]);
}

function periodsOf(value: unknown, say: (path: string, text: string) => void): readonly [number, number] | undefined {
  const [from, to] = Array.isArray(value) && value.length === 2 ? value.map((end) => wholeOf(end, 1)) : [];
  if (from === undefined || to === undefined || from > to || to - from >= COUNT_MAX) {
    say(
      "periods",
      `${value === undefined ? "is missing; it is" : `${show(value)} is not`} [from, to]: whole numbers of at least 1, in order, at most ${COUNT_MAX} periods`,
    );
    return undefined;
  }
  return [from, to];
}

function wholeOf(value: unknown, least: number): number | undefined {
  if (!isWrittenNumber(value) || !/^\d{1,16}$/.test(String(value))) return undefined;
  const number = Number(String(value));
  return number >= least && number <= Number.MAX_SAFE_INTEGER ? number : undefined;
}

/** The guest, checked as that of a scenario with one server. */
function guestOf({ priorities, tasks }: Record<string, unknown>, scheduler: string) {
  const named = Array.isArray(tasks)
    ? tasks.map((task: unknown, i) => (isRecord(task) ? { name: `t${i}`, ...task } : task))
    : tasks;
  const guest = { scheduler, ...(scheduler === "fp" && priorities !== undefined ? { priorities } : {}), tasks: named };
  const server = { name: "server", policy: "idling", period: 1, budget: 1, ...guest };
  try {
    const scenario = readScenario({ horizon: 1, servers: [server] }, undefined, "analysis");
    return resolveScenario(scenario).servers[0];
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const prefix = "servers[0].";
    throw new InvalidInput(error.problems.map((problem) => ({ ...problem, path: problem.path.replace(prefix, "") })));
  }
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isWrittenNumber(value);
}

function show(value: unknown): string {
  return isWrittenNumber(value) ? String(value) : showValue(value);
}
