import { defineConfig } from "vitest/config";

/** The dashboard's measurements: run by hand (bench/dashboard), one after the other, with nothing beside them. */
export default defineConfig({
  test: { include: ["measure/*.measure.ts"], testTimeout: 600_000, hookTimeout: 300_000, maxWorkers: 1, fileParallelism: false },
});
