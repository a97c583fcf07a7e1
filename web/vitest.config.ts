import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const conditions = ["heliograph-source", "module", "browser", "development"];

export default defineConfig({
  plugins: [react()],
  resolve: { conditions },
  ssr: { resolve: { conditions: ["heliograph-source", "module", "node"] } },
  test: {
    // Bounds of tests that have failed: a busy machine may take seconds for what takes milliseconds.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 20_000 } },
    projects: [
      { extends: true, test: { name: "client", root: "packages/client", include: ["test/**/*.test.ts"], environment: "node", typecheck: { enabled: true, include: ["test/**/*.test-d.ts"], tsconfig: "tsconfig.json" } } },
      { extends: true, test: { name: "react", root: "packages/react", include: ["test/**/*.test.{ts,tsx}"], environment: "happy-dom", setupFiles: ["test/setup.ts"] } },
      {
        extends: true,
        test: { name: "dashboard", root: "apps/dashboard", include: ["test/**/*.test.{ts,tsx}"], environment: "happy-dom", setupFiles: ["test/setup.ts"] },
      },
    ],
  },
});
