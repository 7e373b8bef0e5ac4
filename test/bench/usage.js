// Loaded into a process before the program: it says on stderr, as its last line, what the process has used.

import { writeSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

if (isMainThread) process.on("exit", () => writeSync(2, `\n${JSON.stringify(process.resourceUsage())}\n`));
