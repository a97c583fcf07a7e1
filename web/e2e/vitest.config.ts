import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts"],
    // Each file starts servers of its own; on two cores they would only slow one another.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // The bound of a wait that has failed: a busy machine may take seconds.
    expect: { poll: { timeout: 30_000 } },
  },
});
