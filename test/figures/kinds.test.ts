// What each kind of figure makes of rows.

import { describe, expect, test } from "vitest";
import { type FigureName, type FigureRequest, figureOf, type Rows } from "../../src/figures/index.js";
import { frontOf } from "../../src/figures/pareto.js";
import { isGeometric, Places } from "../../src/figures/places.js";
import { svgOf } from "../../src/figures/svg.js";
import type { Column } from "../../src/tables/columns.js";
import { axis, columnsOf, count, gridOf, number, rowsOf, textAxis } from "./rows.js";

type Values = readonly Record<string, unknown>[];

async function drawn(kind: FigureName, rows: Rows, request: FigureRequest = {}, where: string[] = []) {
  const figure = await figureOf(kind, request, where, () => [rows]);
  const { data } = figure.specification as { data: { values: Values } };
  return { ...figure, values: data.values, text: JSON.stringify(figure.specification) };
}

const POLICIES = ["idling", "polling"];
const CELLS = columnsOf(POLICIES);
const GRID = gridOf(POLICIES);

describe("heatmap", () => {
  test("the axis with more values is to the right; a text axis makes a picture a value; classes of the miss ratio", async () => {
    const { values, caption, specification, title } = await drawn("heatmap", GRID);
    expect(title).toBe("Miss ratio over Q and P");
    expect(caption).toContain("Each place is one configuration.");
    expect(specification).toMatchObject({ facet: { field: "facet", sort: ["idling", "polling"] } });
    const squares = values.filter(({ by }) => by === undefined);
    expect(squares).toHaveLength(12);
    expect(squares.slice(0, 2)).toEqual([
      { facet: "idling", x: 0.5, x2: 1.5, y: 0.5, y2: 1.5, value: 0.25, class: "up to 30 %" },
      { facet: "idling", x: 1.5, x2: 2.5, y: 0.5, y2: 1.5, value: 0, class: "no miss" },
    ]);
  });

  test("a condition comes after what servers are set by, and stays where it is asked for", async () => {
    const described = [axis("C"), axis("P"), axis("Q"), number("miss_ratio")];
    const rows = rowsOf(
      described,
      [1, 2, 3, 4].flatMap((c) => [1, 2].flatMap((p) => [1, 2, 3].map((q) => [c, p, q, c / (8 * q)]))),
    );
    const conditions = ["C"];
    expect((await drawn("heatmap", rows, {})).title).toBe("Miss ratio over C and P");
    expect((await drawn("heatmap", rows, { conditions })).title).toBe("Miss ratio over Q and P");
    expect((await drawn("heatmap", rows, { conditions, x: "C" })).title).toBe("Miss ratio over C and P");
    expect((await drawn("heatmap", rows, { conditions, y: "P" })).title).toBe("Miss ratio over Q and P");
    expect((await drawn("heatmap", rows, { conditions: ["C", "Q"] })).title).toBe("Miss ratio over C and P");
  });

  test("a line is where simulation, and analysis, change their mind; joined as far as it goes straight", async () => {
    const { values } = await drawn("heatmap", GRID);
    expect(values.filter(({ by, facet }) => by !== undefined && facet === "idling")).toEqual([
      { facet: "idling", x: 1.5, x2: 1.5, y: 0.5, y2: 2.5, by: "no miss in simulation" },
      { facet: "idling", x: 2.5, x2: 2.5, y: 0.5, y2: 2.5, by: "guaranteed by analysis" },
    ]);
  });

  test("of CPUs the use of each is over an axis, each CPU in a row of its own", async () => {
    const cpu = { ...count("cpu"), role: "id" } as const;
    const rows = rowsOf(
      [cpu, axis("m"), number("utilization")],
      [
        ...[
          [0, 1, 0.9],
          [1, 1, null],
          [0, 2, 0.5],
          [1, 2, 0.4],
        ],
      ],
    );
    const { values, title, caption, specification } = await drawn("heatmap", rows);
    expect(title).toBe("Utilization over m and cpu");
    expect(caption).toContain("Each place is one configuration.");
    expect(JSON.stringify(specification)).toContain('"y":{"field":"y","type":"nominal","title":"cpu","sort":[1,0]');
    expect(values.map(({ x, y, value }) => [x, y, value])).toEqual([
      [0.5, 0, 0.9],
      [0.5, 1, null],
      [1.5, 0, 0.5],
      [1.5, 1, 0.4],
    ]);
    const { caption: mean } = await drawn("heatmap", rows, { y: "utilization", x: "m" });
    expect(mean).toContain("the mean over cpu");
  });

  test("means, places without a result, and those in which not every task was judged, which are behind the line", async () => {
    const columns = [axis("P"), axis("Q"), number("miss_ratio"), count("unjudged")];
    const { values, caption } = await drawn(
      "heatmap",
      rowsOf(
        [...columns, axis("R")],
        [
          ...[
            [1, 1, 0.1, 0, 1],
            [1, 1, 0.3, 0, 2],
            [1, 2, null, null, 1],
            [2, 1, 0, 0, 1],
            [2, 2, 0, 1, 1],
          ],
        ],
      ),
      { x: "P", y: "Q" },
    );
    expect(values.filter(({ by }) => by === undefined).map(({ value, class: of }) => [value, of])).toEqual([
      [0.2, "up to 20 %"],
      [null, "no result"],
      [0, "no miss"],
      [0, "not every task judged"],
    ]);
    expect(values.filter(({ by }) => by !== undefined)).toHaveLength(2); // around P = 2, Q = 1 alone
    expect(caption).toContain("the mean over R");
  });

  test("a place of which some run failed has no result, whatever the others say; it is not one with tasks that were not judged", async () => {
    const columns = [axis("P"), axis("Q"), number("miss_ratio"), count("unjudged"), axis("R")];
    const runs: [number, number, number | null, number | null][] = [
      [1, 1, 0, 0],
      [1, 1, null, null],
      [1, 2, 0.1, 0],
      [1, 2, null, null],
      [2, 1, 0, 1],
      [2, 1, null, null],
      [2, 2, 0, 0],
      [2, 2, 0, 0],
    ];
    const rows = rowsOf(
      columns,
      runs.map((run, at) => [...run, at % 2]),
    );
    const { values, caption } = await drawn("heatmap", rows, { x: "P", y: "Q" });
    expect(values.filter(({ by }) => by === undefined).map(({ value, class: of }) => [value, of])).toEqual([
      [null, "no result"],
      [null, "no result"],
      [null, "no result"],
      [0, "no miss"],
    ]);
    const told = "A place has no result also where only some of its runs have none.";
    expect(caption).toContain(told);
    expect((await drawn("heatmap", rows, { x: "P", y: "Q" }, ["unjudged >= 0"])).caption).not.toContain(told);
  });

  test("any other column is a scale of numbers, and a verdict has three colours", async () => {
    expect((await drawn("heatmap", GRID, { colour: "switches" })).text).toContain('"viridis"');
    const { values, text, caption } = await drawn("heatmap", GRID, { colour: "schedulable" });
    expect(values.slice(0, 3).map((value) => value.class)).toEqual(["false", "false", "true"]);
    expect(text).toContain('"domain":["true","false","unknown"]');
    expect(caption).toContain("Each place is one configuration.");
  });

  test("of texts there is no mean: a place has what holds over all of it, or is mixed", async () => {
    const mixed = await drawn("heatmap", GRID, { colour: "schedulable", x: "policy", y: "P" });
    expect(mixed.values[0]).toMatchObject({ class: "mixed" });
    expect(mixed.caption).toContain("Each place is what holds over Q, mixed where that differs.");
    const alike = await drawn("heatmap", GRID, { colour: "schedulable", x: "policy", y: "P" }, ["Q < 3"]);
    expect(alike.caption).toContain("Each place is what holds over Q.");
  });

  test("texts as axes, and only one axis", async () => {
    const { values } = await drawn("heatmap", GRID, { x: "Q", y: "policy" });
    expect(values[0]).toMatchObject({ x: 0.5, x2: 1.5, y: "idling", y2: null });
    await expect(drawn("heatmap", GRID, {}, ["P == 1", 'policy == "idling"'])).rejects.toThrow(
      "--y has to name a column: what varies is Q",
    );
  });
});

test("boundary: the least value with which no replicate misses, and the least that is guaranteed", async () => {
  const columns = [...CELLS, count("replicate")];
  const rows = rowsOf(columns, [
    [0, "idling", 1, 1, 0, 0, 0.1, 1, "false", 0],
    [0, "idling", 1, 1, 0.5, 0, 0.1, 1, "false", 1],
    [1, "idling", 1, 2, 0, 0, 0.2, 1, "false", 0],
    [2, "idling", 1, 3, 0, 0, 0.3, 1, "true", 0],
    [3, "idling", 2, 1, 0, 1, 0.1, 1, "true", 0],
    [4, "idling", 2, 2, null, null, 0.2, 1, null, 0],
  ]);
  const { values, caption, title } = await drawn("boundary", rows);
  expect(title).toBe("Least Q over P");
  expect(values).toEqual([
    { facet: "none", colour: "none", x: 1, by: "simulation", y: 2 },
    { facet: "none", colour: "none", x: 1, by: "analysis", y: 3 },
    { facet: "none", colour: "none", x: 2, by: "analysis", y: 1 },
  ]);
  expect(caption).toContain("Broken: the least with which the analysis guarantees it.");
  expect(caption).not.toContain("Rows without");
  const bandwidth = await drawn("boundary", rows, { x: "P", y: "bandwidth" });
  expect(bandwidth.values[0]).toMatchObject({ x: 1, y: 0.2 });
});

test("boundary: rows without the value that is to be least are not drawn, which is said, and have no place in the legend", async () => {
  const columns = columnsOf(["idling", "polling", "fair"]).map((column) => ({ ...column, nullable: true }));
  const policy = (name: string, q: number | null, missed: number) =>
    [1, 2].map((p) => [p, name, p, q, missed, 0, 0.1, 1, "false"]);
  const rows = rowsOf(columns, [...policy("idling", 1, 0), ...policy("polling", 2, 0.5), ...policy("fair", null, 0)]);
  const { caption, text } = await drawn("boundary", rows, { x: "P", y: "Q" });
  expect(text).toContain('"domain":["idling","polling"]'); // of polling it is told that it has none
  expect(caption).toContain("misses a deadline. Rows without Q are not drawn.");
});

test("a caption says what a mean is over as a sentence does; without a mean that it is of one configuration", async () => {
  const columns = [axis("P"), axis("Q"), axis("R"), { ...count("replicate"), role: "id" as const }];
  const rows = rowsOf(
    [...columns, number("miss_ratio"), count("unjudged")],
    Array.from({ length: 16 }, (_, at) => [at & 1, (at >> 1) & 1, (at >> 2) & 1, at >> 3, 0, 0]),
  );
  const [all, none] = [
    { x: "P", colour: "unjudged" },
    { x: "P", colour: "Q", facet: "R" },
  ];
  expect((await drawn("curve", rows, all)).caption).toBe("Each point is the mean over Q, R and the replicates.");
  expect((await drawn("curve", rows, none, ["replicate == 0"])).caption).toMatch(/^Each point is one configuration\. /);
  expect((await drawn("acceptance", rows, all)).caption).toContain("judged, over Q, R and the replicates; ");
  expect((await drawn("heatmap", rows, { x: "P", y: "Q" })).caption).toContain("the mean over R and the replicates.");
});

test("what replicates are joined in a mean is said", async () => {
  const columns = [axis("P"), axis("Q"), { ...count("replicate"), role: "id" as const }, number("switches")];
  const rows = (replicates: readonly number[]) =>
    rowsOf(
      columns,
      [1, 2].flatMap((P) => [1, 2].flatMap((Q) => replicates.map((replicate) => [P, Q, replicate, P + Q]))),
    );
  const request = { x: "P", y: "switches", colour: "Q" };
  expect((await drawn("curve", rows([0, 1]), request)).caption).toContain("the mean over the replicates");
  expect((await drawn("curve", rows([3]), request)).caption).not.toContain("replicates");
});

describe("boundary of a search", () => {
  const search = { axis: "Q", wanted: "least", condition: "missed = 0" } as const;
  const columns = [
    axis("P", "ms"),
    axis("W"),
    count("replicate"),
    number("found", "ms"),
    number("worse", "ms"),
    number("bound", "ms"),
  ];
  const rows = rowsOf(columns, [
    [1, 5, 0, 2, 1, 4],
    [1, 5, 1, 3, 2, 4],
    [1, 6, 0, 4, 3, 6],
    [2, 5, 0, 6, 5, null],
    [2, 5, 1, null, 9, null],
    [2, 6, 0, 9, 8, null],
  ]);

  test("is what was found, and what was proved: the worst of the replicates, then the best over what has no place", async () => {
    const { values, caption, title } = await drawn("boundary", rows, { x: "P", colour: "P", search });
    expect(title).toBe("Least Q over P by P");
    expect(values.map(({ x, by, y }) => [x, by, y])).toEqual([
      [1, "simulation", 3],
      [1, "analysis", 4],
      [2, "simulation", 9],
    ]);
    expect(caption).toBe(
      "The least Q with missed = 0 in every replicate, as the searches found it, over W. Broken: that with which the analysis guarantees every deadline.",
    );
    await expect(drawn("boundary", rows, { y: "W", search })).rejects.toThrow(
      "--y W: the searches of this run are for Q",
    );
  });

  test("that found nothing is not drawn", async () => {
    const none = rowsOf(
      columns,
      [1, 2].map((P) => [P, 5, 0, null, 5, null]),
    );
    await expect(drawn("boundary", none, { search })).rejects.toThrow(
      "there is nothing to draw: in these rows no search found Q",
    );
  });

  test("of the largest is the least of the replicates", async () => {
    const { values } = await drawn("boundary", rows, { x: "P", colour: "W", search: { ...search, wanted: "largest" } });
    expect(values.map(({ x, colour, by, y }) => [x, colour, by, y])).toEqual([
      [1, "5", "simulation", 2],
      [1, "5", "analysis", 4],
      [1, "6", "simulation", 4],
      [1, "6", "analysis", 6],
      [2, "6", "simulation", 9],
    ]);
  });

  test("pictures beside each other are in the order of their numbers", async () => {
    const many = rowsOf(columns, [10, 5, 25].map((P) => [P, 5, 0, P, 1, null]).concat([[10, 6, 0, 1, 0, null]]));
    const { specification } = await drawn("boundary", many, { x: "W", facet: "P", search });
    expect(specification.facet).toMatchObject({ title: "P (ms)", sort: ["5", "10", "25"] });
  });
});

describe("acceptance", () => {
  test("shares of all runs: one without a result is not without a miss, as in the summary and the page", async () => {
    const rows = rowsOf(
      [axis("U"), number("miss_ratio"), count("unjudged")],
      [
        [0.5, 0, 0],
        [0.5, 0, 1],
        [0.5, 0.1, 0],
        [0.5, null, null],
        [0.9, 0, 0],
      ],
    );
    const { values } = await drawn("acceptance", rows);
    expect(values.map(({ x, y }) => [x, y])).toEqual([
      [0.5, 1 / 4],
      [0.9, 1],
    ]);
  });
});

describe("acceptance of runs some of which failed", () => {
  const status = { ...textAxis("status", ["ok", "failed"]), role: "metric" as const };
  const rows = rowsOf(
    [axis("U"), status, number("miss_ratio"), count("unjudged")],
    [
      [0.5, "ok", 0, 0],
      [0.5, "failed", null, null],
      [0.7, "failed", null, null],
      [0.9, "ok", 0.5, 0],
    ],
  );

  test("has a caption that says how many", async () => {
    const { caption } = await drawn("acceptance", rows);
    expect(caption).toContain("(Wilson). 2 runs failed and count as not without a miss.");
  });

  test("and says nothing of those that are not asked for", async () => {
    const { caption } = await drawn("acceptance", rows, { x: "U" }, ["U > 0.8"]);
    expect(caption).not.toContain("failed");
  });
});

test("a run in which no job was due misses nothing, in every figure, and a condition finds it", async () => {
  const status = { ...textAxis("status", ["ok", "failed"]), role: "metric" as const };
  const rows = rowsOf(
    [count("cell"), axis("P"), axis("Q"), status, number("miss_ratio"), count("unjudged")],
    [
      [0, 1, 1, "ok", 0.5, 0],
      [1, 1, 2, "ok", null, 0],
      [2, 2, 1, "ok", null, 0],
      [3, 2, 2, "failed", null, null],
    ],
  );
  const { values } = await drawn("heatmap", rows, { x: "P", y: "Q" });
  const places = values.filter(({ by }) => by === undefined);
  expect(places.map(({ class: of }) => of)).toEqual(["up to 50 %", "no miss", "no miss", "no result"]);
  const shares = (await drawn("acceptance", rows, { x: "P", colour: "P" })).values;
  expect(shares.map(({ x, y }) => [x, y])).toEqual([
    [1, 0.5],
    [2, 0.5],
  ]);
  const least = (await drawn("boundary", rows, { x: "P", y: "Q" })).values;
  expect(least.map(({ x, y }) => [x, y])).toEqual([
    [1, 2],
    [2, 1],
  ]);
  const means = (await drawn("curve", rows, { x: "P", y: "miss_ratio", colour: "P" }, ["miss_ratio == 0"])).values;
  expect(means.map(({ x, y }) => [x, y])).toEqual([
    [1, 0],
    [2, 0],
  ]);
});

test("curve: the mean, and the range where there is one", async () => {
  const { values, caption } = await drawn("curve", GRID, { x: "Q", y: "miss_ratio", colour: "policy" });
  expect(values[0]).toEqual({ facet: "none", colour: "idling", x: 1, y: 0.25, low: 0.25, high: 0.25 });
  expect(values).toHaveLength(6);
  expect(caption).toContain("the mean over P");
  await expect(drawn("curve", GRID, { y: "policy" })).rejects.toThrow("--y policy: a curve is of numbers");
});

test.each(["curve", "acceptance", "boundary"] as const)(
  "%s: of lines that coincide, the one drawn first is the wider",
  async (kind) => {
    const figure = await drawn(kind, GRID, { x: "P", colour: "policy" });
    const svg = await svgOf(figure);
    const lines = [...svg.matchAll(/<path d="M[^"]*L[^"]*" stroke="(#\w+)" stroke-width="([\d.]+)"/g)];
    const widths = new Map(lines.map(([, colour, width]) => [colour, width]));
    expect([...widths]).toEqual([
      ["#0072b2", "3.25"],
      ["#e69f00", "1.75"],
    ]);
    expect(svg).toContain(">idling</text>"); // the legend
  },
);

test("distribution: percentiles of each task", async () => {
  const names = ["response_min", "response_p50", "response_p90", "response_p99", "response_p999", "response_max"];
  const tasks = { ...textAxis("task", ["a", "b"]), role: "id" as const };
  const columns = [tasks, ...names.map((name) => number(name, "ms"))];
  const { values, text } = await drawn(
    "distribution",
    rowsOf(columns, [
      ["a", 1, 2, 3, 4, 5, 6],
      ["b", null, null, null, null, null, null],
    ]),
  );
  expect(values.map(({ colour, share, y }) => [colour, share, y])).toEqual([
    ...[
      ["a", "min", 1],
      ["a", "50 %", 2],
      ["a", "90 %", 3],
      ["a", "99 %", 4],
      ["a", "99.9 %", 5],
      ["a", "max", 6],
    ],
  ]);
  expect(text).toContain("response time (ms)");
});

test("distribution: a percentile below the least response, as the lower end of a bucket may be, is drawn at the least", async () => {
  const names = ["response_min", "response_p50", "response_p90", "response_p99", "response_p999", "response_max"];
  const columns = [{ ...textAxis("task", ["a"]), role: "id" as const }, ...names.map((name) => number(name, "ms"))];
  const { values } = await drawn("distribution", rowsOf(columns, [["a", 13.1, 12.9, 12.9, 13.5, 13.5, 13.6]]));
  expect(values.map(({ y }) => y)).toEqual([13.1, 13.1, 13.1, 13.5, 13.5, 13.6]);
});

test("pareto: cells without a miss, and the front of them", async () => {
  const { values, caption } = await drawn("pareto", GRID);
  expect(values.filter(({ colour }) => colour === "idling").map(({ x, y, front }) => [x, y, front])).toEqual([
    [0.5, 8, true],
    [0.75, 7, true],
  ]);
  expect(caption).toContain("Cells in which no replicate misses a deadline");
  expect((await drawn("pareto", GRID, { y: "miss_ratio" })).values.length).toBe(6);
  const points = [
    [2, 2],
    [1, 3],
    [2, 1],
    [3, 1],
    [1, 3],
  ].map(([x, y]) => ({ x, y }));
  expect(frontOf(points)).toEqual([
    { x: 1, y: 3 },
    { x: 2, y: 1 },
  ]);
});

describe("where", () => {
  test("conditions of the sweep language over any column; null holds nowhere", async () => {
    const { values, caption } = await drawn("curve", GRID, { x: "Q", y: "P" }, [
      'policy == "idling"',
      "miss_ratio == 0 and switches < 8",
    ]);
    expect(values).toEqual([{ facet: "none", colour: "none", x: 3, y: 1.5, low: 1, high: 2 }]);
    expect(caption).toContain('Where policy == "idling" and miss_ratio == 0 and switches < 8.');
  });

  test("a division by zero holds nowhere; a duration is one in the unit of the columns", async () => {
    const cells = [1, 2, 3, 4].flatMap((P) => [1, 2].map((Q) => [P, Q, 0]));
    const places = async (columns: Column[], where: string) => {
      const { values } = await drawn("curve", rowsOf(columns, cells), { x: "P", y: "Q" }, [where]);
      return values.map(({ x }) => x);
    };
    const plain = [axis("P"), axis("Q"), number("miss_ratio")];
    expect(await places(plain, "1 / (P - 2) > 0")).toEqual([3, 4]);
    await expect(places(plain, "P >= 3ms")).rejects.toThrow("--where P >= 3ms: 3ms needs a tick");
    const timed = [{ ...axis("P"), unit: "ms" }, axis("Q"), number("miss_ratio")];
    expect(await places(timed, "P >= 3ms")).toEqual([3, 4]);
    expect(await places(timed, "P < 2.5ms and P > 1000us")).toEqual([2]);
  });

  test.each([
    ["polcy == 1", '--where polcy == 1: there is no column "polcy"; did you mean "policy"?'],
    ["P + 1", "--where P + 1: it is a number, and a condition is needed"],
    ["policy = 1", '--where policy = 1: "==" needs numbers, and policy is a text'],
  ])("%s is refused", async (where, message) => {
    await expect(drawn("curve", GRID, {}, [where])).rejects.toThrow(message);
  });
});

test("where there is nothing to draw, it says so", async () => {
  await expect(drawn("curve", GRID, {}, ["P > 2"])).rejects.toThrow("no row of the table fulfils P > 2");
  const bad = rowsOf(
    CELLS,
    [1, 2].map((P) => [P, "idling", P, 1, 1, 0, 1, 1, "false"]),
  );
  await expect(drawn("boundary", bad, { y: "bandwidth" })).rejects.toThrow(
    "there is nothing to draw: in these rows no cell",
  );
});

describe("where cells are without a miss, but a column is null in all of them", () => {
  const rows = rowsOf(
    CELLS,
    [1, 2].map((P) => [P, "idling", P, 1, 0, 0, null, 7 * P, "false"]),
  );

  test.each([
    ["boundary", { y: "bandwidth" }, "bandwidth is null in every cell without a miss; with --y you can name what has"],
    ["pareto", {}, "bandwidth is null in every cell without a miss; with --x you can name what has numbers there: P"],
    ["pareto", { x: "miss_ratio", y: "bandwidth" }, "bandwidth is null in every cell; with --y you can name what has"],
  ] as const)("%s of %o says that, and what else there is", async (kind, request, message) => {
    await expect(drawn(kind, rows, request)).rejects.toThrow(`there is nothing to draw: ${message}`);
    await expect(drawn(kind, rows, request)).rejects.toThrow(/numbers there: [^.]*(P|switches)/);
  });

  test("so is what it is over", async () => {
    const over = rowsOf(
      CELLS.map((column) => ({ ...column, nullable: true })),
      [1, 2].map((Q) => [Q, "idling", null, Q, 0, 0, 1, 7, "false"]),
    );
    await expect(drawn("boundary", over, { x: "P", y: "bandwidth" })).rejects.toThrow(
      "there is nothing to draw: P is null in every cell without a miss; with --x you can name what has numbers there: Q",
    );
  });

  test("columns that are never there together are both named", async () => {
    const either = rowsOf(
      CELLS,
      [1, 2].map((P) => [P, "idling", P, 1, 0, 0, P === 1 ? 1 : null, P === 1 ? null : 1, "false"]),
    );
    await expect(drawn("pareto", either)).rejects.toThrow(
      "there is nothing to draw: bandwidth or switches is null in every cell without a miss",
    );
  });
});

test("a column that is not there is refused, and the nearest is named", async () => {
  await expect(drawn("curve", GRID, { y: "mis_ratio" })).rejects.toThrow(
    '--y mis_ratio: no column of that name; did you mean "miss_ratio"?',
  );
});

test("as many colours as a legend has room for are drawn, and more are refused", async () => {
  const columns = [
    axis("P"),
    axis("Q"),
    textAxis(
      "name",
      Array.from({ length: 31 }, (_, at) => `n${at}`),
    ),
    number("y"),
  ];
  const rows = rowsOf(
    columns,
    Array.from({ length: 31 }, (_, at) => [at % 2, at, `n${at}`, at]),
  );
  const thirty = await drawn("curve", rows, { x: "P", y: "y", colour: "Q" }, ["Q < 30"]);
  expect(await svgOf(thirty)).toContain(">29</text>");
  for (const [kind, colour] of [
    ["curve", "Q"],
    ["heatmap", "name"],
  ] as const)
    await expect(drawn(kind, rows, { x: "P", y: kind === "curve" ? "y" : "Q", colour })).rejects.toThrow(
      `a legend has room for 30 colours, and ${colour} has 31 values here`,
    );
});

test("as many names as there is room for stand side by side, and more are refused", async () => {
  const texts = Array.from({ length: 501 }, (_, at) => `n${at}`);
  const rows = rowsOf(
    [count("cell"), textAxis("name", texts), axis("P"), number("miss_ratio")],
    texts.map((text, at) => [at, text, at % 2, 0]),
  );
  for (const [kind, x] of [
    ["heatmap", "cell"],
    ["heatmap", "name"],
    ["curve", "name"],
  ] as const) {
    expect(await svgOf(await drawn(kind, rows, { x }, ["cell < 500"]))).toContain(">Miss ratio over");
    await expect(drawn(kind, rows, { x })).rejects.toThrow(
      `a picture has room for 500 names side by side, and ${x} has 501 values here`,
    );
  }
});

test("texts that a legend has no room for are no colours that nobody asked for", async () => {
  const texts = Array.from({ length: 31 }, (_, at) => `n${at}`);
  const cells = [count("cell"), textAxis("name", texts), number("miss_ratio"), count("unjudged"), number("bandwidth")];
  const rows = rowsOf(
    [...cells, count("switches")],
    texts.map((text, at) => [at, text, 0, 0, at / 31, 31 - at]),
  );
  const { values, specification } = await drawn("pareto", rows);
  expect(values).toHaveLength(31);
  expect(JSON.stringify(specification)).not.toContain('"title":"name"');
});

test("as many pictures as can be looked at stand beside each other, and more are refused", async () => {
  const rows = rowsOf(
    [axis("P"), axis("Q"), number("miss_ratio")],
    Array.from({ length: 202 }, (_, at) => [at % 2, at >> 1, 0]),
  );
  const request = { x: "P", facet: "Q" };
  expect((await drawn("curve", rows, request, ["Q < 100"])).values).toHaveLength(200);
  await expect(drawn("curve", rows, request)).rejects.toThrow(
    "a figure has room for 100 pictures, and Q has 101 values here",
  );
});

test("values that grow by a factor are on a logarithmic axis; a place for many values where there are too many", () => {
  expect(isGeometric([1, 2, 4, 8, 16])).toBe(true);
  expect(isGeometric([1, 10, 100])).toBe(true);
  expect(isGeometric([5, 10, 1000])).toBe(true);
  expect(isGeometric([1, 5, 10, 15, 20])).toBe(false);
  expect(isGeometric([1, 10, 20])).toBe(false);
  expect(isGeometric(Array.from({ length: 1_000_000 }, (_, at) => 1 + at))).toBe(false);
  const logarithmic = new Places(axis("P"), [1, 4, 16, 64]);
  expect([0, 3].map((place) => logarithmic.extent(place))).toEqual([
    { from: 0.5, to: 2 },
    { from: 32, to: 128 },
  ]);
  const many = new Places(
    axis("P"),
    Array.from({ length: 400 }, (_, at) => at),
  );
  expect([many.grouped, many.size, many.of(399)]).toEqual([3, 134, 133]);
});

test("each of an odd number of pictures has its own axis to the right; of an even one those at the bottom have", async () => {
  const columns = [axis("P"), axis("Q"), number("miss_ratio")];
  const facets = async (values: readonly number[]) => {
    const rows = rowsOf(
      columns,
      values.flatMap((P) => [1, 2].map((Q) => [P, Q, 0])),
    );
    return (await drawn("curve", rows, { x: "Q", facet: "P" })).specification;
  };
  expect(await facets([1, 2, 3])).toMatchObject({ columns: 2, resolve: { axis: { x: "independent" } } });
  expect(await facets([1, 2, 3, 4])).not.toHaveProperty("resolve");
});

test("what has no place has no picture, nor a place for one, and is told", async () => {
  const policies = ["fair", "a", "b", "c"];
  const columns = [textAxis("policy", policies), axis("P"), axis("Q"), number("miss_ratio"), count("unjudged")];
  const described = columns.map((column) => ({ ...column, nullable: true }));
  const rows = rowsOf(
    described,
    policies.flatMap((policy) =>
      [1, 2, 3].flatMap((P) => [1, 2].map((Q) => [policy, policy === "fair" ? null : P, Q, 0, 0])),
    ),
  );
  for (const [kind, request] of [
    ["heatmap", {}],
    ["curve", { facet: "policy" }],
    ["acceptance", { facet: "policy" }],
  ] as const) {
    const { specification, caption } = await drawn(kind, rows, request);
    expect(specification).toMatchObject({ facet: { sort: ["a", "b", "c"] }, resolve: { axis: { x: "independent" } } });
    expect(caption).toContain(". Rows without P are not drawn.");
    const { caption: whole } = await drawn(kind, rows, request, ['policy != "fair"']);
    expect(whole).not.toContain("Rows without");
  }
});
