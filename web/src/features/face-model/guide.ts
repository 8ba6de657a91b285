/** What to tell a person who looks into the camera, and which pictures are wanted of them. Pure. */
import { OVAL } from "@/media/camera/measure";
import type { FacePlace, Sight } from "@/media/camera/watch";

/** The pictures, in their order. Left and right are the person's own. */
export const POSES = ["front", "left", "right", "smile"] as const;
export type PoseName = (typeof POSES)[number];

export type Hint =
  | "looking"
  | "noFace"
  | "twoFaces"
  | "tooDark"
  | "tooBright"
  | "uneven"
  | "closer"
  | "back"
  | "moveLeft"
  | "moveRight"
  | "moveUp"
  | "moveDown"
  | "upright"
  | "lookStraight"
  | "turnLeft"
  | "turnRight"
  | "lessTurn"
  | "covered"
  | "eyesOpen"
  | "lipsClosed"
  | "blurred"
  | "holdStill"
  | "good";

/** Light as the server judges it (studio/face/quality.py). */
const DARK = 45;
const BURNT = 0.25;
const UNEVEN = 2;
/** Of the face's box against the oval: how far its middle may lie off, and how much smaller or larger it may be. */
const OFF = 0.1;
const SMALL = 0.42;
const LARGE = 0.95;
const TILT = 15;
/** Degrees of yaw; to the side is wanted as a small turn, since more than 28 is refused. */
const STRAIGHT = 11;
const TURN = { least: 6, most: 22 } as const;
/** Mean change of light between two looks. */
const RESTLESS = 7;

/** The first thing to change, or `good`. */
export function hintFor(sight: Sight | null, pose: PoseName): Hint {
  if (sight === null || sight.face === undefined) return "looking";
  const { light, face, reasons } = sight;
  if (light.brightness < DARK || reasons.includes("TOO_DARK")) return "tooDark";
  if (light.burnt > BURNT || reasons.includes("OVEREXPOSED")) return "tooBright";
  if (reasons.includes("TWO_FACES")) return "twoFaces";
  if (face === null) return "noFace";
  return placeHint(face, sight.aspect) ?? poseHint(face, pose) ?? lookHint(reasons, light.balance, pose) ?? (sight.motion > RESTLESS ? "holdStill" : "good");
}

/** Where the face is: large enough, and in the oval. The picture is shown mirrored: to the person, left is left. */
function placeHint(face: FacePlace, aspect: number): Hint | null {
  const size = face.height / (2 * OVAL.halfHeight);
  if (size < SMALL) return "closer";
  if (size > LARGE) return "back";
  // In steps of the picture's height, from the oval's middle; the picture's right side is the person's left.
  const across = (face.x + face.width / 2 - 0.5) * aspect;
  const down = face.y + face.height / 2 - OVAL.centreY;
  if (Math.abs(across) > OFF && Math.abs(across) >= Math.abs(down)) return across > 0 ? "moveRight" : "moveLeft";
  if (Math.abs(down) > OFF) return down > 0 ? "moveUp" : "moveDown";
  return null;
}

/** How the head is held. Yaw is positive to the person's left. */
function poseHint({ yaw, roll }: FacePlace, pose: PoseName): Hint | null {
  if (roll !== null && Math.abs(roll) > TILT) return "upright";
  if (yaw === null) return null;
  if (pose === "front" || pose === "smile") return Math.abs(yaw) > STRAIGHT ? "lookStraight" : null;
  const turned = pose === "left" ? yaw : -yaw;
  if (turned < TURN.least) return pose === "left" ? "turnLeft" : "turnRight";
  return turned > TURN.most ? "lessTurn" : null;
}

function lookHint(reasons: readonly string[], balance: number, pose: PoseName): Hint | null {
  if (reasons.some((reason) => reason === "MOUTH_COVERED" || reason === "EYES_COVERED" || reason === "CUT_OFF")) return "covered";
  if (reasons.includes("EYES_SHUT")) return "eyesOpen";
  if (reasons.includes("MOUTH_OPEN")) return "lipsClosed";
  if (reasons.includes("BLURRED")) return "blurred";
  return pose === "front" && (balance > UNEVEN || balance < 1 / UNEVEN) && reasons.includes("UNEVEN_LIGHT") ? "uneven" : null;
}

/** The first pose without a picture that will do; null when all are there. */
export function nextPose(taken: readonly PoseName[]): PoseName | null {
  return POSES.find((pose) => !taken.includes(pose)) ?? null;
}

/** What the quality of a face is called: 0..100. */
export function gradeOf(score: number): "poor" | "fair" | "good" | "excellent" {
  if (score >= 80) return "excellent";
  if (score >= 60) return "good";
  return score >= 40 ? "fair" : "poor";
}
