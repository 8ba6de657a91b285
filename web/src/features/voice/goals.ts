/** How much was recorded, and what to read next. Pure. */
import { limits } from "@/media/recording/advice";

/** Seconds with which a voice is pleasant to hear; the server's own limits are the least and the most that helps. */
export const FAIR_SECONDS = 60;

export type Stage = "few" | "enough" | "fair" | "plenty";

export interface Progress {
  seconds: number;
  /** The next mark to reach. */
  goal: number;
  stage: Stage;
}

export function progressOf(seconds: number): Progress {
  const whole = Math.floor(seconds);
  const goal = whole < FAIR_SECONDS ? FAIR_SECONDS : limits.voiceGood;
  const stage = whole < limits.voiceLeast ? "few" : whole < FAIR_SECONDS ? "enough" : whole < limits.voiceGood ? "fair" : "plenty";
  return { seconds: whole, goal, stage };
}

/** The next sentence after `from` that was neither recorded nor skipped; after the last comes the first. Null when none is left. */
export function nextOpen(count: number, done: ReadonlySet<number>, skipped: ReadonlySet<number>, from: number): number | null {
  for (const passed of [skipped, new Set<number>()]) {
    for (let step = 1; step <= count; step += 1) {
      const at = (from + step) % count;
      if (!done.has(at) && !passed.has(at)) return at;
    }
  }
  return null;
}
