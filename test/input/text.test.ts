// Text is UTF-8: what is not is refused at its place, by every command that reads any; a byte order mark is no character of it.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { textOf, withoutMark } from "../../src/input/text.js";
import { replenish } from "../support/command.js";

let directory = "";
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "replenish-text-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** @returns its path */
function file(name: string, text: string, encoding: BufferEncoding = "utf8"): string {
  writeFileSync(join(directory, name), text, encoding);
  return join(directory, name);
}

const MARK = "\uFEFF";
const SWEEP = `name: latin
horizon: 60ms
system:
  servers: { "café": { policy: idling, period: 5ms, budget: 1ms, tasks: { t: { period: 10ms, wcet: 1ms } } } }
`;
const SCENARIO = '{"horizon":9,"servers":[{"name":"café","policy":"dedicated","tasks":[]}]}';
const BYTE = "the byte 0xE9 is not of UTF-8; text is UTF-8 here: ";

describe("the first byte that is not UTF-8", () => {
  test.each([
    ["at the start", Buffer.from("\xe9", "latin1"), "1:1", "0xE9"],
    ["at the end, cut off", Buffer.from("a: b\nc: é").subarray(0, -1), "2:4", "0xC3"],
    [
      "after a true U+FFFD and beyond 16 bits",
      Buffer.from([...Buffer.from("x\n\uFFFD\u{1F600}\uFFFD"), 0x80]),
      "2:5",
      "0x80",
    ],
    ["a surrogate", Buffer.from([0x61, 0xed, 0xa0, 0x80]), "1:2", "0xED"],
  ])("%s", (_what, bytes, place, byte) => {
    expect(() => textOf(bytes, "f")).toThrow(`f:${place} the byte ${byte} is not of UTF-8`);
  });

  test("a text that is UTF-8 is kept as it is, its mark and U+FFFD too", () => {
    for (const text of ["", "a", `${MARK}é\uFFFD\u{1F600}\r\n`]) expect(textOf(Buffer.from(text), "f")).toBe(text);
    expect([withoutMark(`${MARK}a${MARK}`), withoutMark("a")]).toEqual([`a${MARK}`, "a"]);
  });

  test("UTF-16 is named, with and without a mark", () => {
    const little = Buffer.from(`${MARK}name: x`, "utf16le");
    const big = Buffer.from(little).swap16();
    for (const bytes of [little, little.subarray(2), big, big.subarray(2)])
      expect(() => textOf(bytes, "f")).toThrow("f: is text in UTF-16; UTF-8 is read here: ");
  });
});

describe("is refused", () => {
  test.each([
    ["check", () => file("a.yaml", SWEEP, "latin1"), "a.yaml:4:18"],
    ["run", () => file("a.yaml", SWEEP, "latin1"), "a.yaml:4:18"],
    ["simulate", () => file("a.json", SCENARIO, "latin1"), "a.json:1:37"],
    ["analyze", () => file("a.json", SCENARIO, "latin1"), "a.json:1:37"],
    ["import", () => file("a.csv", "name,period,wcet\ncafé,1,1\n", "latin1"), "a.csv:2:4"],
    [
      "import",
      () => file("a.xml", '<?xml version="1.0" encoding="ISO-8859-1"?><simulation é=""/>', "latin1"),
      "a.xml:1:56",
    ],
  ])("by %s", async (command, path, place) => {
    const { code, stdout, stderr } = await replenish(command, path());
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr.startsWith(`${join(directory, place)} ${BYTE}`)).toBe(true);
  });

  test("in the tables of a sweep, each", async () => {
    file("t.csv", "name,period,wcet\ncafé,20ms,1ms\n", "latin1");
    const tasks = (name: string) => `{ policy: idling, period: 10ms, budget: 2ms, tasks: { from: ${name} } }`;
    const sweep = file(
      "t.yaml",
      `horizon: 60ms\nsystem: { servers: { a: ${tasks("t.csv")}, b: ${tasks("none.csv")} } }`,
    );
    const { code, stderr } = await replenish("check", sweep);
    expect(code).toBe(3);
    expect(stderr).toContain(`${join(directory, "t.csv")}:2:4 ${BYTE}`);
    expect(stderr).toContain("none.csv: no such file or directory");
  });

  test("in the tasks of fit", async () => {
    const tasks = file("guest.yaml", "tasks: { café: { period: 20ms, wcet: 3ms } }", "latin1");
    const { code, stderr } = await replenish("fit", "none", "--thread", "x", "--tasks", tasks, "--server", "s.yaml");
    expect([code, stderr.startsWith(`${tasks}:1:13 ${BYTE}`)]).toEqual([3, true]);
  });

  test("in a stream in the place of its line, and the others are answered", async () => {
    const latin = Buffer.from(SCENARIO, "latin1");
    const lines = [SCENARIO, "\n", latin, "\n", SCENARIO].map((part) => Buffer.from(part));
    const path = join(directory, "lines.jsonl");
    writeFileSync(path, Buffer.concat(lines));
    const { code, stdout } = await replenish("simulate", "--jsonl", path);
    const answers = stdout.trimEnd().split("\n");
    expect(code).toBe(3);
    expect(answers[0]).toContain('"name":"café"');
    expect(JSON.parse(answers[1])).toEqual({ error: expect.stringContaining(`column 37: ${BYTE}`) });
    expect(answers[2]).toBe(answers[0]);
  });
});

describe("a byte order mark", () => {
  test.each(["simulate", "analyze"])("changes nothing of what %s says of a scenario", async (command) => {
    const [plain, marked] = [file("m.json", SCENARIO), file("m.json.bom", MARK + SCENARIO)];
    const said = async (path: string) => (await replenish(command, path)).stdout.replaceAll(basename(path), "");
    expect(await said(marked)).toBe(await said(plain));
    expect((await replenish(command, marked)).code).toBe(0);
    const output = join(directory, "trace.txt"); // a trace is written straight to its file
    expect((await replenish("trace", marked, "-o", output)).code).toBe(0);
  });

  test("nor of a stream", async () => {
    const lines = `${SCENARIO}\n${SCENARIO}\n`;
    const plain = await replenish("simulate", "--jsonl", file("m.jsonl", lines));
    expect(plain.code).toBe(0);
    expect(await replenish("simulate", "--jsonl", file("marked.jsonl", MARK + lines))).toEqual(plain);
  });

  test("nor of what is imported", async () => {
    const thread = { policy: "SCHED_FIFO", run: 1000, timer: { ref: "a", period: 10_000 } };
    const texts = [JSON.stringify({ tasks: { a: thread } }), "name,period,wcet\na,10,1\n"];
    for (const text of texts) {
      const plain = await replenish("import", file("m", text));
      expect(plain.code).toBe(0);
      expect(await replenish("import", file("m", MARK + text))).toEqual(plain);
    }
  });

  test("is kept in the sweep of a run, which is as it was given", async () => {
    const output = join(directory, "marked");
    const { code } = await replenish("run", file("marked.yaml", MARK + SWEEP), "-o", output);
    expect([code, readFileSync(join(output, "sweep.yaml"), "utf8")]).toEqual([0, MARK + SWEEP]);
  });
});
