// What makes a run that run, for a sweep and the kernel of this program.

import { readFile } from "node:fs/promises";
import { kernelPath } from "../kernel/load.js";
import type { RunIdentity } from "../results/directory.js";
import { runIdentity } from "../results/plan-file.js";
import { canonicalSweep } from "../sweep/canonical.js";
import type { Sweep } from "../sweep/sweep.js";

/** The identity of a sweep's run, and the sweep in the one spelling that it is made of. */
export async function identify(sweep: Sweep): Promise<{ readonly canonical: string; readonly identity: RunIdentity }> {
  const canonical = canonicalSweep(sweep);
  return { canonical, identity: runIdentity(canonical, await readFile(kernelPath())) };
}
