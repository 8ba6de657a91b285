/**
 * Notices that the machine has slept: a timer comes far later than it was set for. Timers of hidden tabs come late too, by
 * up to a minute; whoever is told should only look whether all is well.
 */
export interface WakeOptions {
  /** Milliseconds of a clock that goes on in sleep. */
  now?: () => number;
  everyMs?: number;
  /** So much too late is sleep. */
  lateMs?: number;
}

export class WakeWatch {
  private readonly now: () => number;
  private readonly everyMs: number;
  private readonly lateMs: number;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly onWake: () => void,
    { now = () => Date.now(), everyMs = 4000, lateMs = 12_000 }: WakeOptions = {},
  ) {
    this.now = now;
    this.everyMs = everyMs;
    this.lateMs = lateMs;
  }

  start(): void {
    const due = this.now() + this.everyMs;
    this.timer = setTimeout(() => {
      const late = this.now() - due;
      this.start();
      if (late >= this.lateMs) this.onWake();
    }, this.everyMs);
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
