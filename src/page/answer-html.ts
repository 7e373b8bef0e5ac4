// The answer as the text of HTML: the same where a page is written and where it is served.

import { escaped } from "../report/xml.js";
import { type Answer, type Least, percent, sentenceOf } from "./answer.js";

const SIMULATED = "without a miss, by simulation";
const BOUNDED = "guaranteed for every run, by analysis";

/** The sentence, and the least bandwidth of each policy. */
export function answerHtml(answer: Answer): string {
  return `<p id="answer">${escaped(unbroken(sentenceOf(answer)))}</p>\n${table(answer)}`;
}

function table({ policies, axis, guaranteed }: Answer): string {
  if (policies.every(({ simulated, bounded }) => simulated === undefined && bounded === undefined)) return "";
  const rows = policies.map(({ policy, simulated, bounded }) => {
    const places = [place(simulated, SIMULATED), ...(guaranteed === undefined ? [] : [place(bounded, BOUNDED)])];
    return `<tr><th scope="row">${escaped(policy ?? "all")}</th>${places.join("")}</tr>`;
  });
  const bounds = guaranteed === undefined ? "" : `<th scope="col">${BOUNDED}</th>`;
  return `<div class="scroll" tabindex="0" role="region" aria-label="Least share of the CPU"><table class="answers"><caption>Least share of the CPU (budget / period)</caption>
<thead><tr><th scope="col">${escaped(axis ?? "configurations")}</th><th scope="col">${SIMULATED}</th>${bounds}</tr></thead>
<tbody>${rows.join("\n")}</tbody></table></div>`;
}

function place(least: Least | undefined, label: string): string {
  if (least === undefined) return `<td class="dim" data-label="${label}">none</td>`;
  const where = escaped(unbroken([...least.axes, `cell ${least.cell}`].join(", ")));
  return `<td data-label="${label}"><button type="button" class="link" data-cell="${least.cell}">${percent(least.bandwidth)}</button> <span class="dim">${where}</span></td>`;
}

/** `P = 13` and `77 %` stay on one line. */
function unbroken(text: string): string {
  return text.replaceAll(/ (?==|%|ticks)|(?<==) /g, "\u00a0");
}
