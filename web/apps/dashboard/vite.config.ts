import react from "@vitejs/plugin-react";
import { defaultClientConditions, defineConfig } from "vite";
import { firstLoadBudget } from "./first-load.js";

/** Where `npm run dev` finds the server. */
const server = process.env.HELIOGRAPH_URL ?? "http://localhost:8080";

const budget = 180_000;

export default defineConfig({
  plugins: [
    react(),
    firstLoadBudget([
      { page: "/", modules: ["src/overview/overview-page.tsx"], limit: budget },
      { page: "/approvals", modules: [], limit: budget },
      { page: "/approvals/{id}", modules: ["src/approvals/approval-detail.tsx"], limit: budget },
    ]),
  ],
  resolve: { conditions: ["heliograph-source", ...defaultClientConditions] },
  worker: { format: "es" },
  build: {
    target: "es2022",
    chunkSizeWarningLimit: 900,
    sourcemap: false,
    // What the first page needs is one file: it compresses better than twelve.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "main", tags: ["$initial"] }] } } },
  },
  server: { proxy: { "/v1": server, "/socket.io": { target: server, ws: true } } },
});
