import { defineConfig } from "vitest/config";

/** The built dashboard in a real browser, against a small server of the same contract: `npm run test:browser`. */
export default defineConfig({
  resolve: { conditions: ["heliograph-source"] },
  ssr: { resolve: { conditions: ["heliograph-source", "node"] } },
  test: { root: "apps/dashboard", include: ["browser/**/*.test.ts"], testTimeout: 45_000, hookTimeout: 30_000, fileParallelism: false },
});
