/** The camera's guide: what is measured, what is said of it, and what is kept of the pictures. */
import { describe, expect, it, vi } from "vitest";
import { adviceFor } from "@/features/face-model/advice";
import { gradeOf, hintFor, nextPose, POSES, type PoseName } from "@/features/face-model/guide";
import { Shots, sorted, usable, type Judge, type NewShot } from "@/features/face-model/shots";
import { troubleOf } from "@/media/camera/camera";
import { greyOf, inOval, measureLight, motionBetween, type Pixels } from "@/media/camera/measure";
import type { FacePlace, Sight } from "@/media/camera/watch";
import type { PictureQuality } from "@/wire/api";
import { ApiError } from "@/wire/api-error";

const [W, H] = [80, 60];

function picture(light: (x: number, y: number) => number): Pixels {
  const data = new Uint8ClampedArray(4 * W * H);
  for (let y = 0; y < H; y += 1) for (let x = 0; x < W; x += 1) data.set([light(x, y), light(x, y), light(x, y), 255], 4 * (y * W + x));
  return { data, width: W, height: H };
}
const lightOf = (light: (x: number, y: number) => number) => measureLight(greyOf(picture(light)), W, H);
const CHECKS = (x: number, y: number): number => ((x >> 2) + (y >> 2)) % 2 === 0 ? 60 : 180;
/** The same, smoothed: what a lens out of focus makes of it. */
const SOFT = (x: number, y: number): number => 120 + 60 * Math.sin((Math.PI * x) / 16) * Math.sin((Math.PI * y) / 16);

describe("what is measured", () => {
  it("weighs the colours of light", () => {
    const data = new Uint8ClampedArray([255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 255, 255, 255, 255]);
    expect([...greyOf({ data, width: 2, height: 2 })]).toEqual([76, 149, 28, 255]);
  });

  it("tells dark from light, and sees what is burnt out", () => {
    expect(lightOf(() => 20).brightness).toBeCloseTo(20, 0);
    expect(lightOf(() => 200).brightness).toBeCloseTo(200, 0);
    expect(lightOf(() => 255).burnt).toBe(1);
    expect(lightOf(() => 120)).toMatchObject({ burnt: 0, contrast: 0, sharpness: 0 });
  });

  it("looks at the oval alone", () => {
    expect(inOval(W / 2, 0.47 * H, W, H)).toBe(true);
    expect(inOval(2, 2, W, H)).toBe(false);
    const spot = lightOf((x, y) => (inOval(x, y, W, H) ? 100 : 255));
    expect(spot.brightness).toBeCloseTo(100, 0);
    expect(spot.burnt).toBe(0);
  });

  it("tells the bright side from the dark one", () => {
    expect(lightOf((x) => (x < W / 2 ? 160 : 40)).balance).toBeGreaterThan(3);
    expect(lightOf((x) => (x < W / 2 ? 40 : 160)).balance).toBeLessThan(1 / 3);
  });

  it("tells sharp from blurred", () => {
    expect(lightOf(CHECKS).sharpness).toBeGreaterThan(2 * lightOf(SOFT).sharpness);
  });

  it("sees movement, and not a change of light", () => {
    const still = greyOf(picture(CHECKS));
    expect(motionBetween(still, still)).toBe(0);
    expect(motionBetween(still, greyOf(picture((x, y) => CHECKS(x, y) + 20)))).toBeCloseTo(0, 1);
    expect(motionBetween(still, greyOf(picture((x, y) => CHECKS(x + 4, y))))).toBeGreaterThan(50);
    expect(motionBetween(still, new Uint8Array(3))).toBe(0);
  });
});

const FACE: FacePlace = { x: 0.37, y: 0.3, width: 0.26, height: 0.36, yaw: 0, pitch: 0, roll: 0 };
const LIGHT = { brightness: 120, contrast: 40, burnt: 0, balance: 1, sharpness: 0.3 };
const sight = (face: Partial<FacePlace> | null | undefined, more: Partial<Sight> = {}): Sight => ({
  light: LIGHT, motion: 1, aspect: 4 / 3, reasons: [], face: face === null || face === undefined ? face : { ...FACE, ...face }, ...more,
});

describe("the hint", () => {
  it.each<[string, Sight | null, PoseName]>([
    ["looking", null, "front"],
    ["looking", sight(undefined), "front"],
    ["good", sight({}), "front"],
    ["noFace", sight(null), "front"],
    ["tooDark", sight(null, { light: { ...LIGHT, brightness: 20 } }), "front"],
    ["tooDark", sight({}, { reasons: ["TOO_DARK"] }), "front"],
    ["tooBright", sight({}, { light: { ...LIGHT, burnt: 0.4 } }), "front"],
    ["twoFaces", sight({}, { reasons: ["TWO_FACES"] }), "front"],
    ["closer", sight({ height: 0.2 }), "front"],
    ["back", sight({ height: 0.8 }), "front"],
    // The picture's right is the person's left: they must go to their right.
    ["moveRight", sight({ x: 0.6 }), "front"],
    ["moveLeft", sight({ x: 0.1 }), "front"],
    ["moveUp", sight({ y: 0.5 }), "front"],
    ["moveDown", sight({ y: 0.05 }), "front"],
    ["upright", sight({ roll: -25 }), "front"],
    ["lookStraight", sight({ yaw: 18 }), "front"],
    ["lookStraight", sight({ yaw: -18 }), "smile"],
    ["turnLeft", sight({ yaw: 0 }), "left"],
    ["turnLeft", sight({ yaw: -12 }), "left"],
    ["good", sight({ yaw: 12 }), "left"],
    ["lessTurn", sight({ yaw: 30 }), "left"],
    ["turnRight", sight({ yaw: 12 }), "right"],
    ["good", sight({ yaw: -12 }), "right"],
    ["good", sight({ yaw: null, roll: null }), "left"],
    ["covered", sight({}, { reasons: ["MOUTH_COVERED"] }), "front"],
    ["eyesOpen", sight({}, { reasons: ["EYES_SHUT"] }), "front"],
    ["lipsClosed", sight({}, { reasons: ["MOUTH_OPEN"] }), "front"],
    ["blurred", sight({}, { reasons: ["BLURRED"] }), "front"],
    ["uneven", sight({}, { reasons: ["UNEVEN_LIGHT"], light: { ...LIGHT, balance: 3 } }), "front"],
    ["holdStill", sight({}, { motion: 20 }), "front"],
  ])("is %s", (hint, seen, pose) => {
    expect(hintFor(seen, pose)).toBe(hint);
  });

  it("asks for one pose after the other", () => {
    expect(nextPose([])).toBe("front");
    expect(nextPose(["front", "right"])).toBe("left");
    expect(nextPose([...POSES])).toBeNull();
  });

  it.each([[20, "poor"], [45, "fair"], [60, "good"], [92, "excellent"]] as const)("calls %d %s", (score, grade) => {
    expect(gradeOf(score)).toBe(grade);
  });

  it.each([["NotAllowedError", "denied"], ["NotFoundError", "absent"], ["NotReadableError", "taken"], ["Strange", "unknown"]])("reads %s as %s", (name, trouble) => {
    expect(troubleOf(new DOMException("x", name))).toBe(trouble);
  });
});

const quality = (reasons: string[]): PictureQuality => ({ reasons, isValid: true, faceDetected: true, resolution: { width: 1, height: 1 }, lighting: "good", angle: "frontal", clarity: 1, recommendations: [] });

describe("the advice", () => {
  it("says the most frequent things, and asks for more where there were few", () => {
    expect(adviceFor({ media: { type: "images" }, good: 1, quality: [quality(["DIM", "SOFT"]), quality(["SOFT", "UNHEARD_OF"])] })).toEqual(["FEW", "SOFT", "DIM"]);
    expect(adviceFor({ media: { type: "images" }, good: 5, quality: [quality([])] })).toEqual([]);
    expect(adviceFor({ media: { type: "video" }, quality: Array.from({ length: 12 }, (_, at) => quality(at < 2 ? ["SOFT"] : at < 9 ? ["DIM"] : [])) })).toEqual(["DIM"]);
  });
});

const file = (name: string, size = 10): File => Object.defineProperty(new File(["x"], name), "size", { value: size });
const shot = (name: string): NewShot => ({ file: file(name), name, kind: "photo", pose: null });

function box(judge: Judge) {
  const dropUrl = vi.fn();
  const shots = new Shots({ judge, wait: () => Promise.resolve(), makeUrl: (blob) => `blob:${(blob as File).name}`, dropUrl });
  return { shots, dropUrl };
}
const settled = async (shots: Shots): Promise<void> => {
  await vi.waitFor(() => {
    expect(shots.list().every(({ verdict }) => verdict.state !== "waiting")).toBe(true);
  });
};

describe("the pictures to be sent", () => {
  it("are judged one after the other, and those refused are not sent", async () => {
    let at = 0;
    let most = 0;
    const { shots, dropUrl } = box(async (blob) => {
      most = Math.max(most, (at += 1));
      await Promise.resolve();
      at -= 1;
      return { isValid: (blob as File).name !== "bad.jpg", reasons: ["SOFT"] };
    });
    shots.add([shot("a.jpg"), shot("bad.jpg"), shot("c.jpg")]);
    await settled(shots);
    expect(most).toBe(1);
    expect(usable(shots.list()).map(({ name }) => name)).toEqual(["a.jpg", "c.jpg"]);
    shots.remove(2);
    expect(dropUrl).toHaveBeenCalledWith("blob:bad.jpg");
    shots.clear();
    expect(shots.list()).toEqual([]);
    expect(dropUrl).toHaveBeenCalledTimes(3);
  });

  it("wait when the server is busy; what it cannot read is refused; other faults can be tried again", async () => {
    const answers = [new ApiError("slow down", "RATE_LIMITED", 413), new ApiError("cannot be read", "BAD_INPUT", 400), new ApiError("broken", "INTERNAL", 500)];
    const { shots } = box(() => {
      const error = answers.shift();
      return error === undefined ? Promise.resolve({ isValid: true, reasons: [] }) : Promise.reject(error);
    });
    shots.add([shot("a.jpg"), shot("b.jpg")]);
    await settled(shots);
    expect(shots.list().map(({ verdict }) => verdict.state)).toEqual(["judged", "unjudged"]);
    expect(shots.list()[0]?.verdict).toMatchObject({ valid: false, reasons: ["UNREADABLE"] });
    shots.again(2);
    await settled(shots);
    expect(shots.list()[1]?.verdict).toMatchObject({ state: "judged", valid: true });
  });

  it("are photos or one video, none too large", () => {
    const there = [{ ...shot("a.jpg"), id: 1, url: "", verdict: { state: "waiting" } }] as const;
    expect(sorted([file("a.JPG"), file("b.webp")], [])).toMatchObject([{ kind: "photo" }, { kind: "photo" }]);
    expect(sorted([file("a.mp4", 200_000_000)], [])).toMatchObject([{ kind: "video" }]);
    expect(sorted([file("a.mp4")], there)).toEqual({ trouble: "mixed" });
    expect(sorted([file("a.mp4"), file("b.mov")], [])).toEqual({ trouble: "manyVideos" });
    expect(sorted(Array.from({ length: 20 }, () => file("a.jpg")), there)).toEqual({ trouble: "tooMany" });
    expect(sorted([file("big.png", 26_000_000)], [])).toEqual({ trouble: "photoTooLarge", name: "big.png" });
  });
});
