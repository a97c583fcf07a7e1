import react from "@vitejs/plugin-react";
import { defaultClientConditions, defineConfig } from "vite";

/** Where `npm run dev` finds the server. */
const server = process.env.HELIOGRAPH_URL ?? "http://localhost:8080";

export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ["heliograph-source", ...defaultClientConditions] },
  worker: { format: "es" },
  build: { target: "es2022", chunkSizeWarningLimit: 900, sourcemap: false },
  server: { proxy: { "/v1": server, "/socket.io": { target: server, ws: true } } },
});
