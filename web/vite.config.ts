import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { compress } from "./tools/compress.mjs";
import { manifests } from "./tools/manifests.mjs";
import { shell } from "./tools/shell.mjs";

const WORKER = "sw.js";
const TRANSLATED = [
  { code: "zh", tag: "zh-Hans" },
  { code: "es", tag: "es" },
];
const SERVER = "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react(), compress(), manifests(TRANSLATED), shell(WORKER)],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  worker: { format: "es" },
  build: {
    target: "chrome120",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 400,
    manifest: true,
    rolldownOptions: {
      input: { index: fileURLToPath(new URL("./index.html", import.meta.url)), worker: fileURLToPath(new URL("./src/app/worker/worker.ts", import.meta.url)) },
      output: { entryFileNames: ({ name }) => (name === "worker" ? WORKER : "assets/[name]-[hash].js") },
    },
  },
  server: { proxy: { "^/(api|health|metrics|face-model|voice-model)": SERVER, "/ws": { target: SERVER, ws: true } } },
  test: { environment: "node", include: ["tests/**/*.test.{ts,tsx}"], restoreMocks: true, testTimeout: 30_000 },
});
