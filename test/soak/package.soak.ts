// The package as npm makes it of a fresh clone, installed into another folder: it works there, in any locale.

import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sumsOf } from "../run/process.js";
import { PROGRAM } from "../support/program.js";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
/** What a fresh clone does not have. */
const NOT_CLONED = ["node_modules", "build", "results", ".git"];
const SWEEP =
  "horizon: 60\nsystem: { servers: { vm: { policy: idling, period: 5, budget: =Q, tasks: { t: { period: 10, wcet: 4 } } } } }\naxes: { Q: [1, 2, 3] }\n";

let root: string;
/** A folder that depends on the package, and nothing else. */
let home: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "replenish-package-"));
  home = join(root, "home");
  const clone = join(root, "clone");
  const names = (await readdir(REPOSITORY)).filter((name) => !NOT_CLONED.includes(name));
  for (const name of names) await cp(join(REPOSITORY, name), join(clone, name), { recursive: true });
  await symlink(join(REPOSITORY, "node_modules"), join(clone, "node_modules"));
  await mkdir(home);
  await run(clone, "npm", "pack", "--pack-destination", home);
  await writeFile(join(home, "package.json"), '{ "private": true, "type": "module" }');
  await writeFile(join(home, "sweep.yaml"), SWEEP);
  const [tarball] = (await readdir(home)).filter((name) => name.endsWith(".tgz"));
  await run(home, "npm", "install", "--no-audit", "--no-fund", "--prefer-offline", join(home, tarball));
});
afterAll(async () => {
  await rm(root, { recursive: true });
});

async function run(cwd: string, program: string, ...words: string[]): Promise<string> {
  return (await promisify(execFile)(program, words, { cwd })).stdout;
}

/** Runs the installed program. @returns its exit code and its two outputs */
async function installed(words: readonly string[], environment: Record<string, string> = {}) {
  const program = join(home, "node_modules/.bin/replenish");
  const env = { ...process.env, ...environment };
  return await promisify(execFile)(program, words, { cwd: home, env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }) as { code: number; stdout: string; stderr: string },
  );
}

test("the installed program writes the bytes of the one in the repository, and brings the paper's sweep", async () => {
  expect((await installed(["run", "sweep.yaml", "-o", "out", "--quiet"])).code).toBe(0);
  await run(home, process.execPath, PROGRAM, "run", "sweep.yaml", "-o", "own", "--quiet");
  expect(await sumsOf(join(home, "out"))).toEqual(await sumsOf(join(home, "own")));
  const { stdout } = await installed(["check", "node_modules/replenish/sweeps/paper.yaml"]);
  expect(stdout).toMatch(/valid, [\d,]+ cells/);
});

test("the library is found by its names, and its types hold by themselves", async () => {
  const program = `
    import { compileKernel, Kernel, openSweep, simulate, tracedCell } from "replenish";
    import * as browser from "replenish/browser";
    const text = ${JSON.stringify(SWEEP)};
    const run = tracedCell(openSweep(text, "sweep.yaml"), 2);
    const kernel = new Kernel(compileKernel());
    const same = JSON.stringify(browser.simulate(kernel, run.scenario)) === JSON.stringify(simulate(kernel, run.scenario));
    const missed: number = simulate(kernel, run.scenario).tasks[0].missed;
    console.log(missed, same);
  `;
  await writeFile(join(home, "program.ts"), program);
  const options = ["--strict", "--module", "nodenext", "--target", "es2023", "--types", "", "--skipLibCheck", "false"];
  await run(home, join(REPOSITORY, "node_modules/.bin/tsc"), ...options, "program.ts");
  expect(await run(home, process.execPath, "program.js")).toBe("0 true\n");
});

test("whatever the locale, messages are the same", async () => {
  const german = { LANG: "de_DE.UTF-8", LC_ALL: "de_DE.UTF-8", LANGUAGE: "de" };
  for (const words of [
    ["--help"],
    ["run"],
    ["rum"],
    ["run", "--workers"],
    ["plan", "sweep.yaml"],
    ["check", "none.yaml"],
  ]) {
    const plain = await installed(words, { LANG: "C", LC_ALL: "C", LANGUAGE: "C" });
    expect(plain.stdout + plain.stderr).not.toBe("");
    expect([words, await installed(words, german)]).toEqual([words, plain]);
  }
});
