/** A person of whom nothing is known yet, as the server tells it. */
import type { MergedPersona, PersonaItem } from "@/wire/api";

export const NOBODY: MergedPersona = {
  name: "Ada", role: "", traits: [], tone: "", patterns: [], dos: [], donts: [], backstory: "", greeting: "", closing: "", fillers: [], openers: [],
  catchphrases: [], common_expressions: [], vocabulary_level: "", vocabulary_style: "", formality: "", energy: "", selling_approach: "", answer_length: "", language: "EN",
};
export const UNKNOWN: PersonaItem = { clone: "ada", fields: [], autoExtracted: {}, manualOverrides: null, merged: NOBODY, history: [] };
