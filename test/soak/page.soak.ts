// The page of a run in a real browser: opened from disk, looked at in three sizes, clicked, moved by the keyboard, and held
// against the tables that it was made of.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { tableFromIPC } from "@uwdata/flechette";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { formatNumber } from "../../build/src/report/format.js";
import { reportPage } from "../../build/src/show/page.js";
import type { PageContent } from "../../src/page/content.js";
import { replenish, start } from "../run/process.js";

const ROOT = join(import.meta.dirname, "../..");
const CHROMIUM = "/usr/bin/chromium";
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const SIZES = [
  [360, 780],
  [1280, 900],
  [2560, 1400],
] as const;
/** A page under load takes its time. */
const PATIENCE = { timeout: 30_000 };
/** What a server and a task may be called, and no page may take for markup. */
const HOSTILE = [`</script><img src=x onerror="document.title='broken'">`, `"><svg onload=alert(1)>&amp;`] as const;
const HOSTILE_SWEEP = `
name: hostile
horizon: 400
replicates: 3
analysis: true
system:
  servers:
    ${JSON.stringify(HOSTILE[0])}:
      { policy: =policy, period: =P, budget: =Q, tasks: { ${JSON.stringify(HOSTILE[1])}: { period: 7, wcet: 2, jitter: 2 } } }
axes: { policy: [idling, deferrable, polling], P: { from: 4, to: 8, step: 1 }, Q: [1, 2, 3, 4] }
`;

const tested = existsSync(CHROMIUM);
if (!tested) process.stderr.write(`\n*** NOT TESTED: the page of a run: no ${CHROMIUM}. ***\n\n`);

const CONDITION_SWEEP = `
name: condition
horizon: 400
system: { servers: { vm: { policy: =policy, period: =P, budget: =Q, tasks: { a: { period: 7, wcet: =C } } } } }
axes: { policy: [deferrable, polling], C: [1, 2], P: [4, 5], Q: [1, 2, 3, 4] }
`;

const SEARCH_SWEEP = `
name: search
horizon: 400
system: { servers: { vm: { policy: =policy, period: =P, budget: =Q, tasks: { a: { period: 40, wcet: 6 } } } } }
axes: { policy: [deferrable, polling], P: [5, 10], Q: { from: 0.25, to: =P, step: 0.25 } }
find: { axis: Q, least: missed = 0 }
replicates: 2
`;

const ONE_SWEEP = `
name: one
horizon: 400
system: { servers: { vm: { policy: idling, period: 5, budget: 2, tasks: { a: { period: 40, wcet: 6 } } } } }
`;

const OPTIONAL_SWEEP = `
name: optional
unit: ms
horizon: 400ms
system: { servers: { vm: { policy: =policy, period: 5ms, budget: '=policy == "idling" ? 2ms : B', tasks: { t: { period: 10ms, wcet: =C * 1ms } } } } }
axes: { policy: [idling, polling], B: { values: [3ms, 4ms], when: policy == "polling" }, C: [1, 3] }
`;

let directory: string;
let browser: Browser;
let page: Page;
let complaints: string[];
let requests: string[];

beforeAll(async () => {
  if (!tested) return;
  directory = await mkdtemp(join(tmpdir(), "replenish-page-"));
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--headless", "--no-sandbox", "--disable-gpu"] });
  await writeFile(join(directory, "hostile.yaml"), HOSTILE_SWEEP);
  await writeFile(join(directory, "search.yaml"), SEARCH_SWEEP);
  await writeFile(join(directory, "condition.yaml"), CONDITION_SWEEP);
  await writeFile(join(directory, "one.yaml"), ONE_SWEEP);
  await writeFile(join(directory, "optional.yaml"), OPTIONAL_SWEEP);
  for (const [sweep, name, ...more] of [
    [join(ROOT, "sweeps/paper.yaml"), "paper"],
    [join(directory, "hostile.yaml"), "hostile"],
    [join(directory, "search.yaml"), "search"],
    [join(directory, "condition.yaml"), "condition"],
    [join(directory, "one.yaml"), "one"],
    [join(directory, "optional.yaml"), "optional"],
    [join(ROOT, "sweeps/several/rt-xen-partitioned.yaml"), "misfits"],
    [join(directory, "search.yaml"), "narrowed", "--set", "P=4..6", "--set", "policy=idling"],
    [join(ROOT, "sweeps/several/blind-guest.yaml"), "several"],
  ]) {
    const run = join(directory, name);
    const code = name === "misfits" ? 4 : 0; // some cells have no result
    expect(await replenish("run", sweep, "-o", run, "--quiet", ...more)).toMatchObject({ code });
    const report = await replenish("report", run);
    expect(report).toMatchObject({ code: 0, stdout: `${join(run, "report.html")}\n` });
  }
});

afterEach(async () => {
  await page?.close();
});

afterAll(async () => {
  await browser?.close();
  if (directory !== undefined) await rm(directory, { recursive: true });
});

/** What drag.js saw. */
interface Dragged {
  readonly moves: number;
  readonly drawn: number;
  readonly drawnTwice: number;
  readonly kept: boolean;
  readonly replaced: number;
  readonly unchanged: readonly string[];
  readonly jumps: number;
  readonly addresses: number;
}

interface Look {
  readonly size?: readonly [number, number];
  readonly scheme?: "light" | "dark";
}

/** Opens the page of a run, from disk or from a server, and waits until it shows one. */
async function open(name: string, hash = "", { size = SIZES[1], scheme = "light" }: Look = {}): Promise<void> {
  page = await browser.newPage({ viewport: { width: size[0], height: size[1] }, colorScheme: scheme });
  complaints = [];
  requests = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => complaints.push(message.text()));
  page.on("dialog", (dialog) => complaints.push(dialog.message()));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(name.startsWith("http:") ? `${name}${hash}` : `file://${join(directory, name)}${hash}`);
  await page.waitForSelector("html[data-ready=true][data-run]");
}

/** A text as a regular expression has it. */
function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

/** Waits until a cell is shown. */
async function shown(cell: number | "between"): Promise<void> {
  await page.waitForSelector(`html[data-run="${cell}"]`);
}

async function text(selector: string): Promise<string> {
  return (await page.textContent(selector)) ?? "";
}

/** The figure of response times along an axis, when it is there. */
async function responseFigure(): Promise<string> {
  const figure = page.locator("#curves figure", { hasText: "Response times of" });
  await figure.waitFor(PATIENCE);
  return await figure.innerHTML();
}

/** What the page has to say against itself. */
function quiet(): void {
  expect(complaints).toStrictEqual([]);
  expect(requests.filter((url) => !/^(file|blob|data):/.test(url))).toStrictEqual([]);
}

interface Finding {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** The violations that axe-core finds, and what it is in doubt of: but for contrast, which it cannot see where lines cross. */
async function violations(): Promise<string[]> {
  await page.evaluate(await readFile(AXE, "utf8"));
  const found = await page.evaluate<{ violations: Finding[]; incomplete: Finding[] }>("axe.run()");
  const doubtful = found.incomplete.filter(({ id }) => id !== "color-contrast");
  return [...found.violations, ...doubtful].flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`),
  );
}

test.runIf(tested)("a stranger reads the answer, and the first run is proved", async () => {
  await open("paper/report.html");
  expect((await text("#answer")).replaceAll("\u00a0", " ")).toBe(
    "360 of 1,680 configurations kept every deadline; the cheapest takes 76.9 % of the CPU (deferrable, P = 13 ticks, Q = 10 ticks); the cheapest with a guarantee for every run takes 79.2 % (idling, P = 6 ticks, Q = 4.75 ticks).",
  );
  await shown(253);
  expect(await text("#proof")).toBe("equal");
  expect(await text("#repeat")).toBe("replenish run paper.yaml");
  expect(await text("#made")).toMatch(
    /^replenish [\d.]+, plan [\da-f]{12}, kernel [\da-f]{12}; the same again: replenish run paper\.yaml\. The sweep/,
  );
  await page.locator("#made button").click();
  expect(await page.evaluate("document.activeElement.id")).toBe("provenance-title");
  quiet();
});

test.runIf(tested)(
  "what no server is set by is a condition: the answer is for each, the map over what is chosen",
  async () => {
    await open("condition/report.html");
    expect((await text("#answer")).replaceAll("\u00a0", " ")).toBe(
      "28 of 32 configurations kept every deadline; what the cheapest takes depends on C: from 20 % of the CPU (C = 1 ticks: deferrable, P = 5 ticks, Q = 1 ticks) to 40 % (C = 2 ticks: deferrable, P = 5 ticks, Q = 2 ticks). The sweep asks for no bounds (analysis: true).",
    );
    expect(await page.locator("#answers tbody th").allTextContents()).toHaveLength(4);
    expect(await page.locator(".heat svg").getAttribute("aria-label")).toContain("over P and Q");
    expect(await page.locator("#curves select").first().inputValue()).toBe("C");
    expect(await text("#proof")).toBe("equal");
    await page.locator("#curves select").first().selectOption("P");
    await page.locator("#curves figcaption", { hasText: "without a miss, at the easiest C" }).waitFor(PATIENCE);
    expect(await violations()).toStrictEqual([]);
    quiet();
  },
);

test.runIf(tested)(
  "of a search the page says what was found, and draws no share or boundary of the cells it looked at",
  async () => {
    await open("search/report.html");
    expect((await text("#answer")).replaceAll("\u00a0", " ")).toBe("The least Q with missed = 0, in 8 searches:");
    expect(await text("#proof")).toBe("equal");
    expect(await page.locator("#answers tbody tr").count()).toBe(8);
    expect(await page.locator("#map path.simulated").count()).toBe(0);
    expect(await text("#map .legend")).not.toContain("boundary");
    expect(await page.locator("#curves figure").count()).toBe(1);
    await page.locator("#answers button.link").last().click();
    const cell = await page.locator("#answers button.link").last().textContent();
    await shown(Number(cell));
    expect(await violations()).toStrictEqual([]);
    quiet();
  },
);

test.runIf(tested)("of one configuration no squares, sliders or lines are spoken of", async () => {
  await open("one/report.html");
  expect(await text("#proof")).toBe("equal");
  expect(await page.locator("main").textContent()).not.toMatch(/Each square|slider|boundary/);
  expect(await text("#table label")).toContain("for example miss_ratio=0");
  expect(await text("#table label")).not.toContain("P<=5");
  quiet();
});

test.runIf(tested)(
  "a run of several CPUs has a row a CPU, and counters of each CPU, VCPU and task that are those of the tables",
  async () => {
    await open("several/report.html", "#cell=4&replicate=0");
    await shown(4);
    expect(await text("#proof")).toBe("equal");
    const labels = await page.$$eval(".gantt text.name", (all) => all.map(({ textContent }) => textContent));
    expect(labels).toStrictEqual(["CPU 0", "CPU 1", "other", "burst", "vm.v0", "vm.v1", "hi", "lo"]);
    expect(await page.$$eval("#counters thead th", (all) => all.map(({ textContent }) => textContent))).toStrictEqual([
      ...["counter", "the whole run", "CPU 0", "CPU 1", "other", "other / burst"],
      ...["vm", "vm.v0", "vm.v1", "vm / hi", "vm / lo"],
    ]);
    await page.locator("#curves select").last().selectOption({ label: "vm/hi" });
    await page.locator("#curves figcaption", { hasText: "Response times of vm/hi" }).waitFor(PATIENCE);
    expect(await violations()).toStrictEqual([]);
    quiet();
  },
);

test.runIf(tested)("the map is coloured by what one CPU did, which the address and the menu name", async () => {
  await open("several/report.html", "#x=burst&y=guest&colour=cpu.1.utilization");
  const menu = page.locator("#map select", { has: page.locator('option[value="cpu.1.utilization"]') });
  expect(await menu.inputValue()).toBe("cpu.1.utilization");
  const table = tableFromIPC(await readFile(join(directory, "several/cpus.arrow")), { useBigInt: false });
  const rows = table.toArray() as Record<string, unknown>[];
  for (const cpu of [1, 0]) {
    await menu.selectOption(`cpu.${cpu}.utilization`);
    expect(await page.evaluate("location.hash")).toContain(`colour=cpu.${cpu}.utilization`);
    const own = rows.filter((row) => row.cpu === cpu).map((row) => Number(row.utilization));
    const [least, greatest] = [Math.min(...own), Math.max(...own)].map((value) => formatNumber(value, 4));
    await page.locator("#map .legend", { hasText: `${greatest} cpu.${cpu}.utilization` }).waitFor(PATIENCE);
    expect(await text("#map .legend")).toMatch(new RegExp(`^${least}`));
  }
  expect(await violations()).toStrictEqual([]);
  quiet();
});

test.runIf(tested)("the counters of many cells are those of the tables", async () => {
  await open("paper/report.html", "#x=P&y=Q&colour=miss_ratio&policy=idling&cell=0&replicate=0");
  const tables = await Promise.all(
    ["cells", "servers", "tasks"].map(async (name) =>
      tableFromIPC(await readFile(join(directory, "paper", `${name}.arrow`)), { useBigInt: true }),
    ),
  );
  const { tables: planned } = JSON.parse(await readFile(join(directory, "paper/plan.json"), "utf8"));
  const metrics = ["cells", "servers", "tasks"].map(
    (name) => planned[name].columns.filter(({ role }: { role: string }) => role === "metric").length,
  );
  const wanted = metrics[0] + metrics[1] + 2 * metrics[2];
  for (let cell = 0; cell < 1680; cell += 83) {
    await page.evaluate(`location.hash = "#cell=${cell}&replicate=0"`);
    await shown(cell);
    expect(await text("#proof"), `cell ${cell}`).toBe("equal");
    const cells = await page.$$eval("#counters td[data-counter]", (all) =>
      all.map((one) => [
        one.getAttribute("data-server"),
        one.getAttribute("data-task"),
        one.getAttribute("data-counter"),
        one.textContent,
      ]),
    );
    expect(cells.length).toBe(wanted);
    for (const [server, task, counter, value] of cells) {
      const table = tables[task !== "" ? 2 : server !== "" ? 1 : 0];
      const row = task === "" ? cell : 2 * cell + ["rt_task1", "rt_task2"].indexOf(task!);
      const stored = table.getChild(counter!)!.at(row) as unknown;
      expect(value, `cell ${cell} ${server} ${task} ${counter}`).toBe(stored === null ? "\u2013" : String(stored));
    }
  }
  quiet();
});

test.runIf(tested)("a click on the map opens the cell under it, and so does the keyboard", async () => {
  await open("paper/report.html", "#x=P&y=Q&colour=miss_ratio&policy=idling");
  const box = (await page.locator(".heat .plot").boundingBox())!;
  // Period 11 is the 11th of 20 columns, budget 8.5 the 34th of 80 lines.
  await page.mouse.click(box.x + (10.5 / 20) * box.width, box.y + box.height * (1 - 33.5 / 80));
  await shown(253);
  expect(await text("#square")).toContain(
    "P = 11 ticks, Q = 8.5 ticks: no deadline missed; not guaranteed. miss_ratio 0, cell 253.",
  );
  await page.locator(".heat svg").focus();
  await page.keyboard.press("ArrowDown");
  expect(await text("#square")).toContain("P = 11 ticks, Q = 8.25 ticks: deadlines missed");
  await page.keyboard.press("Enter");
  await shown(252);
  expect(await text("#proof")).toBe("equal");
  expect(await page.evaluate("location.hash")).toBe("#x=P&y=Q&colour=miss_ratio&policy=idling&cell=252&replicate=0");
  quiet();
});

test.runIf(tested)(
  "an address of a run alone brings the map to it; one that says what the map holds is left as it is",
  async () => {
    const address = () => page.evaluate("location.hash");
    await open("paper/report.html", "#cell=1000");
    await shown(1000);
    await expect.poll(address, PATIENCE).toBe("#x=P&y=Q&colour=miss_ratio&policy=deferrable&cell=1000&replicate=0");
    await open("paper/report.html", "#policy=idling&cell=1001");
    await shown(1001);
    await page.evaluate("new Promise((resolve) => setTimeout(resolve, 1000))");
    expect(await address()).toBe("#policy=idling&cell=1001");
    quiet();
  },
);

test.runIf(tested)("sliders go from cell to cell and between, and say where there is no run", async () => {
  await open("paper/report.html", "#cell=253");
  await shown(253);
  const slider = page.locator("#run input[type=range][data-axis=Q]");
  await slider.focus();
  await page.keyboard.press("ArrowLeft");
  await shown("between");
  expect(await text("#proof")).toBe("not compared: the tables have no such run");
  expect(await text("#subject")).toContain("Q = 8.4375 ticks: between the cells of the sweep");
  await page.locator("#run select[data-axis=policy]").selectOption("deferrable");
  await page.locator("#run input[type=number][aria-label^=Q]").fill("9");
  await page.waitForSelector("html[data-run='1095']");
  expect(await text("#proof")).toBe("equal");
  expect(await page.locator("#map select").last().inputValue()).toBe("1"); // the map goes where the run is
  await page.locator("#run input[type=number][aria-label^=Q]").fill("12");
  await expect.poll(() => text("#run [role=alert]"), PATIENCE).toContain("12 exceeds the period 11");
  quiet();
});

test.runIf(tested)(
  "an axis that does not exist in a cell has a control that says none, and comes and goes with the others",
  async () => {
    await open("optional/report.html", "#cell=0");
    await shown(0);
    const number = page.locator("#run input[type=number][aria-label^=B]");
    const slider = page.locator("#run input[type=range][data-axis=B]");
    const policy = page.locator("#run select[data-axis=policy]");
    const isNone = async () =>
      expect([
        await number.isDisabled(),
        await slider.isDisabled(),
        await number.inputValue(),
        await number.getAttribute("placeholder"),
      ]).toStrictEqual([true, true, "", "none"]);
    await isNone();
    expect(await text("#subject")).toBe("policy = idling, B = none, C = 1: cell 0; no deadline missed");
    await page.locator("#run input[type=number][aria-label^=C]").fill("2");
    await shown("between");
    expect(await text("#subject")).toBe(
      "policy = idling, B = none, C = 2: between the cells of the sweep; no deadline missed",
    );
    expect(await text("#run pre")).toBe("replenish trace optional.yaml --set policy=idling --set C=2 --cell 0");
    await expect.poll(() => page.evaluate("location.hash"), PATIENCE).toContain("try%3AB=none");
    await page.reload();
    await shown("between");
    await isNone();
    await page.locator("#run input[type=number][aria-label^=C]").fill("3");
    await shown(1);
    expect(await text("#proof")).toBe("equal");
    await policy.selectOption("polling"); // B is there now: its first value
    await shown(3);
    expect(await text("#proof")).toBe("equal");
    expect([await number.isDisabled(), await number.inputValue(), await slider.inputValue()]).toStrictEqual([
      false,
      "3",
      "3",
    ]);
    await number.fill("3.5");
    await shown("between");
    const set = "--set policy=polling --set B=3.5ms --set C=3";
    expect(await text("#run pre")).toBe(`replenish trace optional.yaml ${set} --cell 0`);
    await policy.selectOption("idling");
    await shown(1);
    await isNone();
    quiet();
  },
);

test.runIf(tested)("a cell without a result is the one that the controls and the map show", async () => {
  await open("misfits/report.html", "#cell=2");
  await shown(2);
  const controls = async () => {
    const inputs = await page.locator("#run .sliders input").all();
    return await Promise.all(inputs.map((input) => input.inputValue()));
  };
  expect(await controls()).toStrictEqual(["100", "100", "6", "6"]);
  expect(await text("#subject")).toBe("P = 100 ticks, share = 6: cell 2; no result");
  expect(await text("#run [role=alert]")).toMatch(/^No result: .*vm3/);
  expect(await text("#proof")).toBe("equal");
  expect(await page.locator("#run .gantt").isVisible()).toBe(false);
  const mark = () => page.locator(".heat .opened").first().getAttribute("x");
  const marked = await mark();
  await page.evaluate(`location.hash = "#cell=4"`);
  await shown(4);
  expect(await controls()).toStrictEqual(["200", "200", "5", "5"]);
  expect(await mark()).not.toBe(marked);
  expect(await page.locator("#run .gantt").isVisible()).toBe(true);
  await page.locator("#run input[type=number][aria-label^=share]").fill("6");
  await shown(5);
  expect(await text("#subject")).toBe("P = 200 ticks, share = 6: cell 5; no result");
  quiet();
});

test.runIf(tested)(
  "a number may be written with an exponent; the field never shows what is not simulated",
  async () => {
    await open("optional/report.html", "#cell=2");
    await shown(2);
    const number = page.locator("#run input[type=number][aria-label^=B]");
    await number.focus();
    await number.press("ControlOrMeta+a");
    await page.keyboard.type("3.5");
    await expect.poll(() => text("#subject"), PATIENCE).toContain("B = 3.5 ms");
    await page.keyboard.type("e9");
    await expect.poll(() => text("#run [role=alert]"), PATIENCE).toContain("3500000000");
    expect(await number.getAttribute("aria-invalid")).toBe(null);
    for (const [typed, shown] of [
      ["35e-1", "3.5"],
      ["4.5e-15", "0.45"],
    ]) {
      await number.press("ControlOrMeta+a");
      await page.keyboard.type(typed);
      await expect.poll(() => text("#subject"), PATIENCE).toContain(`B = ${shown} ms`);
      expect(await number.getAttribute("aria-invalid")).toBe(typed === "35e-1" ? null : "true");
      await number.blur();
      expect([await number.inputValue(), await number.getAttribute("aria-invalid")]).toStrictEqual([shown, null]);
    }
    quiet();
  },
);

test.runIf(tested)("what a counter means is that of its table", async () => {
  await open("paper/report.html", "#cell=253");
  await shown(253);
  const tables = JSON.parse(await text("#content")).tables as PageContent["tables"];
  const meanings = await page.$$eval("#counters td[data-counter]", (all) =>
    all.map((one) => [
      one.getAttribute("data-server"),
      one.getAttribute("data-task"),
      one.getAttribute("data-counter"),
      one.getAttribute("title"),
    ]),
  );
  expect(meanings.length).toBeGreaterThan(80);
  for (const [server, task, counter, title] of meanings) {
    const { columns } = tables[task !== "" ? 2 : server !== "" ? 1 : 0];
    expect(title, `${server} ${task} ${counter}`).toBe(columns.find(({ name }) => name === counter)!.description);
  }
  const head = (counter: string) => page.locator("#counters th[scope=row]", { hasText: counter }).first();
  const [cells, , tasks] = tables.map(({ columns }) => columns.find(({ name }) => name === "utilization")!);
  expect(await head("utilization").getAttribute("title")).toMatch(
    new RegExp(`^cells: ${escaped(cells.description)}\n(.*\n)*tasks: ${escaped(tasks.description)}$`),
  );
  const longest = tables[2].columns.find(({ name }) => name === "response_max")!; // tasks alone have it
  expect(await head("response_max").getAttribute("title")).toBe(longest.description);
  quiet();
});

test.runIf(tested)("a slider that is dragged is drawn once a frame, and replaces only what changes", async () => {
  await open("paper/report.html", "#cell=763");
  await shown(763);
  await page.evaluate(await readFile(join(import.meta.dirname, "drag.js"), "utf8"));
  const dragged = await page.evaluate<Dragged>("drag('#run input[type=range][data-axis=P]', 30)");
  expect(dragged.moves).toBe(90);
  expect(dragged.drawnTwice, "frames in which the picture was drawn more than once").toBe(0);
  expect(dragged.drawn, "frames in which it was drawn").toBeGreaterThan(0);
  expect(dragged.drawn).toBeLessThanOrEqual(32);
  expect(dragged.kept, "the picture, its rows and the cells of the counters are the nodes that they were").toBe(true);
  expect(dragged.replaced, "elements that were put in place of others, a drawing").toBeLessThan(8);
  expect(dragged.unchanged, "texts that were written without being changed").toStrictEqual([]);
  expect(dragged.jumps, "the slider stays where it was moved").toBe(0);
  expect(dragged.addresses, "the address is written when it rests").toBe(0);
  await shown("between");
  const last = await page.inputValue("#run input[type=range][data-axis=P]");
  await expect.poll(() => text("#subject"), PATIENCE).toContain(`P = ${last} ticks, Q = 1 ticks: between the cells`);
  await expect.poll(() => page.evaluate("location.hash"), PATIENCE).toContain(`try%3AP=${last}`);
  await page.waitForSelector("#subject:not([aria-busy])");
  const live = await page.innerHTML("#run .gantt");
  await page.reload();
  await page.waitForSelector("html[data-run=between]");
  expect(await page.innerHTML("#run .gantt")).toBe(live);
  quiet();
  await page.close();
  await open("paper/report.html", "#x=policy&y=Q&colour=miss_ratio&P=20&cell=763");
  await page.evaluate(await readFile(join(import.meta.dirname, "drag.js"), "utf8"));
  const held = await page.evaluate<Dragged>("drag('#run input[type=range][data-axis=P]', 30)");
  expect({ ...held, drawn: 0, replaced: 0 }, "an axis that the map is held at").toStrictEqual({
    ...{ moves: 90, drawn: 0, drawnTwice: 0, kept: true, replaced: 0, unchanged: [], jumps: 0, addresses: 0 },
  });
  await expect.poll(() => page.evaluate("location.hash"), PATIENCE).toMatch(/[&]P=1[23]&.*try%3AP=12\.5&/);
  quiet();
});

test.runIf(tested)("the map stays beside the run that is read, and leaves the curves free", async () => {
  await open("paper/report.html", "#cell=253");
  await shown(253);
  const atTop = (id: string, down = 0) =>
    page.evaluate(`scrollTo(0, ${id}.getBoundingClientRect().top + scrollY + ${down})`);
  const overlap = () =>
    page.evaluate(
      "document.querySelector('#map > div').getBoundingClientRect().bottom - curves.getBoundingClientRect().top",
    );
  await atTop("run", 300);
  expect(await page.evaluate("document.querySelector('#map > div').getBoundingClientRect().top")).toBe(0);
  await atTop("curves");
  expect(await overlap()).toBeLessThanOrEqual(0);
  quiet();
});

test.runIf(tested)("the picture of a run is moved and zoomed by the keyboard", async () => {
  await open("paper/report.html", "#cell=253");
  const note = page.locator(".gantt + .hint");
  const says = (pattern: RegExp) => expect.poll(() => note.textContent(), PATIENCE).toMatch(pattern);
  await page.locator(".gantt").focus();
  await says(/From 0 to 60 of 55000 ticks/);
  await page.keyboard.press("ArrowRight");
  await says(/From 15 to 75 of/);
  await page.keyboard.press("+");
  await says(/From 25 to 65 of/);
  await page.keyboard.press("Home");
  await says(/From 0 to 60 of/);
  for (let time = 0; time < 20; time++) await page.keyboard.press("-");
  await says(/There are too many events to show more at once/);
  expect(await note.textContent()).toMatch(/^From 0 to \d+(\.\d+)? of 55000 ticks/);
  expect(await page.locator(".gantt svg").getAttribute("role")).toBe("img");
  quiet();
});

test.runIf(tested)("the table is filtered and sorted, and opens a run", async () => {
  await open("paper/report.html");
  await page.locator("#filter").fill("miss_ratio=0 P<=3 policy=deferrable");
  expect(await text("#table [role=status]")).toBe("6 rows, 1 to 6 shown");
  await page.locator("#table th button", { hasText: "bandwidth" }).click();
  expect(await page.locator("#table th[aria-sort=ascending]").textContent()).toContain("bandwidth");
  expect(await text("#table tbody tr:first-child code")).toMatch(/^replenish trace paper\.yaml --cell \d+$/);
  await page.locator("#filter").fill("nonsense");
  expect(await text("#table [role=status]")).toContain("no condition");
  await page.locator("#filter").fill("cell=700");
  await page.locator("#table tbody button").click();
  await shown(700);
  expect(await text("#proof")).toBe("equal");
  quiet();
});

test.runIf(tested)("any column is a colour, any axis goes across, and the map says so", async () => {
  await open("paper/report.html");
  const label = () => page.locator(".heat svg").getAttribute("aria-label");
  const colours = await page.locator("#map select >> nth=2").locator("option").allTextContents();
  expect(colours.length).toBeGreaterThan(10);
  for (const colour of ["schedulable", "bandwidth", "switches", "utilization"]) {
    await page.locator("#map select >> nth=2").selectOption(colour);
    await expect.poll(label, PATIENCE).toContain(colour);
  }
  await page.locator("#map select >> nth=0").selectOption("policy");
  await expect.poll(label, PATIENCE).toContain("over policy and Q");
  expect(await page.evaluate("location.hash")).toContain("x=policy&y=Q&colour=utilization&P=1");
  quiet();
});

test.runIf(tested)("what is saved has the sums that are shown, under the names that they have", async () => {
  await open("narrowed/report.html");
  const folder = join(directory, "saved");
  const sums = await readFile(join(directory, "narrowed/SHA256SUMS"), "utf8");
  const tables = [...sums.matchAll(/ (\w+\.arrow)$/gm)].map(([, name]) => name);
  expect(tables).toContain("find.arrow");
  const names: string[] = [];
  for (const link of await page.locator("#downloads a").all()) {
    const [saved] = await Promise.all([page.waitForEvent("download"), link.click()]);
    names.push(saved.suggestedFilename());
    await saved.saveAs(join(folder, saved.suggestedFilename()));
  }
  const checked = [...tables, "plan.json"];
  expect(names.sort()).toStrictEqual([...checked, "SHA256SUMS", "search.yaml"].sort());
  const check = ["--check", "--ignore-missing", "--strict", "SHA256SUMS"];
  const { stdout } = await promisify(execFile)("sha256sum", check, { cwd: folder });
  expect(stdout.trim().split("\n").sort()).toStrictEqual(checked.map((name) => `${name}: OK`).sort());
  expect(await readFile(join(folder, "search.yaml"), "utf8")).toBe(SEARCH_SWEEP);
  const set = "search.yaml --set P=4..6 --set policy=idling";
  expect(await text("#repeat")).toBe(`replenish run ${set}`);
  expect(await text("#made code")).toBe(`replenish run ${set}`);
  expect(await text("#run pre")).toMatch(new RegExp(`^replenish trace ${set} --cell \\d+ --replicate 0$`));
  expect(await text("#table tbody code")).toMatch(new RegExp(`^replenish trace ${set} --cell \\d+ --replicate \\d+$`));
  quiet();
});

test.runIf(tested)("the run that a page opens with has its other replicates", async () => {
  await open("hostile/report.html");
  await expect.poll(() => text("#subject"), PATIENCE).toContain("replicate 0");
  await page.locator("#replicate").fill("1");
  await page.locator("#replicate").blur();
  await expect.poll(() => text("#subject"), PATIENCE).toContain("replicate 1");
  expect(await page.locator("#replicate").inputValue()).toBe("1");
  quiet();
});

test.runIf(tested)("names are text: nothing of a sweep is run or becomes an element", async () => {
  await open("hostile/report.html", "#cell=7&replicate=2");
  await shown(7);
  expect(await text("#proof")).toBe("equal");
  expect(await page.title()).toBe("hostile: replenish");
  expect(await page.locator("img").count()).toBe(0);
  const listing = (label: string) => page.$eval(`pre[aria-label="${label}"]`, (element) => element.textContent);
  expect(await listing("Sweep as written")).toBe(HOSTILE_SWEEP);
  expect(await listing("SHA256SUMS")).toBe(await readFile(join(directory, "hostile/SHA256SUMS"), "utf8"));
  const owners = await page.$$eval("#counters td", (all) =>
    all.map((one) => [one.getAttribute("data-server"), one.getAttribute("data-task")]),
  );
  expect(owners).toContainEqual([HOSTILE[0], HOSTILE[1]]);
  expect(await text("#counters thead")).toContain(`${HOSTILE[0]} / ${HOSTILE[1]}`);
  expect(await page.locator("#replicate").inputValue()).toBe("2");
  await page.locator("#replicate").fill("1");
  await expect.poll(() => text("#subject"), PATIENCE).toContain("replicate 1");
  for (const none of ["3", "-1", "0.5", ""]) {
    await page.locator("#replicate").fill(none);
    await page.locator("#replicate").blur();
    expect(await page.locator("#replicate").inputValue(), none).toBe("1");
  }
  expect(await text("#proof")).toBe("equal");
  await page.evaluate('location.hash = "#cell=7&replicate=0"');
  await expect.poll(() => text("#subject"), PATIENCE).toContain("replicate 0");
  expect(await page.locator("#replicate").inputValue()).toBe("0");
  quiet();
});

test.runIf(tested)("tables that are too large come as groups, and the page says so", async () => {
  await writeFile(join(directory, "groups.html"), await reportPage(join(directory, "paper"), 40_000));
  await open("groups.html");
  expect(await text("#storage")).toMatch(/This page holds groups of up to \d+ runs: of each the mean of every column/);
  expect((await text("#answer")).replaceAll("\u00a0", " ")).toContain("the cheapest takes 76.9 % of the CPU");
  await shown(253);
  expect(await text("#proof")).toBe("equal");
  expect(await text("#counters td[data-server=vm][data-task=rt_task1][data-counter=missed]")).toBe("0");
  await page.evaluate("location.hash = '#cell=700'");
  await shown(700);
  expect(await text("#proof")).toBe("not compared: this page does not hold its row");
  await expect.poll(() => text("#curves"), PATIENCE).toContain("replenish explore shows them");
  quiet();
});

test.runIf(tested)("nobody is left out: axe-core finds no violation in three sizes, light and dark", async () => {
  for (const [size, scheme] of [
    [SIZES[0], "dark"],
    [SIZES[1], "light"],
    [SIZES[2], "dark"],
  ] as const) {
    await open("paper/report.html", "#cell=20", { size, scheme });
    expect(await violations(), `${size[0]} ${scheme}`).toStrictEqual([]);
    const width = await page.evaluate<number>("document.documentElement.scrollWidth");
    expect(width, "no sideways scrolling").toBeLessThanOrEqual(size[0]);
    quiet();
    await page.close();
  }
  await open("hostile/report.html");
  expect(await violations()).toStrictEqual([]);
});

test.runIf(tested)("the code of a page is less than a megabyte", async () => {
  const script = (await stat(join(ROOT, "build/page.js"))).size;
  const kernel = (4 / 3) * (await stat(join(ROOT, "build/kernel.wasm"))).size;
  expect(script + kernel).toBeLessThan(1_000_000);
});

test.runIf(tested)("a run is explored over loopback, with rows on demand", async () => {
  const { child, ended } = start(["explore", join(directory, "paper")]);
  const address = await new Promise<string>((resolve) => {
    child.stdout!.once("data", (data) => resolve(String(data).trim()));
  });
  try {
    const place = "#x=P&y=Q&colour=miss_ratio&policy=idling&cell=700&replicate=0";
    await open(address, place);
    await shown(700);
    expect(await text("#proof")).toBe("equal");
    const served = await responseFigure();
    expect((await text("#answer")).replaceAll("\u00a0", " ")).toContain("the cheapest takes 76.9 % of the CPU");
    await page.locator("#filter").fill("miss_ratio=0 P<=3 policy=deferrable");
    await expect.poll(() => text("#table [role=status]"), PATIENCE).toBe("6 rows, 1 to 6 shown");
    await page.locator("#table tbody tr:first-child button").click();
    await expect.poll(() => text("#subject"), PATIENCE).toMatch(/^policy = deferrable, .*; no deadline missed$/);
    expect(await text("#proof")).toBe("equal");
    await mapsOutOfTurn();
    expect(complaints).toStrictEqual([]);
    expect(requests.filter((url) => !url.startsWith(address) && !/^(blob|data):/.test(url))).toStrictEqual([]);
    await open("paper/report.html", place);
    expect(await responseFigure()).toBe(served);
  } finally {
    child.kill("SIGINT");
  }
  expect(await ended).toMatchObject({ code: 0, stdout: `${address}\n` });
});

/** Of two maps that are asked for one after the other the last is shown, whichever the server has first. */
async function mapsOutOfTurn(): Promise<void> {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(/\/map\?.*colour=bandwidth/, async (route) => {
    await held;
    await route.continue();
  });
  const late = page.waitForResponse(/\/map\?.*colour=bandwidth/);
  const label = () => page.locator(".heat svg").getAttribute("aria-label");
  for (const colour of ["bandwidth", "missed"]) await page.locator("#map select >> nth=2").selectOption(colour);
  await expect.poll(label, PATIENCE).toContain("Heat map of missed");
  release();
  await (await late).finished();
  await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))");
  expect(await label()).toContain("Heat map of missed");
}
