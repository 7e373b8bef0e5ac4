// replenish init: a sweep to start from.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { makeDirectory, writeWhole } from "../../files/storage.js";
import { EXIT } from "../../input/exit.js";
import { didYouMean, printable } from "../../input/problem.js";
import { shellWords } from "../../input/shell.js";
import { STARTER } from "../../reference/start.js";
import { UsageError } from "../failure.js";
import type { InitOptions } from "../init.js";
import { print } from "../print.js";

/** The directory of the package. */
const PACKAGE = dirname(createRequire(import.meta.url).resolve("replenish/package.json"));

/** @returns the exit code */
export async function initCommand({ file, example, force }: InitOptions): Promise<number> {
  if (example === "list") {
    await print(`${exampleNames().join("\n")}\n`);
    return EXIT.done;
  }
  const text = example === undefined ? starter(file) : exampleText(example);
  if (file === undefined || file === "-") {
    await print(text);
    return EXIT.done;
  }
  if (existsSync(file) && !force) throw new UsageError(`${file} is there already; --force replaces it`);
  await makeDirectory(dirname(resolve(file)));
  await writeWhole(resolve(file), text);
  const next = (command: string) => shellWords(["replenish", command, file]);
  process.stderr.write(`${printable(file)} is written. Next: ${next("check")}, then ${next("run")}\n`);
  return EXIT.done;
}

/** The sweep with the schema that an editor checks it by, and the name of its file. */
function starter(file: string | undefined): string {
  const schema = pathToFileURL(join(PACKAGE, "build", "sweep.schema.json")).href;
  const text = STARTER.replace("SCHEMA", schema);
  if (file === undefined || file === "-") return text;
  const name = nameFor(basename(file));
  return text
    .replaceAll("FILE", file)
    .replace("name: mine", `name: ${name}`)
    .replace("results/mine", `results/${name}`);
}

/** The name of a file as that of a sweep, which becomes a directory. */
function nameFor(file: string): string {
  const plain = file.replace(/\.(ya?ml|json)$/, "").replace(/[^\w-]+/g, "-");
  return /^[A-Za-z]/.test(plain) ? plain.slice(0, 100) : `sweep-${plain}`.slice(0, 100);
}

/** `paper`, `systems/hsf`: the sweeps of the package. */
export function exampleNames(): string[] {
  const sweeps = join(PACKAGE, "sweeps");
  return readdirSync(sweeps, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".yaml"))
    .map((name) =>
      relative(sweeps, join(sweeps, name))
        .split(sep)
        .join("/")
        .replace(/\.yaml$/, ""),
    )
    .sort();
}

function exampleText(name: string): string {
  const names = exampleNames();
  if (!names.includes(name))
    throw new UsageError(`--example ${name}: one of ${names.join(", ")}${didYouMean(name, names)}`);
  return readFileSync(join(PACKAGE, "sweeps", `${name}.yaml`), "utf8");
}
