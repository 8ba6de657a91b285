// Writes src/wire/api from ../wire/openapi.json: types, a client, zod schemas, and options for TanStack Query.
// `npm run wire` writes; the tests compare.
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createClient } from "@hey-api/openapi-ts";

const DOCUMENT = fileURLToPath(new URL("../../wire/openapi.json", import.meta.url));
export const TARGET = fileURLToPath(new URL("../src/wire/api", import.meta.url));

/** Every failed request throws an ApiError (src/wire/api-config.ts), whatever the document says of its body. */
function withOurErrors(text) {
  return text
    .replace(/^import type \{.*\} from '\.\.\/types\.gen';$/m, (line) => line.replace(/\b\w+Error,? ?/g, "").replace(", }", " }"))
    .replace(/\b[A-Z]\w*Error\b/g, (name) => (name === "ApiError" ? name : "ApiError"))
    .replace("import { client }", "import type { ApiError } from '../../api-error';\nimport { client }");
}

/** The client's own code is written for looser compiler settings than ours. What it exports stays typed. */
async function unchecked(folder) {
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    await writeFile(file, `// @ts-nocheck\n${await readFile(file, "utf8")}`);
  }
}

export async function generate(path) {
  await createClient({
    input: DOCUMENT,
    output: { path, clean: true },
    plugins: [
      { name: "@hey-api/client-fetch", runtimeConfigPath: "../api-config", throwOnError: true },
      "@hey-api/typescript",
      "@hey-api/sdk",
      { name: "zod", responses: false },
      "@tanstack/react-query",
    ],
    logs: { level: "silent" },
  });
  for (const folder of ["client", "core"]) await unchecked(join(path, folder));
  const queries = join(path, "@tanstack", "react-query.gen.ts");
  await writeFile(queries, withOurErrors(await readFile(queries, "utf8")));
}

/** Every generated file and its text. */
export async function read(path) {
  const names = (await readdir(path, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const files = names.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(await Promise.all(files.map(async (file) => [file.slice(path.length + 1), await readFile(file, "utf8")])));
}

/** What the document gives now, made aside. */
export async function generated() {
  const aside = await mkdtemp(join(tmpdir(), "selfsame-api-"));
  try {
    await generate(join(aside, "api"));
    return await read(join(aside, "api"));
  } finally {
    await rm(aside, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await generate(TARGET);
