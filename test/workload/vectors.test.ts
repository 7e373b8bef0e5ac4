// Published sets of tasks: what test/vectors/task-sets.jsonl says is drawn, to the last bit, and what is written about the
// draws gives the same. UPDATE_GOLDEN=1 writes the sets anew, for the questions that stand there.

import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as draws from "../../assembly/draws/abi.js";
import { type DrawnTask, drawnTasks, type Question, requestOf } from "../../src/workload/question.js";
import { kernel } from "./sets.js";
import { placesOf, type Source, taskOf, utilizationsOf } from "./slowly.js";

interface Vector {
  readonly seed: string;
  readonly server: string;
  readonly replicate: number;
  readonly question: Question;
  readonly tasks: readonly DrawnTask[];
}

const FILE = new URL("../vectors/task-sets.jsonl", import.meta.url);
const vectors = readFileSync(FILE, "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Vector);

function drawn({ seed, server, replicate, question }: Vector): DrawnTask[] {
  const request = requestOf(question, BigInt(seed), server);
  request[draws.ASK_REPLICATE] = replicate;
  return drawnTasks(kernel.drawTasks(request).rows);
}

if (process.env.UPDATE_GOLDEN === "1") {
  const lines = vectors.map((vector) => JSON.stringify({ ...vector, tasks: drawn(vector) }));
  writeFileSync(FILE, `${lines.join("\n")}\n`);
}

test.each(vectors.map((vector, i) => [i, vector] as const))("vector %i", (_, vector) => {
  expect(drawn(vector)).toStrictEqual(vector.tasks);
  const source: Source = { ...vector, seed: BigInt(vector.seed) };
  const { question } = vector;
  const utilizations = vector.tasks.map(({ utilization }) => utilization);
  if (question.method === "convolutional-fixed-sum") {
    for (const [found, wanted] of placesOf(question, source, utilizations)) expect(found).toBeCloseTo(wanted, 8);
  } else {
    const slow = utilizationsOf(question, source);
    expect(slow).toHaveLength(utilizations.length);
    for (const [task, utilization] of utilizations.entries()) expect(slow[task]).toBeCloseTo(utilization, 10);
  }
  for (const [task, found] of vector.tasks.entries())
    expect(taskOf(question, source, task, found.utilization)).toStrictEqual(found);
});
