// The native simulators that the benchmarks compare with, if there are any.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const scenarios = fileURLToPath(new URL("scenarios", import.meta.url));

/** The name of the simulator for a scenario. */
export function yardstickOf(file) {
  return `native${/^v([23])_/.exec(file)?.[1] ?? ""}`;
}

/**
 * Compiles the simulator of that name for processors of that kind.
 * @returns undefined if there is none, or a function of a scenario's file: the words that start it, and its input
 */
export function buildYardstick(scratch, name, march = "native") {
  const directory = process.env.YARDSTICK;
  if (directory === undefined || !existsSync(join(directory, `${name}.c`))) return undefined;
  const binary = join(scratch, name);
  const source = join(directory, `${name}.c`);
  const words = ["-std=gnu11", "-O3", `-march=${march}`, "-o", binary, source, "-lm"];
  execFileSync(process.env.CC ?? "cc", words);
  return (file) => {
    const input = JSON.stringify(JSON.parse(readFileSync(join(scenarios, file), "utf8"))); // on one line
    const convert = () => execFileSync("python3", [join(directory, `${name}_jsonl.py`), "--flat"], { input });
    return { binary, input: name === "native3" ? `${input}\n` : convert() };
  };
}
