/** The recorded conversations that both ends of the wire replay: the shared ones, and this page's own. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseServer } from "@/wire/codec";
import type { ServerMessage } from "@/wire/generated";

export interface Line {
  from: "client" | "server";
  message: Record<string, unknown>;
}

const FOLDERS = ["../../wire/goldens/", "./goldens/"].map((path) => fileURLToPath(new URL(path, import.meta.url)));

export function goldens(): { name: string; lines: Line[] }[] {
  return FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".jsonl"))
      .map((name) => ({ name, lines: readLines(folder + name) })),
  );
}

/** One of this page's own goldens. */
export function golden(name: string): Line[] {
  const found = goldens().findLast((each) => each.name === name);
  if (found === undefined) throw new Error(`no golden ${name}`);
  return found.lines;
}

/** What the server says in a golden, as the codec reads it. */
export function serverMessages(lines: readonly Line[]): ServerMessage[] {
  return lines
    .filter((line) => line.from === "server")
    .map((line) => parseServer(JSON.stringify(line.message)))
    .filter((message) => message !== null);
}

function readLines(path: string): Line[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as Line);
}
