/** A pose of the face: one number per channel of the motion track, in the server's order (selfsame/events/shown.py). */
export const BLENDSHAPES = [
  "eyeBlinkLeft",
  "eyeBlinkRight",
  "eyeSquintLeft",
  "eyeSquintRight",
  "eyeWideLeft",
  "eyeWideRight",
  "browInnerUp",
  "browDownLeft",
  "browDownRight",
  "browOuterUpLeft",
  "browOuterUpRight",
  "cheekSquintLeft",
  "cheekSquintRight",
  "jawOpen",
  "jawLeft",
  "jawRight",
  "mouthClose",
  "mouthFunnel",
  "mouthPucker",
  "mouthSmileLeft",
  "mouthSmileRight",
  "mouthFrownLeft",
  "mouthFrownRight",
  "mouthStretchLeft",
  "mouthStretchRight",
  "mouthRollLower",
  "mouthRollUpper",
  "mouthPressLeft",
  "mouthPressRight",
  "mouthLowerDownLeft",
  "mouthLowerDownRight",
  "mouthUpperUpLeft",
  "mouthUpperUpRight",
  "tongueOut",
] as const;

export const CHANNELS = [...BLENDSHAPES, "headYaw", "headPitch", "headRoll", "gazeYaw", "gazePitch", "breath"] as const;

export type Channel = (typeof CHANNELS)[number];

/** Weights 0..1; head and gaze in degrees; breath 0 (out) to 1 (in). Left and right are the person's own. */
export type Pose = Float32Array;

/** Where each channel stands in a pose. */
export const AT = Object.fromEntries(CHANNELS.map((name, index) => [name, index])) as Record<Channel, number>;

export const HEAD = [AT.headYaw, AT.headPitch, AT.headRoll];
export const MOUTH = CHANNELS.flatMap((name, index) => (/^(mouth|jaw|tongue)/.test(name) ? index : []));
export const LIDS = [AT.eyeBlinkLeft, AT.eyeBlinkRight];

const WEIGHT_STEPS = 127;
const DEGREE_STEPS = 4;

/** The neutral face with closed lips. */
export function stillPose(): Pose {
  return new Float32Array(CHANNELS.length);
}

/** The pose with these numbers; names that no channel has are passed over. */
export function poseOf(numbers: Readonly<Partial<Record<string, number>>>): Pose {
  return Float32Array.from(CHANNELS, (name) => numbers[name] ?? 0);
}

/** Reads the rows of a motion frame whose columns are these channels, the first `blendshapes` of them weights. */
export class RowReader {
  readonly columns: number;
  private readonly from: (number | null)[];
  private readonly scale: Float32Array;

  constructor(channels: readonly string[], blendshapes: number) {
    this.columns = channels.length;
    this.from = CHANNELS.map((name) => {
      const column = channels.indexOf(name);
      return column < 0 ? null : column;
    });
    const step = (column: number): number =>
      column < blendshapes || channels[column] === "breath" ? 1 / WEIGHT_STEPS : 1 / DEGREE_STEPS;
    this.scale = Float32Array.from(this.from, (column) => (column === null ? 0 : step(column)));
  }

  /** Adds `share` of the row that begins at `offset` to the pose. */
  add(rows: Int8Array, offset: number, share: number, pose: Pose): void {
    for (let i = 0; i < pose.length; i += 1) {
      const column = this.from[i];
      if (column != null) pose[i] = (pose[i] ?? 0) + share * (rows[offset + column] ?? 0) * (this.scale[i] ?? 0);
    }
  }
}

/** 0 at 0, 1 at 1, flat at both ends. */
export function ease(x: number): number {
  const t = Math.min(1, Math.max(0, x));
  return t * t * (3 - 2 * t);
}
