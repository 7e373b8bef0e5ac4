// The page as a text: what a sweep is called stays text, and the policy names the one script and the one style sheet.

import { createHash } from "node:crypto";
import { openSweep } from "replenish";
import { expect, test } from "vitest";
import type { PageContent } from "../../src/page/content.js";
import { pageHtml } from "../../src/page/html.js";

const HOSTILE = `</script><script>alert(1)</script><!--"'&`;
const SWEEP = `
name: plain
horizon: 10
system: { servers: { ${JSON.stringify(HOSTILE)}: { policy: idling, period: 2, budget: 1, tasks: { t: { period: 5, wcet: 1 } } } } }
`;

const TABLES = (["cells", "servers", "tasks"] as const).map((name) => ({ name, columns: [], rows: 0, bytes: 0 }));

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}

const CHOSEN = {
  given: [HOSTILE],
  policy: HOSTILE,
  least: { bandwidth: 0.5, without: [HOSTILE], cell: 0, axes: [HOSTILE] },
};

function page(storage: PageContent["storage"], part: Partial<PageContent> = {}): string {
  const content: PageContent = {
    ...{ version: "0", name: HOSTILE, planHash: "a", kernelHash: "b", pageKernelHash: "b", text: SWEEP },
    ...{
      canonical: SWEEP,
      plan: openSweep(SWEEP, "sweep").plan,
      replicates: 1,
      conditions: [],
      names: [],
      cellCount: 1,
      firstCell: 0,
      cells: 1,
      runs: 1,
      failures: 0,
    },
    answer: {
      ...{ cells: 1, met: 1, open: 0, guaranteed: 1, axis: HOSTILE, cpus: 1, conditions: [HOSTILE], under: 1, more: 0 },
      policies: [{ ...CHOSEN, simulated: CHOSEN.least, bounded: undefined }],
      ...{ simulated: { lowest: CHOSEN, highest: CHOSEN, without: 0 }, bounded: undefined, isCut: false },
    },
    ...{ search: undefined, curves: {} },
    ...{ storage, group: 1, inside: [], tables: TABLES, further: [], texts: {}, kept: "[]", overrides: [] },
    ...{ sums: "", shard: undefined },
    ...part,
  };
  const script = `console.log("</script><!--")`;
  return pageHtml({ content, script, kernel: "AAAA", tables: {} }, sha256);
}

test("what comes from a sweep is text", () => {
  const html = page("whole");
  const [, written] = /aria-label="Sweep as written">\n([^<]*)<\/pre>/.exec(html)!; // the first line end is the element's
  const characters: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"' };
  expect(written.replace(/&(\w+);/g, (_, name) => characters[name])).toBe(SWEEP);
  expect(html.match(/<script/g)).toHaveLength(6);
  expect(html.match(/<\/script>/g)).toHaveLength(6);
  expect(html).not.toContain("<script>alert");
  const json = /id="content">([^<]*)</.exec(html)![1];
  expect((JSON.parse(json) as PageContent).name).toBe(HOSTILE);
  expect(html).not.toMatch(/\son\w+=|style=/);
});

test("the policy allows the script and the style that are there, and no connection", () => {
  const html = page("whole");
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)![1];
  const script = /<script>([\s\S]*?)<\/script>\n<\/body>/.exec(html)![1];
  const style = /<style>([\s\S]*?)<\/style>/.exec(html)![1];
  expect(policy).toBe(
    `default-src 'none'; script-src 'sha256-${sha256(script)}' 'wasm-unsafe-eval'; style-src 'sha256-${sha256(style)}'; img-src data:; worker-src blob:; base-uri 'none'; form-action 'none'`,
  );
  expect(html).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
});

test("the page says how many runs there are, and how many of them failed", () => {
  const said = (part: Partial<PageContent>) => /<dt>Run<\/dt><dd>([^<]*)</.exec(page("served", part))![1];
  expect(said({})).toBe("1 cell, 1 run, no failures");
  expect(said({ cells: 160, replicates: 20, runs: 3200, failures: 2 })).toBe("160 cells, 3,200 runs, 2 failed");
  expect(said({ cells: 160, replicates: 20, runs: 558 })).toBe("160 cells, 558 of at most 3,200 runs, no failures");
  const search = { axis: "Q", what: "", head: [], rows: [], right: [], cells: [], more: undefined, remarks: [] };
  expect(said({ cells: 160, replicates: 20, runs: 558, search })).toBe(
    "558 of the 3,200 runs of the full grid of 160 cells, no failures",
  );
});

test("the page of a shard says which part of the sweep it shows", () => {
  const part = { firstCell: 1200, cells: 300, cellCount: 4000, shard: { index: 2, count: 5 } };
  expect(page("whole", part)).toContain("shard 2 of 5: cells 1,200 to 1,499 of 4,000.");
  expect(page("whole")).not.toContain('id="shard"');
});
