// Whoever reads the output may go away, and an output may be named like an input: neither changes what is true.

import { spawnSync } from "node:child_process";
import { linkSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { UsageError } from "../../src/commands/failure.js";
import { answerLines } from "../../src/commands/json-lines.js";
import { refuseOverwriting } from "../../src/commands/outputs.js";
import { print } from "../../src/commands/print.js";
import { REPLENISH } from "../run/process.js";

let directory = "";
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "replenish-readers-"));
  writeFileSync(join(directory, "bad"), "{}\n");
});
afterAll(() => rmSync(directory, { recursive: true }));

test.each([
  ["stdout", "replenish simulate --jsonl bad | true"],
  ["stderr", "replenish check bad 2>&1 >/dev/null | true"],
  ["stderr, on a full disk", "replenish check bad 2>/dev/full | true"],
])("a reader of %s that is gone leaves the exit code as it is", (_what, pipeline) => {
  const script = pipeline.replace("replenish", REPLENISH.map((word) => `'${word}'`).join(" "));
  const { stdout } = spawnSync("bash", ["-c", `${script}; echo "\${PIPESTATUS[0]}"`], {
    cwd: directory,
    encoding: "utf8",
  });
  expect(stdout.trim()).toBe("3");
});

test("a line ends with a line feed, and not with a line separator inside a text", async () => {
  writeFileSync(join(directory, "lines"), '"a\u2028b"\n\n"c"');
  const lines: string[] = [];
  const write = vi.spyOn(process.stdout, "write").mockImplementation(() => true);
  const code = await answerLines(join(directory, "lines"), (line) => {
    lines.push(line);
    return line;
  });
  write.mockRestore();
  expect([code, lines]).toEqual([0, ['"a\u2028b"', '"c"']]);
});

test("answers are texts or bytes of any length, printed in pieces; what follows one changes nothing of it", async () => {
  writeFileSync(join(directory, "lengths"), "1\n100000\n7\n 300000 \n\n2\n60000\n60000");
  const written: Uint8Array[] = [];
  const write = vi.spyOn(process.stdout, "write").mockImplementation((piece) => written.push(piece as Uint8Array) > 0);
  const bytes = new Uint8Array(300_000);
  const answers: string[] = [];
  await answerLines(join(directory, "lengths"), (line) => {
    const length = Number(line);
    const isText = answers.length % 2 === 0;
    answers.push((isText ? "é" : "b").repeat(length));
    if (isText) return answers.at(-1)!;
    return bytes.fill(0).fill(98, 0, length).subarray(0, length);
  });
  write.mockRestore();
  expect(Buffer.concat(written).toString()).toBe(answers.map((answer) => `${answer}\n`).join(""));
  expect(written.length).toBeGreaterThan(2);
});

test("an output is no input, however it is spelled", () => {
  const input = join(directory, "input");
  writeFileSync(input, "");
  symlinkSync(input, join(directory, "symbolic"));
  linkSync(input, join(directory, "hard"));
  for (const output of [input, `${directory}/./input`, join(directory, "symbolic"), join(directory, "hard")]) {
    const message = `--output ${output} would overwrite ${input}, which it is made of`;
    expect(() => refuseOverwriting(["-", input], { "--output": output })).toThrow(new UsageError(message));
  }
  // Of a path that cannot be looked at the writer says why.
  for (const name of ["new", "input/new", "n".repeat(300)])
    expect(() => refuseOverwriting([input], { "--output": join(directory, name), "--arrow": undefined })).not.toThrow();
});

test("waiting for a slow reader leaves no listener behind", async () => {
  const counts = () => ["drain", "error", "close"].map((event) => process.stdout.listenerCount(event));
  const before = counts();
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(false);
  try {
    for (let piece = 0; piece < 3; piece++) {
      const printed = print("piece");
      expect(counts()).toEqual(before.map((count) => count + 1));
      process.stdout.emit("drain");
      await printed;
    }
  } finally {
    write.mockRestore();
  }
  expect(counts()).toEqual(before);
});
