// A segment of the journal: the rows of a range of runs in one file. First the chunks, each as it came from its worker; then
// the lines for failures.jsonl; then one line of JSON about all that; then its CRC-32. A file whose last line does not fit
// what is before it is torn, or damaged, and counts as not written.

import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { ChunkResult } from "../../tables/chunk.js";
import { chunkBytes, chunkTables } from "../../tables/chunk.js";
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
  /** Of the columns of all tables: those of another version of this program are not read as these. */
  readonly columnsHash: string;
  /** For each chunk its rows in each table. */
  readonly rows: readonly (readonly number[])[];
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
  private readonly columnsHash: string;

  constructor(
    private readonly layouts: readonly TableLayout[],
    private readonly identity: RunIdentity,
  ) {
    this.columnsHash = createHash("sha256").update(JSON.stringify(layouts)).digest("hex");
  }

  /**
   * A segment of some chunks, and its bytes in pieces; both share the chunks' memory.
   * @param chunks each following the one before it
   */
  encode(chunks: readonly ChunkResult[]): { content: SegmentContent; pieces: Uint8Array[] } {
    const found = chunks.flatMap((chunk) => chunk.failures);
    const failures = Buffer.from(found.map((failure) => `${failureLine(failure)}\n`).join(""));
    const summary: SegmentSummary = {
      firstRun: chunks[0].firstRun,
      runs: chunks.reduce((sum, chunk) => sum + chunk.runs, 0),
      missed: chunks.reduce((sum, chunk) => sum + chunk.missed, 0),
      failures: found.length,
      bugs: found.filter((failure) => failure.bug).length,
    };
    const { columnsHash, identity } = this;
    const { planHash, kernelHash } = identity;
    const trailer: Trailer = { ...summary, planHash, kernelHash, columnsHash, rows: chunks.map(({ rows }) => rows) };
    const bytes = [
      ...chunks.map(({ buffer, rows }) => new Uint8Array(buffer, 0, chunkBytes(this.layouts, rows))),
      failures,
      Buffer.from(`\n${JSON.stringify(trailer)}\n`),
    ];
    const content = {
      summary,
      tables: this.byTable(chunks.map((chunk) => chunkTables(chunk, this.layouts))),
      failures,
    };
    return { content, pieces: [...bytes, Buffer.from(checkLine(bytes))] };
  }

  /**
   * What a segment holds, in the memory of its bytes; undefined when its bytes are not those that were written, or of another run.
   * @param bytes at the start of their memory
   */
  decode(bytes: Uint8Array<ArrayBuffer>): SegmentContent | undefined {
    const read = trailerOf(bytes);
    if (read === undefined) return undefined;
    const { planHash, kernelHash, columnsHash, rows, ...summary } = read.trailer;
    const { identity, layouts } = this;
    if (planHash !== identity.planHash || kernelHash !== identity.kernelHash) return undefined;
    if (columnsHash !== this.columnsHash) return undefined;
    let at = 0;
    const chunks = rows.map((counts) => {
      const tables = chunkTables({ buffer: bytes.buffer, rows: counts }, layouts, at);
      at += chunkBytes(layouts, counts);
      return tables;
    });
    return { summary, tables: this.byTable(chunks), failures: bytes.subarray(at, read.start) };
  }

  /** The tables of some chunks, as pieces of each table. */
  private byTable(chunks: readonly (readonly ChunkTable[])[]): ChunkTable[][] {
    return this.layouts.map((_, table) => chunks.map((tables) => tables[table]));
  }
}

/** The line of JSON of a segment that is whole, and where the new line before it is; undefined when it is not whole. */
function trailerOf(bytes: Uint8Array<ArrayBuffer>): { trailer: Trailer; start: number } | undefined {
  const end = bytes.length - CHECK_BYTES;
  if (end < 2) return undefined;
  const covered = bytes.subarray(0, end);
  if (Buffer.from(bytes.subarray(end)).toString("latin1") !== checkLine([covered])) return undefined;
  const start = covered.lastIndexOf(NEW_LINE, end - 2);
  return { trailer: JSON.parse(Buffer.from(covered.subarray(start + 1)).toString("utf8")) as Trailer, start };
}

const NEW_LINE = 0x0a;

function checkLine(pieces: readonly Uint8Array[]): string {
  let check = 0;
  for (const piece of pieces) if (piece.byteLength > 0) check = crc32(piece, check); // of no memory it is 0, whatever came before
  return `${check.toString(16).padStart(8, "0")}\n`;
}
