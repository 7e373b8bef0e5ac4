// What runs in the page: one cell, from the text of its sweep and the bytes of the kernel to counters and a picture.

import { Kernel, openSweep, resultJson, simulate, tracedCell, writeTrace } from "replenish/browser";
import { ASK_REPLICATE } from "../../assembly/draws/abi.js";
import { drawnTasks, requestOf } from "../../src/workload/question.js";

export interface Answer {
  readonly cells: number;
  /** The counters, as `replenish simulate` prints them. */
  readonly counters: string;
  readonly svg: string;
}

/** @param to the picture's end, in steps of the sweep's resolution */
async function cell(number: number, to: number): Promise<Answer> {
  const open = openSweep(await (await fetch("/sweep.yaml")).text(), "sweep.yaml");
  const bytes = new Uint8Array(await (await fetch("/kernel.wasm")).arrayBuffer());
  const kernel = new Kernel(new WebAssembly.Module(bytes));
  const traced = tracedCell(open, number);
  const pieces: (string | Uint8Array)[] = [];
  const options = {
    format: "svg",
    range: { from: 0, to },
    rows: ["host", "servers", "tasks"],
    metadata: new Map(),
  } as const;
  writeTrace(kernel, [traced], options, (piece) => pieces.push(piece));
  return {
    cells: open.plan.cellCount,
    counters: resultJson(simulate(kernel, traced.scenario)),
    svg: pieces.join(""),
  };
}

/** The tasks of each of the published sets, drawn here; each as a line of JSON. */
async function sets(): Promise<string[]> {
  const bytes = new Uint8Array(await (await fetch("/kernel.wasm")).arrayBuffer());
  const kernel = new Kernel(new WebAssembly.Module(bytes));
  const lines = (await (await fetch("/task-sets.jsonl")).text()).trim().split("\n");
  return lines.map((line) => {
    const { seed, server, replicate, question } = JSON.parse(line);
    const request = requestOf(question, BigInt(seed), server);
    request[ASK_REPLICATE] = replicate;
    return JSON.stringify(drawnTasks(kernel.drawTasks(request).rows));
  });
}

Object.assign(globalThis, { cell, sets });
