import { describe, expect, it } from "vitest";
import { HeardTime, PlayOut } from "@/media/play-out";
import { PlayRing } from "@/media/ring";

const RATE = 48_000;
const BLOCK = 128;

/** The play-out thread without the thread: the ring, and a report every 1024 samples. */
class Thread {
  readonly ring = new PlayRing(RATE);
  readonly out = new PlayOut();
  private frame = 0;
  private sinceReport = 0;
  /** When each sample of the turn left the graph. */
  readonly truth: { at: number; ms: number }[] = [];

  get now(): number {
    return this.frame / RATE;
  }

  push(turnId: number, startMs: number, ms: number): void {
    this.ring.push({ turnId, startMs, samples: new Float32Array((ms * RATE) / 1000).fill(0.5) });
  }

  run(seconds: number, reports = true): void {
    const block = new Float32Array(BLOCK);
    for (const end = this.now + seconds; this.now < end; ) {
      this.ring.render(block);
      this.frame += BLOCK;
      this.sinceReport += BLOCK;
      const position = this.ring.position();
      if (position !== null) this.truth.push({ at: this.now, ms: position.ms });
      if (this.sinceReport < 1024) continue;
      this.sinceReport = 0;
      if (position !== null && reports) this.out.report(position, this.now);
    }
  }

  /** The largest error while the sound moves, looking `latency` seconds back as the ear does. */
  error(from: number, to: number): number {
    const errors = this.truth
      .filter(({ at }) => at >= from && at < to)
      .map(({ at, ms }) => Math.abs((this.out.place(at)?.ms ?? Infinity) - ms));
    return Math.max(...errors);
  }
}

describe("the place that is heard", () => {
  it("is known to the sample between two reports, and where the sound begins", () => {
    const thread = new Thread();
    thread.run(0.5);
    expect(thread.out.place(0.4)).toBeNull();
    thread.push(1, 0, 1000);
    thread.run(1);
    const begun = thread.truth.find(({ ms }) => ms > 0)?.at ?? NaN;
    expect(thread.error(begun, 1.4)).toBeLessThan(0.1);
    expect(thread.out.place(begun - 0.01)).toBeNull();
    expect(thread.out.place(begun + 0.1)).toMatchObject({ turnId: 1, state: "moving" });
  });

  it("goes on from the last report while the page is busy, but not for ever", () => {
    const thread = new Thread();
    thread.push(1, 0, 4000);
    thread.run(1);
    const told = thread.now;
    thread.run(2, false);
    expect(thread.error(told, told + 0.5)).toBeLessThan(0.1);
    expect(thread.out.place(told + 1)?.state).not.toBe("moving");
  });

  it("stands while the sound waits, is over when nothing comes, and goes on where it stood", () => {
    const thread = new Thread();
    thread.push(1, 0, 500);
    thread.run(1);
    const ended = thread.truth.find(({ ms }) => ms >= 500)?.at ?? NaN;
    expect(thread.out.place(ended + 0.1)).toEqual({ turnId: 1, ms: 500, state: "held" });
    expect(thread.out.place(ended + 0.3)).toEqual({ turnId: 1, ms: 500, state: "over" });
    const later = thread.now;
    thread.push(1, 500, 500);
    thread.run(0.4);
    expect(thread.error(later, later + 0.3)).toBeLessThan(0.1);
    expect(thread.out.place(later + 0.2)?.state).toBe("moving");
  });

  it("stands at a pause, at once, and goes on after it", () => {
    const thread = new Thread();
    thread.push(1, 0, 2000);
    thread.run(0.5);
    const paused = thread.now;
    thread.ring.pause();
    thread.run(0.5);
    expect(thread.out.place(paused + 0.05)?.state).toBe("over");
    thread.ring.resume();
    thread.run(0.5);
    expect(thread.error(paused, paused + 1)).toBeLessThan(25); // the fade takes 5 ms, a report is due every 21
    expect(thread.error(paused + 0.7, paused + 0.9)).toBeLessThan(0.1);
  });

  it("goes over to the next turn when that is heard, not before", () => {
    const thread = new Thread();
    thread.push(1, 0, 300);
    thread.push(2, 0, 600);
    thread.run(1);
    const change = thread.truth.findIndex(({ ms }, i) => ms < (thread.truth[i - 1]?.ms ?? 0));
    const at = thread.truth[change]?.at ?? NaN;
    expect(thread.out.place(at - 0.05)).toMatchObject({ turnId: 1 });
    expect(thread.out.place(at + 0.05)).toMatchObject({ turnId: 2, state: "moving" });
    thread.out.reset();
    expect(thread.out.place(at)).toBeNull();
  });
});

describe("the time that is heard", () => {
  it("follows readings in steps of a large buffer without trembling, and does not drift", () => {
    const heard = new HeardTime();
    expect(heard.at(0)).toBeNull();
    const drift = 1 + 200e-6; // the sound card's clock is a little fast
    const estimates: number[] = [];
    for (let ms = 0; ms < 60_000; ms += 1000 / 60) {
      const truth = (ms / 1000) * drift;
      heard.read(ms, Math.floor(truth / 0.01) * 0.01);
      if (ms > 2000) estimates.push(1000 * ((heard.at(ms) ?? NaN) - truth));
    }
    expect(Math.max(...estimates) - Math.min(...estimates)).toBeLessThan(5);
    expect(Math.max(...estimates.map(Math.abs))).toBeLessThan(10);
  });

  it("takes a jump for what it is", () => {
    const heard = new HeardTime();
    heard.read(0, 0);
    heard.read(16, 5);
    expect(heard.at(16)).toBeCloseTo(5, 6);
  });
});
