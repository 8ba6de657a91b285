/**
 * The motion of the replies, as it comes in: frames by number, later ones in place of earlier ones. Read at the place
 * in the reply's sound that is heard, between two frames by mixing them.
 */
import type { MotionFrame } from "@/wire/codec";
import type { Pose, RowReader } from "./pose";

/** Replies whose motion is kept: the one that is heard, and what may come before it ends. */
const TURNS = 3;
/** Longer replies move no more: half an hour at 30 frames a second. */
const MOST_FRAMES = 54_000;
/** For so many missing frames the last one is held. */
const HELD_FRAMES = 5;

export class MotionTrack {
  /** Which frame, with fractions, `sample` has given. */
  shown = 0;
  private readonly turns = new Map<number, Rows>();

  constructor(
    private readonly reader: RowReader,
    private readonly fps: number,
  ) {}

  /** Takes a stretch of motion in. What does not fit the channels, or lies beyond half an hour, is dropped. */
  add({ turnId, first, channels, rows }: MotionFrame): void {
    if (channels !== this.reader.columns) return;
    let turn = this.turns.get(turnId);
    if (turn === undefined) {
      if (this.turns.size >= TURNS) this.turns.delete(Math.min(...this.turns.keys()));
      turn = new Rows(channels);
      this.turns.set(turnId, turn);
    }
    turn.write(first, rows);
  }

  /** Writes the pose at `ms` of the turn's sound. False, and the pose unchanged, where no motion is known. */
  sample(turnId: number, ms: number, pose: Pose): boolean {
    const turn = this.turns.get(turnId);
    if (turn === undefined) return false;
    const place = Math.max(0, (ms * this.fps) / 1000);
    const wanted = Math.floor(place);
    const frame = turn.latest(wanted);
    if (frame === null) return false;
    const share = frame === wanted && turn.has(frame + 1) ? place - frame : 0;
    this.shown = frame + share;
    pose.fill(0);
    this.reader.add(turn.bytes, frame * turn.columns, 1 - share, pose);
    if (share > 0) this.reader.add(turn.bytes, (frame + 1) * turn.columns, share, pose);
    return true;
  }

  clear(): void {
    this.turns.clear();
  }
}

/** The frames of one reply: rows of bytes, and which of them have come. */
class Rows {
  bytes = new Int8Array(0);
  private known = new Uint8Array(0);

  constructor(readonly columns: number) {}

  write(first: number, rows: Int8Array): void {
    const count = Math.min(rows.length / this.columns, MOST_FRAMES - first);
    if (count <= 0) return;
    this.grow(first + count);
    this.bytes.set(rows.subarray(0, count * this.columns), first * this.columns);
    this.known.fill(1, first, first + count);
  }

  has(frame: number): boolean {
    return this.known[frame] === 1;
  }

  /** The frame itself, or one shortly before it; null where there is none. */
  latest(frame: number): number | null {
    for (let back = 0; back <= HELD_FRAMES; back += 1) {
      if (this.has(frame - back)) return frame - back;
    }
    return null;
  }

  private grow(frames: number): void {
    if (frames <= this.known.length) return;
    const room = Math.min(MOST_FRAMES, Math.max(frames, 2 * this.known.length, 300));
    const [bytes, known] = [this.bytes, this.known];
    this.bytes = new Int8Array(room * this.columns);
    this.bytes.set(bytes);
    this.known = new Uint8Array(room);
    this.known.set(known);
  }
}
