/** How often the face is drawn: 60 times a second, or 30 while the page is too slow for that. Pure. */

const FULL_MS = 1000 / 60;
const HALF_MS = 1000 / 30;
/** A frame may come so much early and still count as the next one. */
const SLACK_MS = 4;
/** Averages reach back about so many frames. */
const WINDOW = 40;
/** Slower than this on the average, or dearer, and half the frames are left out. */
const SLOW_INTERVAL_MS = 24;
const SLOW_COST_MS = 9;
const FAST_INTERVAL_MS = 19;
const FAST_COST_MS = 5;
const TRY_AGAIN_MS = 4000;
const LONGEST_WAIT_MS = 60_000;
/** A gap like this is a hidden tab or a stalled page, and says nothing about speed. */
const GAP_MS = 500;

export class Pace {
  private interval = FULL_MS;
  private cost = 0;
  private last: number | null = null;
  private drawn = -Infinity;
  private slowSince: number | null = null;
  private wait = TRY_AGAIN_MS;

  /** True while only every other frame is drawn. */
  get slow(): boolean {
    return this.slowSince !== null;
  }

  /** A frame begins at `nowMs`: whether to draw it. */
  begin(nowMs: number): boolean {
    const passed = nowMs - (this.last ?? nowMs);
    if (this.last !== null && passed < GAP_MS) this.interval += (passed - this.interval) / WINDOW;
    this.last = nowMs;
    this.decide(nowMs);
    if (nowMs - this.drawn < (this.slow ? HALF_MS : FULL_MS) - SLACK_MS) return false;
    this.drawn = nowMs;
    return true;
  }

  /** Drawing took so long. */
  spent(ms: number): void {
    this.cost += (ms - this.cost) / WINDOW;
  }

  private decide(nowMs: number): void {
    if (this.slowSince === null) {
      if (this.interval <= SLOW_INTERVAL_MS && this.cost <= SLOW_COST_MS) return;
      this.slowSince = nowMs;
    } else if (nowMs - this.slowSince >= this.wait && this.interval < FAST_INTERVAL_MS && this.cost < FAST_COST_MS) {
      this.slowSince = null;
      this.wait = Math.min(2 * this.wait, LONGEST_WAIT_MS); // or it would go to and fro
    }
  }
}
