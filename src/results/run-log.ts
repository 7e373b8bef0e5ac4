// run.log.jsonl: when, where and how fast. The only file of a run that is not the same every time.

import { constants } from "node:fs";
import { type FileHandle, open, readFile } from "node:fs/promises";
import { availableParallelism, hostname } from "node:os";
import { join } from "node:path";
import { storing } from "../files/storage.js";
import { LOG_FILE } from "./directory.js";

const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW } = constants;

/**
 * Appends one JSON object a line. The file is there from the first event on: a process that is killed before leaves no log
 * of a run that plan.json does not name yet.
 */
export class RunLog {
  private readonly path: string;
  private handle: FileHandle | undefined;

  /** @param directory of the run; what its log has stays */
  constructor(directory: string) {
    this.path = join(directory, LOG_FILE);
  }

  /** Appends an event with the time of day. @throws StorageError */
  async write(event: string, details: Readonly<Record<string, unknown>>): Promise<void> {
    const line = JSON.stringify({ time: new Date().toISOString(), event, ...details });
    await storing(this.path, async () => {
      this.handle ??= await open(this.path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW);
      await this.handle.appendFile(`${line}\n`);
    });
  }

  async close(): Promise<void> {
    await this.handle?.close();
  }
}

/** What a directory's run was started with last: the sweep's file, and the settings in place of its own; undefined where its log does not tell. */
export async function lastStart(
  directory: string,
): Promise<{ readonly sweep: string; readonly overrides: readonly string[] } | undefined> {
  const log = await readFile(join(directory, LOG_FILE), "utf8").catch(() => "");
  const start = log.split("\n").findLast((line) => line.includes('"event":"start"'));
  try {
    const { sweep, overrides } = JSON.parse(start ?? "") as { sweep: string; overrides: string[] };
    return { sweep, overrides: [...overrides] };
  } catch {
    return undefined; // the log is for people; one that was cut off says nothing
  }
}

/** What is worth knowing of the machine. */
export function machine(): Record<string, unknown> {
  const { platform, arch, version, pid } = process;
  return { host: hostname(), platform, arch, cores: availableParallelism(), node: version, pid };
}
