// Commands as the command line calls them: what they print, and their exit code.

import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { analyzeCommand } from "../../src/commands/bodies/analyze.js";
import { designCommand } from "../../src/commands/bodies/design.js";
import type { DesignOptions } from "../../src/commands/design.js";

export interface Printed {
  readonly code: number;
  readonly out: string;
}

/** What a command prints. */
export async function printedBy(command: () => Promise<number>): Promise<Printed> {
  let out = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += String(text);
    return true;
  });
  try {
    return { code: await command(), out };
  } finally {
    write.mockRestore();
  }
}

/** A file with this text in a directory of its own. */
export function fileOf(name: string, text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), "replenish-")), name);
  writeFileSync(path, text);
  return path;
}

/** `replenish analyze` */
export async function analyzed(sweep: string, options: Partial<Parameters<typeof analyzeCommand>[0]> = {}) {
  return await printedBy(() => analyzeCommand({ sweep, set: [], json: false, jsonl: false, edp: false, ...options }));
}

/** `replenish design` */
export async function designed(sweep: string, options: Partial<DesignOptions> = {}): Promise<Printed> {
  return await printedBy(() => designCommand({ sweep, set: [], json: false, jsonl: false, switch: "0", ...options }));
}

/** The lines of a file of independently computed results. */
export function vectorLines(name: string): string[] {
  const text = readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf8");
  return text.trim().split("\n");
}
