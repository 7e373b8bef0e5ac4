import { defineConfig } from "vitest/config";

/** The long proofs: npm run soak. Plain `vitest run` does not find files of this name. */
export default defineConfig({
  test: {
    globalSetup: ["test/support/folder.ts", "test/support/bundle.ts"],
    include: ["test/soak/**/*.soak.ts"],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    fileParallelism: false,
  },
});
