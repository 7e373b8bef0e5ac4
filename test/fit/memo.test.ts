// Lines that are one like before but for their time say what that one said; no other line does.

import fc from "fast-check";
import { expect, test } from "vitest";
import { LineReader } from "../../src/fit/read/line.js";
import { LineMemo } from "../../src/fit/read/memo.js";
import type { Said } from "../../src/fit/read/reorder.js";

const SAID: Said = {
  cpu: 1,
  thread: { pid: 1, chosen: true, name: "vm", hashes: [], ran: 0, member: undefined, role: undefined },
  next: undefined,
  own: true,
  nextOwn: false,
  role: -1,
  nextRole: -1,
  runnable: false,
};

function bytesOf(text: string): Buffer {
  return Buffer.from(`>${text}<`, "latin1");
}

/** Everything that is read of a line but its time, and the time. */
function read(text: string): { said: unknown; time: readonly number[] } {
  const reader = new LineReader();
  const kind = reader.read(bytesOf(text), 1, text.length + 1);
  const { header, change } = reader;
  const { seconds, nanoseconds, ...rest } = { ...header };
  return {
    said: { kind, ...rest, change: { ...change, line: undefined }, line: undefined },
    time: [seconds, nanoseconds],
  };
}

/** Lines whose names are made to mislead, of every form. */
const letters = fc.constantFrom(..." =>:[]()-#_.0123456789abprevnextcommpidio/");
const name = fc.oneof(
  fc.string({ unit: letters, minLength: 1, maxLength: 15 }),
  fc.constantFrom("vm", "kworker/0:1", "[000] 1.2: x", "x (1) [1]", "b:7 [1] R ==> ", "a next_pid=1"),
);
const FORMS: readonly ((time: string, prev: string, next: string, pid: number) => string)[] = [
  (time, prev, next, pid) =>
    `${prev}-${pid} [002] d..2. ${time}: sched_switch: prev_comm=${prev} prev_pid=${pid} prev_prio=120 prev_state=S ==> next_comm=${next} next_pid=7 next_prio=-1`,
  (time, prev, next, pid) =>
    `${prev} ${pid} [002] ${time}: sched:sched_switch: ${prev}:${pid} [120] S ==> ${next}:7 [-1]`,
  (time, prev, next, pid) => `${prev}-${pid} ( 12) [002] ${time}: ${pid}:120:R ==> [001] 7:120:R ${next}`,
  (time, prev, next, pid) => `${prev}-${pid} 2d..2. ${time}: sched_switch: ${prev}:${pid} [120] S ==> ${next}:7 [-1]`,
  (time, prev, next, pid) => `${prev}-${pid} [002] d..2. ${time}: sched_wakeup: comm=${next} pid=7`,
];
const line = fc.tuple(fc.constantFrom(...FORMS), name, name, fc.nat(99_999));
/** Two times of as many digits, in every way of writing one. */
const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: length, maxLength: length });
const times = fc
  .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 9 }), fc.constantFrom(".", "us", ""))
  .chain(([whole, part, form]) => {
    const time = fc
      .tuple(digits(whole), digits(part))
      .map(([seconds, fraction]) => (form === "." ? `${seconds}.${fraction}` : `${seconds}${form}`));
    return fc.tuple(time, time);
  });

test("a line at another time is read as the first was, and its time is its own", () => {
  let found = 0;
  fc.assert(
    fc.property(line, times, ([form, prev, next, pid], [first, second]) => {
      const [before, after] = [form(first, prev, next, pid), form(second, prev, next, pid)];
      const reader = new LineReader();
      const memo = new LineMemo(reader);
      expect(memo.find(bytesOf(before), 1, before.length + 1)).toBeUndefined();
      const kind = reader.read(bytesOf(before), 1, before.length + 1);
      if (kind !== "switch" && kind !== "other") return;
      memo.keep(1, before.length + 1, SAID);
      if (memo.find(bytesOf(after), 1, after.length + 1) === undefined) return;
      found++;
      const { said, time } = read(after);
      expect(said).toStrictEqual(read(before).said);
      expect([reader.header.seconds, reader.header.nanoseconds]).toStrictEqual(time);
    }),
    { numRuns: 150 },
  );
  expect(found).toBeGreaterThan(75);
});

test("a line with one other byte must be read", () => {
  const text = FORMS[0]("12.345678", "vm", "hog", 300);
  const [from, to] = [text.indexOf("12.34"), text.indexOf(": sched_switch")];
  const reader = new LineReader();
  const memo = new LineMemo(reader);
  const find = (bytes: Buffer) => memo.find(bytes, 1, bytes.length - 1);
  for (let at = 0; at < text.length; at++) {
    find(bytesOf(text));
    expect(reader.read(bytesOf(text), 1, text.length + 1)).toBe("switch");
    memo.keep(1, text.length + 1, SAID);
    const other = bytesOf(text);
    other[at + 1] ^= 1; // of a digit another digit
    const isTime = at >= from && at < to && text[at] !== ".";
    expect(find(other), text.slice(0, at)).toBe(isTime ? SAID : undefined);
    expect(find(bytesOf(text))).toBe(SAID);
  }
});

test("a line longer than any trace's is not kept", () => {
  const text = FORMS[0]("1.5", "vm", "h".repeat(200), 1);
  const reader = new LineReader();
  const memo = new LineMemo(reader);
  for (let time = 0; time < 2; time++) {
    expect(memo.find(bytesOf(text), 1, text.length + 1)).toBeUndefined();
    expect(reader.read(bytesOf(text), 1, text.length + 1)).toBe("switch");
    memo.keep(1, text.length + 1, SAID);
  }
});

test("where all lines differ they are not looked for, until much later", () => {
  const reader = new LineReader();
  const memo = new LineMemo(reader);
  const isFound = (text: string) => {
    const bytes = bytesOf(text);
    if (memo.find(bytes, 1, text.length + 1) !== undefined) return true;
    reader.read(bytes, 1, text.length + 1);
    memo.keep(1, text.length + 1, SAID);
    return false;
  };
  const one = FORMS[4]("1.5", "vm", "hog", 1);
  expect([isFound(one), isFound(one)]).toStrictEqual([false, true]);
  for (let i = 0; i < 5000; i++) isFound(FORMS[4]("1.5", "vm", "hog", 100_000 + i));
  expect([isFound(one), isFound(one)]).toStrictEqual([false, false]);
  for (let i = 0; i < 65_536; i++) isFound(one);
  expect(isFound(one)).toBe(true);
});
