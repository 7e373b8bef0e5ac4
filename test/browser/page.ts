// What runs in the page: one cell, from the text of its sweep and the bytes of the kernel to counters and a picture.

import { Kernel, openSweep, resultJson, simulate, tracedCell, writeTrace } from "replenish/browser";

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

Object.assign(globalThis, { cell });
