// Before any test: the bundles are not older than what they are made of, so that no test runs yesterday's command.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PROGRAM } from "./program.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export default function bundle(): void {
  if (existsSync(PROGRAM) && lastChange() <= statSync(PROGRAM).mtimeMs) return;
  execFileSync(join(ROOT, "node_modules/.bin/rolldown"), ["-c", "--logLevel", "silent"], { cwd: ROOT });
}

/** When what the bundles are made of changed last. */
function lastChange(): number {
  const sources = ["src", "assembly"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
  );
  const files = [...sources, "rolldown.config.js", "package-lock.json"];
  return Math.max(...files.map((file) => statSync(join(ROOT, file)).mtimeMs));
}
