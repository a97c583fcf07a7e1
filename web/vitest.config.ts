import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** A package of packages/react-18. */
const inReact18 = (name: string) => fileURLToPath(new URL(`packages/react-18/node_modules/${name}`, import.meta.url));
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
        // The same tests with React 18.3. The libraries between are transformed, so that they import it too.
        extends: true,
        resolve: {
          alias: [
            { find: /^react(-dom)?(?=\/|$)/, replacement: inReact18("react$1") },
            // What it requires as CommonJS could not be replaced.
            { find: "@testing-library/react", replacement: "@testing-library/react/dist/@testing-library/react.esm.js" },
          ],
        },
        test: {
          name: "react-18",
          root: "packages/react",
          include: ["test/**/*.test.tsx"],
          environment: "happy-dom",
          setupFiles: ["test/setup.ts"],
          server: { deps: { inline: [/@testing-library/, /@tanstack/] } },
        },
      },
      {
        extends: true,
        test: { name: "dashboard", root: "apps/dashboard", include: ["test/**/*.test.{ts,tsx}"], environment: "happy-dom", setupFiles: ["test/setup.ts"] },
      },
    ],
  },
});
