/**
 * What the play-out thread does, without the thread: queued sound in, samples out, and the exact place in each turn's
 * audio that has left for the ear. Pausing and stopping fade over 5 ms, so that nothing clicks.
 */

/** A piece of a turn's sound at the device's rate; it begins `startMs` into the turn's audio. */
export interface Piece {
  turnId: number;
  startMs: number;
  samples: Float32Array;
}

/**
 * How far a turn has been played out. `drained`: everything that arrived has been played. `stopped`: the turn was
 * stopped and its fade is over, so this is its last position. `moving`: it goes on from here with the next sample.
 */
export interface Position {
  turnId: number;
  ms: number;
  drained: boolean;
  paused: boolean;
  stopped: boolean;
  moving: boolean;
}

const FADE_SECONDS = 0.005;
const JITTER_SECONDS = 0.06;

type Motion = "waiting" | "running" | "pausing" | "paused" | "stopping";

export class PlayRing {
  private pieces: Piece[] = [];
  private offset = 0;
  private motion: Motion = "waiting";
  private gain = 0;
  private waited = 0;
  private stoppedTurn = -1;
  private place: { turnId: number; ms: number } | null = null;

  constructor(private readonly rate: number) {}

  /** Queues sound. What belongs to a turn that was stopped is dropped. */
  push(piece: Piece): void {
    if (piece.turnId <= this.stoppedTurn || piece.samples.length === 0) return;
    this.pieces.push(piece);
  }

  pause(): void {
    if (this.motion === "running") this.motion = "pausing";
    else if (this.motion === "waiting") this.motion = "paused";
  }

  resume(): void {
    if (this.motion === "paused") this.wait();
    else if (this.motion === "pausing") this.motion = "running";
  }

  /** Forgets the queue, after a fade, and every later piece of `turnId` and the turns before it. */
  stop(turnId: number): void {
    this.stoppedTurn = Math.max(this.stoppedTurn, turnId);
    const playing = this.pieces[0];
    if (playing !== undefined && playing.turnId > turnId) return;
    if (this.motion === "running" || this.motion === "pausing") this.motion = "stopping";
    else this.forget();
  }

  /** Forgets everything, also which turns were stopped: the turns are counted anew. */
  reset(): void {
    this.pieces = [];
    this.offset = 0;
    this.stoppedTurn = -1;
    this.place = null;
    this.wait();
  }

  /** Where the play-out is, or null when nothing was played yet. */
  position(): Position | null {
    if (this.place === null) return null;
    return {
      ...this.place,
      drained: this.pieces.length === 0,
      paused: this.motion === "paused",
      stopped: this.place.turnId <= this.stoppedTurn && this.motion !== "stopping",
      moving: this.motion === "running",
    };
  }

  /** Fills one block of output. */
  render(output: Float32Array): void {
    output.fill(0);
    if (this.motion === "waiting") this.startWhenReady(output.length);
    if (this.motion === "waiting" || this.motion === "paused") return;
    for (let i = 0; i < output.length; i += 1) {
      if (!this.fade()) return;
      const sample = this.next();
      if (sample === null) {
        this.underrun();
        return;
      }
      output[i] = sample * this.gain;
    }
  }

  private startWhenReady(frames: number): void {
    if (this.pieces.length === 0) return;
    this.waited += frames;
    const buffered = this.pieces.reduce((sum, piece) => sum + piece.samples.length, -this.offset);
    if (Math.max(buffered, this.waited) >= JITTER_SECONDS * this.rate) this.motion = "running";
  }

  /** Moves the gain one sample on. False when a fade-out has ended and the motion with it. */
  private fade(): boolean {
    const delta = 1 / (FADE_SECONDS * this.rate);
    if (this.motion === "running") {
      this.gain = Math.min(1, this.gain + delta);
      return true;
    }
    this.gain = Math.max(0, this.gain - delta);
    if (this.gain > 0) return true;
    if (this.motion === "stopping") this.forget();
    else this.motion = "paused";
    return false;
  }

  private next(): number | null {
    const piece = this.pieces[0];
    if (piece === undefined) return null;
    const sample = piece.samples[this.offset] ?? 0;
    this.offset += 1;
    this.place = { turnId: piece.turnId, ms: piece.startMs + (1000 * this.offset) / this.rate };
    if (this.offset >= piece.samples.length) {
      this.pieces.shift();
      this.offset = 0;
    }
    return sample;
  }

  private underrun(): void {
    if (this.motion === "stopping") this.forget();
    else if (this.motion === "pausing") this.motion = "paused";
    else this.wait();
  }

  private wait(): void {
    this.motion = "waiting";
    this.waited = 0;
    this.gain = 0;
  }

  private forget(): void {
    this.pieces = this.pieces.filter((piece) => piece.turnId > this.stoppedTurn);
    this.offset = 0;
    this.wait();
  }
}
