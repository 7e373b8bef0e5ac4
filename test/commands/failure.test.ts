import { afterEach, expect, test, vi } from "vitest";
import { exitCodeOf } from "../../src/commands/failure.js";
import { EXIT } from "../../src/input/exit.js";

afterEach(() => vi.restoreAllMocks());

function told(error: Error): [number, string] {
  const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const code = exitCodeOf(error);
  return [code, write.mock.calls.map(([text]) => String(text)).join("")];
}

test.each([
  [Object.assign(new Error("EMFILE: too many open files, open 'a'"), { code: "EMFILE" }), "ulimit -n"],
  [new RangeError("WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory for new instance"), "ulimit -v"],
  [new RangeError("Array buffer allocation failed"), "--workers"],
  [Object.assign(new Error("Worker terminated"), { code: "ERR_WORKER_OUT_OF_MEMORY" }), "--workers"],
])("%s: a limit of the system is no bug, and it is said which", (error, limit) => {
  const [code, text] = told(error);
  expect(code).toBe(EXIT.io);
  expect(text).toMatch(new RegExp(`^[^\\n]*${limit}[^\\n]*\\n$`));
  expect(text.startsWith(error.message)).toBe(true);
});

test("any other error is a bug, with the command that shows it again", () => {
  const [code, text] = told(new RangeError("there is no memory of it"));
  expect(code).toBe(EXIT.bug);
  expect(text).toMatch(/^there is no memory of it\nThis is a bug of replenish\. To see it again: replenish/);
});
