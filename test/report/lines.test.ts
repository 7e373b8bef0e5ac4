import { describe, expect, test } from "vitest";
import { countOf, formatCount } from "../../src/numbers/counts.js";
import {
  alignColumns,
  exactNumber,
  formatDuration,
  formatList,
  formatNumber,
  formatTime,
  labelsOf,
  percentText,
} from "../../src/report/format.js";
import { progressLine, progressOnTerminal } from "../../src/report/progress.js";
import { styleOf } from "../../src/report/style.js";

test("numbers and durations", () => {
  expect([0, 999, 1000, 1_234_567.4].map(formatCount)).toEqual(["0", "999", "1,000", "1,234,567"]);
  expect([countOf(1, "cell"), countOf(2, "cell")]).toEqual(["1 cell", "2 cells"]);
  expect([1 / 3, 12, 0.25, 1e-9].map((value) => formatNumber(value))).toEqual(["0.333333", "12", "0.25", "1e-9"]);
  const durations = [350, 9990, 12_340, 59_940, 59_960, 245_000, 3_599_400, 11_220_000].map(formatDuration);
  expect(durations).toEqual([
    ...["0.35 s", "9.99 s", "12.3 s", "59.9 s", "1 min 00 s", "4 min 05 s", "59 min 59 s", "3 h 07 min"],
  ]);
});

test("values are exact, labels differ where their values do, and a share is whole only where all is meant", () => {
  expect([5000001, 123.4563, 0.1].map(exactNumber)).toEqual(["5000001", "123.4563", "0.1"]);
  expect(labelsOf([1, 2.5, 1000 / 3], 4)).toEqual(["1", "2.5", "333.3"]);
  expect(labelsOf([5000000, 5000001, 5000001], 4)).toEqual(["5000000", "5000001", "5000001"]);
  expect(labelsOf([0.1, 0.1 + 2 ** -56], 4)).toEqual(["0.1", "0.10000000000000002"]);
  expect([percentText(1, 3), percentText(99_977, 100_001), percentText(7, 7)]).toEqual([
    ...["33.3 %", "more than 99.9 %", "100 %"],
  ]);
});

test("times with their unit, of which ticks alone have a plural; words as a sentence lists them", () => {
  const times = [formatTime(1, "tick"), formatTime(0.25, "tick"), formatTime(5, "tick"), formatTime(5, "ms")];
  expect(times).toEqual(["1 tick", "0.25 ticks", "5 ticks", "5 ms"]);
  expect([[], ["a"], ["a", "b"], ["a", "b", "c"]].map(formatList)).toEqual(["", "a", "a and b", "a, b and c"]);
});

test("columns align to the left or right, without blanks at the end", () => {
  expect(
    alignColumns(
      [
        ["a", "number"],
        ["long", "1"],
      ],
      [false, true],
    ),
  ).toEqual(["a     number", "long       1"]);
  expect(
    alignColumns(
      [
        ["a", "b"],
        ["a", ""],
      ],
      [false, false],
    ),
  ).toEqual(["a  b", "a"]);
});

test.each([
  ["制御", 4],
  ["ｶﾒﾗ", 3],
  ["제어", 4],
  ["e\u0301te\u0301", 3],
  ["दिल", 3],
  ["🤖", 2],
  ["👩‍🚀", 2],
  ["🇩🇪", 2],
  ["a\u200Bb", 2],
])("%s takes %i places of a column", (name, places) => {
  const head = ["server", "period"];
  const row = (text: string, at: number) => [text, String(at)];
  expect(alignColumns([head, row(name, 10)], [false, true])[1]).toBe(`${name}${" ".repeat(6 - places)}      10`);
  expect(alignColumns([head, row(name, 10)], [true, false])[1]).toBe(`${" ".repeat(6 - places)}${name}  10`);
});

describe("progress", () => {
  const figures = { cells: 2740, cellsDone: 1234.5, runsMissed: 830, failures: 0, elapsedMs: 2000 };

  test("cells done, rate, misses and time left", () => {
    expect(progressLine(figures)).toBe(" 45 %  1,234 of 2,740 cells  617 cells/s  830 with a miss  2.44 s left");
    expect(progressLine({ ...figures, cellsDone: 2740, failures: 2 })).toBe(
      "100 %  2,740 of 2,740 cells  1,370 cells/s  830 with a miss  2 failed",
    );
    expect(progressLine({ ...figures, cellsDone: 0, elapsedMs: 0 })).toBe(
      "  0 %  0 of 2,740 cells  0 cells/s  830 with a miss",
    );
  });

  test("one is no plural, nor what is rounded to one", () => {
    expect(progressLine({ cells: 1, cellsDone: 1, runsMissed: 0, failures: 0, elapsedMs: 800 })).toBe(
      "100 %  1 of 1 cell  1 cell/s  0 with a miss",
    );
  });

  test("on a terminal it replaces the line before, and never wraps", () => {
    expect(progressOnTerminal(figures, 200)).toBe(`\r\x1b[2K${progressLine(figures)}`);
    expect(progressOnTerminal(figures, 20)).toBe(`\r\x1b[2K${progressLine(figures).slice(0, 19)}`);
  });
});

test("colours only on a terminal, and not with NO_COLOR", () => {
  const terminal = { isTTY: true, columns: 132 };
  expect(styleOf(terminal, { COLORTERM: "truecolor" })).toEqual({ colour: "24-bit", columns: 132 });
  expect(styleOf(terminal, { TERM: "xterm" })).toEqual({ colour: "256", columns: 132 });
  expect(styleOf(terminal, { NO_COLOR: "1", COLORTERM: "truecolor" }).colour).toBe("none");
  expect(styleOf(terminal, { NO_COLOR: "" }).colour).toBe("256");
  expect(styleOf(terminal, { TERM: "dumb" }).colour).toBe("none");
  expect(styleOf({}, { COLORTERM: "truecolor" })).toEqual({ colour: "none", columns: 80 });
  expect(styleOf({}, { FORCE_COLOR: "1", NO_COLOR: "1" }).colour).toBe("256");
  expect(styleOf({}, { FORCE_COLOR: "1", COLORTERM: "truecolor" }).colour).toBe("24-bit");
  expect(styleOf(terminal, { FORCE_COLOR: "0", COLORTERM: "truecolor" }).colour).toBe("none");
  expect(styleOf(terminal, { FORCE_COLOR: "" }).colour).toBe("256");
});
