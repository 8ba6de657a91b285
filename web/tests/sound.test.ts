import { describe, expect, it } from "vitest";
import { AudioOutbox } from "@/media/outbox";
import { Blocks, loudness, Resampler, rms, toFloat32, toInt16 } from "@/media/pcm";
import { HeardReports, type Heard } from "@/media/player";
import { PlayRing } from "@/media/ring";
import { VoiceGate } from "@/media/voice-gate";

function tone(hertz: number, rate: number, samples: number): Float32Array {
  return Float32Array.from({ length: samples }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / rate));
}

function resampled(signal: Float32Array, from: number, to: number, block: number): Float32Array {
  const resampler = new Resampler(from, to);
  const out: number[] = [];
  for (let i = 0; i < signal.length; i += block) out.push(...resampler.push(signal.subarray(i, i + block)));
  out.push(...resampler.flush());
  return Float32Array.from(out);
}

describe("Resampler", () => {
  it.each([
    [48000, 16000],
    [44100, 16000],
    [16000, 48000],
    [22050, 48000],
    [24000, 44100],
  ])("%i Hz to %i Hz: right length, a tone stays that tone", (from, to) => {
    const out = resampled(tone(440, from, from), from, to, 128);
    expect(Math.abs(out.length - to)).toBeLessThanOrEqual(2);
    const ideal = tone(440, to, out.length);
    const middle = out.subarray(200, out.length - 200).map((sample, i) => sample - (ideal[i + 200] ?? 0));
    expect(rms(middle)).toBeLessThan(0.003);
  });

  it("takes away what the new rate cannot carry", () => {
    const out = resampled(tone(11000, 48000, 48000), 48000, 16000, 128);
    expect(rms(out.subarray(100, -100))).toBeLessThan(0.003);
    expect(rms(resampled(tone(3000, 48000, 48000), 48000, 16000, 128).subarray(100, -100))).toBeCloseTo(0.3535, 2);
  });

  it("has no seams: any cutting into blocks gives the same stream", () => {
    const signal = tone(700, 44100, 5000);
    const whole = resampled(signal, 44100, 16000, 5000);
    for (const block of [1, 7, 128, 1000]) {
      const cut = resampled(signal, 44100, 16000, block);
      expect(cut.length).toBe(whole.length);
      cut.forEach((sample, i) => {
        expect(sample).toBeCloseTo(whole[i] ?? NaN, 4);
      });
    }
  });

  it("leaves equal rates alone", () => {
    const signal = tone(440, 16000, 300);
    expect(resampled(signal, 16000, 16000, 128)).toEqual(signal);
  });
});

describe("samples", () => {
  it("convert both ways and clip", () => {
    expect(toInt16(Float32Array.of(0, 1, -1, 2, -2))).toEqual(Int16Array.of(0, 32767, -32767, 32767, -32767));
    expect(toFloat32(Int16Array.of(0, -32768, 16384))).toEqual(Float32Array.of(0, -1, 0.5));
  });

  it("are cut into blocks of 512, the rest on demand", () => {
    const sizes: number[] = [];
    const blocks = new Blocks(512, (block) => sizes.push(block.length));
    for (let i = 0; i < 13; i += 1) blocks.push(new Float32Array(100));
    blocks.flush();
    blocks.flush();
    expect(sizes).toEqual([512, 512, 276]);
  });

  it("have a loudness between 0 and 1", () => {
    expect([0, 0.001, 0.25, 1].map(loudness)).toEqual([0, expect.closeTo(0, 5), expect.closeTo(1, 2), 1]);
  });
});

describe("PlayRing", () => {
  const RATE = 16000;
  const piece = (turnId: number, startMs: number, ms: number) => ({ turnId, startMs, samples: new Float32Array((ms * RATE) / 1000).fill(0.5) });
  const render = (ring: PlayRing, ms: number): Float32Array => {
    const out = new Float32Array((ms * RATE) / 1000);
    for (let i = 0; i < out.length; i += 128) ring.render(out.subarray(i, Math.min(i + 128, out.length)));
    return out;
  };
  const sounding = (samples: Float32Array): number => samples.filter((sample) => sample !== 0).length;

  it("plays everything once, without a gap between pieces", () => {
    const ring = new PlayRing(RATE);
    for (let i = 0; i < 5; i += 1) ring.push(piece(1, 20 * i, 20));
    const out = render(ring, 200);
    expect(sounding(out)).toBe((100 * RATE) / 1000);
    const first = out.findIndex((sample) => sample !== 0);
    expect(out.subarray(first + 100, first + 1500).every((sample) => sample === 0.5)).toBe(true);
    expect(ring.position()).toEqual({ turnId: 1, ms: 100, drained: true, paused: false, stopped: false, moving: false });
  });

  it("waits for 60 ms of sound, but not longer than 60 ms", () => {
    const early = new PlayRing(RATE);
    early.push(piece(1, 0, 20));
    expect(sounding(render(early, 48))).toBe(0);
    early.push(piece(1, 20, 40));
    expect(sounding(render(early, 8))).toBeGreaterThan(0);
    const short = new PlayRing(RATE);
    short.push(piece(1, 0, 20));
    expect(sounding(render(short, 100))).toBe(320);
  });

  it("pauses within 5 ms, holds the position, and goes on from there", () => {
    const ring = new PlayRing(RATE);
    ring.push(piece(1, 0, 1000));
    render(ring, 200);
    ring.pause();
    expect(sounding(render(ring, 200))).toBeLessThanOrEqual(80);
    const held = ring.position();
    expect(held?.paused).toBe(true);
    expect(held?.ms).toBeGreaterThanOrEqual(199);
    expect(held?.ms).toBeLessThanOrEqual(206);
    render(ring, 500);
    expect(ring.position()?.ms).toBe(held?.ms);
    ring.resume();
    render(ring, 96);
    expect(ring.position()?.ms).toBeCloseTo((held?.ms ?? 0) + 96, 3);
  });

  it("stops within 5 ms, forgets the queue, and drops what comes late", () => {
    const ring = new PlayRing(RATE);
    ring.push(piece(1, 0, 1000));
    render(ring, 200);
    ring.stop(1);
    expect(sounding(render(ring, 200))).toBeLessThanOrEqual(80);
    expect(ring.position()).toMatchObject({ turnId: 1, stopped: true, drained: true });
    ring.push(piece(1, 1000, 500));
    expect(sounding(render(ring, 300))).toBe(0);
    ring.push(piece(2, 0, 100));
    expect(sounding(render(ring, 300))).toBe(1600);
    expect(ring.position()).toMatchObject({ turnId: 2, ms: 100, stopped: false });
  });

  it("a stop of an older turn does not touch the one that plays", () => {
    const ring = new PlayRing(RATE);
    ring.push(piece(4, 0, 500));
    render(ring, 104);
    ring.stop(3);
    render(ring, 96);
    expect(ring.position()).toMatchObject({ turnId: 4, ms: 200, stopped: false });
  });

  it("after a reset the turns are counted anew", () => {
    const ring = new PlayRing(RATE);
    ring.push(piece(4, 0, 500));
    render(ring, 104);
    ring.stop(4);
    ring.reset();
    expect(ring.position()).toBeNull();
    expect(sounding(render(ring, 100))).toBe(0);
    ring.push(piece(1, 0, 100));
    expect(sounding(render(ring, 300))).toBe(1600);
    expect(ring.position()).toMatchObject({ turnId: 1, ms: 100, stopped: false });
  });

  it("the fades never jump by more than the fade allows", () => {
    const ring = new PlayRing(RATE);
    ring.push(piece(1, 0, 1000));
    const before = render(ring, 200);
    ring.pause();
    const out = Float32Array.of(...before, ...render(ring, 100));
    const jumps = out.subarray(1).map((sample, i) => Math.abs(sample - (out[i] ?? 0)));
    expect(Math.max(...jumps)).toBeLessThanOrEqual(0.5 / 80 + 1e-6);
  });
});

describe("HeardReports", () => {
  function setUp() {
    const told: Heard[] = [];
    const clock = { ms: 0 };
    const reports = new HeardReports((heard) => told.push(heard), () => clock.ms);
    const at = (ms: number, position: { drained?: boolean; paused?: boolean; stopped?: boolean } = {}) => {
      reports.at({ turnId: 1, ms, drained: false, paused: false, stopped: false, moving: true, ...position }, 40);
    };
    return { told, clock, reports, at };
  }

  it("tell what was heard, not what was sent to the device, every 200 ms", () => {
    const { told, clock, reports, at } = setUp();
    reports.arrived();
    for (clock.ms = 0; clock.ms <= 1000; clock.ms += 20) at(clock.ms);
    expect(told.map((heard) => heard.ms)).toEqual([0, 160, 360, 560, 760, 960]);
  });

  it("tell a pause and a stop at once, with all that was played", () => {
    const { told, clock, reports, at } = setUp();
    reports.arrived();
    at(0);
    clock.ms = 90;
    at(90, { paused: true });
    clock.ms = 110;
    at(90, { paused: true });
    at(90, { stopped: true, drained: true });
    at(90, { stopped: true, drained: true });
    expect(told).toEqual([
      { turnId: 1, ms: 0, done: false },
      { turnId: 1, ms: 90, done: false },
      { turnId: 1, ms: 90, done: true },
    ]);
  });

  it("take an empty queue for the end only after a while", () => {
    const { told, clock, reports, at } = setUp();
    reports.arrived();
    at(0);
    clock.ms = 300;
    at(300, { drained: true });
    clock.ms = 390;
    reports.arrived();
    at(400);
    clock.ms = 700;
    at(500, { drained: true });
    clock.ms = 900;
    at(500, { drained: true });
    expect(told.map(({ ms, done }) => [ms, done])).toEqual([[0, false], [300, false], [500, false], [500, true]]);
  });
});

describe("VoiceGate", () => {
  const feed = (gate: VoiceGate, level: number, ms: number): string[] => {
    const changes: string[] = [];
    for (let t = 0; t < ms; t += 32) {
      const change = gate.update(level, 32);
      if (change !== null) changes.push(change);
    }
    return changes;
  };

  it("opens on speech, bridges short pauses, closes after half a second", () => {
    const gate = new VoiceGate();
    expect(feed(gate, 0.001, 1000)).toEqual([]);
    expect(feed(gate, 0.08, 400)).toEqual(["started"]);
    expect(feed(gate, 0.001, 300)).toEqual([]);
    expect(feed(gate, 0.08, 200)).toEqual([]);
    expect(feed(gate, 0.001, 700)).toEqual(["stopped"]);
  });

  it("a click is not speech, and a noisy room is learnt", () => {
    const gate = new VoiceGate();
    expect(feed(gate, 0.2, 32)).toEqual([]);
    feed(gate, 0.001, 100);
    for (let level = 0.004; level < 0.02; level *= 1.05) feed(gate, level, 500);
    expect(feed(gate, 0.02, 3000)).toEqual([]);
    expect(feed(gate, 0.2, 200)).toEqual(["started"]);
  });
});

describe("AudioOutbox", () => {
  const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values);
  const taken = (box: AudioOutbox): number[] => box.take().flatMap((block) => [...block]);

  it("is bounded, and its count follows the server's where sound was lost", () => {
    const box = new AudioOutbox(4);
    for (let i = 0; i < 10; i += 1) box.push(bytes(i, i));
    box.resumeAt(6);
    expect(taken(box)).toEqual([8, 8, 9, 9]);
    box.push(bytes(7, 7));
    box.resumeAt(10);
    expect(taken(box)).toEqual([7, 7]);
  });

  it("sends nothing twice", () => {
    const box = new AudioOutbox(100);
    box.push(bytes(1, 2));
    expect(taken(box)).toEqual([1, 2]);
    expect(taken(box)).toEqual([]);
    box.resumeAt(2);
    expect(taken(box)).toEqual([]);
    box.push(bytes(3, 4));
    box.restart();
    expect(taken(box)).toEqual([3, 4]);
    box.resumeAt(2);
    expect(taken(box)).toEqual([]);
  });

  it("a page that was loaded anew goes on at the server's count", () => {
    const box = new AudioOutbox(100);
    box.resumeAt(64_000);
    box.push(bytes(1, 2));
    expect(taken(box)).toEqual([1, 2]);
    box.resumeAt(64_000);
    expect(taken(box)).toEqual([1, 2]);
    box.resumeAt(64_002);
    expect(taken(box)).toEqual([]);
  });
});
