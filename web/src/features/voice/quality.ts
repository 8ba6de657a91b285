/** What was measured of a voice, in grades that can be said. Pure. */
import { ApiError } from "@/wire/api-error";
import type { VoiceModelItem } from "@/wire/api/types.gen";

export type Grade = "great" | "good" | "fair" | "poor";

export interface Quality {
  /** How like the person it sounds, beside their own recordings and other people; null when it was not measured. */
  likeness: { grade: Grade; part: number } | null;
  /** How well its words are understood, beside the built-in voice and the person. */
  clarity: { grade: Grade; part: number } | null;
}

/** Likeness of other people where none were measured, as the server's score has it (selfsame/studio/voice/measure.py). */
const USUAL_FLOOR = 0.55;

export function qualityOf(voice: VoiceModelItem): Quality {
  const report = record(voice.report?.voice);
  const [found, most, least] = [number(report.similarity), number(report.ceiling), number(report.floor) ?? USUAL_FLOOR];
  const likeness = found === null || most === null ? null : clamp((found - least) / Math.max(0.05, most - least));
  const wrong = number(report.word_error);
  const others = [number(report.raw_word_error), number(report.real_word_error)].filter((each) => each !== null);
  const best = others.length === 0 ? 0 : Math.min(...others);
  const clarity = wrong === null ? null : clamp((1 - wrong) / Math.max(0.05, 1 - best));
  return {
    likeness: likeness === null ? null : { grade: grade(likeness, [0.75, 0.55, 0.35]), part: likeness },
    clarity: clarity === null ? null : { grade: grade(clarity, [0.9, 0.75, 0.5]), part: clarity },
  };
}

function grade(part: number, [great, good, fair]: readonly [number, number, number]): Grade {
  return part >= great ? "great" : part >= good ? "good" : part >= fair ? "fair" : "poor";
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** The sentence that the preview says; "" when the server does not tell. */
export function previewText(voice: VoiceModelItem): string {
  const text = voice.report?.previewText;
  return typeof text === "string" ? text : "";
}

/** Whether it speaks in the clear manner because there was too little speech for the person's own sounds. */
export function isClear(voice: VoiceModelItem): boolean {
  return (voice.speaks ?? voice.report?.manner) === "clear";
}

const ADVISED = ["NO_SPEECH", "TOO_SHORT", "NOISY", "SOME_NOISE", "CLIPPED", "SOME_CLIPPING", "ECHO", "SOME_ECHO", "QUIET", "LOUD", "NARROW", "SOMEWHAT_NARROW", "OTHERS"] as const;
export type Advised = (typeof ADVISED)[number];

/** What was wrong with the recordings, and with how many; the most frequent first. */
export function problemsIn(voice: VoiceModelItem): { problem: Advised; count: number }[] {
  const counts = new Map<Advised, number>();
  for (const each of voice.quality ?? []) {
    for (const problem of ADVISED) if (each?.problems.includes(problem) === true) counts.set(problem, (counts.get(problem) ?? 0) + 1);
  }
  return [...counts].map(([problem, count]) => ({ problem, count })).sort((a, b) => b.count - a.count);
}

export type Manner = "own" | "clear" | "automatic";

/** How a voice is to speak; null while it is not made. */
export function mannerOf(voice: VoiceModelItem): Manner | null {
  return voice.manner ?? null;
}

/** Why the making of a voice failed, as an error to show. */
export function failureOf(voice: VoiceModelItem): ApiError {
  return new ApiError(voice.errorMessage ?? "The voice could not be made.", voice.errorCode ?? "UNKNOWN");
}

export type Step = "waiting" | "listening" | "words" | "learning" | "measuring" | "saying" | "other";

const STEPS: readonly [RegExp, Step][] = [
  [/^$/, "waiting"],
  [/^listening to recording (\d+) of (\d+)/i, "listening"],
  [/^hearing what was said/i, "words"],
  [/measuring it/i, "measuring"],
  [/^learning the voice/i, "learning"],
  [/^saying a sentence/i, "saying"],
];

/** The server's own word for what it does now, as one the page knows in every language; numbers come along. */
export function stepOf(message: string): { step: Step; at: string; of: string } {
  for (const [pattern, step] of STEPS) {
    const found = pattern.exec(message);
    if (found !== null) return { step, at: found[1] ?? "", of: found[2] ?? "" };
  }
  return { step: "other", at: "", of: "" };
}

const TUBE = /^(https?:\/\/)?((www|m|music)\.)?(youtube\.com\/(watch\?(.*&)?v=|shorts\/|live\/|embed\/)|youtu\.be\/)[\w-]{11}/i;

export function isVideoAddress(text: string): boolean {
  return TUBE.test(text.trim());
}
