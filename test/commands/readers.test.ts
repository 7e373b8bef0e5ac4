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

test("an output is no input, however it is spelled", () => {
  const input = join(directory, "input");
  writeFileSync(input, "");
  symlinkSync(input, join(directory, "symbolic"));
  linkSync(input, join(directory, "hard"));
  for (const output of [input, `${directory}/./input`, join(directory, "symbolic"), join(directory, "hard")]) {
    const message = `--output ${output} would overwrite ${input}, which it is made of`;
    expect(() => refuseOverwriting(["-", input], { "--output": output })).toThrow(new UsageError(message));
  }
  expect(() => refuseOverwriting([input], { "--output": join(directory, "new"), "--arrow": undefined })).not.toThrow();
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
