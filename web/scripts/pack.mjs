// Packs both packages, installs them into an empty Vite app outside the repository, and type-checks and builds the READMEs' example there.
// `node scripts/pack.mjs [OUT [CLIENT REACT]]`: the built app is left in OUT, to be run; CLIENT and REACT are tarballs that are there already.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { packAll } from "./tarballs.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const [out, ...given] = process.argv.slice(2);
const app = mkdtempSync(join(tmpdir(), "heliograph-pack-"));
const run = (folder, command, ...args) => execFileSync(command, args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" });
const write = (name, text) => writeFileSync(join(app, name), text);

try {
  const tarballs = given.length === 2 ? given : packAll(app);
  const versions = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).devDependencies;
  const dashboard = JSON.parse(readFileSync(join(root, "apps/dashboard/package.json"), "utf8")).dependencies;
  write(
    "package.json",
    JSON.stringify({
      private: true,
      type: "module",
      dependencies: {
        "@heliograph/client": `file:${tarballs[0]}`,
        "@heliograph/react": `file:${tarballs[1]}`,
        "@tanstack/react-query": dashboard["@tanstack/react-query"],
        react: dashboard.react,
        "react-dom": dashboard["react-dom"],
      },
      devDependencies: Object.fromEntries(["@types/react", "@types/react-dom", "typescript", "vite"].map((name) => [name, versions[name]])),
    }),
  );
  const readme = readFileSync(join(root, "packages/react/README.md"), "utf8");
  const example = readme.match(/```tsx\n([\s\S]*?)```/)[1].replace("function Row({ approval })", 'function Row({ approval }: { approval: import("@heliograph/client").Approval })');
  write("app.tsx", example);
  write("heliograph.worker.ts", readFileSync(join(root, "packages/client/README.md"), "utf8").match(/```ts\n\/\/ heliograph.worker.ts\n([\s\S]*?)```/)[1]);
  write("main.tsx", 'import { createRoot } from "react-dom/client";\nimport { App } from "./app";\ncreateRoot(document.body).render(<App />);\n');
  write("index.html", '<!doctype html><script type="module" src="/main.tsx"></script>');
  write("css.d.ts", 'declare module "*.css";\n');
  write(
    "tsconfig.json",
    JSON.stringify({ compilerOptions: { target: "ES2022", module: "ESNext", moduleResolution: "bundler", jsx: "react-jsx", strict: true, noEmit: true, skipLibCheck: false, types: [] }, include: ["*.ts", "*.tsx"] }),
  );
  run(app, "npm", "install", "--no-audit", "--no-fund", "--silent");
  run(app, "npx", "tsc");
  run(app, "npx", "vite", "build", "--logLevel", "error", "--base", "./", "--emptyOutDir", "--outDir", out ?? "dist");
  console.log(`the README's example works with ${tarballs.map((path) => basename(path)).join(" and ")}`);
} finally {
  rmSync(app, { recursive: true, force: true });
}
