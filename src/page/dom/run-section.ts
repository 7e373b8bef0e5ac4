// The section of the opened run: simulated in the page, with its picture, its counters, and the proof against the tables.

import { NONE, placeText } from "../bins.js";
import { chartSvg } from "../chart.js";
import { commandOnSweep } from "../content.js";
import type { Series } from "../curves.js";
import { proofText } from "../proof.js";
import type { Rerun } from "../rerun.js";
import type { Value } from "../table.js";
import { type Client, Refusal } from "./client.js";
import { CounterTable } from "./counters.js";
import { byId, element, picture } from "./elements.js";
import { Gantt } from "./gantt.js";
import { patchChildren, setText } from "./patch.js";
import { Sliders } from "./sliders.js";
import type { RunRows, Source } from "./source.js";
import { AtRest, Latest, OnceAFrame } from "./timing.js";
import { type AxisTexts, numbersOf, type Opened, type View } from "./view.js";
import type { RunShown } from "./worker.js";

/** Columns of a task's response times, with the share of jobs that took at most as long. */
const SHARES = [
  ["response_min", 0],
  ["response_p50", 0.5],
  ["response_p90", 0.9],
  ["response_p99", 0.99],
  ["response_p999", 0.999],
  ["response_max", 1],
] as const;

/** Runs that are asked for at a time: the worker has the next one while the page, busy drawing, does not look at its answer. */
const ASKED_MOST = 2;

/** What came of a run that was asked for: the run, or why there is none. */
interface Answered {
  readonly opened: Opened;
  /** Of the picture's window, until it was asked for. */
  readonly moves: number;
  readonly shown?: RunShown;
  readonly refusal?: string;
}

export class RunSection {
  private readonly subject = element("p", { id: "subject", role: "status" });
  private readonly proof = element("output", { id: "proof" });
  private readonly problem = element("p", { class: "problem", role: "alert" });
  private readonly results = element("div");
  private readonly command = element("pre", {
    tabindex: "0",
    role: "group",
    "aria-label": "Command that shows the same run",
  });
  private readonly responses = element("figure");
  private readonly replicate = element("input", { type: "number", min: 0, step: 1, value: 0, id: "replicate" });
  /** The run that was asked for last; the one that a page opens with is in no address. */
  private latest: Opened | undefined;
  private readonly sliders: Sliders;
  private readonly gantt: Gantt;
  private readonly counters: CounterTable;
  private readonly asked = new Latest<Opened>((opened) => this.ask(opened), ASKED_MOST);
  private readonly drawn = new OnceAFrame<Answered>((answered) => this.draw(answered));
  private readonly proved = new Latest<Answered>((answered) => this.prove(answered));
  /** Screen readers are told where a slider comes to rest, not what it passes. */
  private readonly settled = new AtRest(() => this.subject.removeAttribute("aria-busy"));

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
        `The kernel that made the tables is in this page.${source.axes.length === 0 ? "" : " Move a slider, also between the cells of the sweep."}`,
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
      element("p", { class: "hint kept" }, "The same run on the command line:"),
      this.command,
    );
  }

  show(opened: Opened): void {
    this.latest = opened;
    this.subject.setAttribute("aria-busy", "true");
    this.settled.request();
    if (this.replicate.valueAsNumber !== opened.replicate) this.replicate.valueAsNumber = opened.replicate;
    this.asked.request(opened);
  }

  private replicates(): HTMLElement[] {
    const { replicates } = this.source.content;
    if (replicates < 2) return [];
    const { replicate: input } = this;
    input.max = String(replicates - 1);
    input.addEventListener("input", () => {
      const { latest } = this;
      const replicate = input.valueAsNumber;
      if (latest !== undefined && Number.isInteger(replicate) && replicate >= 0 && replicate < replicates)
        this.view.change({ opened: { ...latest, replicate } });
    });
    // What is no replicate of the run is not left standing.
    input.addEventListener("change", () => {
      input.valueAsNumber = this.latest?.replicate ?? 0;
    });
    return [element("div", { class: "controls" }, element("label", {}, `replicate, 0 to ${replicates - 1}`, input))];
  }

  /** Has the next run computed while this one is drawn. */
  private async ask(opened: Opened): Promise<void> {
    const { cell, values, replicate } = opened;
    const wanted = values === undefined ? { cell: cell!, replicate } : { values, replicate };
    const { seen: before, width, moves } = this.gantt;
    try {
      const shown = await this.client.ask("run", { wanted, before, width });
      this.drawn.request({ opened, shown, moves });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.drawn.request({ opened, moves, refusal: error.message });
    }
  }

  private draw(answered: Answered): void {
    const { opened, shown, refusal } = answered;
    this.results.hidden = shown === undefined;
    if (shown === undefined) {
      setText(this.subject, "");
      if (opened.values !== undefined) this.setSliders(opened, opened.values);
      setText(this.problem, `There is no such run: ${refusal}`);
    } else {
      const texts = this.textsOf(opened, shown.run);
      if (this.reopened(opened, texts)) return;
      const { failure } = shown.run;
      setText(this.problem, failure === undefined ? "" : `No result: ${failure}`);
      this.describe(opened, shown.run, texts);
      this.gantt.show(shown, answered.moves);
      this.counters.show(shown.run.tables);
      this.showResponses(shown.run);
    }
    this.proved.request(answered);
  }

  /** A slider that was moved on meanwhile stays where it is. */
  private setSliders(opened: Opened, values: AxisTexts): void {
    if (this.isNewest(opened)) this.sliders.set(values);
  }

  private isNewest(opened: Opened): boolean {
    return (this.view.shown.opened ?? opened) === opened;
  }

  /** What a run has on the axes: as it was asked for, where that axis exists. */
  private textsOf({ values }: Opened, { tables }: Rerun): AxisTexts {
    const { columns } = this.source.content.tables[0];
    return this.source.axes.map((axis, index) => {
      const own = tables[0][0][columns.findIndex(({ name }) => name === axis.name)];
      return own === null ? null : (values?.[index] ?? String(own));
    });
  }

  /** By what another axis is set to, one may have come to exist or no longer do: the run may then be a cell of the sweep. */
  private reopened(opened: Opened, texts: AxisTexts): boolean {
    const isOther = opened.values?.some((text, axis) => text !== texts[axis]) ?? false;
    if (!isOther || !this.isNewest(opened)) return false;
    this.sliders.set(texts);
    this.view.openValues(texts, opened.replicate);
    return true;
  }

  /** Which run it is, in words and on the sliders. */
  private describe(opened: Opened, { tables }: Rerun, texts: AxisTexts): void {
    const { cell, replicate } = opened;
    const { axes } = this.source;
    const { columns } = this.source.content.tables[0];
    const row = tables[0][0];
    this.setSliders(opened, texts);
    const numbers = numbersOf(axes, texts);
    this.onRun(new Map(axes.map((axis, index) => [axis.name, numbers[index]])));
    const place = axes.map((axis, index) => placeText(axis, texts[index] ?? NONE)).join(", ");
    const replicates = this.source.content.replicates > 1 ? `, replicate ${replicate}` : "";
    const which = cell === undefined ? "between the cells of the sweep" : `cell ${cell}${replicates}`;
    const missed = row[columns.findIndex(({ name }) => name === "missed")];
    const standing =
      missed === null ? "no result" : Number(missed) === 0 ? "no deadline missed" : `${missed} deadlines missed`;
    setText(this.subject, `${place === "" ? "" : `${place}: `}${which}; ${standing}`);
    setText(this.command, this.commandOf(cell, replicate, texts));
  }

  private commandOf(cell: number | undefined, replicate: number, texts: AxisTexts): string {
    const { content } = this.source;
    const set = this.source.axes.flatMap(({ name, unit }, axis) => {
      const ofTime = unit === undefined || unit === "1" || unit === "tick" ? "" : unit;
      return texts[axis] === null ? [] : ["--set", `${name}=${texts[axis]}${ofTime}`];
    });
    const which = cell === undefined ? [...set, "--cell", "0"] : ["--cell", String(cell)];
    const one = content.replicates > 1 ? ["--replicate", String(replicate)] : [];
    return commandOnSweep(content, "trace", ...which, ...one);
  }

  private async prove({ opened, shown }: Answered): Promise<void> {
    if (shown !== undefined) await this.proveRun(opened, shown.run.tables);
    document.documentElement.dataset.run = String(opened.cell ?? "between");
  }

  private async proveRun({ cell, replicate }: Opened, computed: RunRows): Promise<void> {
    const stored = cell === undefined ? undefined : await this.source.runRows(cell, replicate);
    const { proof } = this;
    if (stored === undefined || stored[0].length === 0) {
      const why = cell === undefined ? "the tables have no such run" : "this page does not hold its row";
      setText(proof, `not compared: ${why}`);
      delete proof.dataset.equal;
      return;
    }
    const text = proofText(this.source.content.tables, stored, computed);
    setText(proof, text);
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
    patchChildren(this.responses, [caption, picture(chartSvg(chart))]);
  }
}

/** A percentile is the lower end of a bucket, which may be below the least response: no job took so little. */
function pointOf(value: Value, y: number, least: Value): { x: number; y: number }[] {
  return typeof value === "number" ? [{ x: Math.max(value, Number(least)), y }] : [];
}
