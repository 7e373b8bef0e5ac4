// Around all tests: one folder for whatever they write, gone with all that is in it when the last of them has ended.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export default function folder(): () => void {
  const root = mkdtempSync(join(tmpdir(), "replenish-tests-"));
  process.env.TMPDIR = root; // of the processes in which tests run, and of those that they start
  return () => rmSync(root, { recursive: true, force: true });
}
