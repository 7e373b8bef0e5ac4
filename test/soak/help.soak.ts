// Every example of the commands' help, in a directory where init was the first; and completion in the shells themselves.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { COMMANDS } from "../../src/commands/list.js";
import { PROGRAM } from "../support/program.js";

const root = mkdtempSync(join(tmpdir(), "replenish-help-"));
const bin = join(root, "bin");
const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };

function shell(line: string, program = "/bin/sh") {
  const { status, stdout, stderr } = spawnSync(program, ["-c", line], { cwd: root, env, encoding: "utf8" });
  return { status, stdout, stderr };
}

beforeAll(() => {
  mkdirSync(bin);
  writeFileSync(join(bin, "replenish"), `#!/bin/sh\nexec "${process.execPath}" "${PROGRAM}" "$@"\n`, { mode: 0o755 });
  writeFileSync(join(root, "tasks.csv"), "name,period,wcet\ncontrol,10,2\n");
  for (const line of [
    "replenish init mine.yaml",
    "replenish run mine.yaml -o results/mine --quiet",
    "replenish run mine.yaml -o results/same --quiet",
    "replenish run mine.yaml --shard 1/2 -o results/shards --quiet",
    "replenish run mine.yaml --shard 2/2 -o results/shards --quiet",
    "replenish trace mine.yaml --cell 30 --format ftrace -o vm.trace",
    "rm -f mine.yaml",
  ])
    expect(shell(line), line).toMatchObject({ status: 0 });
});
afterAll(() => rmSync(root, { recursive: true }));

const examples = COMMANDS.flatMap(({ examples }) => examples);

/** It serves until it is interrupted. */
const SERVES = /^replenish explore /;

test.each(examples.filter((example) => !SERVES.test(example)))("%s", (example) => {
  expect(shell(example)).toMatchObject({ status: 0 });
});

test.each(examples.filter((example) => SERVES.test(example)))("%s, until it is interrupted", (example) => {
  const { stdout, stderr } = shell(`timeout -s INT 6 ${example}`);
  expect(stdout + stderr).toContain("http://127.0.0.1:");
});

/** What a shell offers after a line. */
const OFFERS: Readonly<Record<string, (line: string) => string>> = {
  bash: (line) => `eval "$(replenish completion bash)"; COMP_WORDS=(${line} ''); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
    case "\${COMP_WORDS[COMP_CWORD - 1]}" in -) ;; esac; _replenish; printf '%s\\n' "\${COMPREPLY[@]}"`,
  fish: (line) => `replenish completion fish | source; complete -C '${line} '`,
  zsh: (line) => `autoload -U compinit; compinit -u -d ${root}/zcompdump; eval "$(replenish completion zsh)"
    compadd() { print -l -- "$@" }; _describe() { print -l -- \${(P)2} }; _arguments() { print -l -- "$@" }
    words=(${line} ''); CURRENT=\${#words}; _replenish`,
};

const there = Object.keys(OFFERS).filter((name) => existsSync(`/usr/bin/${name}`) || existsSync(`/bin/${name}`));
for (const name of Object.keys(OFFERS)) {
  if (!there.includes(name))
    process.stderr.write(`\n*** NOT TESTED: completion in ${name}: it is not installed. ***\n\n`);
}

test.each(there)("%s completes commands, options and values", (name) => {
  const offered = (line: string) =>
    execFileSync(name, ["-c", OFFERS[name](line)], { cwd: root, env, encoding: "utf8" });
  const commands = offered("replenish");
  for (const { usage } of COMMANDS) expect(commands).toContain(usage.split(" ")[0]);
  expect(offered("replenish plot results/mine --kind")).toMatch(/acceptance/);
  expect(offered("replenish help")).toMatch(/expressions/);
});
