/** Recordings: what is measured of them is what the server measures, and when a sentence is over. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MicrophoneError } from "@/media/microphone";
import { toFloat32 } from "@/media/pcm";
import { problemsOf, type Problem } from "@/media/recording/advice";
import { measure, type Measures } from "@/media/recording/measures";
import { expectedSeconds, SentenceEnd } from "@/media/recording/sentence-end";
import { RecordingSession, takeOf, type Take } from "@/media/recording/session";
import { MemoryShelf } from "@/media/recording/shelf";
import type { SoundSource, SourceListener } from "@/media/recording/source";
import { decodeWav, encodeWav } from "@/media/recording/wav";
import { height, lastBars, outline } from "@/media/recording/waveform";

interface Damage {
  gain?: number;
  blur?: number;
  noise?: number;
  seconds?: number;
}
interface Golden {
  name: string;
  damage: Damage;
  measures: Measures;
  problems: Problem[];
}

const FOLDER = join(import.meta.dirname, "recordings");
const golden = JSON.parse(readFileSync(join(FOLDER, "measures.json"), "utf8")) as Golden[];
const reading = read();
/** How far the page may be from the server: its filters are made in another way. */
const NEAR: Measures = { seconds: 0.001, speechSeconds: 0.05, snrDb: 0.7, clipping: 0.0002, loudness: 0.3, bandwidth: 200 };

function read(): { pcm: Int16Array<ArrayBuffer>; rate: number } {
  const bytes = readFileSync(join(FOLDER, "reading.wav"));
  const sound = decodeWav(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  if (sound === null) throw new Error("reading.wav cannot be read");
  return sound;
}

/** As tests/enrolment/test_page_measures.py does it. */
function damaged({ gain = 1, blur = 0, noise = 0, seconds = 1e9 }: Damage): Int16Array<ArrayBuffer> {
  let sound = Float64Array.from(reading.pcm, (sample) => sample * gain);
  const size = sound.length;
  for (let i = 0; i < blur; i += 1) {
    const before = sound;
    sound = before.map((sample, at) => ((before[(at + size - 1) % size] ?? 0) + 2 * sample + (before[(at + 1) % size] ?? 0)) / 4);
  }
  let state = 1;
  sound = sound.map((sample) => {
    state = (state * 48_271) % 2_147_483_647;
    return sample + noise * ((2 * state) / 2_147_483_647 - 1);
  });
  return Int16Array.from(sound.subarray(0, Math.round(seconds * reading.rate)), (sample) => Math.trunc(Math.max(-32_768, Math.min(32_767, sample))));
}

describe("measures", () => {
  it.each(golden)("of a recording, $name, are the server's", ({ damage, measures, problems }) => {
    const found = measure(toFloat32(damaged(damage)), reading.rate);
    for (const key of Object.keys(NEAR) as (keyof Measures)[]) {
      expect(Math.abs(found[key] - measures[key]), `${key}: ${found[key]}, on the server ${measures[key]}`).toBeLessThanOrEqual(NEAR[key]);
    }
    expect([...problemsOf(found)].sort()).toEqual([...problems].sort());
  });

  it("tell what stops a recording before what is only said", () => {
    const good: Measures = { seconds: 5, speechSeconds: 4, snrDb: 40, clipping: 0, loudness: -20, bandwidth: 8000 };
    expect(problemsOf(good)).toEqual([]);
    expect(problemsOf({ ...good, snrDb: 15, clipping: 0.2 })).toEqual(["CLIPPED", "SOME_NOISE"]);
    expect(problemsOf({ ...good, speechSeconds: 0, snrDb: 0 })).toEqual(["NO_SPEECH"]);
    expect(problemsOf({ ...good, snrDb: 5, bandwidth: 2000 })).toEqual(["NOISY"]);
  });

  it("of silence and of nothing are no trouble", () => {
    for (const sound of [new Float32Array(0), new Float32Array(10), new Float32Array(24_000)]) {
      expect(problemsOf(measure(sound, 24_000))).toEqual(["NO_SPEECH"]);
    }
  });

  it("are the same at the rate of the device", () => {
    const take = takeOf(reading.pcm, reading.rate);
    expect(take.good).toBe(true);
    expect(take.measures.speechSeconds).toBeGreaterThan(3);
  });
});

describe("the end of a sentence", () => {
  const LOUD = 0.1;
  const feed = (end: SentenceEnd, level: number, seconds: number, peak = level): number | null => {
    for (let ms = 0; ms < 1000 * seconds; ms += 32) if (end.update(level, peak, 32)) return ms / 1000;
    return null;
  };

  it("is a pause after most of it, not one in its middle", () => {
    const end = new SentenceEnd({ expectedSeconds: 4 });
    expect(feed(end, 0.001, 1)).toBeNull();
    expect(feed(end, LOUD, 1)).toBeNull();
    expect(feed(end, 0.001, 3)).toBeNull();
    expect(feed(end, LOUD, 2)).toBeNull();
    expect(feed(end, 0.001, 3)).toBeGreaterThan(0.8);
  });

  it("comes some time even when nobody speaks", () => {
    expect(feed(new SentenceEnd({ expectedSeconds: 4 }), 0.001, 60)).toBeLessThan(30);
  });

  it.each([
    ["ready", [[0.001, 1]]],
    ["speak", [[0.001, 4]]],
    ["hearing", [[0.001, 1], [LOUD, 2]]],
    ["too-quiet", [[0.0003, 1], [0.005, 2]]],
    ["noisy", [[0.02, 1], [0.07, 2]]],
  ] as const)("says %s", (hint, parts) => {
    const end = new SentenceEnd({ expectedSeconds: 10 });
    for (const [level, seconds] of parts) feed(end, level, seconds);
    expect(end.hint).toBe(hint);
  });

  it("says too loud for a moment after every overdriven block", () => {
    const end = new SentenceEnd({ expectedSeconds: 10 });
    feed(end, 0.001, 1);
    feed(end, 0.5, 1, 1);
    expect(end.hint).toBe("too-loud");
    feed(end, 0.2, 1.5, 0.6);
    expect(end.hint).toBe("hearing");
  });

  it("is expected later for longer sentences, and by characters in Chinese", () => {
    expect(expectedSeconds("a".repeat(60), "EN")).toBe(4);
    expect(expectedSeconds("今天天气很好我们去公园", "ZH")).toBeGreaterThan(2);
    expect(expectedSeconds("Hi", "EN")).toBe(1.5);
  });
});

/** A microphone that the test speaks into. */
class Lips implements SoundSource {
  listener: SourceListener | null = null;
  closed = 0;
  constructor(private readonly refusal?: Error) {}
  open(listener: SourceListener): Promise<number> {
    if (this.refusal !== undefined) return Promise.reject(this.refusal);
    this.listener = listener;
    return Promise.resolve(reading.rate);
  }
  close(): void {
    this.closed += 1;
  }
  say(pcm: Int16Array): void {
    for (let at = 0; at < pcm.length; at += 512) {
      const block = Int16Array.from(pcm.subarray(at, at + 512));
      const floats = toFloat32(block);
      const level = Math.sqrt(floats.reduce((sum, each) => sum + each * each, 0) / Math.max(1, floats.length));
      this.listener?.block({ pcm: block, level, peak: floats.reduce((most, each) => Math.max(most, Math.abs(each)), 0) });
    }
  }
}

describe("a recording session", () => {
  const ends = { expectedSeconds: 3 };

  it("stops by itself when the sentence is over, and gives what was said", async () => {
    const lips = new Lips();
    const takes: Take[] = [];
    const session = new RecordingSession(lips, (take) => takes.push(take));
    await session.start(ends);
    expect(session.state.phase).toBe("recording");
    lips.say(reading.pcm);
    lips.say(new Int16Array(32_000));
    expect(session.state.phase).toBe("idle");
    expect(takes).toHaveLength(1);
    expect(takes[0]?.good).toBe(true);
    expect(session.peaks.length).toBeGreaterThan(100);
    lips.say(reading.pcm);
    expect(takes).toHaveLength(1);
  });

  it("stops at the button, and forgets what is cancelled", async () => {
    const lips = new Lips();
    const takes: Take[] = [];
    const session = new RecordingSession(lips, (take) => takes.push(take));
    await session.start(ends);
    lips.say(reading.pcm.subarray(0, 16_000));
    session.stop();
    expect(takes[0]?.pcm).toEqual(reading.pcm.slice(0, 16_000));
    await session.start(ends);
    lips.say(reading.pcm.subarray(0, 16_000));
    session.cancel();
    session.stop();
    expect(takes).toHaveLength(1);
  });

  it("says why there is no microphone, and that it went away", async () => {
    const refused = new RecordingSession(new Lips(new MicrophoneError("denied")), () => undefined);
    await refused.start(ends);
    expect(refused.state).toMatchObject({ phase: "idle", problem: "denied" });
    const lips = new Lips();
    const session = new RecordingSession(lips, () => { throw new Error("nothing was said"); });
    await session.start(ends);
    lips.listener?.lost();
    expect(session.state).toMatchObject({ phase: "idle", problem: "lost" });
    expect(lips.closed).toBe(1);
    await session.start(ends);
    expect(session.state).toMatchObject({ phase: "recording", problem: null });
  });

  it("that was given up while the microphone opened does not begin", async () => {
    const session = new RecordingSession(new Lips(), () => undefined);
    const opening = session.start(ends);
    session.cancel();
    await opening;
    expect(session.state.phase).toBe("idle");
  });
});

describe("files and pictures of sound", () => {
  it("a WAV comes back as it was", async () => {
    const pcm = Int16Array.from([0, 1, -1, 32_767, -32_768]);
    expect(decodeWav(await encodeWav(pcm, 44_100).arrayBuffer())).toEqual({ pcm, rate: 44_100 });
    expect(decodeWav(new ArrayBuffer(10))).toBeNull();
    expect(decodeWav(new ArrayBuffer(100))).toBeNull();
  });

  it("the outline keeps the peaks", () => {
    expect(outline(Int16Array.from([0, 16_384, 0, -32_768]), 2)).toEqual([0.5, 1]);
    expect(outline(new Int16Array(0), 3)).toEqual([0, 0, 0]);
    expect(lastBars([0.1, 0.2], 3)).toEqual([0, 0.1, 0.2]);
    expect(lastBars([1, 2, 3], 2)).toEqual([2, 3]);
    expect(height(1)).toBe(1);
    expect(height(0)).toBeCloseTo(0.04);
    expect(height(0.1)).toBeGreaterThan(0.5);
  });

  it("the shelf keeps what is for a clone", async () => {
    const shelf = new MemoryShelf();
    const one = { id: "1", clone: "a", language: "EN", text: "Hi.", wav: new Blob(), seconds: 1, speechSeconds: 1, problems: [], good: true, voice: "" } as const;
    await shelf.put({ ...one, problems: [] });
    await shelf.put({ ...one, id: "2", clone: "b", problems: [] });
    expect((await shelf.all("a")).map(({ id }) => id)).toEqual(["1"]);
    await shelf.remove(["1"]);
    expect(await shelf.all("a")).toEqual([]);
  });
});
