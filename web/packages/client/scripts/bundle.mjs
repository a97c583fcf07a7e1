// Builds what is one file with everything inside, beside the modules in dist/: the client and its worker for pages without a bundler, and the
// command heliograph-types. Writes the licenses of the packages inside, and their names for the bill of materials.
import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const packages = new Map();

/** Notes the npm packages whose code is in a bundle. */
const noting = {
  name: "note-packages",
  generateBundle(_, bundle) {
    for (const { modules = {} } of Object.values(bundle)) {
      for (const id of Object.keys(modules)) {
        const [folder] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id.replace(/^\0/, "")) ?? [];
        if (folder === undefined) continue;
        const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
        packages.set(`${name}@${version}`, { folder, license });
      }
    }
  },
};

/** The formatter is only called with `format: true`; it is larger than everything else. */
const withoutPrettier = {
  name: "without-prettier",
  enforce: "pre",
  resolveId: (source) => (source === "prettier" ? "\0prettier" : undefined),
  load: (id) => (id === "\0prettier" ? 'export const format = () => { throw new Error("prettier is not in this file"); };' : undefined),
};

const common = { configFile: false, logLevel: "error", root };
const page = (entry, fileName) =>
  build({
    ...common,
    plugins: [noting],
    resolve: { conditions: ["browser", "module", "production"] },
    define: { "process.env.NODE_ENV": '"production"' },
    build: { emptyOutDir: false, outDir: "dist", target: "es2022", lib: { entry, name: "heliograph", formats: ["iife"], fileName: () => fileName } },
  });

await page("src/index.ts", "heliograph.min.js");
await page("bundles/worker.ts", "heliograph.worker.min.js");
await build({
  ...common,
  plugins: [noting, withoutPrettier],
  ssr: { noExternal: true },
  build: {
    emptyOutDir: false,
    outDir: "dist",
    target: "node20",
    ssr: "bundles/heliograph-types.ts",
    minify: true,
    rolldownOptions: { external: builtinModules, output: { entryFileNames: "heliograph-types.js", banner: "#!/usr/bin/env node", codeSplitting: false } },
  },
});
chmodSync(`${root}dist/heliograph-types.js`, 0o755);

const licenses = [...packages].sort().map(([name, { folder, license }]) => {
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.(md|txt))?$/i.test(entry));
  return `${name}\n${file === undefined ? `License: ${license}` : readFileSync(`${folder}/${file}`, "utf8").trim()}\n`;
});
writeFileSync(`${root}dist/THIRD-PARTY-LICENSES.txt`, `In heliograph.min.js, heliograph.worker.min.js and heliograph-types.js are parts of these packages.\n\n${licenses.join(`\n${"-".repeat(80)}\n\n`)}`);
writeFileSync(`${root}dist/bundled-packages.json`, `${JSON.stringify([...packages.keys()].sort(), null, 2)}\n`);
