// Prints what the packages weigh in a page, minified and gzipped, beside socket.io-client alone.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(root, "node_modules", ".size-"));

async function weigh(code, external = []) {
  const entry = join(folder, "entry.js");
  writeFileSync(entry, code);
  const { output } = await build({
    configFile: false,
    logLevel: "error",
    root,
    resolve: { conditions: ["heliograph-source", "module", "browser", "production"] },
    build: { write: false, target: "es2022", rolldownOptions: { input: entry, external, preserveEntrySignatures: "strict" } },
  });
  return output.filter(({ type }) => type === "chunk").reduce((sum, { code: text }) => sum + gzipSync(text, { level: 9 }).length, 0);
}

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} kB`;
try {
  const socket = await weigh('export { io } from "socket.io-client";');
  const client = await weigh('export { createClient } from "@heliograph/client";');
  const own = await weigh('export { createClient } from "@heliograph/client";', ["socket.io-client"]);
  const react = await weigh('export * from "@heliograph/react";', ["socket.io-client", "@heliograph/client", /^react/, /^@tanstack/]);
  console.log(`socket.io-client alone          ${kilobytes(socket)}`);
  console.log(`@heliograph/client with it      ${kilobytes(client)}`);
  console.log(`@heliograph/client without it   ${kilobytes(own)}`);
  console.log(`@heliograph/react, itself       ${kilobytes(react)}`);
} finally {
  rmSync(folder, { recursive: true });
}
