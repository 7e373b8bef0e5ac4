// The program as a process of its own, to be killed, starved and doubled.

import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { PROGRAM } from "../support/program.js";

/** The words of a command line that start the program. */
export const REPLENISH: readonly string[] = [process.execPath, PROGRAM];

export interface Outcome {
  /** Exit code; null when it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Outcome>;
  /** Ends the whole process group at once. */
  kill(): void;
}

/** Starts the program in a process group of its own. */
export function start(words: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Started {
  const child = spawn(process.execPath, [PROGRAM, ...words], {
    ...options,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data) => {
    stdout += data;
  });
  child.stderr.on("data", (data) => {
    stderr += data;
  });
  const ended = new Promise<Outcome>((resolve) => {
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  const kill = (): void => {
    try {
      process.kill(-child.pid!, "SIGKILL");
    } catch {
      // It had ended by itself.
    }
  };
  return { child, ended, kill };
}

/** Runs the program to its end. */
export async function replenish(...words: readonly string[]): Promise<Outcome> {
  return await start(words).ended;
}

/** SHA-256 of the files of a run directory that are always the same, by name. */
export async function sumsOf(directory: string): Promise<Record<string, string>> {
  const names = (await readdir(directory)).filter((name) =>
    /\.arrow$|^plan.json$|^failures.jsonl$|^SHA256SUMS$/.test(name),
  );
  const sums: Record<string, string> = {};
  for (const name of names.sort()) {
    const hash = createHash("sha256");
    for await (const piece of createReadStream(join(directory, name), { highWaterMark: 2 ** 20 })) hash.update(piece);
    sums[name] = hash.digest("hex");
  }
  return sums;
}

/** The events of run.log.jsonl from the last start on; none while there is no such file. */
export async function lastLog(directory: string): Promise<Record<string, unknown>[]> {
  const text = await readFile(join(directory, "run.log.jsonl"), "utf8").catch(() => "");
  const lines = text.split("\n").filter((line) => line !== "");
  const events = lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as Record<string, unknown>];
    } catch {
      return []; // cut off when the process was killed
    }
  });
  return events.slice(events.findLastIndex(({ event }) => event === "start"));
}

/** A generator of numbers from 0 to 1 (a linear congruence), so that what is random in a test is the same every time. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
