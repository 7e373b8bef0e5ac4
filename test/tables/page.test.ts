// docs/tables.md says of every column what the code says.

import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { HOST_METRICS, SERVER_METRICS, TASK_METRICS } from "../../src/model/metrics.js";
import { tablesPage } from "../../src/tables/page.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const PAGE = join(root, "docs/tables.md");

test("docs/tables.md is what the rows of the tables say", () => {
  if (process.env.UPDATE_DOCS === "1") writeFileSync(PAGE, tablesPage());
  expect(readFileSync(PAGE, "utf8")).toBe(tablesPage());
});

/** The code of a file, or of every file of a folder. */
function codeIn(path: string): string {
  const full = join(root, path);
  if (!statSync(full).isDirectory()) return readFileSync(full, "utf8");
  return readdirSync(full)
    .map((name) => readFileSync(join(full, name), "utf8"))
    .join("\n");
}

test.each([...HOST_METRICS, ...SERVER_METRICS, ...TASK_METRICS])("$name is counted where the page says", (metric) => {
  const { name, counted } = metric;
  expect(existsSync(join(root, counted)), counted).toBe(true);
  // A percentile is found in the histogram, whatever its name; some are made of others at the end.
  const word = name.startsWith("response_p")
    ? "percentile"
    : name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const known: Readonly<Record<string, string>> = {
    idle: "OUT_HOST_IDLE",
    budgetLast: "OUT_SERVER_BUDGET_LAST",
    guestTime: "OUT_SERVER_GUEST_TIME",
    migrations: "OUT_HOST_MIGRATIONS",
  };
  expect(codeIn(counted)).toContain(known[word] ?? word);
});
