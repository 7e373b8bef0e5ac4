// A trace as a stream of bytes -> what it says about the chosen threads, in one pass and bounded memory.

import { InvalidInput } from "../../input/problem.js";
import type { CompletenessVerdict } from "./completeness.js";
import { BEGINNING, foreignFile } from "./foreign.js";
import { isPage } from "./html.js";
import { splitLines } from "./split.js";
import type { Role } from "./threads.js";
import { EXPECTED, TraceReader } from "./trace-reader.js";
import type { Windows } from "./windows.js";

/** What of a trace is the VM. */
export interface Wanted {
  /** Pids (numbers, or digits) and names of its threads. */
  readonly threads: readonly (string | number)[];
  /** Whether all threads that bear one of the names are one VM; otherwise a name stands for one thread. */
  readonly together?: boolean | undefined;
  /** How many counts a second has, for a trace whose times are counts; in hertz. */
  readonly rate?: number | undefined;
}

/** What a trace says about one VM. Times are whole nanoseconds since `origin`. */
export interface Recording {
  /** Whole seconds of the trace's clock at which the times begin. */
  readonly origin: number;
  /** Times of the first and last event. */
  readonly begin: number;
  readonly end: number;
  /** Nanoseconds in which all times are whole: 1000 or 1. */
  readonly resolution: number;
  readonly threads: readonly Thread[];
  readonly roles: readonly Role[];
  /** When at least one of the threads had a CPU. */
  readonly windows: Windows;
  /** How often a thread came to run on another CPU than before. */
  readonly migrations: number;
  /** Switches found missing; and with them the events that the trace itself reports as lost. */
  readonly switchesMissing: number;
  readonly switchesLost: number;
  /** How much of the supply is in doubt because of these. */
  readonly uncertain: number;
  /** Time in which more than one of the threads ran. */
  readonly parallel: number;
  /** Time in which a CPU's events were lost, so that nobody knows what ran there. */
  readonly unseen: readonly (readonly [number, number])[];
  readonly completeness: CompletenessVerdict;
  /** What was left out or assumed, one sentence each. */
  readonly warnings: readonly string[];
}

export interface Thread {
  readonly pid: number;
  readonly name: string;
}

/** What a trace says: of all its chosen threads together, and of each. */
export interface Reading {
  readonly together: Recording;
  /** In the order of their pids. */
  readonly each: readonly Recording[];
}

/**
 * Reads a trace.
 * @param chunks its bytes, in pieces of any size
 * @param file its name, for messages
 * @throws InvalidInput for what is no trace, holds no switch, or none of the threads
 */
export async function readTrace(
  chunks: AsyncIterable<Buffer | string>,
  file: string,
  wanted: Wanted,
): Promise<Reading> {
  const { beginning, all } = await opened(chunks);
  const foreign = foreignFile(beginning);
  if (foreign !== undefined) {
    throw new InvalidInput([{ file, line: 1, path: "", text: `${foreign}; ${EXPECTED}` }]);
  }
  const reader = new TraceReader(file, wanted, isPage(beginning));
  await splitLines(
    all,
    (bytes, from, to) => reader.line(bytes, from, to),
    (bytes, from, to) => reader.lastLine(bytes, from, to),
    (bytes) => reader.longLine(bytes),
  );
  return reader.finish();
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** The first bytes of a stream, and all of it, without a byte order mark. */
async function opened(
  chunks: AsyncIterable<Buffer | string>,
): Promise<{ beginning: Buffer; all: AsyncIterable<Buffer> }> {
  const pieces = chunks[Symbol.asyncIterator]();
  let beginning: Buffer = Buffer.alloc(0);
  while (beginning.length < BEGINNING) {
    const { done, value } = await pieces.next();
    if (done === true) break;
    beginning = Buffer.concat([beginning, bytesOf(value)]);
  }
  if (beginning.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK))
    beginning = beginning.subarray(BYTE_ORDER_MARK.length);
  const all = async function* (): AsyncGenerator<Buffer> {
    yield beginning;
    for (let piece = await pieces.next(); piece.done !== true; piece = await pieces.next()) yield bytesOf(piece.value);
  };
  return { beginning, all: all() };
}

function bytesOf(piece: Buffer | string): Buffer {
  return typeof piece === "string" ? Buffer.from(piece) : piece;
}
