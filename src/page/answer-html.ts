// The answer as the text of HTML: the same where a page is written and where it is served.

import { formatCount } from "../numbers/counts.js";
import type { Findings } from "../report/find-lines.js";
import { escaped } from "../report/xml.js";
import { type Answer, type Least, noBudget, percent, sentenceOf } from "./answer.js";

const SIMULATED = "without a miss, by simulation";
const BOUNDED = "guaranteed for every run, by analysis";

/** What was found by searches; else the sentence, and the least bandwidth of each policy. */
export function answerHtml(answer: Answer, search: Findings | undefined): string {
  if (search !== undefined) return searchHtml(search);
  return `<p id="answer">${escaped(unbroken(sentenceOf(answer)))}</p>\n${table(answer)}`;
}

/** Rows of an answer beside which the map is still in sight. */
const ROWS_IN_SIGHT = 8;

function table({ policies, more, axis, conditions, guaranteed }: Answer): string {
  if (policies.every(({ simulated, bounded }) => simulated === undefined && bounded === undefined)) return "";
  const rows = policies.map(({ given, policy, simulated, bounded }) => {
    const places = [place(simulated, SIMULATED), ...(guaranteed === undefined ? [] : [place(bounded, BOUNDED)])];
    const name = [...given, ...(policy === undefined ? [] : [policy])].join(", ");
    return `<tr><th scope="row">${escaped(unbroken(name === "" ? "all" : name))}</th>${places.join("")}</tr>`;
  });
  const bounds = guaranteed === undefined ? "" : `<th scope="col">${BOUNDED}</th>`;
  const head = [...conditions, ...(axis === undefined ? [] : [axis])].join(", ");
  const last = more === 0 ? "" : `<p class="hint">and ${formatCount(more)} more, see the curve of the least</p>`;
  return `<div class="scroll${policies.length > ROWS_IN_SIGHT ? " found" : ""}" tabindex="0" role="region" aria-label="Least share of the CPU"><table class="answers"><caption>Least share of the CPU (budget / period)</caption>
<thead><tr><th scope="col">${escaped(head === "" ? "configurations" : head)}</th><th scope="col">${SIMULATED}</th>${bounds}</tr></thead>
<tbody>${rows.join("\n")}</tbody></table></div>${last}`;
}

/** The first searches, a row each, with the cell that each found; and which cells the page has. */
function searchHtml({ what, head, rows, right, cells, more, remarks }: Findings): string {
  const cell = head.indexOf("cell");
  const side = (column: number) => (right[column] ? ' class="number"' : "");
  const body = rows.map((row, place) => {
    const parts = row.map((text, column) => {
      const found = cells[place];
      if (column !== cell || found === null) return `<td${side(column)}>${escaped(text)}</td>`;
      return `<td${side(column)}><button type="button" class="link" data-cell="${found}">${escaped(text)}</button></td>`;
    });
    return `<tr>${parts.join("")}</tr>`;
  });
  const heads = head.map((text, column) => `<th scope="col"${side(column)}>${escaped(text)}</th>`);
  const last = more === undefined ? "" : `<p class="hint">${escaped(more)}</p>`;
  const about = [
    ...remarks,
    "Below are the cells that the searches looked at, each in the replicates in which they did.",
  ];
  return `<p id="answer">${escaped(unbroken(what))}</p>
<div class="scroll found" tabindex="0" role="region" aria-label="What the searches found"><table><thead><tr>${heads.join("")}</tr></thead>
<tbody>${body.join("\n")}</tbody></table></div>${last}
<p class="note">${about.map((text) => escaped(unbroken(text))).join(" ")}</p>`;
}

function place(least: Least | undefined, label: string): string {
  if (least === undefined) return `<td class="dim" data-label="${label}">none</td>`;
  const where = escaped(unbroken([...least.axes, `cell ${least.cell}`, ...noBudget(least)].join(", ")));
  return `<td data-label="${label}"><button type="button" class="link" data-cell="${least.cell}">${percent(least.bandwidth)}</button> <span class="dim">${where}</span></td>`;
}

/** `P = 13` and `77 %` stay on one line. */
function unbroken(text: string): string {
  return text.replaceAll(/ (?==|%|ticks|(?:[num]?s)\b)|(?<==) /g, "\u00a0");
}
