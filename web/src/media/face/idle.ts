/**
 * The face while it says nothing: breath, blinks, small movements of head and eyes, for ever. The same habits as the
 * server's (selfsame/face/idle.py, eyes.py); every moment is a function of the time and the seed alone.
 *
 * A blink shuts the lid in about 80 ms and opens it in about twice that (Trutoiu et al., "Modeling and animating eye
 * blinks", ACM Transactions on Applied Perception 2011). Between quick saccades the gaze stands still.
 */
import { AT, ease, type Pose } from "./pose";

const BLINK_SLOT = 4;
const BLINK_JITTER = 2;
const BLINK_SECONDS = 0.32;
const SHUT = 0.085;
const HELD = 0.125;
const GAZE_SLOT = 1.3;
const SACCADE = 0.05;
/** Share of fixations that leave the viewer's eyes. */
const AWAY = 0.14;
/** Degrees of yaw, pitch and roll. */
const SWAY = [1.1, 0.7, 0.7] as const;
/** Cycles a second whose sum never repeats within an hour. */
const SWAY_HERTZ = [0.071, 0.113, 0.181] as const;
const BREATHS_PER_SECOND = 14 / 60;

export class Idle {
  constructor(private readonly seed: number) {}

  /** Writes the pose at `seconds`. */
  sample(seconds: number, pose: Pose): void {
    pose.fill(0);
    const breath = 0.5 - 0.5 * Math.cos(2 * Math.PI * ((BREATHS_PER_SECOND * seconds) % 1) ** 1.2);
    const yaw = SWAY[0] * this.sway(seconds, 0);
    const pitch = SWAY[1] * this.sway(seconds, 1) + 0.3 * breath;
    pose[AT.breath] = breath;
    pose[AT.headYaw] = yaw;
    pose[AT.headPitch] = pitch;
    pose[AT.headRoll] = SWAY[2] * this.sway(seconds, 2);
    pose[AT.gazeYaw] = this.gaze(seconds, 0) - 0.8 * yaw;
    pose[AT.gazePitch] = this.gaze(seconds, 1) - 0.8 * pitch;
    pose[AT.mouthSmileLeft] = pose[AT.mouthSmileRight] = 0.03;
    pose[AT.eyeBlinkLeft] = pose[AT.eyeBlinkRight] = this.lid(seconds);
  }

  private lid(seconds: number): number {
    const slot = Math.floor(seconds / BLINK_SLOT);
    return Math.max(this.blink(seconds, slot), this.blink(seconds, slot - 1));
  }

  private blink(seconds: number, slot: number): number {
    const age = seconds - slot * BLINK_SLOT - BLINK_JITTER * chance(this.seed, 60, slot);
    return ease(age / SHUT) * (1 - ease((age - HELD) / (BLINK_SECONDS - HELD)) ** 0.8);
  }

  /** A slow wander between -1 and 1. */
  private sway(seconds: number, axis: number): number {
    let sum = 0;
    for (let i = 0; i < SWAY_HERTZ.length; i += 1) {
      const hertz = (SWAY_HERTZ[i] ?? 0) * (0.8 + 0.4 * chance(this.seed, 70 + axis, i));
      sum += Math.sin(2 * Math.PI * (hertz * seconds + chance(this.seed, 80 + axis, i))) / (i + 1.5);
    }
    return sum / 1.4;
  }

  private gaze(seconds: number, axis: 0 | 1): number {
    const slot = Math.floor(seconds / GAZE_SLOT);
    let angle = this.fixation(slot - 2, axis);
    for (let each = slot - 1; each <= slot; each += 1) {
      const jump = (each + 0.8 * chance(this.seed, 40, each)) * GAZE_SLOT;
      angle += ease((seconds - jump) / SACCADE) * (this.fixation(each, axis) - angle);
    }
    return angle;
  }

  private fixation(slot: number, axis: 0 | 1): number {
    const aside = 2 * chance(this.seed, 41 + axis, slot) - 1;
    if (chance(this.seed, 43, slot) < AWAY) return axis === 0 ? 4.5 * aside : 2 * aside - 0.6;
    return (axis === 0 ? 0.6 : 0.4) * aside;
  }
}

/** A number in 0..1 that looks like chance and is the same every time (a finaliser of MurmurHash3). */
export function chance(seed: number, kind: number, number: number): number {
  let h = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(kind, 0x85ebca6b) ^ Math.imul(number, 0xc2b2ae35)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 0x1_0000_0000;
}
