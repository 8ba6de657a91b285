/** How long something is kept, as a person wants to know it. Pure. */
import type { SectionBody } from "@/wire/api";

export const CONVERSATIONS_KEY = ["conversations"] as const;

const NAMES = ["userAudio", "transcripts", "conversationHistory", "knowledgeBase", "voiceModels", "faceModels", "clips", "unansweredQuestions"] as const;
export type SectionName = (typeof NAMES)[number];

/** The section's name where this page has words for it; null for one that came later. */
export function sectionName(name: string): SectionName | null {
  return NAMES.find((one) => one === name) ?? null;
}

export type Until = { kind: "date"; at: string } | { kind: "days"; days: number } | { kind: "notKept" } | { kind: "untilDeleted" };

export function untilOf({ retentionDays, keptUntil, stored }: SectionBody): Until {
  if (retentionDays === 0) return { kind: "notKept" };
  if (retentionDays === null) return { kind: "untilDeleted" };
  return stored && keptUntil !== null ? { kind: "date", at: keptUntil } : { kind: "days", days: retentionDays };
}

const SUBJECTS = ["audio", "transcripts", "history", "voice", "face"] as const;
export type Subject = (typeof SUBJECTS)[number];

export function subjectOf(name: string): Subject | null {
  return SUBJECTS.find((one) => one === name) ?? null;
}

/** Whether what was typed is the sentence that an erasure wants; case and spaces around it do not matter. */
export function isSentence(typed: string, sentence: string): boolean {
  return typed.trim().toLowerCase() === sentence.toLowerCase();
}
