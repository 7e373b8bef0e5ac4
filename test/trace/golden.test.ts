// Traces that were read by a person: a scenario, and beside it its trace as text. The directory is the list.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { textOf, tracedOf } from "./support.js";

const FOLDER = new URL("golden/", import.meta.url);
const names = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.slice(0, -".json".length));

describe("golden traces", () => {
  test.each(names)("%s", (name) => {
    const found = textOf(tracedOf(JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8"))), "text");
    const golden = new URL(`${name}.txt`, FOLDER);
    if (process.env.UPDATE_GOLDEN === "1") writeFileSync(golden, found);
    expect(existsSync(golden), `${name}.txt is missing; UPDATE_GOLDEN=1 writes it`).toBe(true);
    expect(found).toBe(readFileSync(golden, "utf8"));
  });

  test("are all of a scenario", () => {
    const orphans = readdirSync(FOLDER).filter((name) => name.endsWith(".txt") && !names.includes(name.slice(0, -4)));
    expect(orphans).toStrictEqual([]);
  });
});
