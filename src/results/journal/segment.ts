// A segment of the journal: the rows of a range of runs in one file. First the three tables, each a whole Arrow IPC
// stream; then the lines for failures.jsonl; then one line of JSON about all that; then its CRC-32. A file whose last line
// does not fit what is before it is torn, or damaged, and counts as not written.

import { crc32 } from "node:zlib";
import { StreamFormat } from "../../arrow/stream.js";
import type { ChunkResult } from "../../tables/chunk.js";
import { chunkTables } from "../../tables/chunk.js";
import type { TableLayout } from "../../tables/columns.js";
import type { ChunkTable } from "../../tables/memory.js";
import type { RunIdentity } from "../directory.js";
import { failureLine } from "../failure-lines.js";
import type { RunRange } from "../range.js";

/** What is known of a segment without its rows. */
export interface SegmentSummary extends RunRange {
  /** Runs in which a deadline was missed, runs that failed, and failures that are bugs of ours. */
  readonly missed: number;
  readonly failures: number;
  readonly bugs: number;
}

/** The line of JSON at the end of a segment. */
interface Trailer extends SegmentSummary {
  readonly planHash: string;
  readonly kernelHash: string;
  /** Rows of each table. */
  readonly rows: readonly number[];
  /** Bytes of each table's stream, then of the lines on failures. */
  readonly parts: readonly number[];
}

export interface SegmentContent {
  readonly summary: SegmentSummary;
  /** For each table its rows, in order, in one piece or more. */
  readonly tables: readonly (readonly ChunkTable[])[];
  /** Lines for failures.jsonl. */
  readonly failures: Uint8Array;
}

/** Bytes of the last line: a CRC-32 in hexadecimal. */
const CHECK_BYTES = 9;

/** Turns chunks of one run into segments, and back. */
export class SegmentFormat {
  private readonly streams: readonly StreamFormat[];

  /** @throws DictionaryFull */
  constructor(
    private readonly layouts: readonly TableLayout[],
    private readonly identity: RunIdentity,
  ) {
    this.streams = layouts.map((layout) => new StreamFormat(layout));
  }

  /**
   * A segment of some chunks, and its bytes in pieces; both share the chunks' memory.
   * @param chunks each following the one before it
   */
  encode(chunks: readonly ChunkResult[]): { content: SegmentContent; pieces: Uint8Array[] } {
    const parted = chunks.map((chunk) => chunkTables(chunk, this.layouts));
    const tables = this.layouts.map((_, index) => parted.map((part) => part[index]));
    const streams = tables.map((pieces, index) => this.streams[index].encode(pieces));
    const found = chunks.flatMap((chunk) => chunk.failures);
    const failures = Buffer.from(found.map((failure) => `${failureLine(failure)}\n`).join(""));
    const summary: SegmentSummary = {
      firstRun: chunks[0].firstRun,
      runs: chunks.reduce((sum, chunk) => sum + chunk.runs, 0),
      missed: chunks.reduce((sum, chunk) => sum + chunk.missed, 0),
      failures: found.length,
      bugs: found.filter((failure) => failure.bug).length,
    };
    const { planHash, kernelHash } = this.identity;
    const parts = [...streams, [failures]].map((part) => part.reduce((sum, piece) => sum + piece.byteLength, 0));
    const trailer: Trailer = { ...summary, planHash, kernelHash, rows: tables.map(rowsOf), parts };
    const bytes = [...streams.flat(), failures, Buffer.from(`\n${JSON.stringify(trailer)}\n`)];
    const content = { summary, tables, failures };
    return { content, pieces: [...bytes, Buffer.from(checkLine(bytes))] };
  }

  /** What a segment holds, in the memory of its bytes; undefined when its bytes are not those that were written, or of another run. */
  decode(bytes: Uint8Array<ArrayBuffer>): SegmentContent | undefined {
    const trailer = trailerOf(bytes);
    if (trailer === undefined || trailer.planHash !== this.identity.planHash) return undefined;
    if (trailer.kernelHash !== this.identity.kernelHash || trailer.parts.length !== this.layouts.length + 1)
      return undefined;
    if (typeof trailer.missed !== "number" || trailer.rows === undefined) return undefined; // of another program
    const { firstRun, runs, rows, missed, failures, bugs } = trailer;
    let at = 0;
    const parts = trailer.parts.map((length) => {
      at += length;
      return bytes.subarray(at - length, at);
    });
    const tables = this.streams.map((stream, index) => stream.decode(parts[index]));
    if (tables.some((pieces, index) => rowsOf(pieces) !== rows[index])) return undefined;
    return { summary: { firstRun, runs, missed, failures, bugs }, tables, failures: parts[this.layouts.length] };
  }
}

/** The summary of a segment that is whole; undefined when it is not. */
function trailerOf(bytes: Uint8Array<ArrayBuffer>): Trailer | undefined {
  const end = bytes.length - CHECK_BYTES;
  if (end < 2) return undefined;
  const covered = bytes.subarray(0, end);
  if (Buffer.from(bytes.subarray(end)).toString("latin1") !== checkLine([covered])) return undefined;
  const start = covered.lastIndexOf(NEW_LINE, end - 2);
  return JSON.parse(Buffer.from(covered.subarray(start + 1)).toString("utf8")) as Trailer;
}

const NEW_LINE = 0x0a;

function checkLine(pieces: readonly Uint8Array[]): string {
  let check = 0;
  for (const piece of pieces) check = crc32(piece, check);
  return `${check.toString(16).padStart(8, "0")}\n`;
}

function rowsOf(pieces: readonly ChunkTable[]): number {
  return pieces.reduce((sum, piece) => sum + piece.rows, 0);
}
