// The section of the opened run: simulated in the page, with its picture, its counters, and the proof against the tables.

import { shellWords } from "../../input/shell.js";
import type { Column } from "../../tables/columns.js";
import { placeText } from "../bins.js";
import { chartSvg } from "../chart.js";
import { sweepFileName } from "../content.js";
import type { Series } from "../curves.js";
import { proofText } from "../proof.js";
import type { Rerun } from "../rerun.js";
import { type Value, valueText } from "../table.js";
import { type Client, Latest, Refusal } from "./client.js";
import { CounterTable } from "./counters.js";
import { byId, element, picture } from "./elements.js";
import { Gantt } from "./gantt.js";
import { Sliders } from "./sliders.js";
import type { RunRows, Source } from "./source.js";
import type { Opened, View } from "./view.js";

/** Columns of a task's response times, with the share of jobs that took at most as long. */
const SHARES = [
  ["response_min", 0],
  ["response_p50", 0.5],
  ["response_p90", 0.9],
  ["response_p99", 0.99],
  ["response_p999", 0.999],
  ["response_max", 1],
] as const;

export class RunSection {
  private readonly subject = element("p", { id: "subject", role: "status" });
  private readonly proof = element("output", { id: "proof" });
  private readonly problem = element("p", { class: "problem", role: "alert" });
  private readonly results = element("div");
  private readonly command = element("pre", { tabindex: "0", "aria-label": "Command that shows the same run" });
  private readonly responses = element("figure");
  private readonly sliders: Sliders;
  private readonly gantt: Gantt;
  private readonly counters: CounterTable;
  private readonly latest = new Latest<Opened>((opened) => this.open(opened));

  /** @param onRun told the values on the axes of the run that is shown */
  constructor(
    private readonly source: Source,
    private readonly view: View,
    private readonly client: Client,
    private readonly onRun: (values: ReadonlyMap<string, number>) => void,
  ) {
    this.sliders = new Sliders(source, (values) => view.openValues(values, view.shown.opened?.replicate ?? 0));
    this.gantt = new Gantt(client);
    this.counters = new CounterTable(source.content.tables);
    byId("run").append(
      element("h2", { id: "run-title" }, "One run, simulated here"),
      element(
        "p",
        { class: "hint" },
        "The kernel that made the tables is in this page. Move a slider, also between the cells of the sweep.",
      ),
      this.sliders.root,
      ...this.replicates(),
      this.subject,
      this.problem,
      this.results,
    );
    this.results.append(
      element("p", { class: "proof" }, "Every value against the row in the tables: ", this.proof),
      this.gantt.root,
      element("h3", {}, "Response times"),
      this.responses,
      element("h3", {}, "Counters"),
      element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Counters" }, this.counters.root),
      element("p", { class: "hint" }, "The same run on the command line:"),
      this.command,
    );
  }

  show(opened: Opened): void {
    this.latest.request(opened);
  }

  private replicates(): HTMLElement[] {
    const { replicates } = this.source.content;
    if (replicates < 2) return [];
    const input = element("input", { type: "number", min: 0, max: replicates - 1, step: 1, value: 0, id: "replicate" });
    input.addEventListener("input", () => {
      const { opened } = this.view.shown;
      const replicate = Number(input.value);
      if (opened !== undefined && Number.isInteger(replicate) && replicate >= 0 && replicate < replicates)
        this.view.change({ opened: { ...opened, replicate } });
    });
    return [element("div", { class: "controls" }, element("label", {}, `replicate, 0 to ${replicates - 1}`, input))];
  }

  private async open(opened: Opened): Promise<void> {
    const { cell, values, replicate } = opened;
    try {
      const run = await this.client.ask(
        "run",
        values === undefined ? { cell: cell!, replicate } : { values, replicate },
      );
      this.problem.textContent = run.failure === undefined ? "" : `No result: ${run.failure}`;
      this.results.hidden = false;
      this.describe(opened, run);
      this.gantt.show(run);
      this.counters.show(run.tables);
      this.showResponses(run);
      await this.prove(opened, run.tables);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.results.hidden = true;
      this.subject.textContent = "";
      if (values !== undefined) this.sliders.set(values);
      this.problem.textContent = `There is no such run: ${error.message}`;
    }
    document.documentElement.dataset.run = String(opened.cell ?? "between");
  }

  /** Which run it is, in words and on the sliders. */
  private describe({ cell, replicate, values }: Opened, { tables }: Rerun): void {
    const { axes } = this.source;
    const { columns } = this.source.content.tables[0];
    const row = tables[0][0];
    const at = (axis: Column) => row[columns.findIndex(({ name }) => name === axis.name)];
    const texts = values ?? axes.map((axis) => valueText(at(axis)));
    if (values === undefined) this.sliders.set(texts);
    this.onRun(
      new Map(axes.map((axis, index) => [axis.name, axis.texts?.indexOf(texts[index]) ?? Number(texts[index])])),
    );
    const place = axes.map((axis, index) => placeText(axis, texts[index])).join(", ");
    const replicates = this.source.content.replicates > 1 ? `, replicate ${replicate}` : "";
    const which = cell === undefined ? "between the cells of the sweep" : `cell ${cell}${replicates}`;
    const missed = row[columns.findIndex(({ name }) => name === "missed")];
    const standing =
      missed === null ? "no result" : Number(missed) === 0 ? "no deadline missed" : `${missed} deadlines missed`;
    this.subject.textContent = `${place === "" ? "" : `${place}: `}${which}; ${standing}`;
    this.command.textContent = this.commandOf(cell, replicate, texts);
  }

  private commandOf(cell: number | undefined, replicate: number, texts: readonly string[]): string {
    const { name, replicates } = this.source.content;
    const set = this.source.axes.flatMap((axis, index) => ["--set", `${axis.name}=${texts[index]}`]);
    const which = cell === undefined ? [...set, "--cell", "0"] : ["--cell", String(cell)];
    const one = replicates > 1 ? ["--replicate", String(replicate)] : [];
    return shellWords(["replenish", "trace", sweepFileName(name), ...which, ...one]);
  }

  private async prove({ cell, replicate }: Opened, computed: RunRows): Promise<void> {
    const stored = cell === undefined ? undefined : await this.source.runRows(cell, replicate);
    const { proof } = this;
    if (stored === undefined || stored[0].length === 0) {
      const why = cell === undefined ? "the tables have no such run" : "this page does not hold its row";
      proof.textContent = `not compared: ${why}`;
      delete proof.dataset.equal;
      return;
    }
    const text = proofText(this.source.content.tables, stored, computed);
    proof.textContent = text;
    proof.dataset.equal = String(text === "equal");
  }

  private showResponses({ tables, unit }: Rerun): void {
    const { columns } = this.source.content.tables[2];
    const index = (name: string) => columns.findIndex((column) => column.name === name);
    const series = tables[2].map((row, colour): Series => {
      const least = row[index("response_min")];
      const points = SHARES.flatMap(([name, y]) => pointOf(row[index(name)], y, least));
      const name = `${row[index("server")]}/${row[index("task")]}`;
      const bound = index("bound") < 0 ? null : row[index("bound")];
      return { name: bound === null ? name : `${name} (bound ${bound})`, colour, isDashed: false, points };
    });
    const chart = { title: "Response times", x: `response time (${unit})`, series, scale: "share" as const };
    const caption = element("figcaption", {}, "Share of jobs that took at most so long");
    this.responses.replaceChildren(caption, picture(chartSvg(chart)));
  }
}

/** A percentile is the lower end of a bucket, which may be below the least response: no job took so little. */
function pointOf(value: Value, y: number, least: Value): { x: number; y: number }[] {
  return typeof value === "number" ? [{ x: Math.max(value, Number(least)), y }] : [];
}
