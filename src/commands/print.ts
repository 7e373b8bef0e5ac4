// What goes to stdout and stderr, whose readers may go away (`replenish ... | head`): that changes no exit code and ends
// no work that is worth more than its output.

import { ReaderGone } from "../files/output.js";
import { asStorageError } from "../files/storage.js";
import { EXIT } from "../input/exit.js";

let isGone = false;

/** From now on a reader that goes away is no error; a stdout that cannot be written, as on a full disk, is one, and told once. */
export function watchReaders(): void {
  process.stderr.on("error", () => {});
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (isGone) return;
    isGone = true;
    if (error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED") return;
    process.stderr.write(`${(asStorageError("stdout", error) as Error).message}\n`);
    process.on("exit", (exitCode) => {
      if (exitCode === EXIT.done) process.exitCode = EXIT.io;
    });
  });
}

/**
 * Prints a piece of an output that may be long.
 * @returns resolved when there is room for more
 * @throws ReaderGone: nobody reads it any more
 */
export async function print(text: string | Uint8Array): Promise<void> {
  if (isGone) throw new ReaderGone();
  if (process.stdout.write(text)) return;
  await new Promise<void>((resolve) => {
    const events = ["drain", "error", "close"];
    const goOn = () => {
      for (const event of events) process.stdout.off(event, goOn);
      resolve();
    };
    for (const event of events) process.stdout.on(event, goOn);
  });
}
