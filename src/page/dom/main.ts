// The script of a page. It is the script of its worker as well, which has no document.

import type { Answer } from "../answer.js";
import { answerHtml } from "../answer-html.js";
import type { PageContent } from "../content.js";
import { sweepFile, sweepFileName } from "../content.js";
import { openingCell } from "../opening.js";
import { bytesOf } from "./arrow.js";
import { Client } from "./client.js";
import { CurvesSection } from "./curves-section.js";
import { byId, saveLink } from "./elements.js";
import { MapSection } from "./map-section.js";
import { RunSection } from "./run-section.js";
import { ServedSource } from "./served-source.js";
import { LocalSource, type Source } from "./source.js";
import { TableSection } from "./table-section.js";
import { View } from "./view.js";
import { startWorker } from "./worker.js";

if (typeof document === "undefined") startWorker();
else void startPage(document.currentScript?.textContent ?? "");

async function startPage(script: string): Promise<void> {
  const content = JSON.parse(byId("content").textContent ?? "") as PageContent;
  const kernel = bytesOf(byId("kernel").textContent ?? "").buffer;
  const client = new Client(script, { kernel, canonical: content.canonical, plan: content.plan });
  const source = content.storage === "served" ? await ServedSource.open(content) : new LocalSource(content);
  const view = new View(source);
  const map = new MapSection(source, view);
  const curves = new CurvesSection(source);
  let values: ReadonlyMap<string, number> | undefined;
  const run = new RunSection(source, view, client, (shown) => {
    values = shown;
    map.mark(values);
    curves.follow(values);
    view.follow(values);
  });
  new TableSection(source, view);
  byId("answers").addEventListener("click", ({ target }) => {
    const cell = target instanceof HTMLElement ? target.dataset.cell : undefined;
    if (cell === undefined) return;
    view.openCell(Number(cell));
    byId("run").scrollIntoView({ behavior: "instant", block: "start" });
  });
  for (const link of document.querySelectorAll<HTMLElement>("[data-to]"))
    link.addEventListener("click", () => byId(link.dataset.to!).focus());
  view.onChange((shown, before) => {
    const isOther = (["x", "y", "colour", "held"] as const).some((key) => shown[key] !== before[key]);
    if (isOther) void map.draw().then(() => map.mark(values));
    if (shown.opened !== undefined && shown.opened !== before.opened) run.show(shown.opened);
  });
  downloads(source);
  await map.draw();
  curves.draw();
  document.documentElement.dataset.ready = "true";
  client.wake();
  const answer = source instanceof ServedSource ? await served(source) : content.answer;
  run.show(
    view.shown.opened ?? { cell: openingCell(content, answer, view.shown.held), replicate: 0, values: undefined },
  );
}

/** Shows the answer when the server has it. */
async function served(source: ServedSource): Promise<Answer> {
  const answer = await source.answer();
  const parsed = new DOMParser().parseFromString(answerHtml(answer, source.content.search), "text/html");
  byId("answers").replaceChildren(...parsed.body.childNodes);
  return answer;
}

function downloads(source: Source): void {
  const { content } = source;
  const place = byId("downloads");
  place.append(saveLink(sweepFileName(content.name), "text/yaml", () => sweepFile(content)));
  if (content.storage === "whole") {
    for (const name of [...content.tables.map((table) => table.name), ...content.further])
      place.append(saveLink(`${name}.arrow`, "application/vnd.apache.arrow.file", () => LocalSource.file(name)));
  }
  // Of a plain text a browser would save SHA256SUMS.txt.
  for (const [name, text] of Object.entries({ ...content.texts, SHA256SUMS: content.sums }))
    place.append(saveLink(name, "application/octet-stream", () => text));
}
