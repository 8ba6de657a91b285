/** Plays the clone's voice on the audio clock, and knows to the sample how much of it was heard. */
import { soundProblem, type AudioClock } from "./audio-clock";
import { Resampler, toFloat32 } from "./pcm";
import type { PlayerOrder, PlayerReport } from "./player.worklet";
import type { Position } from "./ring";

/** How much of a turn was heard. `done`: all of it, or all there will ever be. */
export interface Heard {
  turnId: number;
  ms: number;
  done: boolean;
}

export interface PlayerListener {
  heard(heard: Heard): void;
  level(level: number): void;
  /** Where the play-out thread is: it reached `position` with the sample of `at`, in the audio context's seconds. */
  place(position: Position, at: number): void;
}

export interface Sound {
  turnId: number;
  timestamp: number;
  pcm: Int16Array;
}

/** Reports go out this often while the voice sounds. */
const REPORT_MS = 200;
/** So long without new sound, and what was played is taken to be all. */
const QUIET_MS = 400;

export class Player {
  private node: AudioWorkletNode | null = null;
  private opening: Promise<AudioWorkletNode> | null = null;
  private rates = new Map<number, number>();
  private resampler: { turnId: number; filter: Resampler } | null = null;
  private reports: HeardReports;
  private queue: Promise<void> = Promise.resolve();

  constructor(
    private readonly clock: AudioClock,
    private readonly listener: PlayerListener,
    now: () => number = () => performance.now(),
  ) {
    this.reports = new HeardReports((heard) => {
      listener.heard(heard);
    }, now);
  }

  /** A reply begins: its sound comes at `sampleRate`. */
  begin(turnId: number, sampleRate: number): void {
    this.rates = new Map([[turnId, sampleRate]]);
    this.send(() => ({ order: "resume" }));
  }

  play(sound: Sound): void {
    const rate = this.rates.get(sound.turnId);
    if (rate === undefined || sound.pcm.length === 0) return;
    this.reports.arrived();
    this.send((context) => ({
      order: "push",
      turnId: sound.turnId,
      startMs: sound.timestamp,
      samples: this.filterFor(sound.turnId, rate, context.sampleRate).push(toFloat32(sound.pcm)),
    }));
  }

  pause(): void {
    this.send(() => ({ order: "pause" }));
  }

  resume(): void {
    this.send(() => ({ order: "resume" }));
  }

  /** Silence at once; the last report of the turn follows when the fade is over. */
  stop(turnId: number): void {
    this.send(() => ({ order: "stop", turnId }));
  }

  /** Silence, and nothing known of any turn: another conversation begins, or this one is told anew. */
  reset(): void {
    this.rates = new Map();
    this.reports.reset();
    this.send(() => {
      this.resampler = null;
      return { order: "reset" };
    });
  }

  /** Opens the way to the loudspeaker; call it in a gesture so that the first reply is heard. */
  async prepare(): Promise<void> {
    if (soundProblem() === null) await this.open();
  }

  private send(makeOrder: (context: BaseAudioContext) => PlayerOrder): void {
    if (soundProblem() !== null) return; // the page says so; the answer is read
    this.queue = this.queue
      .then(() => this.open())
      .then((node) => {
        node.port.postMessage(makeOrder(node.context));
      })
      .catch((error: unknown) => {
        console.error("the voice cannot be played", error);
      });
  }

  private async open(): Promise<AudioWorkletNode> {
    if (this.node !== null) return this.node;
    this.opening ??= this.clock.ready().then((context) => this.connect(context));
    try {
      return await this.opening;
    } finally {
      this.opening = null;
    }
  }

  private connect(context: AudioContext): AudioWorkletNode {
    const node = new AudioWorkletNode(context, "selfsame-player", { numberOfInputs: 0, outputChannelCount: [1] });
    node.port.onmessage = (event: MessageEvent<PlayerReport>) => {
      this.listener.level(event.data.level);
      const known = this.rates.size > 0; // else it is a last report from before a reset
      if (event.data.position === null || !known) return;
      this.reports.at(event.data.position, this.clock.latencyMs);
      this.listener.place(event.data.position, event.data.at);
    };
    node.connect(context.destination);
    this.node = node;
    return node;
  }

  private filterFor(turnId: number, from: number, to: number): Resampler {
    if (this.resampler?.turnId !== turnId) this.resampler = { turnId, filter: new Resampler(from, to) };
    return this.resampler.filter;
  }
}

/** Decides which positions are worth telling: every 200 ms, and at once at a pause, a stop and the end. */
export class HeardReports {
  private last: (Heard & { at: number; paused: boolean }) | null = null;
  private arrivedAt = 0;

  constructor(
    private readonly tell: (heard: Heard) => void,
    private readonly now: () => number,
  ) {}

  reset(): void {
    this.last = null;
  }

  /** New sound came in. */
  arrived(): void {
    this.arrivedAt = this.now();
  }

  /** The play-out is here. What left the graph in the last `latencyMs` is not heard yet, unless all has come to rest. */
  at(position: Position, latencyMs: number): void {
    const { turnId, paused } = position;
    const now = this.now();
    const last = this.last?.turnId === turnId ? this.last : null;
    if (last?.done === true && position.ms <= last.ms) return;
    const done = position.stopped || (position.drained && now - this.arrivedAt >= QUIET_MS);
    const resting = done || paused || position.drained;
    const ms = Math.max(last?.ms ?? 0, resting ? position.ms : position.ms - latencyMs);
    const due = last === null || now - last.at >= REPORT_MS;
    const turned = done || (paused && last?.paused !== true);
    if (!turned && (!due || ms === last?.ms)) return;
    this.last = { turnId, ms, done, at: now, paused };
    this.tell({ turnId, ms: Math.round(ms), done });
  }
}
