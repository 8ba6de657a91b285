import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Deformer } from "@/media/face/deform";
import { MouthStrip, STRIDE } from "@/media/face/mouth";
import { trianglesIn } from "@/media/face/painter";
import { BLENDSHAPES, CHANNELS, poseOf, RowReader, stillPose } from "@/media/face/pose";
import { readRig, RigError } from "@/media/face/rig";
import { at, base64, CHIN, rigFile, SIZE } from "./rigs";

describe("a pose", () => {
  it("has the server's channels, in its order", () => {
    const source = readFileSync("../selfsame/events/shown.py", "utf8");
    const listed = (name: string): string[] => {
      const body = new RegExp(`^${name} = \\(([^)]*)\\)`, "m").exec(source)?.[1] ?? "";
      return [...body.matchAll(/"(\w+)"/g)].map((match) => match[1] ?? "");
    };
    expect(BLENDSHAPES).toEqual(listed("BLENDSHAPES"));
    expect(CHANNELS).toEqual([...listed("BLENDSHAPES"), ...listed("POSE")]);
  });

  it("is read from rows of any columns: weights by 127, degrees by 4, breath by 127", () => {
    const own = new RowReader(["headYaw", "jawOpen", "earWiggle", "breath"], 0);
    const pose = stillPose();
    own.add(Int8Array.of(9, 9, 9, 9, -10, 127, 5, 127), 4, 1, pose);
    expect(pose).toEqual(poseOf({ headYaw: -2.5, jawOpen: 31.75, breath: 1 }));
    const weights = stillPose();
    new RowReader(["jawOpen", "headYaw"], 1).add(Int8Array.of(127, 8), 0, 0.5, weights);
    expect(weights).toEqual(poseOf({ jawOpen: 0.5, headYaw: 1 }));
  });
});

describe("a rig's file", () => {
  it("is read whole", () => {
    const rig = readRig(rigFile({ colour: "red" }));
    expect(rig).toMatchObject({ size: SIZE, shapes: ["jawOpen", "mouthSmileRight", "gazeYaw", "noseSneerLeft"], pivot: [50, 90] });
    expect(rig.vertices).toHaveLength(98);
    expect(rig.deltas).toHaveLength(4 * 98);
    expect(rig.eyes.right.x).toBe(70);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ["another format", { format: "selfsame-face/2" }, /format/],
    ["no vertices", { vertices: undefined }, /vertices is missing/],
    ["half a vertex", { vertices: base64(new Float32Array(3)) }, /vertices/],
    ["not base64", { vertices: "###" }, /vertices is wrong/],
    ["not a number", { neutral: base64(new Float32Array(98).fill(NaN)) }, /neutral/],
    ["far outside", { neutral: base64(new Float32Array(98).fill(1e6)) }, /neutral/],
    ["too few depths", { depth: base64(new Float32Array(3)) }, /depth/],
    ["a triangle of nothing", { triangles: base64(Uint16Array.of(0, 1, 49)) }, /triangles/],
    ["too few deltas", { deltas: base64(new Int8Array(7)) }, /deltas/],
    ["a scale too few", { deltaScale: [1, 2, 3] }, /deltaScale/],
    ["lips of nothing", { lips: { upperInner: [99] } }, /upperOuter is missing/],
    ["closing what is not there", { closing: base64(Float32Array.of(0, 11, 1)) }, /closes/],
    ["half a closing vertex", { closing: base64(Float32Array.of(0.5, 1, 1)) }, /closes/],
    ["no size", { size: "100" }, /size/],
    ["a huge size", { size: 1e9 }, /size/],
    ["no mouth", { mouth: 7 }, /mouth is not an object/],
    ["no eyes", { eyes: {} }, /left is not an object/],
    ["an eye outside", { eyes: { left: { x: 95, y: 0, width: 10, height: 5, count: 2, patches: "AA==" }, right: {} } }, /x is wrong/],
  ])("is refused with %s", (_, change, why) => {
    expect(() => readRig(rigFile(change))).toThrow(RigError);
    expect(() => readRig(rigFile(change))).toThrow(why);
  });

  it.each(["", "{", "null", "[]", "7", '"selfsame-face/1"'])("is refused when it is %j", (text) => {
    expect(() => readRig(text)).toThrow(RigError);
  });
});

describe("the deformer", () => {
  const rig = readRig(rigFile());
  const moved = (numbers: Record<string, number>): Deformer => {
    const deformer = new Deformer(rig);
    deformer.apply(poseOf(numbers));
    return deformer;
  };

  it("at rest shows the neutral face", () => {
    const { positions, mouth } = moved({});
    expect(at(positions, CHIN)).toEqual([51, 80]);
    expect(at(positions, 46)).toEqual([99, 0]);
    expect(mouth).toEqual({ shiftX: 0, shiftY: 0, rightX: 1, rightY: 0, jawX: 0, jawY: 0, tongueOut: 0, gap: 0 });
  });

  it("adds up the shapes, and passes over those that no channel moves", () => {
    const { positions, mouth } = moved({ jawOpen: 0.5, mouthSmileRight: 1, jawLeft: 0.5 });
    expect(at(positions, CHIN)).toEqual([51, 92]);
    expect(at(positions, 0)).toEqual([30, 55]);
    expect(at(positions, 16)).toEqual([50, 70]);
    expect(mouth.gap).toBeCloseTo(10);
    expect([mouth.jawX, mouth.jawY]).toEqual([2, 9]);
  });

  it("shuts the lips exactly, whatever the jaw does, each lip by its share", () => {
    const { positions, mouth } = moved({ jawOpen: 0.5, mouthClose: 1 });
    expect(mouth.gap).toBeCloseTo(0, 5);
    for (let i = 1; i < 10; i += 1) expect(at(positions, i)[1]).toBeCloseTo(62.5, 5);
    expect(moved({ jawOpen: 0.5, mouthClose: 0.5 }).mouth.gap).toBeCloseTo(5, 5);
  });

  it("never lets the lips cross", () => {
    const file = JSON.parse(rigFile()) as Record<string, unknown>;
    const neutral = new Float32Array(98);
    for (let i = 1; i < 10; i += 1) neutral[2 * i + 1] = 8; // the upper lip hangs below the lower one
    const deformer = new Deformer(readRig(JSON.stringify({ ...file, neutral: base64(neutral) })));
    deformer.apply(stillPose());
    for (let i = 1; i < 10; i += 1) {
      expect(at(deformer.positions, i)[1]).toBeCloseTo(66, 4);
      expect(at(deformer.positions, 11 + i)[1]).toBeCloseTo(66, 4);
    }
  });

  it("turns the head about its pivot by depth and by what follows, and the mouth with it", () => {
    const turned = moved({ headYaw: 5, headPitch: 4, headRoll: 3 });
    const [yaw, pitch, roll] = [5, 4, 3].map((degrees) => (degrees * Math.PI) / 180) as [number, number, number];
    const [x, y] = [30 - 50, 60 - 90];
    expect(at(turned.positions, 0)[0]).toBeCloseTo(30 + 10 * Math.sin(yaw) - y * Math.sin(roll) - x * (1 - Math.cos(yaw)), 4);
    expect(at(turned.positions, 0)[1]).toBeCloseTo(60 - 10 * Math.sin(pitch) + x * Math.sin(roll) - y * (1 - Math.cos(pitch)), 4);
    expect(at(turned.positions, 48)).toEqual([99, 99]);
    expect(turned.mouth.shiftX).toBeCloseTo(10 * Math.sin(yaw) + 30 * Math.sin(roll), 4);
    expect([turned.mouth.rightX, turned.mouth.rightY]).toEqual([expect.closeTo(Math.cos(roll), 5), expect.closeTo(Math.sin(roll), 5)]);
    expect(turned.mouth.shiftY).toBeCloseTo(-10 * Math.sin(pitch) + 30 * (1 - Math.cos(pitch)), 4);
  });

  it("lets the gaze fade as the lids close", () => {
    expect(at(moved({ gazeYaw: 10 }).positions, 0)[0]).toBeCloseTo(34, 4);
    expect(at(moved({ gazeYaw: 10, eyeBlinkLeft: 1, eyeBlinkRight: 1 }).positions, 0)[0]).toBeCloseTo(30, 4);
  });

  it("clips what is out of range", () => {
    expect(moved({ jawOpen: 7 }).positions).toEqual(moved({ jawOpen: 1 }).positions);
    expect(moved({ jawOpen: -7, mouthSmileRight: NaN }).positions).toEqual(moved({}).positions);
    expect(moved({ headYaw: -90 }).positions).toEqual(moved({ headYaw: -12 }).positions);
  });

  it("spans the mouth's opening from lip to lip, a little under them", () => {
    const deformer = moved({ jawOpen: 0.5, headYaw: 3 });
    const strip = new MouthStrip(rig, deformer);
    strip.update();
    const corner = (index: number): number[] => [...strip.corners.subarray(index * STRIDE, (index + 1) * STRIDE)];
    const [x = 0, y = 0, along = 0, down = 0, below = 0, above = 0, across = 9] = corner(11);
    expect([x, y]).toEqual([expect.closeTo(50 + 10 * Math.sin(Math.PI / 60), 3), 71.5]);
    expect([along, down]).toEqual([expect.closeTo(0, 3), expect.closeTo(11.5, 3)]);
    expect(below * 40).toBeCloseTo(11.5, 3);
    expect(above * 40).toBeCloseTo(-1.5, 3);
    expect(across).toBeCloseTo(0, 3);
    expect(corner(0)[6]).toBeCloseTo(-1, 3);
    expect(corner(20)[6]).toBeCloseTo(1, 3);
  });

  it("finds the triangles that show an eye", () => {
    const eye = rig.eyes.left;
    expect(trianglesIn(rig, { ...eye, x: 45, y: 5 })).toEqual(Uint16Array.of(45, 46, 44));
    expect(trianglesIn(rig, { ...eye, x: 0, y: 90 })).toEqual(Uint16Array.of(44, 47, 48));
  });
});
