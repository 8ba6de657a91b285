/** Recording one sentence after the other: what is under way, what came of it. A store that a page can follow. */
import { MicrophoneError, type MicrophoneProblem } from "../microphone";
import { Resampler, toFloat32 } from "../pcm";
import { isGood, problemsOf, type Problem } from "./advice";
import { measure, type Measures } from "./measures";
import { SentenceEnd, type Hint, type SentenceOptions } from "./sentence-end";
import type { Block, SoundSource } from "./source";
import { encodeWav } from "./wav";

export interface Take {
  pcm: Int16Array<ArrayBuffer>;
  rate: number;
  wav: Blob;
  measures: Measures;
  problems: Problem[];
  /** Whether the server will use it, as far as the page can tell. */
  good: boolean;
}

export type RecordingProblem = MicrophoneProblem | "lost";

export interface RecordingState {
  phase: "idle" | "opening" | "recording";
  problem: RecordingProblem | null;
  hint: Hint;
  seconds: number;
}

const IDLE: RecordingState = { phase: "idle", problem: null, hint: "ready", seconds: 0 };
/** The server reads recordings at this rate, and so are they measured here. */
const MEASURED_RATE = 24_000;
const LONGEST_SECONDS = 60;
const REST_MS = 20_000;

export class RecordingSession {
  /** The level of each block of the recording under way, for the eye. */
  peaks: number[] = [];
  private now: RecordingState = IDLE;
  private readonly listeners = new Set<() => void>();
  private blocks: Int16Array[] = [];
  private rate = 48_000;
  private samples = 0;
  private end: SentenceEnd | null = null;
  private attempt = 0;
  private idle: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly source: SoundSource,
    private taken: (take: Take) => void = () => undefined,
  ) {}

  /** `taken` gets every recording that ends from now on, by the button or by itself. */
  give(taken: (take: Take) => void): void {
    this.taken = taken;
  }

  get state(): RecordingState {
    return this.now;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Opens the microphone (asks the first time) and records; `ends` makes it stop by itself after the sentence. */
  async start(ends: SentenceOptions): Promise<void> {
    if (this.now.phase !== "idle") return;
    const attempt = (this.attempt += 1);
    clearTimeout(this.idle);
    this.set({ ...IDLE, phase: "opening" });
    try {
      const rate = await this.source.open({
        block: (block) => { this.hear(block); },
        lost: () => { this.fail("lost"); },
      });
      if (attempt !== this.attempt) return;
      this.begin(rate, ends);
    } catch (error) {
      if (attempt === this.attempt) this.fail(error instanceof MicrophoneError ? error.problem : "failed");
    }
  }

  /** Ends the recording; what was said goes to `taken`. */
  stop(): void {
    if (this.now.phase === "opening") this.cancel();
    if (this.now.phase !== "recording") return;
    const take = this.gather();
    this.set({ ...IDLE, seconds: take.measures.seconds });
    this.rest();
    this.taken(take);
  }

  /** Ends the recording and throws it away. */
  cancel(): void {
    this.attempt += 1;
    this.set(IDLE);
    this.rest();
  }

  /** A microphone that nobody needs is given back after a while. */
  private rest(): void {
    clearTimeout(this.idle);
    this.idle = setTimeout(() => { this.source.close(); }, REST_MS);
  }

  /** Gives the device back. */
  close(): void {
    this.cancel();
    clearTimeout(this.idle);
    this.source.close();
  }

  private begin(rate: number, ends: SentenceOptions): void {
    this.rate = rate;
    this.blocks = [];
    this.peaks = [];
    this.samples = 0;
    this.end = new SentenceEnd(ends);
    this.set({ ...IDLE, phase: "recording" });
  }

  private hear({ pcm, level, peak }: Block): void {
    if (this.now.phase !== "recording" || this.end === null) return;
    this.blocks.push(pcm);
    this.peaks.push(peak);
    this.samples += pcm.length;
    const seconds = this.samples / this.rate;
    const over = this.end.update(level, peak, (1000 * pcm.length) / this.rate);
    if (over || seconds > LONGEST_SECONDS) this.stop();
    else this.set({ ...this.now, seconds, hint: this.end.hint });
  }

  private fail(problem: RecordingProblem): void {
    this.attempt += 1;
    this.source.close();
    this.set({ ...IDLE, problem });
  }

  private gather(): Take {
    const pcm = new Int16Array(this.samples);
    let at = 0;
    for (const block of this.blocks) {
      pcm.set(block, at);
      at += block.length;
    }
    this.blocks = [];
    return takeOf(pcm, this.rate);
  }

  private set(state: RecordingState): void {
    this.now = state;
    for (const listener of this.listeners) listener();
  }
}

/** A recording with its measures and its file. */
export function takeOf(pcm: Int16Array<ArrayBuffer>, rate: number): Take {
  const to = Math.min(rate, MEASURED_RATE);
  const resampler = new Resampler(rate, to);
  const measures = measure(resampler.push(toFloat32(pcm)), to);
  const problems = problemsOf(measures);
  return { pcm, rate, wav: encodeWav(pcm, rate), measures, problems, good: isGood(problems) };
}
