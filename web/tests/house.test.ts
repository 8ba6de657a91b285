/** The page's own structure: imports go one way, and there are no circles. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { describe, expect, it } from "vitest";

/** A folder may import itself and those before it; a feature may not import another feature. */
const ORDER = ["wire", "media", "ui", "features", "app"];
const SRC = join(import.meta.dirname, "..", "src");

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) => /\.tsx?$/.test(file));
const source = (file: string): string => readFileSync(join(SRC, file), "utf8");
const folder = (file: string): string => file.split(sep)[0] ?? "";
const feature = (file: string): string => (folder(file) === "features" ? (file.split(sep)[1] ?? "") : "");

/** The files of src/ that a file imports. */
function imports(file: string): string[] {
  const found = source(file).matchAll(/(?:from|import)\s*\(?\s*"((?:@\/|\.)[^"?]*)[^"]*"/g);
  return [...found].flatMap(([, path = ""]) => {
    const target = path.startsWith("@/") ? path.slice(2) : relative(SRC, join(SRC, dirname(file), path));
    const hit = [target, `${target}.ts`, `${target}.tsx`].find((name) => files.includes(name));
    return hit === undefined ? [] : [hit];
  });
}

describe("structure", () => {
  it("sees the files and their imports", () => {
    expect(files.length).toBeGreaterThan(30);
    expect(imports(join("app", "pages", "talk.tsx"))).toContain(join("features", "conversation", "talk-screen.tsx"));
    expect(imports(join("app", "app.tsx"))).toContain(join("features", "voice", "voice-step.tsx"));
    expect(imports(join("media", "audio-clock.ts"))).toContain(join("media", "player.worklet.ts"));
  });

  it("has only the known folders", () => {
    expect([...new Set(files.map(folder))].sort()).toEqual([...ORDER].sort());
  });

  it.each(files)("%s imports only what lies before it", (file) => {
    for (const target of imports(file)) {
      expect(ORDER.indexOf(folder(target)), `${file} imports ${target}`).toBeLessThanOrEqual(ORDER.indexOf(folder(file)));
      if (folder(file) === "features") expect(["", feature(file)], `${file} imports ${target}`).toContain(feature(target));
    }
  });

  it("has no circles", () => {
    const done = new Set<string>();
    const visit = (file: string, path: string[]): void => {
      expect(path, "a circle of imports").not.toContain(file);
      if (done.has(file)) return;
      for (const target of imports(file)) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
  });

  it("keeps sound and socket out of React, and React out of them", () => {
    for (const file of files.filter((name) => ["wire", "media"].includes(folder(name)))) {
      expect(source(file), file).not.toMatch(/from "react/);
    }
    for (const file of files.filter((name) => name.endsWith(".tsx"))) {
      expect(source(file), file).not.toMatch(/new (WebSocket|AudioContext|AudioWorkletNode)\b|getUserMedia/);
    }
  });

  it("never renders markup from outside", () => {
    for (const file of files) expect(source(file), file).not.toMatch(/dangerouslySetInnerHTML|innerHTML|insertAdjacentHTML/);
  });
});
