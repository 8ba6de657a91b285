/** What was shown when: the last frames, for measurements. Memory is bounded, nothing is made anew per frame. */

export interface FaceSample {
  /** When the frame is on the screen, in ms of performance.now(). */
  displayTimeMs: number;
  /** What is heard at that time, and what the frame shows, in ms of the reply; NaN while the face idles. */
  playoutMs: number;
  shownFrameMs: number;
  /** How long drawing kept the page busy. */
  costMs: number;
}

const SAMPLES = 2048;
const COLUMNS = 4;

export class Samples {
  private readonly values = new Float64Array(SAMPLES * COLUMNS);
  private count = 0;

  note(displayTimeMs: number, playoutMs: number, shownFrameMs: number, costMs: number): void {
    const at = (this.count % SAMPLES) * COLUMNS;
    this.values[at] = displayTimeMs;
    this.values[at + 1] = playoutMs;
    this.values[at + 2] = shownFrameMs;
    this.values[at + 3] = costMs;
    this.count += 1;
  }

  /** Oldest first. */
  read(): FaceSample[] {
    const from = Math.max(0, this.count - SAMPLES);
    return Array.from({ length: this.count - from }, (_, i) => {
      const at = ((from + i) % SAMPLES) * COLUMNS;
      const [displayTimeMs = NaN, playoutMs = NaN, shownFrameMs = NaN, costMs = NaN] = this.values.subarray(at, at + COLUMNS);
      return { displayTimeMs, playoutMs, shownFrameMs, costMs };
    });
  }
}
