// replenish explore: the page of a run over loopback.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { StorageError } from "../../files/storage.js";
import { EXIT } from "../../input/exit.js";
import { Explorer } from "../../show/explorer.js";
import { servedPage } from "../../show/page.js";
import { serve } from "../../show/server.js";
import type { ExploreOptions } from "../explore.js";

/** @returns the exit code, when it is interrupted */
export async function exploreCommand({ directory, port, open }: ExploreOptions): Promise<number> {
  const page = await servedPage(directory);
  const explorer = await Explorer.open(directory);
  const serving = await serve(explorer, page, port).catch((error: NodeJS.ErrnoException) => {
    throw new StorageError(`127.0.0.1:${port}`, error.code ?? "ELISTEN", "cannot be served at");
  });
  process.stdout.write(`${serving.address}\n`);
  // What every page asks first, read while the browser reads the page; whoever asks is told what is wrong with it.
  explorer.axisLists().catch(() => {});
  process.stderr.write("Whoever has this address can see the run. Ctrl+C ends it.\n");
  if (open) openBrowser(serving.address);
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  await serving.close();
  await explorer.close();
  return EXIT.done;
}

/** Opens an address in what the system takes for its browser; that there is none is no failure. */
function openBrowser(address: string): void {
  const words = { darwin: ["open"], win32: ["cmd", "/c", "start", ""] }[process.platform as string] ?? ["xdg-open"];
  const child = spawn(words[0], [...words.slice(1), address], { stdio: "ignore", detached: true });
  child.on("error", () => process.stderr.write("There is no browser to open.\n"));
  child.unref();
}
