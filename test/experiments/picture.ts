// The picture of docs/systems.md: how long rt_task1 takes under each system that has a title. The style is that of the
// pictures of `replenish trace`.

import {
  DARK,
  FONT,
  LIGHT,
  MISS,
  ON_DARK,
  SHARERS,
  TEXT_SIZE,
  type Theme,
  TITLE_SIZE,
} from "../../src/figures/style.js";
import type { Row } from "./systems.js";

type Task = Row["calm"]["task1"];

/** Where a row's strip begins and how wide it is, the height of a row, where the first begins; the last time, in ms. */
const [LEFT, WIDTH, STEP, TOP, LAST] = [190, 560, 28, 58, 70];
const DEADLINE = 20;

const x = (ms: number): string => (LEFT + (ms * WIDTH) / LAST).toFixed(1);

const themed = ({ paper, ink, grid }: Theme) =>
  `text{fill:${ink}}.paper{fill:${paper}}.grid{stroke:${grid}}.mean{stroke:${ink}}`;

const STYLE = `<style>
text{font-family:${FONT};font-size:${TEXT_SIZE}px}
.title{font-size:${TITLE_SIZE}px;font-weight:600}.axis{text-anchor:middle}.name{text-anchor:end}.mean{stroke-width:2}
.calm{fill:${SHARERS[0]}}.wild{fill:${SHARERS[1]}}.deadline{stroke:${MISS};stroke-width:1.5}
${themed(LIGHT)}
${ON_DARK}{${themed(DARK)}}
</style>`;

/** @param rows those without a title are left out */
export function systemsPicture(rows: readonly Row[]): string {
  const named = rows.filter(({ title }) => title !== undefined);
  const bottom = TOP + named.length * STEP;
  const [width, height] = [LEFT + WIDTH + 30, bottom + 10];
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    "<title>Response times of rt_task1 under the schedulers of the paper's related work</title>",
    STYLE,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    '<text class="title" x="10" y="18">Response times of rt_task1 in ms: least to longest, and the mean</text>',
    ...legend(550, "calm", "all behave"),
    ...legend(655, "wild", "sound runs wild"),
    ...[0, 10, 20, 30, 40, 50, 60, 70].flatMap((ms) => gridLine(ms, bottom)),
    ...named.flatMap(({ title, calm, wild }, number) => [
      `<text class="name" x="${LEFT - 10}" y="${TOP + number * STEP + 17}">${title}</text>`,
      ...bar(calm.task1, TOP + number * STEP + 4, "calm"),
      ...bar(wild.task1, TOP + number * STEP + 14, "wild"),
    ]),
    "</svg>",
  ];
  return `${parts.join("\n")}\n`;
}

function legend(at: number, kind: string, text: string): string[] {
  return [
    `<rect class="${kind}" x="${at}" y="10" width="14" height="8"/>`,
    `<text class="small" x="${at + 20}" y="18">${text}</text>`,
  ];
}

function gridLine(ms: number, bottom: number): string[] {
  const [kind, text] = ms === DEADLINE ? ["deadline", `deadline ${ms}`] : ["grid", String(ms)];
  return [
    `<line class="${kind}" x1="${x(ms)}" y1="${TOP - 6}" x2="${x(ms)}" y2="${bottom}"/>`,
    `<text class="axis" x="${x(ms)}" y="${TOP - 12}">${text}</text>`,
  ];
}

function bar({ response }: Task, y: number, kind: string): string[] {
  if (response === undefined) return [`<text class="small" x="${LEFT + 6}" y="${y + 8}">no job completes</text>`];
  // Times that hardly differ are still to be seen.
  const width = Math.max(2, ((response.most - response.least) * WIDTH) / LAST).toFixed(1);
  return [
    `<rect class="${kind}" x="${x(response.least)}" y="${y}" width="${width}" height="8"/>`,
    `<line class="mean" x1="${x(response.mean)}" y1="${y - 1}" x2="${x(response.mean)}" y2="${y + 9}"/>`,
  ];
}
