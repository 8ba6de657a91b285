/** Hears when somebody who reads a sentence has come to its end, and what they should do meanwhile. Pure. */
import limits from "./limits.json";

export interface SentenceOptions {
  /** How long the sentence takes when it is read, about. */
  expectedSeconds: number;
  /** A pause of this length after most of it is its end. */
  pauseMs?: number;
}

/** What to say to the reader at this moment. */
export type Hint = "ready" | "speak" | "hearing" | "too-loud" | "too-quiet" | "noisy";

/** Letters read in a second, on the slow side of usual. */
const PACE = { EN: 15, ES: 16, ZH: 4.5 } as const;

export function expectedSeconds(text: string, language: "EN" | "ES" | "ZH"): number {
  return Math.max(1.5, text.length / PACE[language]);
}

const QUIET_START_MS = 3500;
const LOUD_PEAK = 0.985;
const LOUD_MS = 900;
/** Speech is so many times louder than the room, and never softer than this. */
const ABOVE = 2.5;
const FLOOR = 0.0015;
/** The room is as loud as the softest moment in so long (after Martin, "minimum statistics", 2001). */
const ROOM_MS = 4000;

export class SentenceEnd {
  private readonly recent: { level: number; ms: number }[] = [];
  private spokenMs = 0;
  private quietMs = 0;
  private allMs = 0;
  private loudMs = 0;
  private speech = 0;

  constructor(private readonly options: SentenceOptions) {}

  /** Takes the next block; true when the sentence is over. */
  update(level: number, peak: number, ms: number): boolean {
    this.allMs += ms;
    this.loudMs = peak >= LOUD_PEAK ? LOUD_MS : Math.max(0, this.loudMs - ms);
    this.recent.push({ level, ms });
    if (this.recent.length * ms > ROOM_MS) this.recent.shift();
    const speaks = level > Math.max(FLOOR, ABOVE * this.room);
    this.quietMs = speaks ? 0 : this.quietMs + ms;
    if (speaks) {
      this.spokenMs += ms;
      this.speech += (level - this.speech) * Math.min(1, ms / Math.min(this.spokenMs, 600));
    }
    const { expectedSeconds: expected, pauseMs = 1000 } = this.options;
    return (this.quietMs >= pauseMs && this.spokenMs >= 400 * expected) || this.allMs > 1000 * (8 + 4 * expected);
  }

  get hint(): Hint {
    if (this.loudMs > 0) return "too-loud";
    if (this.spokenMs < 100) return this.allMs > QUIET_START_MS ? "speak" : "ready";
    if (this.spokenMs < 800) return "hearing";
    if (decibels(this.speech) < limits.quiet) return "too-quiet";
    return decibels(this.speech) - decibels(this.room) < limits.snrLeast ? "noisy" : "hearing";
  }

  private get room(): number {
    return this.recent.reduce((least, { level }) => Math.min(least, level), 1);
  }
}

function decibels(level: number): number {
  return 20 * Math.log10(Math.max(level, 1e-6));
}
