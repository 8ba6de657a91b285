/** Stretches of time, figures by stage, and looks of states. Pure. */
import type { Operations, Point, Span, Stages } from "@/wire/api";

export const WINDOWS = ["five", "hour", "day"] as const;
export type Window = (typeof WINDOWS)[number];
const MINUTES: Record<Window, number> = { five: 5, hour: 60, day: 1440 };
const EVERY_MS: Record<Window, number> = { five: 5000, hour: 15_000, day: 60_000 };

export function minutesOf(window: Window): number {
  return MINUTES[window];
}

/** How often a chart of so long a stretch is asked for anew. */
export function everyMs(window: Window): number {
  return EVERY_MS[window];
}

export function spanOf(state: Pick<Operations, "fiveMinutes" | "hour" | "day">, window: Window): Span {
  return { five: state.fiveMinutes, hour: state.hour, day: state.day }[window];
}

export const STAGES = ["endToEnd", "endpointing", "asr", "rag", "llm", "tts", "lipSync", "lag"] as const satisfies readonly (keyof Stages)[];
export type Stage = (typeof STAGES)[number];

/** One stage's figures over time; what is not known stays unknown. Of the server's own delay only the larger is told. */
export function overTime(points: readonly Point[], stage: Stage, quantile: "p50Ms" | "p95Ms"): (number | null)[] {
  if (stage === "lag") return points.map((point) => (quantile === "p95Ms" ? point.lagP95Ms : null));
  return points.map((point) => point[quantile][stage] ?? null);
}

export function toneOfStatus(status: "up" | "down" | "degraded" | undefined): "good" | "warn" | "bad" {
  if (status === "down") return "bad";
  return status === "degraded" ? "warn" : "good";
}

/** How full something is, as a look: from four fifths on it is worth a thought, from nine tenths it is bad. */
export function toneOfShare(share: number): "good" | "warn" | "bad" {
  if (share >= 0.9) return "bad";
  return share >= 0.8 ? "warn" : "good";
}

export function countIn(line: { fiveMinutes: number; hour: number; day: number }, window: Window): number {
  return { five: line.fiveMinutes, hour: line.hour, day: line.day }[window];
}

const ROLES = ["vad", "asr", "llm", "tts", "embedding", "face", "rerank", "eou", "lipsync", "ocr"] as const;
export function roleOf(name: string): (typeof ROLES)[number] | null {
  return ROLES.find((role) => role === name) ?? null;
}

const STATES = ["pending", "running", "completed", "failed", "cancelled"] as const;
export function stateOf(name: string): (typeof STATES)[number] | null {
  return STATES.find((state) => state === name) ?? null;
}
