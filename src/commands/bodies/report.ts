// replenish report: a finished run -> one HTML file that shows it.

import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { readTable } from "../../arrow/file-reader.js";
import { storing, writeWhole } from "../../files/storage.js";
import { SUMS_FILE } from "../../files/sums.js";
import { openSweep } from "../../grid/open.js";
import { EXIT } from "../../input/exit.js";
import { kernelPath } from "../../kernel/load.js";
import { AnswerFinder } from "../../page/answer.js";
import type { PageContent } from "../../page/content.js";
import { pageHtml } from "../../page/html.js";
import { tableOf } from "../../page/table.js";
import { requireFinished, SWEEP_FILE, tablePath } from "../../results/directory.js";
import { cellsOf, readPlanFile, runsThere } from "../../results/plan-file.js";
import { STATUS_FAILED, TABLE_NAMES, type TableName } from "../../tables/columns.js";
import type { ReportOptions } from "../report.js";

/** @returns the exit code */
export async function reportCommand({
  directory,
  output = join(directory, "report.html"),
}: ReportOptions): Promise<number> {
  await writeWhole(output, await reportPage(directory));
  process.stdout.write(`${output}\n`);
  return EXIT.done;
}

/**
 * The page of a run directory.
 * @throws DirectoryError when it holds no finished run; StorageError
 */
export async function reportPage(directory: string): Promise<string> {
  await requireFinished(directory);
  const content = await pageContent(directory);
  const kernel = await readFile(kernelPath());
  const tables: Partial<Record<TableName, string>> = {};
  for (const name of TABLE_NAMES) tables[name] = await readBase64(tablePath(directory, name));
  const script = await readFile(createRequire(import.meta.url).resolve("#page.js"), "utf8");
  const parts = { content, script, kernel: kernel.toString("base64"), tables };
  return pageHtml(parts, (text) => createHash("sha256").update(text).digest("base64"));
}

async function readBase64(path: string): Promise<string> {
  return (await storing(path, () => readFile(path))).toString("base64");
}

async function pageContent(directory: string): Promise<PageContent> {
  const plan = await readPlanFile(directory);
  const { firstCell, cells } = cellsOf(plan);
  const finder = new AnswerFinder();
  let failures = 0;
  for await (const piece of readTable(tablePath(directory, "cells"))) {
    const table = tableOf(piece, piece.described);
    finder.add(table);
    failures += table.numbers("status").filter((status) => status === STATUS_FAILED).length;
  }
  const { version } = createRequire(import.meta.url)("replenish/package.json") as { version: string };
  const text = (file: string) => storing(join(directory, file), () => readFile(join(directory, file), "utf8"));
  const tables = TABLE_NAMES.map(async (name) => {
    const { size } = await stat(tablePath(directory, name));
    return { name, ...plan.tables[name], bytes: size };
  });
  return {
    ...{ version, name: plan.name, planHash: plan.planHash, kernelHash: plan.kernelHash },
    pageKernelHash: createHash("sha256")
      .update(await readFile(kernelPath()))
      .digest("hex"),
    ...{ text: await text(SWEEP_FILE), canonical: plan.sweep, plan: openSweep(plan.sweep, SWEEP_FILE).plan },
    ...{ firstCell, cells, runs: runsThere(plan).runs, failures, answer: finder.answer() },
    ...{ storage: "whole", group: 1, tables: await Promise.all(tables), sums: await text(SUMS_FILE) },
  };
}
