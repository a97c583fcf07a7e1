import { defineConfig } from "vitest/config";

/** They load the machine, look at times, or build what others import: nothing runs beside them. */
const alone = ["agent-text", "engines", "freshness", "packages", "safe-hands", "slow-reader", "tabs", "weather"].map((name) => `src/${name}.test.ts`);

const common = {
  testTimeout: 120_000,
  hookTimeout: 120_000,
  // The bound of a wait that has failed: a busy machine may take seconds.
  expect: { poll: { timeout: 30_000 } },
};

export default defineConfig({
  test: {
    projects: [
      // Each file starts servers of its own and mostly waits for them: two at a time.
      { test: { ...common, name: "shared", include: ["src/**/*.test.ts"], exclude: alone, maxWorkers: 2, sequence: { groupOrder: 0 } } },
      { test: { ...common, name: "alone", include: alone, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
});
