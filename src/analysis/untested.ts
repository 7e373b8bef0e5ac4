// Why nothing is said of a system, in words: which server, and which of its fields.

import { type Host, hasMore, type Server, type Task } from "../model/system.js";
import { boundsOf } from "./policies.js";
import { UNKNOWN, whyUntested } from "./theorems.js";

/**
 * Why a system is not analysed: the servers whose policy has no test under the host, then each field that has none.
 * @param untested the servers of which nothing is proved, at least one
 */
export function untestedReason(host: Host, untested: readonly Server[]): string {
  const fields = untestedFields(host, untested);
  const rest = fields.length === 0 ? untested : untested.filter((server) => boundsOf(host, server) === undefined);
  const policies = [...new Set(rest.map(({ policy }) => policy))].map((policy) => {
    const names = rest.filter((server) => server.policy === policy).map(({ name }) => name);
    return `${policy}: ${names.join(", ")}`;
  });
  return [
    ...(policies.length === 0 ? [] : [`not analysed, ${policies.join("; ")}`]),
    ...(fields.length === 0 ? [] : [`no test for ${fields.join(", ")}`]),
  ].join("; ");
}

/** The same in short, for what is asked of one server after the other: the theorem that is missing, or the fields. */
export function whyNoTest(host: Host, untested: readonly Server[]): string {
  const theorem = whyUntested(host, untested[0]);
  return theorem === UNKNOWN.beyond ? untestedReason(host, untested) : theorem;
}

/** `vm's enforce_every`: of the servers whose policy has a test, and of the host. */
function untestedFields(host: Host, untested: readonly Server[]): string[] {
  const tested = untested.filter((server) => boundsOf(host, server) !== undefined);
  if (tested.length === 0) return [];
  return [
    ...Object.keys(host.more ?? {}).map((field) => `the host's ${field}`),
    ...tested.flatMap((server) => [
      ...Object.keys(server.more ?? {}).map((field) => `${server.name}'s ${fieldText(server, field)}`),
      ...server.tasks.flatMap((task) => taskText(task).map((text) => `${server.name}'s task ${task.name} ${text}`)),
    ]),
  ];
}

function fieldText({ more, period }: Server, field: string): string {
  const value = more?.[field];
  const isShorter = field === "deadline" && typeof value === "number" && period !== null && value < period;
  return isShorter ? "deadline shorter than its period" : field;
}

function taskText(task: Task): string[] {
  return [...(hasMore(task) ? ["without a period"] : []), ...(task.onMiss === "shift" ? ["with on_miss shift"] : [])];
}
