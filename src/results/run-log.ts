// run.log.jsonl: when, where and how fast. The only file of a run that is not the same every time.

import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { availableParallelism, hostname } from "node:os";
import { join } from "node:path";
import { storing } from "../files/storage.js";
import { LOG_FILE } from "./directory.js";

/** Appends one JSON object a line. */
export class RunLog {
  private constructor(
    private readonly path: string,
    private readonly handle: FileHandle,
  ) {}

  /** Opens the log of a run directory; what is in it stays. */
  static async open(directory: string): Promise<RunLog> {
    const path = join(directory, LOG_FILE);
    return new RunLog(
      path,
      await storing(path, () =>
        open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW),
      ),
    );
  }

  /** Appends an event with the time of day. */
  async write(event: string, details: Readonly<Record<string, unknown>>): Promise<void> {
    const line = JSON.stringify({ time: new Date().toISOString(), event, ...details });
    await storing(this.path, () => this.handle.appendFile(`${line}\n`));
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

/** What is worth knowing of the machine. */
export function machine(): Record<string, unknown> {
  const { platform, arch, version, pid } = process;
  return { host: hostname(), platform, arch, cores: availableParallelism(), node: version, pid };
}
