import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WakeWatch } from "@/media/wake";

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

describe("waking", () => {
  /** A clock that may run on while timers stand still. */
  function watch() {
    let slept = 0;
    const woke = vi.fn();
    const wake = new WakeWatch(woke, { now: () => Date.now() + slept });
    wake.start();
    return { woke, wake, sleep: (ms: number) => { slept += ms; } };
  }

  it("is noticed when a timer comes far too late, once for each sleep", () => {
    const { woke, sleep } = watch();
    vi.advanceTimersByTime(60_000);
    expect(woke).not.toHaveBeenCalled();
    sleep(600_000);
    vi.advanceTimersByTime(60_000);
    expect(woke).toHaveBeenCalledTimes(1);
    sleep(20_000);
    vi.advanceTimersByTime(5000);
    expect(woke).toHaveBeenCalledTimes(2);
  });

  it("is not what a busy page's late timers are, and ends with stop", () => {
    const { woke, wake, sleep } = watch();
    sleep(5000);
    vi.advanceTimersByTime(5000);
    expect(woke).not.toHaveBeenCalled();
    wake.stop();
    sleep(600_000);
    vi.advanceTimersByTime(60_000);
    expect(woke).not.toHaveBeenCalled();
  });
});
