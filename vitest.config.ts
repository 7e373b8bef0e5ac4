import { defineConfig } from "vitest/config";

/** Many times what a machine takes that has nothing else to do. */
const TIMEOUT_MS = 180_000;

export default defineConfig({
  test: {
    globalSetup: ["test/support/folder.ts", "test/support/bundle.ts"],
    testTimeout: TIMEOUT_MS,
    hookTimeout: TIMEOUT_MS,
    maxWorkers: 2,
    isolate: false,
  },
});
