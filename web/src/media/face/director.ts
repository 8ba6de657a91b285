/**
 * Decides what the face does now: the reply's motion while its sound is heard, else the idle face. Wherever the two
 * meet, the difference between what was shown and what comes is carried over and fades, so that nothing ever jumps
 * (inertialisation: Bollo, "Inertialization", Game Developers Conference 2018).
 */
import type { Place } from "../play-out";
import { Idle } from "./idle";
import { AT, ease, HEAD, LIDS, MOUTH, stillPose, type Pose } from "./pose";
import type { MotionTrack } from "./track";

export type Mood = "resting" | "listening" | "thinking" | "speaking";

/** The mouth settles quickly, head and eyes take their time. */
const MOUTH_MS = 120;
const BODY_MS = 380;
/** A move of the place by more than this is a new beginning. */
const LEAP_MS = 120;
/** How fast a mood comes over the face. */
const MOOD_MS = 500;
/** The source that is no turn. */
const IDLE = -1;
const STILL = [...HEAD, AT.gazeYaw, AT.gazePitch, AT.breath];

export class Director {
  /** The pose to show; written anew by `update`. */
  readonly pose = stillPose();
  /** No sway, no breath, no turning of the head: for people whom movement disturbs. The mouth still speaks. */
  calm = false;
  mood: Mood = "resting";
  /** The place in the reply, in ms, that the pose shows; null while the face idles. */
  shownMs: number | null = null;
  private readonly wanted = stillPose();
  private readonly carried = stillPose();
  private readonly isMouth: boolean[];
  private carriedAt = -Infinity;
  private source = IDLE;
  private lastMs = 0;
  private now: number | null = null;
  private readonly lean = { listening: 0, thinking: 0 };

  constructor(
    private readonly idle: Idle,
    private readonly track: MotionTrack | null,
    private readonly frameMs: number,
  ) {
    this.isMouth = Array.from(this.pose, (_, i) => MOUTH.includes(i) || LIDS.includes(i));
  }

  /** The pose for `nowMs`, when the voice is at `place`. */
  update(nowMs: number, place: Place | null): Pose {
    const first = this.now === null;
    const passed = nowMs - (this.now ?? nowMs);
    this.now = nowMs;
    this.leanTo(passed);
    const source = this.choose(nowMs, place);
    const leapt = place !== null && Math.abs(place.ms - this.lastMs) > LEAP_MS + passed;
    this.lastMs = place?.ms ?? 0;
    if (!first && (source !== this.source || (leapt && source !== IDLE))) this.carry(nowMs);
    this.source = source;
    this.blend(nowMs - this.carriedAt);
    return this.pose;
  }

  /** Writes what is wanted, and says from which turn. */
  private choose(nowMs: number, place: Place | null): number {
    const { wanted, track } = this;
    if (place !== null && place.state !== "over" && track?.sample(place.turnId, place.ms, wanted) === true) {
      this.shownMs = track.shown * this.frameMs;
      this.keepCalm();
      return place.turnId;
    }
    this.shownMs = null;
    this.idle.sample(nowMs / 1000, wanted);
    this.express();
    this.keepCalm();
    return IDLE;
  }

  private keepCalm(): void {
    if (!this.calm) return;
    for (const channel of STILL) this.wanted[channel] = 0;
  }

  private carry(nowMs: number): void {
    for (let i = 0; i < this.pose.length; i += 1) this.carried[i] = (this.pose[i] ?? 0) - (this.wanted[i] ?? 0);
    this.carriedAt = nowMs;
  }

  private blend(age: number): void {
    const mouth = 1 - ease(age / MOUTH_MS);
    const body = 1 - ease(age / BODY_MS);
    for (let i = 0; i < this.pose.length; i += 1) {
      const share = this.isMouth[i] === true ? mouth : body;
      this.pose[i] = (this.wanted[i] ?? 0) + share * (this.carried[i] ?? 0);
    }
  }

  private leanTo(passed: number): void {
    const step = Math.min(1, passed / MOOD_MS);
    this.lean.listening += ((this.mood === "listening" ? 1 : 0) - this.lean.listening) * step;
    this.lean.thinking += ((this.mood === "thinking" ? 1 : 0) - this.lean.thinking) * step;
  }

  /** Listening: the head a little aside, the brows up. Thinking: a look up and away. */
  private express(): void {
    const { listening, thinking } = this.lean;
    this.add(AT.headRoll, 1.6 * listening);
    this.add(AT.headPitch, 1.2 * thinking - 0.4 * listening);
    this.add(AT.browInnerUp, 0.12 * listening + 0.08 * thinking);
    this.add(AT.gazeYaw, 5 * thinking);
    this.add(AT.gazePitch, 4 * thinking);
    this.add(AT.mouthSmileLeft, 0.05 * listening);
    this.add(AT.mouthSmileRight, 0.05 * listening);
  }

  private add(channel: number, amount: number): void {
    this.wanted[channel] = (this.wanted[channel] ?? 0) + amount;
  }
}
