// What the page's worker takes for a slider's move over the paper's sweep: the run computed, and its picture drawn.

import { readFileSync } from "node:fs";
import { openSweep } from "../../build/src/grid/open.js";
import { compileKernel } from "../../build/src/kernel/load.js";
import { Rerunner } from "../../build/src/page/rerun.js";
import { canonicalSweep } from "../../build/src/sweep/canonical.js";
import { cpuMs, median } from "./measure.js";

const WIDTH = 900;

/** @returns rows of the table */
export function pageRows(quick) {
  const text = readFileSync(new URL("../../sweeps/paper.yaml", import.meta.url), "utf8");
  const { sweep, plan } = openSweep(text, "paper.yaml");
  const rerunner = Rerunner.open(compileKernel(), canonicalSweep(sweep), plan);
  const [runs, pictures] = [[], []];
  for (let move = 0; move < (quick ? 4 : 400); move++) {
    const budget = 0.0625 * (16 + (move % 100)); // a cell, and three places between it and the next
    let run;
    runs.push(cpuMs(() => (run = rerunner.run({ values: ["idling", "8", String(budget)], replicate: 0 }))));
    pictures.push(cpuMs(() => rerunner.picture(0, run.extent.first, WIDTH)));
  }
  return [
    ["a slider's move, least", Math.min(...runs).toFixed(2), "CPU ms", `${median(runs).toFixed(2)} median`, ""],
    ["its picture", Math.min(...pictures).toFixed(2), "CPU ms", `${median(pictures).toFixed(2)} median`, ""],
  ];
}
