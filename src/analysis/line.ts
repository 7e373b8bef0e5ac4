// An analysis as one line of JSON, written straight into bytes: those of JSON.stringify, at a fraction of their cost where
// scenarios are small and many.

import { jsonBytes, NUMBER_BYTES, putJson, putText, putWhole, Snippet, targetOf } from "../numbers/ascii.js";
import { BEYOND, TIME_MAX } from "../numbers/integers.js";
import type { Analysis, ServerAnalysis, TaskAnalysis } from "./analyze.js";
import type { Failure } from "./guest.js";
import type { Verdict } from "./guest-verdicts.js";

const snippets = (...texts: string[]) => texts.map((text) => new Snippet(text));

const [TRUE, FALSE, UNKNOWN, NULL] = snippets("true", "false", '"unknown"', "null");
const [BEGIN, HOST, REASON, SERVERS, TASKS, END] = snippets(
  '{"schedulable":',
  ',"host":{"schedulable":',
  ',"reason":',
  '},"servers":[',
  '],"tasks":[',
  "]}",
);
const [NAMED, RESPONSE, BLACKOUT, LEAST] = snippets('{"name":', ',"response":', ',"sbf_blackout":', ',"min_budget":');
const [OF_SERVER, AND_NAMED, BOUND] = snippets('{"server":', ',"name":', ',"response_bound":');
const [VERDICT, FAILURE, NEXT, CLOSE] = snippets(',"schedulable":', ',"failure":', ",", "}");
const [INTERVAL, DEMAND, SUPPLY] = snippets('{"interval":', ',"demand":', ',"supply":');

/** More bytes than a record takes beside its texts. */
const RECORD_ROOM = 256 + 6 * NUMBER_BYTES;

/** What the last line was written into. */
let to = targetOf(1 << 14);

/**
 * @param analysis of a system that says nothing of several CPUs
 * @returns its bytes, valid until the next call
 */
export function analysisLine({ schedulable, host, servers, tasks }: Analysis): Uint8Array {
  const room = roomOf(host.reason, host.theorem, servers, tasks);
  if (to.bytes.length < room) to = targetOf(2 * room);
  let at = putVerdict(BEGIN.put(to, 0), schedulable);
  at = putVerdict(HOST.put(to, at), host.schedulable);
  at = putJson(to, REASON.put(to, at), host.reason);
  at = putTheorem(at, host.theorem);
  at = SERVERS.put(to, at);
  for (let i = 0; i < servers.length; i++) at = putServer(i === 0 ? at : NEXT.put(to, at), servers[i]);
  at = TASKS.put(to, at);
  for (let i = 0; i < tasks.length; i++) at = putTask(i === 0 ? at : NEXT.put(to, at), tasks[i]);
  return to.bytes.subarray(0, END.put(to, at));
}

/** As many bytes as a line may touch. */
function roomOf(
  reason: string,
  theorem: string,
  servers: readonly ServerAnalysis[],
  tasks: readonly TaskAnalysis[],
): number {
  let room = RECORD_ROOM + jsonBytes(reason) + jsonBytes(theorem);
  for (const server of servers) room += RECORD_ROOM + jsonBytes(server.name) + jsonBytes(server.theorem);
  for (const task of tasks)
    room += RECORD_ROOM + jsonBytes(task.server) + jsonBytes(task.name) + jsonBytes(task.theorem);
  return room;
}

function putServer(start: number, server: ServerAnalysis): number {
  let at = putJson(to, NAMED.put(to, start), server.name);
  at = putVerdict(VERDICT.put(to, at), server.schedulable);
  at = putTime(RESPONSE.put(to, at), server.response);
  at = putTime(BLACKOUT.put(to, at), server.sbf_blackout);
  at = putTime(LEAST.put(to, at), server.min_budget);
  return CLOSE.put(to, putFailure(putTheorem(at, server.theorem), server.failure));
}

function putTask(start: number, task: TaskAnalysis): number {
  let at = putJson(to, OF_SERVER.put(to, start), task.server);
  at = putJson(to, AND_NAMED.put(to, at), task.name);
  at = putVerdict(VERDICT.put(to, at), task.schedulable);
  at = putTime(BOUND.put(to, at), task.response_bound);
  return CLOSE.put(to, putFailure(putTheorem(at, task.theorem), task.failure));
}

function putVerdict(at: number, verdict: Verdict): number {
  return (verdict === "unknown" ? UNKNOWN : verdict ? TRUE : FALSE).put(to, at);
}

/** @param time in ticks; as JSON has it, none past the end of time */
function putTime(at: number, time: number | null): number {
  if (time === null || time === BEYOND) return NULL.put(to, at);
  return time >= 0 && time <= TIME_MAX ? putWhole(to, at, time) : putText(to, at, String(time));
}

function putFailure(start: number, failure: Failure | null): number {
  const at = FAILURE.put(to, start);
  if (failure === null) return NULL.put(to, at);
  const demanded = putTime(INTERVAL.put(to, at), failure.interval);
  const supplied = putTime(DEMAND.put(to, demanded), failure.demand);
  return CLOSE.put(to, putTime(SUPPLY.put(to, supplied), failure.supply));
}

/** Theorems, of which there are few: each with its key. */
const theorems = new Map<string, Snippet>();

function putTheorem(at: number, theorem: string): number {
  let snippet = theorems.get(theorem);
  if (snippet === undefined) {
    snippet = new Snippet(`,"theorem":${JSON.stringify(theorem)}`);
    theorems.set(theorem, snippet);
  }
  return snippet.put(to, at);
}
