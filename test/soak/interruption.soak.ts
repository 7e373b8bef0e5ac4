// A hundred kills, and many damages; see test/run/disturbances.ts for what is checked after each.

import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, bench, damageAndGoOn, killAndGoOn } from "../run/disturbances.js";

let prepared: Bench;
beforeAll(async () => {
  prepared = await bench();
});
afterAll(async () => {
  await rm(prepared.root, { recursive: true });
});

test("killed at 100 random moments", async () => {
  const seen = await killAndGoOn(prepared, 100, 2);
  process.stdout.write(`${JSON.stringify(seen)}\n`);
  expect(seen.withSegments).toBeGreaterThan(40);
});

test("damaged 60 times", async () => {
  const seen = await damageAndGoOn(prepared, 60, 2);
  process.stdout.write(`${JSON.stringify(seen)}\n`);
  expect(Math.min(seen.right, seen.refused)).toBeGreaterThan(10);
});
