// How much a page loads before it can be used, compressed: `npm run size` prints it and fails above the budget.
// Scripts and styles are counted as gzip -9 makes them, fonts as they are; the fonts are those of Latin text.
import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const DIST = fileURLToPath(new URL("../dist", import.meta.url));
const BUDGET = 250_000;
const PAGES = { talk: "src/app/pages/talk.tsx", home: "src/app/pages/home.tsx" };

const manifest = JSON.parse(await readFile(join(DIST, ".vite", "manifest.json"), "utf8"));

/** The files that a module needs before it runs: itself, what it imports, their styles. */
function needed(key, found = new Set()) {
  const chunk = manifest[key];
  if (found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const style of chunk.css ?? []) found.add(style);
  for (const each of chunk.imports ?? []) needed(each, found);
  return found;
}

async function compressed(file) {
  const path = join(DIST, file);
  return file.endsWith(".woff2") ? (await stat(path)).size : gzipSync(await readFile(path), { level: 9 }).length;
}

const fonts = Object.values(manifest).flatMap((chunk) => (chunk.assets ?? []).filter((file) => /figtree-latin-wght/.test(file)));
let tooLarge = false;
for (const [page, key] of Object.entries(PAGES)) {
  const files = new Set([...needed("index.html"), ...needed(key), ...fonts]);
  const sizes = await Promise.all([...files].map(async (file) => [basename(file), await compressed(file)]));
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  console.log(`${page}: ${(total / 1000).toFixed(1)} kB of ${BUDGET / 1000} kB`);
  for (const [name, size] of sizes.sort((a, b) => b[1] - a[1])) console.log(`  ${(size / 1000).toFixed(1).padStart(6)}  ${name}`);
  tooLarge ||= total > BUDGET;
}
if (tooLarge) {
  console.error("A page loads more than its budget allows.");
  process.exit(1);
}
