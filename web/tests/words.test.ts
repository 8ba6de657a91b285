/** The three languages say the same things: same keys, same placeholders and marks, nothing empty. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { bestLanguage } from "@/ui/i18n/language";

const SRC = join(import.meta.dirname, "..", "src");
const LANGUAGES = ["en", "zh", "es"] as const;
const PLURAL = /_(zero|one|two|few|many|other)$/;

const folders = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(join("words", "en.json"))).map(dirname);

function texts(folder: string, language: string): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (node: object, before: string): void => {
    for (const [key, value] of Object.entries(node) as [string, unknown][]) {
      if (typeof value === "string") found.set(before + key, value);
      else walk(value as object, `${before}${key}.`);
    }
  };
  walk(JSON.parse(readFileSync(join(SRC, folder, `${language}.json`), "utf8")) as object, "");
  return found;
}

const stems = (words: Map<string, string>): string[] => [...new Set([...words.keys()].map((key) => key.replace(PLURAL, "")))].sort();
const marks = (text: string): string[] => [...new Set(text.match(/\{\{\s*\w+\s*\}\}|<\/?\w+>/g) ?? [])].sort();

describe("words", () => {
  it("are found", () => {
    expect(folders.length).toBeGreaterThan(10);
  });

  it.each(folders)("%s has the same keys in every language", (folder) => {
    const english = stems(texts(folder, "en"));
    for (const language of LANGUAGES) expect(stems(texts(folder, language)), language).toEqual(english);
  });

  it.each(folders)("%s has the same placeholders, and no text is empty", (folder) => {
    const english = texts(folder, "en");
    for (const language of LANGUAGES) {
      for (const [key, text] of texts(folder, language)) {
        expect(text.trim(), `${language} ${key}`).not.toBe("");
        const same = english.get(key) ?? english.get(key.replace(PLURAL, "_other")) ?? "";
        expect(marks(text), `${language} ${key}`).toEqual(marks(same));
      }
    }
  });

  it.each(folders)("%s has every plural that its language needs, and no other", (folder) => {
    for (const language of LANGUAGES) {
      const words = texts(folder, language);
      const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      for (const key of words.keys()) {
        const category = PLURAL.exec(key)?.[1];
        if (category === undefined) continue;
        expect(needed, `${language} ${key}`).toContain(category);
        for (const each of needed) expect(words.has(key.replace(PLURAL, `_${each}`)), `${language} ${key} needs _${each}`).toBe(true);
      }
    }
  });

  it.each(folders)("%s is defined under its folder's name", (folder) => {
    const name = basename(dirname(folder));
    expect(readFileSync(join(SRC, folder, "index.ts"), "utf8")).toContain(`defineWords("${name}", en, { zh: () => import("./zh.json"), es: () => import("./es.json") })`);
  });

  it.each([
    ["zh", ["en"], "zh"],
    [null, ["fr-FR", "es-MX", "en"], "es"],
    [null, ["zh-TW"], "zh"],
    ["klingon", ["de"], "en"],
    [null, [], "en"],
  ] as const)("kept %j and wished for %j give %s", (kept, wished, expected) => {
    expect(bestLanguage(kept, wished)).toBe(expected);
  });
});
