// What README.md and docs/paper.md tell a newcomer to type, typed one after the other in a fresh directory beside the sweeps.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");
const paper = readFileSync(join(root, "docs/paper.md"), "utf8");
const directory = mkdtempSync(join(tmpdir(), "replenish-readme-"));
symlinkSync(join(root, "sweeps"), join(directory, "sweeps"));
afterAll(() => rmSync(directory, { recursive: true }));

/** @returns what the command writes to stdout @throws when it ends with another code than 0 */
const type = (command: string) => {
  const words = command.split("#")[0].trim().split(/\s+/).slice(1);
  const program = join(root, "build/command/replenish.js");
  return execFileSync(process.execPath, [program, ...words], { cwd: directory, encoding: "utf8", stdio: "pipe" });
};

/** The blocks of a page in a language. */
const blocks = (page: string, language: string) =>
  [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].filter(([, name]) => name === language).map(([, , text]) => text);

describe("README.md and docs/paper.md", () => {
  const commands = [readme, paper]
    .flatMap((page) => blocks(page, "sh"))
    .join("")
    .split("\n")
    .filter((line) => line.startsWith("replenish "));

  test("has commands to type", () => expect(commands.length).toBeGreaterThan(9));

  test.each(commands)("%s", (command) => {
    type(command);
    for (const [, file] of command.split("#")[0].matchAll(/-o (\S+)/g))
      expect(existsSync(join(directory, file))).toBe(true);
  });

  test("its command with --set runs", () => {
    const [, command] = /replaces an axis or a setting: `([^`]*)`/.exec(readme)!;
    expect(command).toContain("--set");
    type(command);
    expect(existsSync(join(directory, "results/wide/SHA256SUMS"))).toBe(true);
  });

  test("shows the answer as it is printed", () => {
    const answer = type("replenish run sweeps/paper.yaml -o results/answer");
    const shown = blocks(readme, "").find((text) => text.includes("The cheapest"))!;
    expect(answer).toContain(shown);
  });

  test("its sweep is one, and its mistake is answered as it says", () => {
    const [sweep] = blocks(readme, "yaml");
    writeFileSync(join(directory, "shown.yaml"), sweep);
    expect(type("replenish check shown.yaml")).toContain("valid, 1,496 cells");
    writeFileSync(join(directory, "mine.yaml"), sweep.replace("=P\n", "10\n").replace("=Q", "12"));
    const [, message] = /answered with its place: `([^`]*)`/.exec(readme)!;
    expect(() => type("replenish check mine.yaml")).toThrow(message.replace(/\s+/g, " "));
  });
});
