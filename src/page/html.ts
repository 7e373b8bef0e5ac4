// The page as one text: its style, its script, the kernel and the tables are inside, and its policy lets nothing else in.

import { countOf, formatCount } from "../numbers/counts.js";
import { escaped, escapedLines } from "../report/xml.js";
import { answerHtml } from "./answer-html.js";
import { commandOnSweep, type PageContent, sweepFileName } from "./content.js";
import { STYLE } from "./style.js";

/** What is put into a page, the bytes as base64. */
export interface PageParts {
  readonly content: PageContent;
  readonly script: string;
  readonly kernel: string;
  readonly tables: Readonly<Partial<Record<string, string>>>;
}

/** @param sha256 the hash of a text, in base64 */
export function pageHtml(parts: PageParts, sha256: (text: string) => string): string {
  const { content } = parts;
  // In a script element the text ends at "</script", wherever it stands; in a text of the script the two are the same.
  const script = parts.script.replaceAll(/<\/(?=script)/gi, "<\\/").replaceAll("<!--", "<\\!--");
  const data = [
    dataElement("content", "application/json", JSON.stringify(content).replaceAll("<", "\\u003c")),
    dataElement("kernel", "text/plain", parts.kernel),
    ...[...content.tables.map(({ name }) => name), ...content.further].map((name) =>
      dataElement(`table-${name}`, "text/plain", parts.tables[name] ?? ""),
    ),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(sha256(script), sha256(STYLE), content.storage === "served")}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="replenish ${escaped(content.version)}">
<title>${escaped(content.name)}: replenish</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
${body(content)}
${data.join("\n")}
<script>${script}</script>
</body>
</html>
`;
}

function dataElement(id: string, type: string, text: string): string {
  return `<script type="${type}" id="${id}">${text}</script>`;
}

/** Nothing is loaded, nothing is sent: only the one script, the one style sheet, and a worker made of that script. */
function policyOf(script: string, style: string, isServed: boolean): string {
  return [
    "default-src 'none'",
    `script-src 'sha256-${script}' 'wasm-unsafe-eval'`,
    `style-src 'sha256-${style}'`,
    "img-src data:",
    "worker-src blob:",
    ...(isServed ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** In place of an answer that a server is still looking for. */
const READING = `<p id="answer">Reading the tables\u2026</p>`;

function body(content: PageContent): string {
  const { name, answer, search } = content;
  return `<header>
<p class="brand">replenish <span class="dim">report</span></p>
<h1>${escaped(name)}: ${search === undefined ? "which configurations keep every deadline?" : "where is the boundary?"}</h1>
<div id="answers">${answer === undefined ? READING : answerHtml(answer, content.search)}</div>
${madeLine(content)}
${shardNote(content)}${storageNote(content)}
</header>
<noscript><p class="note">Without JavaScript this page shows its answer and where it comes from, but no pictures.</p></noscript>
<main>
<section id="map" aria-labelledby="map-title"></section>
<section id="run" aria-labelledby="run-title"></section>
<section id="curves" aria-labelledby="curves-title"></section>
<section id="table" aria-labelledby="table-title"></section>
${provenance(content)}
</main>`;
}

/** By what and from what, and how to have it again: in full below. */
function madeLine(content: PageContent): string {
  const { version, planHash, kernelHash } = content;
  const command = escaped(runCommand(content));
  const parts = `replenish ${version}, plan ${planHash.slice(0, 12)}, kernel ${kernelHash.slice(0, 12)}`;
  return `<p class="dim" id="made">${escaped(parts)}; the same again: <code>${command}</code>. <button type="button" class="link" data-to="provenance-title">The sweep, hashes and tables</button></p>`;
}

function runCommand(content: PageContent): string {
  const { shard } = content;
  return commandOnSweep(content, "run", ...(shard === undefined ? [] : ["--shard", `${shard.index}/${shard.count}`]));
}

/** Which sweep is to be saved, and what its run then gives. */
function repeatText({ name, overrides }: PageContent): string {
  const save = `To repeat it, save <code>${escaped(sweepFileName(name))}</code>, the sweep`;
  return overrides === undefined
    ? `${save} as it was run: what was set besides the one that was written is not known here. The command gives the same tables and <code>plan.json</code>, byte for byte; <code>sweep.yaml</code> is then what you saved, and its sum another:`
    : `${save} as it was written. The command gives the same files, byte for byte:`;
}

/** How the sums are compared with what the page hands out. */
const SUMS_TEXT =
  "<p>They are of the files in the run's directory. Beside tables that are saved from here, <code>sha256sum --check --ignore-missing SHA256SUMS</code> compares those.</p>";

/** That a page shows one part of a sweep, for an answer that holds in it alone. */
function shardNote({ shard, firstCell, cells, cellCount }: PageContent): string {
  if (shard === undefined) return "";
  const range = `cells ${formatCount(firstCell)} to ${formatCount(firstCell + cells - 1)} of ${formatCount(cellCount)}`;
  return `<p class="note" id="shard">This is one part of the sweep, shard ${shard.index} of ${shard.count}: ${range}. What is said here holds for these; <code>replenish merge</code> joins all shards.</p>\n`;
}

function storageNote({ storage, runs, group, tables }: PageContent): string {
  if (storage === "whole") return "";
  const all = countOf(runs, "run");
  if (storage === "served")
    return `<p class="note" id="storage">All ${all} are at hand: the rows of a cell are read when it is opened.</p>`;
  const bytes = tables.reduce((sum, table) => sum + table.bytes, 0);
  return `<p class="note" id="storage">The tables of ${all} have ${formatCount(Math.round(bytes / 1e6))} MB. This page holds groups of up to ${countOf(group, "run")}: of each the mean of every column. What is simulated here is the first cell of a group; <code>replenish explore</code> shows every one.</p>`;
}

/** How much was run, and how much of it failed. */
function runText({ cells, runs, replicates, failures, search }: PageContent): string {
  const failed = failures === 0 ? "no failures" : `${formatCount(failures)} failed`;
  const grid = countOf(cells, "cell");
  const all = countOf(cells * replicates, "run");
  if (search !== undefined) return `${formatCount(runs)} of the ${all} of the full grid of ${grid}, ${failed}`;
  return `${grid}, ${runs < cells * replicates ? `${formatCount(runs)} of at most ${all}` : all}, ${failed}`;
}

function provenance(content: PageContent): string {
  const { planHash, kernelHash, pageKernelHash, version } = content;
  const kernel =
    kernelHash === pageKernelHash
      ? "the kernel in this page is the same"
      : `the kernel in this page is another, ${pageKernelHash}`;
  const facts: readonly (readonly [string, string])[] = [
    ["Run", runText(content)],
    ["Made by", `replenish ${version}`],
    ["Plan", planHash],
    ["Kernel", `${kernelHash}; ${kernel}`],
  ];
  const list = facts.map(([name, text]) => `<dt>${escaped(name)}</dt><dd>${escaped(text)}</dd>`).join("\n");
  return `<section id="provenance" aria-labelledby="provenance-title">
<h2 id="provenance-title" tabindex="-1">Where it comes from</h2>
<dl>${list}</dl>
<p id="repeated">${repeatText(content)}</p>
<pre tabindex="0" role="group" aria-label="Command that repeats the run" id="repeat">${escaped(runCommand(content))}</pre>
<p id="downloads" class="buttons"></p>
<details><summary>The sweep, as it was written</summary><pre tabindex="0" role="group" aria-label="Sweep as written">\n${escapedLines(content.text)}</pre></details>
<details><summary>The sweep as it was run, with every override</summary><pre tabindex="0" role="group" aria-label="Sweep as run">\n${escapedLines(content.canonical)}</pre></details>
<details><summary>SHA-256 of the files of the run</summary>${content.storage === "whole" ? SUMS_TEXT : ""}<pre tabindex="0" role="group" aria-label="SHA256SUMS">\n${escapedLines(content.sums)}</pre></details>
</section>`;
}
