import { describe, expect, it } from "vitest";
import { Director } from "@/media/face/director";
import { chance, Idle } from "@/media/face/idle";
import { Pace } from "@/media/face/pace";
import { Pictures } from "@/media/face/pictures";
import { AT, BLENDSHAPES, CHANNELS, ease, RowReader, stillPose } from "@/media/face/pose";
import { Samples } from "@/media/face/samples";
import { MotionTrack } from "@/media/face/track";
import type { Place } from "@/media/play-out";
import type { MotionFrame, PictureFrame } from "@/wire/codec";

const reader = new RowReader(CHANNELS, BLENDSHAPES.length);

/** A stretch of motion: jawOpen of each frame, in wire steps. */
const motion = (first: number, jaws: number[], turnId = 1): MotionFrame => {
  const rows = new Int8Array(jaws.length * CHANNELS.length);
  jaws.forEach((jaw, i) => (rows[i * CHANNELS.length + AT.jawOpen] = jaw));
  return { kind: "motion", turnId, sequenceNumber: 0, eventNumber: 0, first, channels: CHANNELS.length, rows };
};
const moving = (ms: number, turnId = 1): Place => ({ turnId, ms, state: "moving" });

describe("the motion track", () => {
  const track = (): MotionTrack => new MotionTrack(reader, 30);
  const jawAt = (each: MotionTrack, ms: number, turnId = 1): number | null => {
    const pose = stillPose();
    return each.sample(turnId, ms, pose) ? (pose[AT.jawOpen] ?? NaN) : null;
  };

  it("mixes two frames, and lets later ones replace earlier ones", () => {
    const own = track();
    own.add(motion(0, [0, 127, 0]));
    expect(jawAt(own, 1000 / 30)).toBeCloseTo(1, 5);
    expect(jawAt(own, 500 / 30)).toBeCloseTo(0.5, 5);
    own.add(motion(1, [0, 127]));
    expect(jawAt(own, 1000 / 30)).toBeCloseTo(0, 5);
    expect(jawAt(own, 2000 / 30)).toBeCloseTo(1, 5);
    expect(own.shown).toBeCloseTo(2, 5);
  });

  it("holds the last frame for a moment, then knows nothing; gaps likewise", () => {
    const own = track();
    own.add(motion(0, [0, 127]));
    own.add(motion(30, [64]));
    expect(jawAt(own, 150)).toBe(1);
    expect(jawAt(own, 300)).toBeNull();
    expect(jawAt(own, 1000)).toBeCloseTo(64 / 127, 5);
    expect(jawAt(own, -20)).toBe(0);
    expect(jawAt(own, 0, 2)).toBeNull();
  });

  it("keeps three turns, half an hour of each, and nothing of other columns", () => {
    const own = track();
    for (const turn of [1, 2, 3, 4]) own.add(motion(0, [127], turn));
    expect([1, 2, 3, 4].map((turn) => jawAt(own, 0, turn))).toEqual([null, 1, 1, 1]);
    own.add(motion(53_999, [127, 127], 4));
    own.add(motion(4_000_000_000, [127], 4));
    expect(jawAt(own, 1_800_000 - 33, 4)).toBe(1);
    own.add({ ...motion(0, [0], 4), channels: 3 });
    expect(jawAt(own, 0, 4)).toBe(1);
    own.clear();
    expect(jawAt(own, 0, 4)).toBeNull();
  });
});

describe("the idle face", () => {
  const idle = new Idle(7);
  const poses = (seconds: number, each = idle): Float32Array[] =>
    Array.from({ length: seconds * 60 }, (_, i) => {
      const pose = stillPose();
      each.sample(i / 60, pose);
      return pose;
    });
  const span = (all: Float32Array[], channel: number): number => {
    const values = all.map((pose) => pose[channel] ?? NaN);
    return Math.max(...values) - Math.min(...values);
  };

  it("breathes, blinks every 2 to 6 s, sways a little and keeps its mouth shut", () => {
    const all = poses(120);
    const shut = all.map((pose) => (pose[AT.eyeBlinkLeft] ?? 0) > 0.9);
    const blinks = shut.flatMap((now, i) => (now && shut[i - 1] === false ? i / 60 : []));
    const gaps = blinks.slice(1).map((time, i) => time - (blinks[i] ?? 0));
    expect(blinks.length).toBeGreaterThanOrEqual(28);
    expect(Math.min(...gaps)).toBeGreaterThan(1.9);
    expect(Math.max(...gaps)).toBeLessThan(6.1);
    expect(span(all, AT.breath)).toBeCloseTo(1, 2);
    for (const channel of [AT.headYaw, AT.headPitch, AT.headRoll]) {
      expect(span(all, channel)).toBeGreaterThan(0.5);
      expect(Math.max(...all.map((pose) => Math.abs(pose[channel] ?? 9)))).toBeLessThan(3);
    }
    expect(span(all, AT.jawOpen)).toBe(0);
  });

  it("never jumps: the head by less than 0.1 degrees a frame, the lids within a blink's speed", () => {
    const all = poses(60);
    for (let i = 1; i < all.length; i += 1) {
      const step = (channel: number): number => Math.abs((all[i]?.[channel] ?? NaN) - (all[i - 1]?.[channel] ?? NaN));
      for (const channel of [AT.headYaw, AT.headPitch, AT.headRoll]) expect(step(channel)).toBeLessThan(0.1);
      expect(step(AT.breath)).toBeLessThan(0.05);
      expect(step(AT.eyeBlinkLeft)).toBeLessThan(0.35);
    }
  });

  it("is its own for every seed, and the same again for the same", () => {
    expect(poses(2, new Idle(7))).toEqual(poses(2));
    expect(poses(2, new Idle(8))).not.toEqual(poses(2));
    const drawn = Array.from({ length: 1000 }, (_, i) => chance(1, 2, i));
    expect(drawn.reduce((sum, each) => sum + each, 0) / 1000).toBeCloseTo(0.5, 1);
    expect(Math.max(...drawn)).toBeLessThan(1);
    expect(new Set(drawn).size).toBe(1000);
  });
});

describe("the director", () => {
  function setUp() {
    const track = new MotionTrack(reader, 30);
    track.add(motion(0, new Array<number>(300).fill(100)));
    return { track, director: new Director(new Idle(3), track, 1000 / 30) };
  }
  /** Runs frame after frame; `place` says what is heard. The largest step of the jaw and of the head comes back. */
  function run(director: Director, from: number, to: number, place: (ms: number) => Place | null) {
    const steps = { jaw: 0, head: 0 };
    for (let ms = from; ms < to; ms += 1000 / 60) {
      const before = [director.pose[AT.jawOpen] ?? 0, director.pose[AT.headYaw] ?? 0] as const;
      const pose = director.update(ms, place(ms));
      steps.jaw = Math.max(steps.jaw, Math.abs((pose[AT.jawOpen] ?? NaN) - before[0]));
      if (ms > from) steps.head = Math.max(steps.head, Math.abs((pose[AT.headYaw] ?? NaN) - before[1]));
    }
    return steps;
  }
  const jaw = (director: Director): number => director.pose[AT.jawOpen] ?? NaN;

  it("idles, speaks with the sound, and idles again, without a jump", () => {
    const { director } = setUp();
    run(director, 0, 500, () => null);
    expect(jaw(director)).toBe(0);
    expect(director.shownMs).toBeNull();
    const spoke = run(director, 500, 2000, (ms) => moving(ms - 500));
    expect(jaw(director)).toBeCloseTo(100 / 127, 5);
    expect(director.shownMs).toBeGreaterThan(1450);
    const rested = run(director, 2000, 3000, () => ({ turnId: 1, ms: 1500, state: "over" }));
    expect(jaw(director)).toBeCloseTo(0, 5);
    expect(director.shownMs).toBeNull();
    expect(Math.max(spoke.jaw, rested.jaw)).toBeLessThan(0.2);
    expect(Math.max(spoke.head, rested.head)).toBeLessThan(0.2);
  });

  it("shuts the mouth within 150 ms of a pause, and opens it again as soon", () => {
    const { director } = setUp();
    run(director, 0, 1000, (ms) => moving(ms));
    run(director, 1000, 1150, () => ({ turnId: 1, ms: 1000, state: "over" }));
    expect(jaw(director)).toBeLessThan(0.01);
    run(director, 1150, 1300, (ms) => moving(ms - 150));
    expect(jaw(director)).toBeGreaterThan(0.75);
  });

  it("holds its pose while the sound waits, and idles when motion is missing", () => {
    const { director } = setUp();
    run(director, 0, 1000, (ms) => moving(ms));
    run(director, 1000, 1100, () => ({ turnId: 1, ms: 1000, state: "held" }));
    expect(jaw(director)).toBeCloseTo(100 / 127, 5);
    run(director, 1100, 1600, () => moving(20_000));
    expect(jaw(director)).toBeCloseTo(0, 5);
  });

  it("does not jump when the place does, or when another turn begins", () => {
    const { director, track } = setUp();
    track.add(motion(30, new Array<number>(60).fill(0)));
    track.add(motion(0, new Array<number>(60).fill(10), 2));
    run(director, 0, 900, (ms) => moving(ms));
    expect(run(director, 900, 1200, (ms) => moving(ms + 600)).jaw).toBeLessThan(0.2);
    expect(run(director, 1200, 1500, (ms) => moving(ms - 1200, 2)).jaw).toBeLessThan(0.2);
  });

  it("holds head, gaze and breath still for those who want it calm, and still speaks", () => {
    const { director } = setUp();
    director.calm = true;
    expect(run(director, 0, 3000, () => null).head).toBe(0);
    expect(director.pose[AT.breath]).toBe(0);
    run(director, 3000, 4000, (ms) => moving(ms - 3000));
    expect(jaw(director)).toBeCloseTo(100 / 127, 5);
  });

  it("shows that it listens and thinks", () => {
    const { director } = setUp();
    run(director, 0, 1000, () => null);
    const before = director.pose[AT.browInnerUp] ?? 0;
    director.mood = "listening";
    run(director, 1000, 4000, () => null);
    expect(director.pose[AT.browInnerUp]).toBeGreaterThan(before + 0.1);
    director.mood = "resting";
    run(director, 4000, 8000, () => null);
    expect(director.pose[AT.browInnerUp]).toBeCloseTo(before, 2);
  });
});

describe("the pace", () => {
  const drawn = (pace: Pace, from: number, count: number, interval: number, cost: number): number => {
    let sum = 0;
    for (let i = 0; i < count; i += 1) {
      if (!pace.begin(from + i * interval)) continue;
      sum += 1;
      pace.spent(cost);
    }
    return sum;
  };

  it("is 60 a second, also on faster screens", () => {
    expect(drawn(new Pace(), 0, 600, 1000 / 60, 1)).toBe(600);
    expect(drawn(new Pace(), 0, 1200, 1000 / 120, 1)).toBe(600);
  });

  it("is 30 a second when drawing is dear, and 60 again when it is not", () => {
    const pace = new Pace();
    drawn(pace, 0, 120, 1000 / 60, 20);
    expect(pace.slow).toBe(true);
    expect(drawn(pace, 2000, 120, 1000 / 60, 20)).toBeLessThanOrEqual(61);
    drawn(pace, 4000, 1200, 1000 / 60, 1);
    expect(pace.slow).toBe(false);
  });

  it("draws every frame it gets on a screen slower than that, and takes no gap for slowness", () => {
    expect(drawn(new Pace(), 0, 100, 50, 2)).toBe(100);
    const pace = new Pace();
    drawn(pace, 0, 60, 1000 / 60, 1);
    pace.begin(60_000);
    expect(pace.slow).toBe(false);
  });
});

describe("pictures", () => {
  const picture = (turnId: number, timestamp: number, bytes = 4): PictureFrame => ({
    kind: "picture", turnId, sequenceNumber: 0, eventNumber: 0, timestamp, edge: 8, format: "jpeg", keyframe: true, data: new Uint8Array(bytes),
  });

  it("are due at their place in the sound, the newest of them", () => {
    const own = new Pictures();
    for (const ms of [0, 40, 80]) own.add(picture(1, ms));
    expect(own.due(null)).toBeNull();
    expect(own.due(moving(45))?.timestamp).toBe(40);
    expect(own.due(moving(50))).toBeNull();
    expect(own.due(moving(90))?.timestamp).toBe(80);
  });

  it("of the idle face are due while nothing is said; those of a stopped turn never", () => {
    const own = new Pictures();
    own.add(picture(0, 0));
    own.add(picture(1, 100));
    own.add(picture(2, 0));
    expect(own.due(moving(0))).toBeNull();
    expect(own.due({ turnId: 1, ms: 0, state: "over" })?.turnId).toBe(0);
    own.end(1);
    expect(own.due(moving(500))).toBeNull();
    expect(own.due(moving(0, 2))?.turnId).toBe(2);
  });

  it("take no more than their share of memory, and are JPEG", () => {
    const own = new Pictures();
    own.add({ ...picture(1, 0), format: "h264" });
    expect(own.due(moving(0))).toBeNull();
    for (let i = 0; i < 5; i += 1) own.add(picture(1, i, 10_000_000));
    expect(own.due(moving(2))).toBeNull();
    expect(own.due(moving(9))?.timestamp).toBe(4);
  });
});

describe("samples", () => {
  it("are the last 2048, oldest first", () => {
    const own = new Samples();
    expect(own.read()).toEqual([]);
    for (let i = 0; i < 2050; i += 1) own.note(i, NaN, i, 1);
    expect(own.read()).toHaveLength(2048);
    expect(own.read()[0]).toEqual({ displayTimeMs: 2, playoutMs: NaN, shownFrameMs: 2, costMs: 1 });
  });

  it("ease is flat at its ends", () => {
    expect([-1, 0, 0.5, 1, 2].map(ease)).toEqual([0, 0, 0.5, 1, 1]);
  });
});
