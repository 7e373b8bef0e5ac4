// The page's worker: computes runs and draws them, so that the page itself never waits.

import type { Plan } from "../../grid/plan.js";
import { InvalidInput } from "../../input/problem.js";
import { type Picture, type Rerun, Rerunner, type Wanted } from "../rerun.js";

export interface Start {
  readonly kernel: ArrayBuffer;
  readonly canonical: string;
  readonly plan: Plan | undefined;
}

/** What the page may ask for, and what it gets. */
export interface Calls {
  run: { readonly ask: Wanted; readonly answer: Rerun };
  picture: {
    readonly ask: { readonly from: number; readonly to: number; readonly width: number };
    readonly answer: Picture;
  };
  file: { readonly ask: { readonly from: number; readonly to: number }; readonly answer: string };
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
  if (request.call === "run") return rerunner.run(request.ask);
  const { from, to } = request.ask;
  return request.call === "file" ? rerunner.file(from, to) : rerunner.picture(from, to, request.ask.width);
}

/** Problems without their place: the page does not show the text that they are in. */
function problemText(error: unknown): string {
  if (!(error instanceof InvalidInput)) return (error as Error).message;
  return error.problems.map(({ path, text }) => (path === "" ? text : `${path}: ${text}`)).join("\n");
}
