// The pure parts of the page: what its pictures, its answer, its table and its address say.

import { expect, test } from "vitest";
import { readAddress, writeAddress } from "../../src/page/address.js";
import { AxisValues, Groups } from "../../src/page/aggregate.js";
import { AnswerFinder, sentenceOf } from "../../src/page/answer.js";
import { answerHtml } from "../../src/page/answer-html.js";
import { Bins } from "../../src/page/bins.js";
import { boundariesOf, boundary } from "../../src/page/boundary.js";
import { chartSvg } from "../../src/page/chart.js";
import { missColour, valueColour } from "../../src/page/colour.js";
import { sweepFileName } from "../../src/page/content.js";
import { AllCurves, Tallies } from "../../src/page/curves.js";
import { BadFilter, exampleFilter, RowFinder } from "../../src/page/filter.js";
import { openingAxes, openingCell } from "../../src/page/opening.js";
import { BLANK, MET, MISSED, NO_RESULT, NOT_JUDGED, Squares } from "../../src/page/squares.js";
import type { PageTable } from "../../src/page/table.js";
import { ticks } from "../../src/page/ticks.js";
import type { Column } from "../../src/tables/columns.js";
import { axis, cells, id, metric, POLICIES, STATUSES, tableOf } from "./tables.js";

function bins(table: PageTable, name: string): Bins {
  return new Bins(table.column(name), table.numbers(name));
}

function squares(table: PageTable, held: ReadonlyMap<string, number>): Squares {
  return new Squares({ x: bins(table, "P"), y: bins(table, "Q"), colour: "miss_ratio", held }).add(table);
}

test("squares say how the runs of a place went, and what the analysis says of them", () => {
  const idling = squares(cells(), new Map([["policy", 0]]));
  expect([...idling.standing]).toStrictEqual([MET, MISSED, BLANK, MET]);
  expect([...idling.cell]).toStrictEqual([0, 1, Number.NaN, 2]);
  expect([0, 1, 2, 3].map((at) => idling.isGuaranteed(at))).toStrictEqual([true, false, false, true]);
  expect(idling.range()).toStrictEqual([0, 0.5]);
  const polling = squares(cells(), new Map([["policy", 1]]));
  expect([...polling.standing]).toStrictEqual([NOT_JUDGED, MET, BLANK, NO_RESULT]);
});

test("of several runs in a square the worst decides, and the value is their mean", () => {
  const both = squares(cells(), new Map());
  expect([...both.standing]).toStrictEqual([NOT_JUDGED, MISSED, BLANK, NO_RESULT]);
  expect([...both.runs]).toStrictEqual([2, 2, 0, 2]);
  expect(both.value(1)).toBe(0.25);
  expect(both.value(3)).toBe(0);
  expect(both.isGuaranteed(0)).toBe(true);
  expect(both.isGuaranteed(3)).toBe(false);
});

test("a table in pieces gives the same squares", () => {
  const whole = squares(cells(), new Map());
  const twice = squares(cells(), new Map()).add(cells());
  expect(new Squares(whole.query).take(whole.bytes().buffer)).toStrictEqual(whole);
  expect([...twice.runs]).toStrictEqual([...whole.runs].map((runs) => 2 * runs));
  expect(twice.value(1)).toBe(whole.value(1));
  expect([...twice.cell]).toStrictEqual([...whole.cell]);
});

test("an axis of many values is binned, and one without a value comes last", () => {
  const many = new Bins(
    axis("P"),
    Array.from({ length: 1000 }, (_, index) => 999 - index),
    300,
  );
  expect([many.count, many.grouped, many.bin(0), many.bin(999), many.bin(0.5)]).toStrictEqual([250, 4, 0, 249, -1]);
  const some = new Bins(axis("P"), [3, Number.NaN, 1]);
  expect(some.starts).toStrictEqual([1, 3, Number.NaN]);
  expect(some.label(2)).toBe("none");
  expect(some.bin(Number.NaN)).toBe(2);
});

test("the boundary runs between the squares that have it and those that do not, and past what is not there", () => {
  const rows = ["..#", ".##", " ##"];
  const has = (x: number, y: number) => (rows[y][x] === " " ? undefined : rows[y][x] === ".");
  const lines = boundary(3, 3, has);
  expect(lines).toHaveLength(1);
  expect([...lines[0]].sort()).toStrictEqual([
    [1, 1],
    [1, 2],
    [2, 0],
    [2, 1],
  ]);
  const [first, last] = [lines[0][0], lines[0].at(-1)];
  expect([first, last].map(String).sort()).toStrictEqual(["1,2", "2,0"]);
  expect(boundary(2, 1, () => true)).toStrictEqual([]);
});

test("a map has a boundary only where squares differ", () => {
  const { simulated, bounded } = boundariesOf(squares(cells(), new Map([["policy", 0]])));
  expect([simulated.length, bounded.length]).toStrictEqual([1, 1]);
  const one = cells().holding(new Map([["cell", 0]]));
  expect(
    boundariesOf(new Squares({ x: bins(one, "P"), y: undefined, colour: "miss_ratio", held: new Map() }).add(one)),
  ).toStrictEqual({
    simulated: [],
    bounded: [],
  });
});

test("a map opens over numbers that servers are set by; of a search over the searched axis and that of the most values", () => {
  const of = (name: string, count: number, texts?: readonly string[]) =>
    new Bins(
      axis(name, texts),
      Array.from({ length: count }, (_, value) => value),
    );
  const axes = [
    of("policy", 4, ["a", "b", "c", "d"]),
    of("C", 9),
    of("P", 3),
    of("share", 6),
    of("one", 1),
    of("n", 12),
  ];
  expect(openingAxes(axes, ["C"])).toStrictEqual(["P", "share", "n", "C", "policy"]);
  expect(openingAxes(axes, ["C"], "n").slice(0, 2)).toStrictEqual(["C", "n"]);
  expect(openingAxes(axes, [], "C").slice(0, 2)).toStrictEqual(["n", "C"]);
  expect(openingAxes([axes[0], axes[2], axes[5]], [], "n")).toStrictEqual(["policy", "n", "P"]);
  expect(openingAxes([axes[4], axes[5]], [], "n")).toStrictEqual(["n"]);
  expect(openingAxes([axes[2], axes[4]], [], "one")).toStrictEqual(["P"]);
});

test("the answer names the cheapest of each policy, by simulation and by bound", () => {
  const answer = new AnswerFinder().add(cells()).answer();
  expect(answer).toMatchObject({ cells: 6, met: 3, guaranteed: 3, axis: "policy" });
  expect(answer.policies).toStrictEqual([
    {
      given: [],
      policy: "idling",
      simulated: { bandwidth: 1, without: [], cell: 0, axes: ["P = 1", "Q = 1"] },
      bounded: { bandwidth: 1, without: [], cell: 0, axes: ["P = 1", "Q = 1"] },
    },
    {
      given: [],
      policy: "polling",
      simulated: { bandwidth: 0.5, without: [], cell: 4, axes: ["P = 2", "Q = 1"] },
      bounded: { bandwidth: 1, without: [], cell: 3, axes: ["P = 1", "Q = 1"] },
    },
  ]);
  expect(sentenceOf(answer)).toBe(
    "3 of 6 configurations kept every deadline; the cheapest takes 50 % of the CPU (polling, P = 2, Q = 1); the cheapest with a guarantee for every run takes 100 % (idling, P = 1, Q = 1).",
  );
});

/** What the cheapest of two policies takes for each C: bandwidths of cells that miss nothing, and of those that are guaranteed. */
function conditional(
  rows: readonly (readonly [c: number, policy: number, bandwidth: number, met: 0 | 1, verdict: 0 | 1])[],
) {
  return tableOf([
    [id("cell"), rows.map((_, row) => row)],
    [axis("C"), rows.map(([c]) => c)],
    [axis("policy", POLICIES), rows.map(([, policy]) => policy)],
    [axis("Q"), rows.map((_, row) => row + 1)],
    [metric("miss_ratio"), rows.map(([, , , met]) => 1 - met)],
    [metric("unjudged"), rows.map(() => 0)],
    [metric("bandwidth"), rows.map(([, , bandwidth]) => bandwidth)],
    [{ ...metric("schedulable"), type: "boolean" }, rows.map(([, , , , verdict]) => verdict)],
  ]);
}

test("an axis that no server is set by is a condition: the least is given for each of its values", () => {
  const table = conditional([
    [1, 0, 0.5, 1, 0],
    [1, 1, 0.4, 1, 0],
    [1, 1, 0.3, 0, 0],
    [2, 0, 0.75, 1, 1],
    [2, 1, 0.8, 1, 1],
    [3, 0, 0.9, 0, 0],
  ]);
  const answer = new AnswerFinder(1, ["C"]).add(table).answer();
  expect(answer).toMatchObject({ axis: "policy", conditions: ["C"], under: 3, more: 0, isCut: false });
  expect(answer.policies.map(({ given, policy, simulated }) => [...given, policy, simulated?.bandwidth])).toStrictEqual(
    [
      ["C = 1", "idling", 0.5],
      ["C = 1", "polling", 0.4],
      ["C = 2", "idling", 0.75],
      ["C = 2", "polling", 0.8],
      ["C = 3", "idling", undefined],
    ],
  );
  expect(sentenceOf(answer)).toBe(
    "4 of 6 configurations kept every deadline; what the cheapest takes depends on C: from 40 % of the CPU (C = 1: polling, Q = 2) to 75 % (C = 2: idling, Q = 4), but at 1 of 3 values of C none did; the cheapest with a guarantee for every run takes 75 %, but at 2 of 3 values of C none has one.",
  );
  const html = answerHtml(answer, undefined);
  expect(html).toContain('<th scope="col">C, policy</th>');
  expect(html).toContain('<th scope="row">C\u00a0=\u00a02, idling</th>');
});

test("a condition of one value is none, one that changes nothing is said to, and of too many nothing is made up", () => {
  const one = conditional([
    [1, 0, 0.5, 1, 1],
    [1, 1, 0.4, 1, 1],
  ]);
  expect(sentenceOf(new AnswerFinder(1, ["C"]).add(one).answer())).toBe(
    "2 of 2 configurations kept every deadline; the cheapest takes 40 % of the CPU (polling, Q = 2); the cheapest with a guarantee for every run takes 40 % (polling, Q = 2).",
  );
  const same = conditional([
    [1, 0, 0.5, 1, 0],
    [2, 0, 0.5, 1, 0],
  ]);
  expect(sentenceOf(new AnswerFinder(1, ["C"]).add(same).answer())).toBe(
    "2 of 2 configurations kept every deadline; the cheapest takes 50 % of the CPU, whatever is given as C; the analysis guarantees none of them.",
  );
  const many = conditional(Array.from({ length: 12_000 }, (_, row) => [row, 0, 0.5, 1, 0] as const));
  const answer = new AnswerFinder(1, ["C"]).add(many).answer();
  expect(answer).toMatchObject({ cells: 12_000, met: 12_000, isCut: true });
  expect(answer.policies.length).toBeLessThan(100);
  expect(sentenceOf(answer)).toContain("; what the cheapest takes depends on C, of too many values to be told apart;");
});

test("a cell whose replicates are in two pieces has kept its deadlines only where none missed", () => {
  const piece = (ratio: number) =>
    tableOf([
      [metric("cell"), [7]],
      [metric("miss_ratio"), [ratio]],
      [metric("unjudged"), [0]],
      [metric("bandwidth"), [0.5]],
    ]);
  expect(new AnswerFinder().add(piece(0)).add(piece(0)).answer()).toMatchObject({ cells: 1, met: 1 });
  const missed = new AnswerFinder().add(piece(0.25)).add(piece(0)).answer();
  expect(missed).toMatchObject({ cells: 1, met: 0, guaranteed: undefined });
  expect(sentenceOf(missed)).toBe("The one configuration did not keep every deadline.");
});

test("where not every task was judged, no configuration is said to have missed a deadline for it", () => {
  const answer = (
    ...runs: readonly (readonly [cell: number, ratio: number | null, unjudged: number, status?: number])[]
  ) =>
    new AnswerFinder()
      .add(
        tableOf([
          [metric("cell"), runs.map(([cell]) => cell)],
          [metric("status", STATUSES), runs.map(([, , , status = 0]) => status)],
          [metric("miss_ratio"), runs.map(([, ratio]) => ratio)],
          [metric("unjudged"), runs.map(([, , unjudged]) => unjudged)],
          [metric("bandwidth"), runs.map(() => 0.5)],
        ]),
      )
      .answer();
  const open = answer([0, 0, 1], [0, 0, 0], [1, 0.5, 1], [2, 0, 1], [3, 0, 2], [3, null, 0, 1]);
  expect(open).toMatchObject({ cells: 4, met: 0, open: 2 });
  expect(sentenceOf(open)).toBe(
    "No configuration is known to have kept every deadline: in 2 of 4 configurations no judged job missed, but not every task was judged.",
  );
  expect(sentenceOf(answer([0, 0, 1]))).toBe(
    "The one configuration is not known to keep every deadline: no judged job missed, but not every task was judged.",
  );
  expect(sentenceOf(answer([0, 0.5, 1], [1, 0.5, 0]))).toBe("None of 2 configurations kept every deadline.");
  // Where no job was due at all, none was missed.
  expect(sentenceOf(answer([0, null, 0]))).toContain(
    "1 of 1 configuration kept every deadline; the cheapest takes 50 % of the CPU. The",
  );
});

test("a cell is guaranteed only if all its replicates are, whichever is not", () => {
  for (const place of [0, 1, 2]) {
    const table = tableOf([
      [metric("cell"), [7, 7, 7]],
      [metric("miss_ratio"), [0, 0, 0]],
      [metric("unjudged"), [0, 0, 0]],
      [metric("bandwidth"), [0.5, 0.5, 0.5]],
      [metric("schedulable"), [0, 1, 2].map((row) => (row === place ? 0 : 1))],
    ]);
    expect(new AnswerFinder().add(table).answer()).toMatchObject({ cells: 1, met: 1, guaranteed: 0 });
  }
});

test("several CPUs can give more than one, and what is theirs is said to be", () => {
  const table = tableOf([
    [metric("cell"), [0, 1]],
    [metric("miss_ratio"), [0, 0]],
    [metric("unjudged"), [0, 0]],
    [metric("bandwidth"), [1.5, 2.5]],
  ]);
  const answer = new AnswerFinder(2).add(table).answer();
  expect(answer.policies[0].simulated).toMatchObject({ bandwidth: 1.5, cell: 0 });
  expect(sentenceOf(answer)).toContain("the cheapest takes 150 % of one of 2 CPUs");
});

test("servers without a budget are named, and cells with fewer of them come first", () => {
  const table = tableOf([
    [id("cell"), [0, 1, 2, 3]],
    [axis("P"), [1, 2, 3, 4]],
    [metric("miss_ratio"), [0, 0, 0, 0]],
    [metric("unjudged"), [0, 0, 0, 0]],
    [metric("bandwidth"), [null, null, null, null]],
  ]);
  const asked: number[] = [];
  const budgets = [
    { bandwidth: 0.25, without: ["web", "<b>"] },
    { bandwidth: 0.5, without: ["web"] },
    { bandwidth: undefined, without: ["web", "vm"] },
    { bandwidth: 0.75, without: ["web"] },
  ];
  const budgetsOf = (cell: number) => {
    asked.push(cell);
    return budgets[cell];
  };
  const answer = new AnswerFinder(1, [], budgetsOf).add(table).answer();
  expect(asked).toStrictEqual([0, 1, 2, 3]);
  expect(answer.policies[0].simulated).toStrictEqual({ bandwidth: 0.5, without: ["web"], cell: 1, axes: ["P = 2"] });
  expect(sentenceOf(answer)).toContain("; the cheapest takes 50 % of the CPU (P = 2, no budget: web).");
  expect(answerHtml(answer, undefined)).toContain("cell 1, no budget: web</span>");
  const first = new AnswerFinder(1, [], () => budgets[0]).add(table).answer();
  expect(answerHtml(first, undefined)).toContain("no budget: web, &lt;b&gt;");
  expect(sentenceOf(new AnswerFinder(1, [], () => budgets[2]).add(table).answer())).toBe(
    "4 of 4 configurations kept every deadline; none has a bandwidth by which they could be ranked.",
  );
});

test("the run that is shown first is that of the cheapest on the map, as the answer ranks them", () => {
  const table = tableOf([
    [metric("cell"), [0, 1]],
    [axis("policy", POLICIES), [0, 1]],
    [metric("miss_ratio"), [0, 0]],
    [metric("unjudged"), [0, 0]],
    [metric("bandwidth"), [null, 0.5]],
  ]);
  const answer = new AnswerFinder(1, [], () => ({ bandwidth: 0.25, without: ["web"] })).add(table).answer();
  const content = { firstCell: 7, inside: table.columns, search: undefined };
  expect(openingCell(content, answer, new Map())).toBe(1);
  expect(openingCell(content, answer, new Map([["policy", 0]]))).toBe(0);
  expect(openingCell(content, { ...answer, policies: [] }, new Map())).toBe(7);
  expect(openingCell(content, undefined, new Map())).toBe(7);
});

test("what no CPU can give is not ranked", () => {
  const table = tableOf([
    [metric("cell"), [0, 1]],
    [metric("miss_ratio"), [0, 0]],
    [metric("unjudged"), [0, 0]],
    [metric("bandwidth"), [1.5, null]],
  ]);
  const answer = new AnswerFinder().add(table).answer();
  expect(answer.policies[0].simulated).toBeUndefined();
  expect(sentenceOf(answer)).toBe(
    "2 of 2 configurations kept every deadline; none has a bandwidth by which they could be ranked.",
  );
});

test("an address says what is shown, whatever the axes are called", () => {
  const axes = ["P", "x", "axis:x", "a&b=c#"];
  const address = {
    ...{ x: "P", y: "a&b=c#", colour: "miss_ratio", cell: 253, replicate: 0 },
    held: new Map([
      ["x", "1"],
      ["axis:x", "2"],
    ]),
    tried: new Map([["a&b=c#", "=& "]]),
  };
  expect(readAddress(writeAddress(address), axes)).toStrictEqual(address);
  expect(readAddress("#x=P&y=Q&colour=miss_ratio&policy=idling", ["P", "Q", "policy"])).toMatchObject({
    ...{ x: "P", y: "Q", colour: "miss_ratio", cell: undefined },
    held: new Map([["policy", "idling"]]),
  });
  expect(readAddress("#cell=-1&replicate=1e9&nonsense=1&%", axes)).toMatchObject({
    ...{ cell: undefined, replicate: undefined },
    held: new Map(),
  });
});

function found(filter: string, sort = "cell", descending = false, first = 0, count = 100): number[] {
  const table = cells();
  return new RowFinder(table.columns, { filter, sort, descending, first, count }).add(table).rows();
}

test("a filter finds rows, and says what it cannot read", () => {
  expect(found("")).toHaveLength(6);
  expect(found("miss_ratio=0 P<=1")).toStrictEqual([0, 3]);
  expect(found('"policy=polling" miss_ratio!=none')).toStrictEqual([3, 4]);
  expect(found("miss_ratio=none")).toStrictEqual([5]);
  expect(found("Q>1 schedulable!=true")).toStrictEqual([5]);
  for (const [text, message] of [
    ["P", "P is no condition such as miss_ratio=0"],
    ["nothing=1", "there is no column nothing"],
    ["P=x", "P is compared with a number"],
    ["policy=x", "policy is one of idling, polling"],
  ])
    expect(() => found(text)).toThrow(new BadFilter(message));
});

test("a text that has an operator in it is found, in quotes and without", () => {
  const texts = ["a<b", "c=d", "e >= f", "g"];
  const table = tableOf([
    [axis("way", texts), [0, 1, 2, 3]],
    [metric("cell"), [0, 1, 2, 3]],
  ]);
  const rows = (filter: string) =>
    new RowFinder(table.columns, { filter, sort: "cell", descending: false, first: 0, count: 9 }).add(table).rows();
  for (const [row, text] of texts.entries()) {
    expect(rows(`way="${text}"`)).toStrictEqual([row]);
    expect(rows(`cell<3 way!="${text}"`)).toStrictEqual([0, 1, 2].filter((other) => other !== row));
  }
  expect(rows("way=a<b")).toStrictEqual([0]);
});

test("the example of a filter is of the sweep's own axes, and can be read", () => {
  const of = (column: Column, ...values: number[]) => new Bins(column, values);
  const table = cells();
  const own = exampleFilter(table.axes.map(({ name }) => bins(table, name)));
  expect(own).toBe("miss_ratio=0 P<=2 policy=idling");
  expect(found(own)).toStrictEqual([0, 2]);
  expect(exampleFilter([])).toBe("miss_ratio=0");
  expect(exampleFilter([of(axis("U"), 0.5, Number.NaN, 0.25, 1), of(axis("one"), 1)])).toBe("miss_ratio=0 U<=0.5");
  const way = axis("way", ["none", "<=", "global fp"]);
  const text = exampleFilter([of(way, 0, 1, 2)]);
  expect(text).toBe('miss_ratio=0 way="global fp"');
  const query = { filter: text, sort: "way", descending: false, first: 0, count: 9 };
  const three = tableOf([
    [way, [0, 1, 2]],
    [metric("miss_ratio"), [0, 0, 0]],
  ]);
  expect(new RowFinder(three.columns, query).add(three).rows()).toStrictEqual([2]);
});

test("rows are sorted by a column, null last in both directions, and taken a page at a time", () => {
  expect(found("", "miss_ratio")).toStrictEqual([0, 2, 3, 4, 1, 5]);
  expect(found("", "miss_ratio", true)).toStrictEqual([1, 0, 2, 3, 4, 5]);
  expect(found("", "miss_ratio", true, 4, 1)).toStrictEqual([4]);
});

test("of many rows in pieces those that come first are kept", () => {
  const table = cells();
  const query = { filter: "miss_ratio=0", sort: "bandwidth", descending: true, first: 0, count: 2 };
  const finder = new RowFinder(table.columns, query);
  for (let piece = 0; piece < 1000; piece++) finder.add(table);
  expect([finder.total, finder.rows()]).toStrictEqual([4000, [0, 2]]);
});

test("curves count runs without a miss, and take the least bandwidth of them", () => {
  const tallies = new Tallies("P", cells().axes, true).add(cells());
  const [idling, , polling] = tallies.acceptance(true);
  expect([idling.name, polling.name]).toStrictEqual(["idling, by simulation", "polling, by simulation"]);
  expect(idling.points.map(({ x, y }) => [x, y])).toStrictEqual([
    [1, 1],
    [2, 0.5],
  ]);
  const [least, , , bounded] = tallies.leastBandwidth();
  expect(least.points).toStrictEqual([
    { x: 1, y: 1 },
    { x: 2, y: 1 },
  ]);
  expect(bounded).toMatchObject({ name: "polling, by analysis", points: [{ x: 1, y: 1 }] });
});

test("the least bandwidth is of cells that no replicate lets miss or go unbounded, also where a cell is in two pieces", () => {
  const piece = (first: number, ratios: readonly number[], verdicts: readonly number[]) =>
    tableOf([
      [id("cell"), ratios.map((_, row) => Math.floor((first + row) / 2))],
      [id("replicate"), ratios.map((_, row) => (first + row) % 2)],
      [axis("P"), ratios.map(() => 1)],
      [metric("miss_ratio"), ratios],
      [metric("unjudged"), ratios.map(() => 0)],
      [metric("bandwidth"), ratios.map((_, row) => 0.5 + 0.25 * Math.floor((first + row) / 2))],
      [{ ...metric("schedulable"), type: "boolean" }, verdicts],
    ]);
  const [ratios, verdicts] = [
    [0, 0.5, 0, 0, 0, 0],
    [1, 1, 0, 1, 1, 1],
  ];
  const whole = new Tallies("P", [axis("P")], true).add(piece(0, ratios, verdicts));
  const parts = new Tallies("P", [axis("P")], true)
    .add(piece(0, ratios.slice(0, 3), verdicts.slice(0, 3)))
    .add(piece(3, ratios.slice(3), verdicts.slice(3)));
  for (const tallies of [whole, parts]) {
    const [simulated, bounded] = tallies.leastBandwidth();
    expect(simulated.points).toStrictEqual([{ x: 1, y: 0.75 }]);
    expect(bounded.points).toStrictEqual([{ x: 1, y: 0.5 }]);
    expect(tallies.acceptance(false)[0].points).toStrictEqual([{ x: 1, y: 5 / 6 }]);
  }
});

test("the least bandwidth is by the rule of the answer: servers without a budget are left out, and named", () => {
  const table = tableOf([
    [id("cell"), [0, 1, 2, 3, 4]],
    [axis("P"), [1, 1, 1, 2, 2]],
    [metric("miss_ratio"), [0, 0, 1, 0, 0]],
    [metric("unjudged"), [0, 0, 0, 0, 0]],
    [metric("bandwidth"), [null, null, null, 1.5, null]],
  ]);
  const budgets = [
    { bandwidth: 0.25, without: ["web", "mail"] },
    { bandwidth: 0.5, without: ["web"] },
    { bandwidth: 0.125, without: [] },
    { bandwidth: undefined, without: ["web"] },
    { bandwidth: undefined, without: ["web", "mail"] },
  ];
  const budgetsOf = (cell: number) => budgets[cell];
  const { bandwidth, without } = new Tallies("P", [axis("P")], false, 1, budgetsOf).add(table).curves(false);
  expect(bandwidth[0].points).toStrictEqual([{ x: 1, y: 0.5 }]);
  expect(without).toStrictEqual(["web"]);
  expect(new AnswerFinder(1, [], budgetsOf).add(table).answer().policies[0].simulated).toMatchObject({
    bandwidth: 0.5,
  });
  const two = new Tallies("P", [axis("P")], false, 2, budgetsOf).add(table).curves(false);
  expect(two.bandwidth[0].points.at(-1)).toStrictEqual({ x: 2, y: 1.5 });
});

test("of an axis of many values a point of a curve stands for several", () => {
  const xs = Array.from({ length: 1024 }, (_, row) => row);
  const table = tableOf([
    [id("cell"), xs],
    [axis("P"), xs],
    [axis("one"), xs.map(() => 1)],
    [metric("miss_ratio"), xs.map((row) => Number(row % 4 > 0))],
    [metric("unjudged"), xs.map(() => 0)],
    [metric("bandwidth"), xs.map((row) => (1024 - row) / 1024)],
  ]);
  const values = new AxisValues();
  values.add(table);
  const curves = new AllCurves(table.columns, values.bins(), 1, () => () => ({ bandwidth: undefined, without: [] }));
  curves.add(table);
  const { P, ...others } = curves.all(false);
  expect(others).toStrictEqual({});
  expect(P.grouped).toBe(2);
  expect(P.acceptance[0].points.slice(0, 3)).toStrictEqual([
    { x: 0, y: 0.5 },
    { x: 2, y: 0 },
    { x: 4, y: 0.5 },
  ]);
  expect(P.bandwidth[0].points.slice(0, 2)).toStrictEqual([
    { x: 0, y: 1 },
    { x: 4, y: 1020 / 1024 },
  ]);
});

test("names in a chart are text", () => {
  const hostile = `"><script>alert(1)</script>&`;
  const series = [
    {
      name: hostile,
      colour: 0,
      isDashed: false,
      points: [
        { x: 0, y: 1 },
        { x: 1, y: 2 },
      ],
    },
  ];
  const svg = chartSvg({ title: hostile, x: hostile, series, scale: "zero" });
  expect(svg).not.toMatch(/<script|"><\/|&(?!amp;|lt;|gt;|quot;)/);
  expect(svg).toContain("&lt;script&gt;");
});

test("what stands around a chart has room: long labels of ticks, long names", () => {
  const name = `${"a long name ".repeat(5)}(bound 18)`;
  const line = (points: { x: number; y: number }[]) => [{ name, colour: 0, isDashed: false, points }];
  const drawn = (last: number, y: number) =>
    chartSvg({
      title: "t",
      x: "x",
      series: line([
        { x: last / 2, y: 1 },
        { x: last, y },
      ]),
      scale: "zero",
    });
  const labels = (svg: string, of: "end" | "middle") =>
    [...svg.matchAll(new RegExp(`class="tick ${of}" x="([^"]*)"[^>]*>([^<]*)<`, "g"))]
      .map(([, at, text]) => ({ at: Number(at), half: 3.5 * text.length, text }))
      .filter(({ text }) => text !== "x");
  for (const [last, y] of [
    [0.002, 1],
    [40, 2e6],
    [123_456_000, 1e9],
  ]) {
    const svg = drawn(last, y);
    for (const { at, half } of labels(svg, "end")) expect(at - 2 * half).toBeGreaterThanOrEqual(0);
    const across = labels(svg, "middle");
    expect(across.length).toBeGreaterThan(1);
    across.forEach(({ at, half }, index) => {
      expect(at + half).toBeLessThanOrEqual(400);
      if (index > 0) expect(at - half).toBeGreaterThan(across[index - 1].at + across[index - 1].half);
    });
    expect(svg).toContain(`\u2026ame (bound 18)<title>${name}</title>`);
  }
});

test("labels of ticks tell them apart, also where they are close to each other and far from zero", () => {
  const points = [8_200_000, 8_200_020].map((x) => ({ x, y: x }));
  const series = [{ name: "a", colour: 0, isDashed: false, points }];
  const svg = chartSvg({ title: "t", x: "x", series, scale: "least" });
  const labels = [...svg.matchAll(/class="tick \w+"[^>]*>(\d+)</g)].map(([, text]) => Number(text));
  expect(labels.length).toBeGreaterThan(5);
  const across = labels.filter((value) => value >= 8_200_000 && value <= 8_200_020);
  expect(across).toContain(8_200_005);
  expect(new Set(labels.slice(0, 3)).size).toBe(3);
});

test("ticks are round and within", () => {
  expect(ticks(0, 1, 5)).toStrictEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(ticks(0.25, 19.75, 8)).toStrictEqual([5, 10, 15]);
  expect(ticks(3, 3, 5)).toStrictEqual([3]);
  expect(ticks(0, 55_000, 5)).toStrictEqual([0, 20_000, 40_000]);
});

test("scales grow darker as values grow", () => {
  const luminance = ([red, green, blue]: readonly number[]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  for (const scale of [missColour, valueColour]) {
    const steps = Array.from({ length: 21 }, (_, step) => luminance(scale(step / 20)));
    for (let step = 1; step < steps.length; step++) expect(steps[step]).toBeLessThan(steps[step - 1]);
  }
});

test("the file that the page hands out has a name that is one", () => {
  expect(sweepFileName("paper")).toBe("paper.yaml");
  expect(sweepFileName("../../etc/passwd")).toBe("etc-passwd.yaml");
  expect(sweepFileName("<b>")).toBe("b.yaml");
  expect(sweepFileName("..")).toBe("sweep.yaml");
});

test("a table that is too large becomes groups, each with the mean, and the worst of its verdicts", () => {
  const table = cells();
  const values = new AxisValues();
  values.add(table);
  const bins = values.bins(10, 4 * 10 * 8);
  expect(bins.map(({ name, count }) => [name, count])).toStrictEqual([
    ["policy", 2],
    ["P", 1],
    ["Q", 2],
  ]);
  const groups = new Groups(table.columns, bins);
  groups.add(table);
  expect(groups.columns.map(({ name }) => name).join(" ")).toBe(
    "cell runs policy P Q status miss_ratio unjudged bandwidth schedulable",
  );
  expect([...groups.all()]).toStrictEqual([
    [0, 2, 0, 1, 1, 0, 0.25, 0, 0.75, 0],
    [2, 1, 0, 1, 2, 0, 0, 0, 1, 1],
    [3, 2, 1, 1, 1, 0, 0, 0.5, 0.75, Number.NaN],
    [5, 1, 1, 1, 2, 1, Number.NaN, 0, 1, 0],
  ]);
  expect(groups.most).toBe(2);
});

test("a group has the worst status of its runs, and a run in which no job was due is none without a result", () => {
  const grouped = (...statuses: number[]) => {
    const table = tableOf([
      [id("cell"), statuses.map((_, run) => run)],
      [axis("P"), statuses.map(() => 1)],
      [metric("status", STATUSES), statuses],
      [metric("miss_ratio"), statuses.map((status) => (status === 2 ? 0 : null))],
    ]);
    const values = new AxisValues();
    values.add(table);
    const groups = new Groups(table.columns, values.bins());
    groups.add(table);
    return [...groups.all()].map((row) => row.slice(-2));
  };
  expect(grouped(2, 2)).toStrictEqual([[2, 0]]);
  expect(grouped(2, 0)).toStrictEqual([[0, 0]]);
  expect(grouped(2, 1, 0)).toStrictEqual([[1, Number.NaN]]);
});

test("the mean of a group has no digits that rounding left, and that of one run is its value", () => {
  const table = tableOf([
    [id("cell"), [0, 0, 0, 1]],
    [axis("P"), [1, 1, 1, 2]],
    [metric("response"), [0.1, 0.2, 0.3, 0.1 + 0.2]],
    [metric("time"), [1234567890123, 1234567890124, 1234567890125, 5]],
  ]);
  const values = new AxisValues();
  values.add(table);
  const groups = new Groups(table.columns, values.bins());
  groups.add(table);
  expect((0.1 + 0.2 + 0.3) / 3).not.toBe(0.2);
  expect([...groups.all()]).toStrictEqual([
    [0, 3, 1, 0.2, 1234567890124],
    [1, 1, 2, 0.1 + 0.2, 5],
  ]);
});
