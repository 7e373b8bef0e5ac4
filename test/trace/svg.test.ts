import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Kernel } from "../../src/kernel/kernel.js";
import { compileKernel } from "../../src/kernel/load.js";
import { writeTrace } from "../../src/trace/formats.js";
import { ROWS } from "../../src/trace/svg/svg.js";
import type { Traced } from "../../src/trace/traced.js";
import { scenarioArbitrary } from "../reference/scenarios.js";
import { runsOf } from "../support/runs.js";
import { type Counts, countersOf, noCounts, textOf, tracedOf } from "./support.js";

/** Shapes of a class within rows of a kind: how often each row has them, strips added up. */
function shapes(output: string, row: "server" | "task", classes: RegExp, shape: RegExp): Map<number, number> {
  const found = new Map<number, number>();
  for (const [, number, content] of output.matchAll(
    new RegExp(`<g class="${row}" data-${row}="(\\d+)">([\\s\\S]*?)</g>`, "g"),
  )) {
    for (const [, name, data] of content.matchAll(/<path class="([^"]*)" d="([^"]*)"/g)) {
      if (!classes.test(name)) continue;
      found.set(Number(number), (found.get(Number(number)) ?? 0) + (data.match(shape)?.length ?? 0));
    }
  }
  return found;
}

/** Pixels of the boxes with which a server has the CPU. */
function supplyPixels(output: string, server: number): number {
  let sum = 0;
  for (const [, number, content] of output.matchAll(/<g class="server" data-server="(\d+)">([\s\S]*?)<\/g>/g)) {
    if (Number(number) !== server) continue;
    for (const [, data] of content.matchAll(/<path class="(?:c\d supply|idled)" d="([^"]*)"/g)) {
      for (const [, from, to] of data.matchAll(/M([\d.]+) [\d.]+H([\d.]+)V/g)) sum += Number(to) - Number(from);
    }
  }
  return sum;
}

/** A box is a hundredth of a pixel wrong at each end, at most; supply is rounded to the step. */
function readSvg(run: Traced, output: string): Counts {
  const counts = noCounts(run);
  const strip = Number(/data-strip="([\d.]+)"/.exec(output)![1]);
  const width = Number(/data-width="(\d+)"/.exec(output)![1]);
  const completed = shapes(output, "task", /^dot$/, /z/g);
  const missed = shapes(output, "task", /^miss/, /M/g);
  counts.tasks.forEach((task, number) => {
    task.completed = completed.get(number) ?? 0;
    task.missed = missed.get(number) ?? 0;
  });
  counts.servers.forEach((server, number) => {
    server.supply = Math.round((supplyPixels(output, number) * strip) / width);
  });
  return counts;
}

describe("format svg", () => {
  test("has a shape for each completion and miss, and boxes as long as the supply", () => {
    fc.assert(
      fc.property(scenarioArbitrary({ horizonMax: 60 }), (scenario) => {
        const run = tracedOf(scenario);
        const expected = countersOf(run);
        for (const server of expected.servers) server.replenishments = 0; // not among the shapes
        for (const task of expected.tasks) task.preemptions = 0;
        expect(readSvg(run, textOf(run, "svg"))).toStrictEqual(expected);
      }),
      { numRuns: runsOf(150) },
    );
  });

  test("has the last label of its axis inside, however long it is", () => {
    const task = { name: "t", period: 10_000_000, wcet: 5 };
    const run = tracedOf({
      horizon: 12_000_000,
      host: {},
      servers: [{ name: "s", policy: "dedicated", tasks: [task] }],
    });
    const labels = [...textOf(run, "svg").matchAll(/class="axis dim" x="([\d.]+)"[^>]*>(\d+)</g)];
    expect(labels.at(-1)![2]).toBe("12000000");
    for (const [, at, label] of labels) expect(Number(at) + 3.5 * label.length).toBeLessThanOrEqual(960);
  });

  const busy = {
    horizon: 3000,
    servers: [
      { name: "a <b> & c", policy: "idling", period: 6, budget: 3, tasks: [{ name: '"t"', period: 6, wcet: 2 }] },
    ],
  };

  test("is well-formed, has no script and nothing from elsewhere, and knows light and dark", () => {
    const output = textOf(tracedOf(busy), "svg");
    expect(output).toContain("a &lt;b&gt; &amp; c");
    expect(output).toContain("&quot;t&quot;");
    expect(output).toContain("@media screen and (prefers-color-scheme:dark)");
    expect(output).not.toMatch(/<script|href|onload|@import|url\((?!#)/);
    const open: string[] = [];
    for (const [, end, name, , alone] of output.matchAll(/<(\/?)(\w+)((?:"[^"]*"|[^">])*?)(\/?)>/g)) {
      if (end === "/") expect(open.pop()).toBe(name);
      else if (alone === "") open.push(name);
    }
    expect(open).toStrictEqual([]);
  });

  test("is as wide as asked, with a title, and nothing runs out of it", () => {
    const options = {
      format: "svg",
      range: { from: 0, to: 60 },
      rows: ROWS,
      metadata: new Map<string, string>(),
    } as const;
    const pieces: string[] = [];
    const write = (piece: string | Uint8Array) => pieces.push(String(piece));
    writeTrace(new Kernel(compileKernel()), [tracedOf(busy)], { ...options, width: 320, title: "x < y" }, write);
    const output = pieces.join("");
    expect(output).toMatch(/^<svg [^>]*width="320" /);
    expect(output).toContain("<title>x &lt; y</title>");
    expect(output).toContain('class="title" x="10" y="24">x &lt; y</text>');
    const right = [...output.matchAll(/ x="([\d.]+)"|translate\(([\d.]+) |H([\d.]+)/g)].map(([, ...x]) =>
      Number(x.find(Boolean)),
    );
    expect(Math.max(...right)).toBeLessThanOrEqual(320);
    expect(right.length).toBeGreaterThan(20);
  });

  test("writes names in white on plain dark boxes alone, not on lines", () => {
    const task = { name: "t", period: 140, wcet: 20 };
    const servers = Array.from({ length: 7 }, (_, i) => ({ name: `s${i}`, policy: "dedicated", tasks: [task] }));
    const output = textOf(tracedOf({ horizon: 140, servers }), "svg");
    const classes = [...output.matchAll(/<text class="job (on-\w+)"[^>]*>(s\d)</g)].map(([, name, text]) => [
      text,
      name,
    ]);
    expect(classes).toStrictEqual(servers.map(({ name }) => [name, name === "s0" ? "on-dark" : "on-light"]));
  });

  test("says between which times jobs arrive", () => {
    const tasks = [
      { name: "t", period: 8, period_max: 25, wcet: 1 },
      { name: "u", period: 9, wcet: 1 },
    ];
    const servers = [{ name: "s", policy: "dedicated", tasks }];
    const output = textOf(tracedOf({ horizon: 30, servers }), "svg");
    expect(output).toContain("T 8 to 25, C 1<");
    expect(output).toContain("T 9, C 1<");
  });

  test("folds a long run into strips in which marks keep their distance", () => {
    const output = textOf(tracedOf(busy), "svg");
    const strips = [
      ...output.matchAll(
        /<g class="strip" data-from="([\d.]+)" data-to="([\d.]+)">([\s\S]*?)(?=<g class="strip"|<g class="legend")/g,
      ),
    ];
    expect(strips.length).toBeGreaterThan(5);
    expect(strips.map((strip) => Number(strip[1])).slice(1)).toStrictEqual(
      strips.map((strip) => Number(strip[2])).slice(0, -1),
    );
    for (const strip of strips) {
      const data = /<path class="mark release" d="([^"]*)"/.exec(strip[3])![1];
      const places = [...data.matchAll(/M([\d.]+)/g)].map((match) => Number(match[1]));
      for (let i = 1; i < places.length; i++) expect(places[i] - places[i - 1]).toBeGreaterThan(10);
    }
  });
});
