// Where a trace is written: to a file, written aside and renamed when it is whole, or to stdout. Writing is synchronous,
// for the kernel does not wait between events: whoever reads slowly slows it down, and memory stays flat.

import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { EXIT, ExitError } from "../input/exit.js";
import { isSpecial, partOf } from "./storage.js";

const STDOUT = 1;
const BUFFER_BYTES = 1 << 16;
const WAIT_MS = 2;

/** Whoever read the output went away: no failure, and no reason to go on. */
export class ReaderGone extends ExitError {
  readonly exitCode = EXIT.done;
}

export class Output {
  private readonly buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  private filled = 0;
  private readonly descriptor: number;
  /** Under which name the file is written; undefined for stdout and for what is no regular file. */
  private readonly part: string | undefined;

  /**
   * @param path undefined for stdout
   * @throws the system's error when it cannot be opened
   */
  constructor(private readonly path: string | undefined) {
    this.part = path === undefined || isSpecial(path) ? undefined : partOf(path);
    this.descriptor = path === undefined ? STDOUT : openSync(this.part ?? path, this.part === undefined ? "a" : "w");
  }

  /**
   * @throws the system's error; ReaderGone
   */
  write(piece: string | Uint8Array): void {
    const bytes = typeof piece === "string" ? Buffer.byteLength(piece) : piece.byteLength;
    if (bytes > BUFFER_BYTES - this.filled) this.flush();
    if (bytes > BUFFER_BYTES) {
      this.writeAll(typeof piece === "string" ? Buffer.from(piece) : piece);
      return;
    }
    if (typeof piece === "string") this.buffer.write(piece, this.filled);
    else this.buffer.set(piece, this.filled);
    this.filled += bytes;
  }

  /** Writes what is left; a file is made durable and gets its name. */
  finish(): void {
    this.flush();
    if (this.path === undefined) return;
    if (this.part !== undefined) fsyncSync(this.descriptor);
    closeSync(this.descriptor);
    if (this.part !== undefined) renameSync(this.part, this.path);
  }

  /** Gives up: of a file nothing is left. What went to stdout before stays there. */
  discard(): void {
    if (this.path === undefined) return;
    closeSync(this.descriptor);
    if (this.part !== undefined) rmSync(this.part, { force: true });
  }

  private flush(): void {
    const { filled } = this;
    this.filled = 0;
    this.writeAll(this.buffer.subarray(0, filled));
  }

  private writeAll(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      try {
        at += writeSync(this.descriptor, bytes, at);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === "EPIPE") throw new ReaderGone();
        if (code !== "EAGAIN") throw error;
        pause(); // a pipe that is full, and does not block
      }
    }
  }
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
}
