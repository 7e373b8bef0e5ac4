// One row of a picture within one strip of time: the host, a server with its budget curve, or a task with its jobs.

import { exactTimes } from "../../numbers/clock.js";
import { escaped } from "../../report/xml.js";
import type { TracedTask } from "../traced.js";
import type { Stretch, SvgModel } from "./model.js";
import { arrowUp, box, cross, disc, pixels, shortened, square, triangleDown } from "./shapes.js";
import { serverClasses, textOn, textOnPattern } from "./style.js";

export const LABELS_WIDTH = 150;
/** Names that fit beside a row. */
const NAME_MAX = 16;
/** Likewise of the smaller text below. */
const DETAILS_MAX = 22;

/** A strip of a picture: a stretch of time, and where it is drawn. */
export interface Strip {
  readonly from: number;
  readonly to: number;
  /** Pixels from the left of a time. */
  readonly x: (time: number) => number;
  /** Whether this is the first strip: what happens on an edge between two belongs to the earlier one. */
  readonly isFirst: boolean;
  /** Of the picture, in pixels. */
  readonly width: number;
}

export interface Row {
  readonly height: number;
  /** @param y of its top */
  draw(strip: Strip, y: number): string;
}

/** The parts of stretches that fall into a strip. */
function within<T extends Stretch>(stretches: readonly T[], { from, to }: Strip): T[] {
  return stretches
    .filter((stretch) => stretch.from < to && stretch.to > from)
    .map((stretch) => ({ ...stretch, from: Math.max(from, stretch.from), to: Math.min(to, stretch.to) }));
}

/** The points in time that fall into a strip. */
function marks(times: readonly number[], { from, to, isFirst }: Strip): number[] {
  return times.filter((time) => (time > from || (isFirst && time === from)) && time <= to);
}

function path(classes: string, pieces: readonly string[]): string {
  return pieces.length === 0 ? "" : `<path class="${classes}" d="${pieces.join("")}"/>\n`;
}

function label(name: string, details: readonly string[], y: number): string {
  const title = [...name].length > NAME_MAX ? `<title>${escaped(name)}</title>` : "";
  const first = `<text class="name" x="10" y="${pixels(y)}">${escaped(shortened(name, NAME_MAX))}${title}</text>\n`;
  return (
    first +
    details.map((text, i) => `<text class="small dim" x="10" y="${pixels(y + 14 + i * 13)}">${text}</text>\n`).join("")
  );
}

function baseline({ from, to, x }: Strip, y: number): string {
  return path("base", [`M${pixels(x(from))} ${pixels(y)}H${pixels(x(to))}`]);
}

/** Boxes in the colour of a server, and its pattern over them. */
function boxes(server: number, pieces: readonly string[], extra: string): string {
  const { colour, pattern } = serverClasses(server);
  return path(`${colour} ${extra}`, pieces) + (pattern === undefined ? "" : path(pattern, pieces));
}

/** Who has a CPU. */
export function hostRow(model: SvgModel, cpu: number): Row {
  const name = model.traced.cpus > 1 ? `CPU ${cpu}` : "CPU";
  const servers = model.traced.servers.map(({ name }) => name);
  return {
    height: 40,
    draw(strip, y) {
      const runs = within(model.host[cpu], strip);
      const bars = servers.map((_, server) => {
        const bars = (isExtra: boolean) =>
          runs
            .filter((run) => run.server === server && run.isExtra === isExtra)
            .map((run) => box(strip.x(run.from), strip.x(run.to), y + 8, 22));
        return boxes(server, bars(false), "supply") + boxes(server, bars(true), "extra");
      });
      const texts = runs.map((run) => {
        const [left, right] = [strip.x(run.from), strip.x(run.to)];
        if (right - left < 7 * [...servers[run.server]].length + 6) return "";
        return `<text class="job ${run.isExtra ? "on-light" : textOnPattern(run.server)}" x="${pixels((left + right) / 2)}" y="${pixels(y + 22.5)}">${escaped(servers[run.server])}</text>\n`;
      });
      return `<g class="host">\n${label(name, [], y + 23)}${baseline(strip, y + 30)}${bars.join("")}${texts.join("")}</g>\n`;
    },
  };
}

/** The budget curve of a server, and when it has the CPU: filled with a job, hollow without one. */
export function serverRow(model: SvgModel, server: number): Row {
  const { servers } = model.traced;
  const { name, policy, budget, line } = servers[server];
  const row = model.servers[server];
  const curveHeight = budget === null ? 0 : 34;
  const above = line.length > 1 ? ` in ${escaped(shortened(servers[line[1]].name, NAME_MAX))}` : "";
  const details = [policy + above, ...(budget === null ? [] : budgetDetails(model, server))];
  return {
    height: 36 + curveHeight,
    draw(strip, y) {
      const bars = y + curveHeight + 10;
      const bar = (stretch: Stretch) => box(strip.x(stretch.from), strip.x(stretch.to), bars, 14);
      const curve = budget === null ? "" : budgetCurve(row.budget, budget, strip, y + 6, curveHeight - 4, server);
      return [
        `<g class="server" data-server="${server}">\n`,
        label(name, details, y + (budget === null ? 16 : 20)),
        curve,
        boxes(server, within(row.used, strip).map(bar), "supply"),
        boxes(server, within(row.extra, strip).map(bar), "extra"),
        path("idled", within(row.idled, strip).map(bar)),
        baseline(strip, bars + 14),
        "</g>\n",
      ].join("");
    },
  };
}

/** `period 7 to 8`, `budget 0.25 to 0.75` */
function budgetDetails({ traced }: SvgModel, number: number): string[] {
  const time = exactTimes(traced.clock);
  const { period, periodMax, budget, budgetMin } = traced.servers[number];
  if (period === null) return [`budget up to ${time(budget!)}`];
  return [`period ${rangeOf(period, periodMax!, time)}`, `budget ${rangeOf(budgetMin!, budget!, time)}`];
}

/** `7 to 8`, or `7` where both are the same. */
function rangeOf(low: number, high: number, time: (steps: number) => string): string {
  return low === high ? time(low) : `${time(low)} to ${time(high)}`;
}

function budgetCurve(
  corners: readonly (readonly [number, number])[],
  full: number,
  strip: Strip,
  top: number,
  height: number,
  server: number,
): string {
  const points: string[] = [];
  const debt = corners.reduce((most, [, left]) => Math.max(most, -left), full > 0 ? 0 : 1);
  const put = (time: number, left: number) => {
    points.push(`${pixels(strip.x(time))} ${pixels(top + height * (1 - (left + debt) / (full + debt)))}`);
  };
  for (let i = 0; i + 1 < corners.length; i++) {
    const [[time, left], [nextTime, nextLeft]] = [corners[i], corners[i + 1]];
    if (nextTime < strip.from || time > strip.to) continue;
    const at = (t: number) =>
      nextTime === time ? nextLeft : left + ((nextLeft - left) * (t - time)) / (nextTime - time);
    if (points.length === 0) put(Math.max(time, strip.from), time < strip.from ? at(strip.from) : left);
    put(Math.min(nextTime, strip.to), nextTime > strip.to ? at(strip.to) : nextLeft);
  }
  if (points.length === 0) return "";
  const bottom = pixels(top + height * (1 - debt / (full + debt)));
  const [first, last] = [points[0].split(" ")[0], points.at(-1)!.split(" ")[0]];
  const line = `M${points.join("L")}`;
  return (
    path(`area ${serverClasses(server).colour}`, [`${line}V${bottom}H${first}z`]) +
    path("curve", [line]) +
    path("base", [`M${first} ${bottom}H${last}`])
  );
}

/** `T 5, C 2, D 4`, `T 8 to 25, C 1`: what its jobs have, the deadline on a line of its own where one has no room for all. */
function taskDetails({ period, periodMax, wcet, deadline }: TracedTask, time: (steps: number) => string): string[] {
  const arrivals = period === null || periodMax === null ? "" : `T ${rangeOf(period, periodMax, time)}, `;
  const first = `${arrivals}C ${time(wcet)}`;
  if (deadline === null || deadline === period) return [first];
  const own = `D ${time(deadline)}`;
  return first.length + own.length < DETAILS_MAX ? [`${first}, ${own}`] : [first, own];
}

/** The jobs of a task. */
export function taskRow(model: SvgModel, task: number): Row {
  const { name } = model.traced.tasks[task];
  const row = model.tasks[task];
  const time = exactTimes(model.traced.clock);
  const details = taskDetails(model.traced.tasks[task], time);
  const missed = new Set(row.misses);
  const met = row.deadlines.filter((at) => !missed.has(at));
  return {
    height: 56,
    draw(strip, y) {
      const base = y + 38;
      const { x } = strip;
      const runs = within(row.runs, strip);
      return [
        `<g class="task" data-task="${task}">\n`,
        label(name, details, y + 26),
        path(
          "band",
          within(row.pending, strip).map(({ from, to }) => box(x(from), x(to), base - 5, 5)),
        ),
        runBoxes(runs, strip, base - 20),
        runs.map((run) => jobNumber(run, strip, base - 6.5, run.server)).join(""),
        baseline(strip, base),
        path(
          "mark release",
          marks(row.releases, strip).map((at) => arrowUp(x(at), base, 33)),
        ),
        path(
          "deadline",
          marks(met, strip).map((at) => triangleDown(x(at), base + 2)),
        ),
        path(
          "dot",
          marks(row.completions, strip).map((at) => disc(x(at), base - 20, 3.5)),
        ),
        path(
          "skip",
          marks(row.skips, strip).map((at) => arrowUp(x(at), base, 33)),
        ),
        path(
          "miss skipped",
          marks(row.skips, strip).map((at) => cross(x(at), base - 33)),
        ),
        path(
          "abort",
          marks(row.aborts, strip).map((at) => square(x(at), base - 20)),
        ),
        path(
          "miss",
          marks(row.misses, strip).map((at) => cross(x(at), base + 7)),
        ),
        "</g>\n",
      ].join("");
    },
  };
}

/** When its jobs run, in the colour of the server on which they do. */
function runBoxes(runs: readonly (Stretch & { readonly server: number })[], { x }: Strip, y: number): string {
  const servers = [...new Set(runs.map(({ server }) => server))].sort((a, b) => a - b);
  return servers
    .map((server) => {
      const own = runs.filter((run) => run.server === server);
      const pieces = own.map(({ from, to }) => box(x(from), x(to), y, 20));
      return path(`${serverClasses(server).colour} run`, pieces);
    })
    .join("");
}

function jobNumber(
  { job, from, to }: Stretch & { readonly job: number },
  { x }: Strip,
  y: number,
  server: number,
): string {
  const text = String(job);
  if (x(to) - x(from) < 6 * text.length + 5) return "";
  return `<text class="job ${textOn(server)}" x="${pixels((x(from) + x(to)) / 2)}" y="${pixels(y)}">${text}</text>\n`;
}
