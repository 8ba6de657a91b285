/** Knows on the client when the user's speech starts and stops (AUD-09). Pure: levels in, changes out. */

export interface GateOptions {
  /** Speech is this many times louder than the room. */
  onset: number;
  /** Below this root mean square nothing counts as speech. */
  floor: number;
  onsetMs: number;
  releaseMs: number;
}

const DEFAULTS: GateOptions = { onset: 3, floor: 0.006, onsetMs: 64, releaseMs: 500 };

export type GateChange = "started" | "stopped" | null;

export class VoiceGate {
  private readonly options: GateOptions;
  private noise = 0.004;
  private loudMs = 0;
  private quietMs = 0;
  private open = false;

  constructor(options: Partial<GateOptions> = {}) {
    this.options = { ...DEFAULTS, ...options };
  }

  get speaking(): boolean {
    return this.open;
  }

  /** Takes the level (root mean square, 0..1) of the next `ms` milliseconds. */
  update(level: number, ms: number): GateChange {
    const loud = level > Math.max(this.options.floor, this.noise * this.options.onset);
    this.loudMs = loud ? this.loudMs + ms : 0;
    this.quietMs = loud ? 0 : this.quietMs + ms;
    if (!loud) this.learn(level, ms);
    if (!this.open && this.loudMs >= this.options.onsetMs) return this.set(true);
    if (this.open && this.quietMs >= this.options.releaseMs) return this.set(false);
    return null;
  }

  reset(): void {
    this.open = false;
    this.loudMs = 0;
    this.quietMs = 0;
  }

  /** The room's level follows down fast and up slowly. */
  private learn(level: number, ms: number): void {
    const seconds = level < this.noise ? 0.1 : 2;
    this.noise += (level - this.noise) * Math.min(1, ms / (1000 * seconds));
  }

  private set(open: boolean): GateChange {
    this.open = open;
    return open ? "started" : "stopped";
  }
}
