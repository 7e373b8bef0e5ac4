// What every command refuses alike; the values are as yargs hands them over.

import { expect, test } from "vitest";
import { checkValues } from "../../src/commands/check-values.js";
import { diff } from "../../src/commands/diff.js";
import { fit } from "../../src/commands/fit.js";
import { run } from "../../src/commands/run.js";
import { submit } from "../../src/commands/submit.js";
import { trace } from "../../src/commands/trace.js";
import { verify } from "../../src/commands/verify.js";

test.each([
  [run, { output: ["a", "b"] }, "--output is given 2 times"],
  [run, { output: false }, "--output needs a value"],
  [run, { output: "" }, "--output needs a value"],
  [run, { workers: Number.NaN }, "--workers has no number: a whole number from 1 to 1,024"],
  [run, { workers: 1025 }, "--workers 1025: a whole number from 1 to 1,024"],
  [verify, { workers: 0 }, "--workers 0: a whole number from 1 to 1,024"],
  [verify, { sample: 1.5 }, "--sample 1.5: a whole number from 1 to 1,000,000"],
  [verify, { seed: Number.NaN }, "--seed has no number: a whole number from 0 on"],
  [submit, { shards: 0, cpus: 100_001 }, /^--shards 0: .*\n--cpus 100001: a whole number from 1 to 100,000$/],
  [trace, { format: ["text", "svg"] }, "--format is given 2 times"],
  [trace, { cell: [1, -1] }, "--cell -1: a whole number from 0 on"],
  [fit, { thread: [""] }, "--thread needs a value"],
  [fit, { server: "" }, "--server needs a value"],
  [diff, { a: ["x", "y"], b: "z" }, "a is given 2 times"],
])("%s", async (command, values, message) => {
  await expect(checkValues(command as Parameters<typeof checkValues>[0], values)).rejects.toThrow(
    expect.objectContaining({ message: typeof message === "string" ? message : expect.stringMatching(message) }),
  );
});

test("what may be repeated, negated or left out is accepted", async () => {
  const values = { sweep: "-", set: ["P=1", "Q=2"], leap: false, workers: 1, output: undefined };
  await expect(checkValues(run as Parameters<typeof checkValues>[0], values)).resolves.toBeUndefined();
});
