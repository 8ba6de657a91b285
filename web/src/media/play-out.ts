/** Which moment of the voice is heard now: what the face is shown by. Pure; the audio clock and the player feed it. */
import type { Position } from "./ring";

/** A place in a reply's sound. `moving`: it is sounding. `held`: it waits for more. `over`: paused, stopped or ended. */
export interface Place {
  turnId: number;
  ms: number;
  state: "moving" | "held" | "over";
}

/** Where the play-out thread was, in the audio context's seconds. */
interface Report {
  at: number;
  position: Position;
  /** Since when it has stood here. */
  since: number;
}

/** Reports come every 20 ms or so; sound may take half a second from the graph to the ear. */
const REPORTS = 96;
/** Without reports for so long (the page is busy) the sound is taken to go on, and no longer. */
const TRUST_SECONDS = 0.6;
/** Waiting for so long, the voice has ended for the eye. */
const WAITS_SECONDS = 0.15;

export class PlayOut {
  private reports: Report[] = [];

  /** The play-out thread has reached the position with the sample that leaves the graph at `at` seconds. */
  report(position: Position, at: number): void {
    const last = this.reports.at(-1);
    if (last !== undefined && at <= last.at) return;
    const stood = last !== undefined && !last.position.moving && last.position.turnId === position.turnId;
    this.reports.push({ at, position, since: stood ? last.since : at });
    if (this.reports.length > REPORTS) this.reports.shift();
  }

  reset(): void {
    this.reports = [];
  }

  /** What is heard when the sample of `at` seconds is; null before anything was played. */
  place(at: number): Place | null {
    const next = this.reports.findIndex((report) => report.at > at);
    const before = this.reports.at(next < 0 ? -1 : next - 1);
    const after = next < 0 ? undefined : this.reports[next];
    const known = next === 0 ? undefined : before;
    return begunSince(known, after, at) ?? (known === undefined ? null : goneOn(known, after, at));
  }
}

/** The sound began, or went on, between two reports. */
function begunSince(before: Report | undefined, after: Report | undefined, at: number): Place | null {
  if (after?.position.moving !== true || before?.position.moving === true) return null;
  const { turnId, ms } = after.position;
  const place = ms - 1000 * (after.at - at);
  const from = before?.position.turnId === turnId ? before.position.ms : 0;
  return place >= from ? { turnId, ms: place, state: "moving" } : null;
}

function goneOn(before: Report, after: Report | undefined, at: number): Place {
  const { turnId, ms, moving, paused, stopped } = before.position;
  const gone = at - before.at;
  if (moving && gone <= TRUST_SECONDS) {
    const most = after?.position.turnId === turnId ? after.position.ms : Infinity;
    return { turnId, ms: Math.min(ms + 1000 * gone, most), state: "moving" };
  }
  return { turnId, ms, state: paused || stopped || at - before.since > WAITS_SECONDS ? "over" : "held" };
}

/** How fast the estimate follows the readings: a quarter of a second. */
const FOLLOW_MS = 250;
/** A reading this far off is a new state of affairs, not noise. */
const JUMP_SECONDS = 0.08;

/**
 * The audio context's time that is heard at a moment of performance.now(). Readings come in steps of the sound card's
 * buffer; they are followed slowly, so that the face does not tremble, and never left, so that it does not drift.
 */
export class HeardTime {
  private offset: number | null = null;
  private readAt = 0;

  /** `seconds` of the context were heard at `nowMs`. */
  read(nowMs: number, seconds: number): void {
    const reading = seconds - nowMs / 1000;
    if (this.offset === null || Math.abs(reading - this.offset) > JUMP_SECONDS) this.offset = reading;
    else this.offset += (reading - this.offset) * Math.min(1, Math.max(0, nowMs - this.readAt) / FOLLOW_MS);
    this.readAt = nowMs;
  }

  /** The context's seconds heard at `atMs`; null before the first reading. */
  at(atMs: number): number | null {
    return this.offset === null ? null : this.offset + atMs / 1000;
  }
}
