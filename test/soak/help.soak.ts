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

test("a shard says which are not finished, and with all of them what joins them; its report that it is a part", () => {
  const parts = "results/two parts";
  const shard = (index: number) => shell(`replenish run mine.yaml --shard ${index}/2 --no-map -o '${parts}'`).stdout;
  const join = "replenish merge 'results/two parts'\n";
  expect(shell("replenish init mine.yaml --force")).toMatchObject({ status: 0 });
  expect(shard(1)).toMatch(
    /This is shard 1 of 2, cells 0 to \d+\. Not finished in results\/two parts: shard-2-of-2\. /,
  );
  const { stderr } = shell(`replenish report '${parts}/shard-1-of-2'`);
  expect(stderr).toContain(`For all of it: ${join.trim()}, then replenish report '${parts}'`);
  const last = shard(2);
  expect(last).toContain("All are finished in results/two parts. ");
  expect(last.endsWith(join)).toBe(true);
  expect(shell(join)).toMatchObject({ status: 0 });
});

/** Prints what bash offers for the last of COMP_WORDS. */
const ASKED = `COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _replenish; printf '%s\\n' "\${COMPREPLY[@]}"`;

/** What a shell offers after a line. */
const OFFERS: Readonly<Record<string, (line: string) => string>> = {
  bash: (line) => `eval "$(replenish completion bash)"; COMP_WORDS=(${line} ''); ${ASKED}`,
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

/** Lines that a value of a fixed list follows, each with the whole list. */
const LISTS: readonly (readonly [string, readonly string[]])[] = [
  ["replenish trace mine.yaml --format", ["text", "svg", "perfetto", "grasp", "ftrace", "arrow"]],
  ["replenish trace mine.yaml --rows", ["host", "servers", "tasks"]],
  ["replenish plot results/mine --table", ["cells", "servers", "tasks", "cpus", "vcpus"]],
  ["replenish export results/mine --format", ["parquet", "csv", "jsonl", "notebook"]],
];

test.each(there)("%s completes the whole list of an option's values, and nothing else", (name) => {
  const examples = shell("replenish init --example list").stdout.trim().split("\n");
  expect(examples).toContain("systems/hsf");
  const mechanisms = /--deploy.*?\[choices: (.*?)\]/s.exec(shell("replenish design --help").stdout)![1];
  const lists = [
    ...LISTS,
    ["replenish init --example", [...examples, "list"]] as const,
    ["replenish design mine.yaml --deploy", mechanisms.match(/[\w-]+/g)!] as const,
  ];
  for (const [line, values] of lists) expect(offeredValues(name, line).sort(), line).toStrictEqual([...values].sort());
});

/** What a shell offers for the value of the option that a line ends in. */
function offeredValues(name: string, line: string): string[] {
  const text = execFileSync(name, ["-c", OFFERS[name](line)], { cwd: root, env, encoding: "utf8" });
  // fish says what each is for after a tab.
  if (name !== "zsh")
    return text
      .trim()
      .split("\n")
      .map((offer) => offer.split("\t")[0]);
  const flag = line.split(" ").at(-1)!;
  const [, list] = text
    .split("\n")
    .find((spec) => spec.startsWith(`*${flag}[`))!
    .match(/:value:\((.*)\)$/)!;
  return list.split(" ");
}

test("bash completes what stands after an option's equals sign, and shows a name with a slash whole", () => {
  const offered = (words: string) =>
    execFileSync("bash", ["-c", `eval "$(replenish completion bash)"; COMP_WORDS=(${words}); ${ASKED}`], {
      ...{ cwd: root, env, encoding: "utf8" as const },
    });
  expect(offered("replenish trace mine.yaml --format = pe")).toBe("perfetto\n");
  expect(offered("replenish trace mine.yaml --rows =").trim().split("\n")).toStrictEqual(["host", "servers", "tasks"]);
  expect(offered("replenish init --example systems/h")).toBe("systems/hsf\n");
});
