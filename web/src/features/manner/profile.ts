/** The fields of a profile: how they are grouped, what they may hold, what changed, and a line in that manner. Pure. */
import type { MergedPersona, PersonaItem } from "@/wire/api";

export const FIELDS = [
  "tone", "formality", "energy", "answer_length", "vocabulary_level", "vocabulary_style", "language", "openers", "fillers", "catchphrases",
  "common_expressions", "patterns", "greeting", "closing", "role", "traits", "backstory", "selling_approach", "dos", "donts",
] as const;
export type FieldName = (typeof FIELDS)[number];

export interface Group {
  name: "sound" | "phrases" | "ends" | "person" | "rules";
  fields: readonly FieldName[];
}

export const GROUPS: readonly Group[] = [
  { name: "sound", fields: ["tone", "formality", "energy", "answer_length", "vocabulary_level", "vocabulary_style", "language"] },
  { name: "phrases", fields: ["openers", "fillers", "catchphrases", "common_expressions", "patterns"] },
  { name: "ends", fields: ["greeting", "closing"] },
  { name: "person", fields: ["role", "traits", "backstory", "selling_approach"] },
  { name: "rules", fields: ["dos", "donts"] },
];

/** Fields with a few fixed values. */
export const CHOICES = {
  vocabulary_level: ["plain", "everyday", "rich"],
  formality: ["casual", "neutral", "formal"],
  energy: ["calm", "steady", "lively"],
  answer_length: ["short", "medium", "long"],
  language: ["EN", "ES", "ZH"],
} as const satisfies Partial<Record<FieldName, readonly string[]>>;
export type ChoiceName = keyof typeof CHOICES;

const LISTS: readonly string[] = ["traits", "patterns", "dos", "donts", "fillers", "openers", "catchphrases", "common_expressions"];
const LONGEST: Partial<Record<string, number>> = { backstory: 4000, greeting: 500, closing: 500 };
export const MOST_ITEMS = 40;

export type Value = string | readonly string[] | null;

export function fieldOf(name: string): FieldName | null {
  return FIELDS.find((field) => field === name) ?? null;
}

export function isChoice(name: FieldName): name is ChoiceName {
  return name in CHOICES;
}

export function isList(name: string): boolean {
  return LISTS.includes(name);
}

export function longest(name: string): number {
  return LONGEST[name] ?? 300;
}

/** What is written into the box, as the server wants it. A list has an item a line. */
export function valueOf(name: string, text: string): string | string[] {
  if (!isList(name)) return text.trim();
  return text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
}

export function textOf(value: Value): string {
  return typeof value === "string" ? value : (value ?? []).join("\n");
}

/** What is wrong with it, if anything. */
export function problemOf(name: string, text: string): "empty" | "long" | "many" | null {
  const value = valueOf(name, text);
  if (value.length === 0) return "empty";
  if (typeof value === "string") return value.length > longest(name) ? "long" : null;
  if (value.length > MOST_ITEMS) return "many";
  return value.some((item) => item.length > longest(name)) ? "long" : null;
}

export function isNothing(value: Value): boolean {
  return value === null || value.length === 0;
}

/** The fields of which something else was learnt than before. */
export function changedFields(before: PersonaItem, after: PersonaItem): string[] {
  const known = new Map(before.fields.map(({ field, auto }) => [field, JSON.stringify(auto)]));
  return after.fields.filter(({ field, auto }) => known.get(field) !== JSON.stringify(auto)).map(({ field }) => field);
}

/** A rough line made of the persona's own words around a sentence; null while there is nothing to make it of. */
export function sampleLine(persona: Pick<MergedPersona, "openers" | "fillers" | "catchphrases" | "common_expressions" | "greeting" | "closing">, sentence: string): string | null {
  const opener = persona.openers[0] ?? persona.fillers[0];
  const phrase = persona.catchphrases[0] ?? persona.common_expressions[0];
  const parts = [persona.greeting, opener === undefined ? sentence : `${capital(opener)}${/[,，]$/.test(opener) ? "" : ","} ${lower(sentence)}`, phrase === undefined ? "" : ended(capital(phrase)), persona.closing];
  if (persona.greeting === "" && opener === undefined && phrase === undefined && persona.closing === "") return null;
  return parts.map((part) => part.trim()).filter((part) => part !== "").join(" ");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function lower(text: string): string {
  return /^(I\b|I')/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}

function ended(text: string): string {
  return /[.!?。！？…]$/.test(text) ? text : `${text}.`;
}
