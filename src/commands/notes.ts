// What may not be what was meant, on stderr: it never changes what a command prints or its exit code.

import { printableName } from "../input/problem.js";
import { formatCount } from "../numbers/counts.js";
import { notesOn } from "../scenario/notes.js";
import type { Scenario } from "../scenario/scenario.js";
import type { Subject } from "./subject.js";

export function writeNotes(scenario: Scenario): void {
  for (const note of notesOn(scenario)) writeNote(note);
}

function writeNote(note: string): void {
  process.stderr.write(`note: ${printableName(note)}\n`);
}

/** Where every replicate has tasks of its own, what is said of one of them is said of no other. */
export function noteOneSet(subject: Subject, replicate: number, others = ""): void {
  if (subject.kind === "scenario") return;
  const { workloads, replicates } = subject.plan;
  if (workloads === undefined || replicates === 1) return;
  writeNote(`the tasks are those of replicate ${replicate}, one of ${formatCount(replicates)} sets${others}`);
}
