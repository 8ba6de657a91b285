/**
 * From a pose to places: where every vertex of the rig is drawn, and how the mouth stands open. The same steps as the
 * server's renderer (selfsame/face/rig_file.py), so that both show the same face.
 */
import { AT, CHANNELS, stillPose, type Channel, type Pose } from "./pose";
import { LIP_PAIRS, type Rig } from "./rig";

/** Degrees of gaze that the shapes gazeYaw and gazePitch stand for. */
const GAZE_UNIT = 10;
/** How far the teeth follow a jaw that is moved to one side, in mouth widths. */
const JAW_ASIDE = 0.1;
const RADIANS = Math.PI / 180;
/** Degrees: beyond them a picture that is only bent looks wrong. */
const MAX_TURN = 12;
const MAX_GAZE = 20;
const MOST = Float32Array.from(CHANNELS, (name) => (name.startsWith("head") ? MAX_TURN : name.startsWith("gaze") ? MAX_GAZE : 1));
const LEAST = MOST.map((most) => (most === 1 ? 0 : -most));
const MIDDLE = LIP_PAIRS >> 1;

/** How the mouth stands, for what is drawn between the lips. All in texture pixels. */
export interface MouthPose {
  /** How the head's move shifts the seam. */
  shiftX: number;
  shiftY: number;
  /** The mouth's x axis, turned with the head. */
  rightX: number;
  rightY: number;
  /** How far the lower teeth have moved, before the head's turn. */
  jawX: number;
  jawY: number;
  tongueOut: number;
  /** The widest gap between the inner lips. */
  gap: number;
}

export class Deformer {
  /** (n, 2): where the vertices are drawn. Written anew by `apply`. */
  readonly positions: Float32Array;
  readonly mouth: MouthPose = { shiftX: 0, shiftY: 0, rightX: 1, rightY: 0, jawX: 0, jawY: 0, tongueOut: 0, gap: 0 };
  private readonly rest: Float32Array;
  private readonly shapes: { channel: number; scale: number; deltas: Int8Array }[] = [];
  private readonly pose = stillPose();
  private readonly turn = new HeadTurn();
  private readonly pull = new Float32Array(LIP_PAIRS);
  private readonly downX: number;
  private readonly downY: number;

  constructor(private readonly rig: Rig) {
    this.positions = new Float32Array(rig.vertices.length);
    this.rest = rig.vertices.map((place, i) => place + (rig.neutral[i] ?? 0));
    this.downX = -rig.mouth.right[1];
    this.downY = rig.mouth.right[0];
    const step = rig.vertices.length;
    rig.shapes.forEach((name, k) => {
      const deltas = rig.deltas.subarray(k * step, (k + 1) * step);
      const known = (CHANNELS as readonly string[]).includes(name);
      if (known && deltas.some((each) => each !== 0)) {
        this.shapes.push({ channel: AT[name as Channel], scale: rig.deltaScale[k] ?? 0, deltas });
      }
    });
  }

  /** Moves the vertices and the mouth to the pose; numbers out of range are clipped. */
  apply(wanted: Pose): void {
    const pose = this.pose;
    for (let i = 0; i < pose.length; i += 1) {
      const value = wanted[i] ?? 0;
      const most = MOST[i] ?? 0;
      pose[i] = Number.isFinite(value) ? Math.min(most, Math.max(LEAST[i] ?? 0, value)) : 0;
    }
    this.addShapes(pose);
    this.closeLips(pose[AT.mouthClose] ?? 0);
    this.placeMouth(pose);
    this.turnHead(pose);
  }

  private addShapes(pose: Pose): void {
    const q = this.positions;
    q.set(this.rest);
    const open = 1 - ((pose[AT.eyeBlinkLeft] ?? 0) + (pose[AT.eyeBlinkRight] ?? 0)) / 2;
    for (const { channel, scale, deltas } of this.shapes) {
      const gazes = channel === AT.gazeYaw || channel === AT.gazePitch;
      const weight = (pose[channel] ?? 0) * (gazes ? open / GAZE_UNIT : 1) * scale;
      if (weight === 0) continue;
      for (let i = 0; i < q.length; i += 1) q[i] = (q[i] ?? 0) + weight * (deltas[i] ?? 0);
    }
  }

  /** Lips never cross, and come together as far as `close` says. */
  private closeLips(close: number): void {
    const { upperInner, lowerInner } = this.rig.lips;
    const q = this.positions;
    for (let i = 0; i < LIP_PAIRS; i += 1) {
      const gap = this.gapOf(upperInner[i] ?? 0, lowerInner[i] ?? 0);
      const corner = i === 0 || i === LIP_PAIRS - 1;
      this.pull[i] = corner ? 0 : gap < 0 ? gap : gap * close;
    }
    const { closing } = this.rig;
    for (let i = 0; i < closing.length; i += 3) {
      const at = 2 * (closing[i] ?? 0);
      const move = (closing[i + 2] ?? 0) * (this.pull[closing[i + 1] ?? 0] ?? 0);
      q[at] = (q[at] ?? 0) + move * this.downX;
      q[at + 1] = (q[at + 1] ?? 0) + move * this.downY;
    }
    this.mouth.gap = 0;
    for (let i = 0; i < LIP_PAIRS; i += 1) {
      this.mouth.gap = Math.max(this.mouth.gap, this.gapOf(upperInner[i] ?? 0, lowerInner[i] ?? 0));
    }
  }

  private gapOf(upper: number, lower: number): number {
    const q = this.positions;
    const x = (q[2 * lower] ?? 0) - (q[2 * upper] ?? 0);
    const y = (q[2 * lower + 1] ?? 0) - (q[2 * upper + 1] ?? 0);
    return x * this.downX + y * this.downY;
  }

  private placeMouth(pose: Pose): void {
    const { jaw, right, width } = this.rig.mouth;
    const open = pose[AT.jawOpen] ?? 0;
    const aside = ((pose[AT.jawLeft] ?? 0) - (pose[AT.jawRight] ?? 0)) * JAW_ASIDE * width;
    this.mouth.jawX = open * jaw[0] + aside * right[0];
    this.mouth.jawY = open * jaw[1] + aside * right[1];
    this.mouth.tongueOut = Math.min(1, Math.max(0, pose[AT.tongueOut] ?? 0));
  }

  private turnHead(pose: Pose): void {
    const { vertices, depth, follow, pivot } = this.rig;
    const q = this.positions;
    this.turn.set(pose);
    for (let i = 0; i < depth.length; i += 1) {
      const x = (vertices[2 * i] ?? 0) - pivot[0];
      const y = (vertices[2 * i + 1] ?? 0) - pivot[1];
      const z = depth[i] ?? 0;
      const share = follow[i] ?? 0;
      q[2 * i] = (q[2 * i] ?? 0) + this.turn.moveX(x, y, z, share);
      q[2 * i + 1] = (q[2 * i + 1] ?? 0) + this.turn.moveY(x, y, z, share);
    }
    const x = this.ofSeam(vertices, 2, 0) - pivot[0];
    const y = this.ofSeam(vertices, 2, 1) - pivot[1];
    const z = this.ofSeam(depth, 1, 0);
    const share = this.ofSeam(follow, 1, 0);
    this.mouth.shiftX = this.turn.moveX(x, y, z, share);
    this.mouth.shiftY = this.turn.moveY(x, y, z, share);
    const angle = share * RADIANS * (pose[AT.headRoll] ?? 0);
    const right = this.rig.mouth.right;
    this.mouth.rightX = right[0] * Math.cos(angle) - right[1] * Math.sin(angle);
    this.mouth.rightY = right[0] * Math.sin(angle) + right[1] * Math.cos(angle);
  }

  /** The mean of both lips' middles. */
  private ofSeam(values: Float32Array, stride: number, part: number): number {
    const { upperInner, lowerInner } = this.rig.lips;
    const upper = values[stride * (upperInner[MIDDLE] ?? 0) + part] ?? 0;
    return (upper + (values[stride * (lowerInner[MIDDLE] ?? 0) + part] ?? 0)) / 2;
  }
}

/** The turn of the head; moves places relative to the pivot, `z` pixels before it, by their `share` of the turn. */
class HeadTurn {
  private sinYaw = 0;
  private sinPitch = 0;
  private sinRoll = 0;
  private lessYaw = 0;
  private lessPitch = 0;

  set(pose: Pose): void {
    const yaw = RADIANS * (pose[AT.headYaw] ?? 0);
    const pitch = RADIANS * (pose[AT.headPitch] ?? 0);
    this.sinYaw = Math.sin(yaw);
    this.sinPitch = Math.sin(pitch);
    this.sinRoll = Math.sin(RADIANS * (pose[AT.headRoll] ?? 0));
    this.lessYaw = 1 - Math.cos(yaw);
    this.lessPitch = 1 - Math.cos(pitch);
  }

  moveX(x: number, y: number, z: number, share: number): number {
    return z * this.sinYaw - share * (y * this.sinRoll + x * this.lessYaw);
  }

  moveY(x: number, y: number, z: number, share: number): number {
    return -z * this.sinPitch + share * (x * this.sinRoll - y * this.lessPitch);
  }
}
