import { defineConfig } from "vitest/config";
import { runsOf } from "./test/support/runs.js";

/** Many times what a machine takes that has nothing else to do; a run of more cases may take as many times longer. */
const TIMEOUT_MS = runsOf(180_000);

export default defineConfig({
  test: { testTimeout: TIMEOUT_MS, hookTimeout: TIMEOUT_MS, maxWorkers: 2 },
});
