// The page's worker: computes runs and draws them, so that the page itself never waits.

import type { Plan } from "../../grid/plan.js";
import { InvalidInput } from "../../input/problem.js";
import { type Picture, type Rerun, Rerunner, type Wanted } from "../rerun.js";
import { type Seen, type Window, windowAfter } from "../window.js";

export interface Start {
  readonly kernel: ArrayBuffer;
  readonly canonical: string;
  readonly plan: Plan | undefined;
}

/** A run with its picture, if it has one, so that the page draws both at once. */
export interface RunShown {
  readonly run: Rerun;
  readonly seen: RunSeen | undefined;
}

/** A window of a run, drawn. */
export interface RunSeen extends Seen {
  readonly drawn: Drawn;
}

/** A picture, or why there is none, for people. */
export type Drawn = Picture | string;

/** What the page may ask for, and what it gets. */
export interface Calls {
  run: {
    readonly ask: { readonly wanted: Wanted; readonly before: Seen | undefined; readonly width: number };
    readonly answer: RunShown;
  };
  picture: { readonly ask: { readonly window: Window; readonly width: number }; readonly answer: Drawn };
  file: { readonly ask: Window; readonly answer: string };
}

export type Request = { readonly id: number } & {
  [Name in keyof Calls]: { readonly call: Name; readonly ask: Calls[Name]["ask"] };
}[keyof Calls];

export interface Reply {
  readonly id: number;
  readonly answer?: unknown;
  /** Why there is no answer, for people. */
  readonly problem?: string;
}

/** Runs in the worker. */
export function startWorker(): void {
  let rerunner: Rerunner | undefined;
  addEventListener("message", ({ data }: MessageEvent<Start | Request>) => {
    if ("kernel" in data) {
      rerunner = Rerunner.open(new WebAssembly.Module(data.kernel), data.canonical, data.plan);
      return;
    }
    const { id } = data;
    try {
      postMessage({ id, answer: answer(rerunner!, data) } satisfies Reply);
    } catch (error) {
      postMessage({ id, problem: problemText(error) } satisfies Reply);
    }
  });
}

function answer(rerunner: Rerunner, request: Request): Calls[keyof Calls]["answer"] {
  if (request.call === "file") return rerunner.file(request.ask.from, request.ask.to);
  const { width } = request.ask;
  if (request.call === "picture") return drawn(rerunner, request.ask.window, width);
  const run = rerunner.run(request.ask.wanted);
  const { extent } = run;
  if (extent === undefined) return { run, seen: undefined };
  const window = windowAfter(extent, request.ask.before);
  return { run, seen: { extent, window, drawn: drawn(rerunner, window, width) } };
}

function drawn(rerunner: Rerunner, { from, to }: Window, width: number): Drawn {
  try {
    return rerunner.picture(from, to, width);
  } catch (error) {
    return problemText(error);
  }
}

/** Problems without their place: the page does not show the text that they are in. */
function problemText(error: unknown): string {
  if (!(error instanceof InvalidInput)) return (error as Error).message;
  return error.problems.map(({ path, text }) => (path === "" ? text : `${path}: ${text}`)).join("\n");
}
