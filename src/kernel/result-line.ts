// A result as one line of JSON, written straight from the kernel's numbers: the bytes of what resultJson makes of the objects, at
// a fraction of their cost where scenarios are small and many.

import * as abi from "../../assembly/abi.js";
import { serverAt, taskAt } from "../model/fields.js";
import { HOST_METRICS, isCounted, type Metric, SERVER_METRICS, TASK_METRICS } from "../model/metrics.js";
import { jsonBytes, NUMBER_BYTES, putJson, putText, putWhole, Snippet, targetOf } from "../numbers/ascii.js";
import type { Scenario } from "../scenario/scenario.js";
import { type Counted, counter } from "./simulate.js";

/** Metrics that follow each other and that the same servers or tasks have. */
interface Group {
  readonly first: Metric;
  readonly metrics: KeyedMetric[];
}

interface KeyedMetric extends Counted {
  /** With what stands between it and the counter before. */
  readonly key: Snippet;
}

function grouped(metrics: readonly Metric[], before = ","): readonly Group[] {
  const groups: Group[] = [];
  metrics.forEach((metric, i) => {
    const { name, slot, highSlot } = metric;
    const key = new Snippet(`${i === 0 ? before : ","}"${name}":`);
    if (groups.at(-1)?.first.onlyOf !== metric.onlyOf || i === 0) groups.push({ first: metric, metrics: [] });
    groups.at(-1)!.metrics.push({ key, slot, highSlot });
  });
  return groups;
}

const HOST = grouped(HOST_METRICS, "");
const SERVER = grouped(SERVER_METRICS);
const TASK = grouped(TASK_METRICS);

const [BEGIN, SERVERS, TASKS, END] = ['{"host":{', '},"servers":[', '],"tasks":[', "]}"].map(
  (text) => new Snippet(text),
);
const [NAMED, OF_SERVER, AND_NAMED] = ['{"name":', '{"server":', ',"name":'].map((text) => new Snippet(text));
const [NEXT, CLOSE] = [",", "}"].map((text) => new Snippet(text));

/** More bytes than a record takes beside its names. */
const roomOf = (groups: readonly Group[]) =>
  groups.flatMap(({ metrics }) => metrics).reduce((sum, { key }) => sum + key.room + NUMBER_BYTES, 64);
const [HOST_ROOM, SERVER_ROOM, TASK_ROOM] = [HOST, SERVER, TASK].map(roomOf);

/** What the last line was written into. */
let to = targetOf(1 << 14);

/**
 * @param scenario without `cpus` and `vcpus`
 * @returns its bytes, valid until the next call
 */
export function resultLine(results: Float64Array, scenario: Scenario): Uint8Array {
  const { flat, names } = scenario;
  const room = lineRoom(scenario);
  if (to.bytes.length < room) to = targetOf(2 * room);
  let at = putCounters(BEGIN.put(to, 0), results, 0, HOST, flat, 0);
  at = SERVERS.put(to, at);
  for (let number = 0; number < names.length; number++) {
    if (number > 0) at = NEXT.put(to, at);
    at = putJson(to, NAMED.put(to, at), names[number].name);
    const record = abi.OUT_HOST_SIZE + number * abi.OUT_SERVER_SIZE;
    at = CLOSE.put(to, putCounters(at, results, record, SERVER, flat, serverAt(number)));
  }
  at = TASKS.put(to, at);
  let task = 0;
  for (let number = 0; number < names.length; number++) {
    const { name, tasks } = names[number];
    for (const own of tasks) {
      if (task > 0) at = NEXT.put(to, at);
      at = putJson(to, OF_SERVER.put(to, at), name);
      at = putJson(to, AND_NAMED.put(to, at), own);
      const record = abi.OUT_HOST_SIZE + names.length * abi.OUT_SERVER_SIZE + task * abi.OUT_TASK_SIZE;
      const input = taskAt(names.length, task);
      at = CLOSE.put(to, putCounters(at, results, record, TASK, flat, serverAt(number), input));
      task++;
    }
  }
  return to.bytes.subarray(0, END.put(to, at));
}

/** As many bytes as a line may touch. */
function lineRoom({ names }: Scenario): number {
  let room = HOST_ROOM;
  for (const { name, tasks } of names) {
    room += SERVER_ROOM + jsonBytes(name);
    for (const task of tasks) room += TASK_ROOM + jsonBytes(name) + jsonBytes(task);
  }
  return room;
}

/**
 * @param server offset of the server's record in the flat scenario
 * @param task likewise, of counters of a task
 * @returns where the next byte belongs
 */
function putCounters(
  start: number,
  results: Float64Array,
  record: number,
  groups: readonly Group[],
  flat: Float64Array,
  server: number,
  task?: number,
): number {
  let at = start;
  for (let i = 0; i < groups.length; i++) {
    const { first, metrics } = groups[i];
    if (!isCounted(first, flat, server, task)) continue;
    for (let j = 0; j < metrics.length; j++) {
      const value = counter(results, record, metrics[j]);
      at = metrics[j].key.put(to, at);
      at = typeof value === "number" ? putWhole(to, at, value) : putText(to, at, String(value));
    }
  }
  return at;
}
