// Texts that only look like sweeps, and names that are meant to get out of what they stand in. Each campaign prints the seed
// that it began with; SEED=N npx vitest run ... begins with that one again.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSweep } from "../../src/grid/open.js";
import { InvalidInput, problemLine } from "../../src/input/problem.js";
import { numbers } from "../run/process.js";
import { textOf, tracedOf } from "../trace/support.js";

const SEED = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const SWEEPS = join(import.meta.dirname, "../../sweeps");
const TEXTS = ["", "systems", "readings", "reality"].flatMap((folder) =>
  readdirSync(join(SWEEPS, folder))
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => readFileSync(join(SWEEPS, folder, name), "utf8")),
);
/** What stands in sweeps, and what should not. */
const WORDS = [
  ...new Set(TEXTS.flatMap((text) => text.match(/[\w.-]+|[^\s\w]/g) ?? [])),
  ...[
    "1e309",
    "-1",
    "0",
    "0x10",
    "1/0",
    "9007199254740993",
    "1e-100",
    "null",
    "~",
    "{}",
    "[]",
    "&a",
    "*a",
    "!!js/x",
    "<<",
  ],
  ...[
    "__proto__",
    "constructor",
    "=P",
    "=Q/0",
    "=lcm(7ms, 3)",
    "=P ? 1 : x",
    "\u202e",
    "\u0000",
    "\u001b[2J",
    "\ud800",
    "'",
    '"',
  ],
];
/** Laying out a grid of more cells than this says how far it is, and is given up here. */
class TooLong extends Error {}

type Choose = (below: number) => number;

/** One change of a text: a word or a line replaced, doubled, moved or taken out. */
function changed(text: string, choose: Choose): string {
  const lines = text.split("\n");
  const line = choose(lines.length);
  const word = () => WORDS[choose(WORDS.length)];
  switch (choose(6)) {
    case 0:
      lines.splice(line, 1);
      break;
    case 1:
      lines.splice(line, 0, lines[choose(lines.length)]);
      break;
    case 2:
      lines[line] = " ".repeat(choose(9)) + lines[line].trimStart();
      break;
    case 3: {
      const at = choose(lines[line].length + 1);
      lines[line] = lines[line].slice(0, at) + word() + lines[line].slice(at + choose(3));
      break;
    }
    default: {
      const words = [...lines[line].matchAll(/[\w.-]+/g)];
      if (words.length === 0) break;
      const { index, 0: old } = words[choose(words.length)];
      lines[line] = lines[line].slice(0, index) + word() + lines[line].slice(index + old.length);
    }
  }
  return lines.join("\n");
}

/** Whether the text is a sweep. Anything but a plan and a refusal that can be printed is a failure. */
function isSweep(text: string): boolean {
  try {
    const started = performance.now();
    const { plan } = openSweep(text, "mutated.yaml", [], () => {
      if (performance.now() - started > 2000) throw new TooLong();
    });
    expect(plan.cellCount).toBeGreaterThan(0);
    return true;
  } catch (error) {
    if (error instanceof TooLong) return true;
    if (!(error instanceof InvalidInput)) throw new Error(`of the text\n${text}`, { cause: error });
    expect(error.problems.length).toBeGreaterThan(0);
    for (const problem of error.problems) {
      expect(problem.text).not.toBe("");
      expect(problemLine(problem)).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
    }
    return false;
  }
}

test("10,000 mutated sweeps end in a plan, or in a refusal that can be printed", () => {
  process.stdout.write(`mutated sweeps: SEED=${SEED}\n`);
  const random = numbers(SEED);
  const choose = (below: number) => Math.floor(random() * below);
  let accepted = 0;
  for (let i = 0; i < 10_000; i++) {
    let text = TEXTS[choose(TEXTS.length)];
    for (let changes = 1 + choose(3); changes > 0; changes--) text = changed(text, choose);
    if (isSweep(text)) accepted++;
  }
  expect(accepted).toBeGreaterThan(1000);
  expect(accepted).toBeLessThan(9000);
});

const PIECES = [
  ...[
    "'",
    '"',
    "`",
    "$(id)",
    "$HOME",
    "; rm -rf /",
    "\n",
    "\r",
    "\t",
    "\u001b]0;x\u0007",
    "\u202e",
    "\u2028",
    "\\",
    "[exec id]",
  ],
  ...[
    "</text><script>alert(1)</script>",
    "]]>",
    "-->",
    "<!--",
    "&amp;",
    "../../x",
    "%s%n",
    "#",
    "|",
    "\ufeff",
    "\ud800",
    "é",
    "日本",
    "a",
  ],
];

test("400 systems with hostile names: no format has a line that a name broke, or markup that it made", () => {
  process.stdout.write(`hostile names: SEED=${SEED}\n`);
  const random = numbers(SEED);
  const choose = (below: number) => Math.floor(random() * below);
  const name = (end: string) =>
    Array.from({ length: 1 + choose(4) }, () => PIECES[choose(PIECES.length)]).join("") + end;
  for (let i = 0; i < 400; i++) {
    const servers = (named: (end: string) => string) => [
      {
        name: named("1"),
        policy: "idling" as const,
        period: 5,
        budget: 2,
        tasks: [{ name: named("t"), period: 10, wcet: 3 }],
      },
      {
        name: named("2"),
        policy: "deferrable" as const,
        period: 7,
        budget: 3,
        tasks: [{ name: named("t"), period: 14, wcet: 4 }],
      },
    ];
    const hostile = tracedOf({ horizon: 40, servers: servers(name) });
    const plain = tracedOf({ horizon: 40, servers: servers((end) => `plain${end}`) });
    for (const format of ["text", "svg", "perfetto", "grasp", "ftrace"] as const) {
      const lines = textOf(hostile, format).split("\n");
      // A picture leaves out what is too long for its box.
      if (format !== "svg") expect([format, lines.length]).toEqual([format, textOf(plain, format).split("\n").length]);
      if (format === "perfetto") JSON.parse(lines.join("\n"));
      for (const line of lines) {
        const shown = line.replaceAll("\t", " ");
        if (format === "text" || format === "ftrace") expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        else if (format === "grasp") expect(shown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
        else if (format === "svg") expect(shown).not.toMatch(/\p{Cc}|<script|<!--|\]\]>/u);
      }
    }
  }
});
