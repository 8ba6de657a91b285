/** The one audio context of the page: microphone and voice run on its clock. */
import microphoneUrl from "./microphone.worklet.ts?worker&url";
import { HeardTime } from "./play-out";
import playerUrl from "./player.worklet.ts?worker&url";

/** What the browser lacks for sound, if anything. */
export type SoundProblem = "no-audio-context" | "no-audio-worklet" | "insecure-page";

/** Null when this browser can play sound. Worklets exist on secure pages only (https, or this very machine). */
export function soundProblem(): SoundProblem | null {
  if (typeof AudioContext === "undefined") return "no-audio-context";
  if (!window.isSecureContext) return "insecure-page";
  if (typeof AudioWorkletNode === "undefined") return "no-audio-worklet";
  return null;
}

interface WithSink extends AudioContext {
  readonly sinkId?: unknown;
  setSinkId?: (id: string) => Promise<void>;
}

/** Whether this browser lets one choose the loudspeaker. */
export function canChooseSpeaker(): boolean {
  return typeof AudioContext !== "undefined" && "setSinkId" in AudioContext.prototype;
}

function chimeTone(context: AudioContext, hertz: number, at: number): void {
  const tone = new OscillatorNode(context, { frequency: hertz });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(0.18, at + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.001, at + 0.5);
  tone.connect(gain).connect(context.destination);
  tone.start(at);
  tone.stop(at + 0.55);
}

/** An output timestamp this far from the latency that the context admits to is not believed. */
const MISTRUST_SECONDS = 0.3;

export class AudioClock {
  private opened: Promise<AudioContext> | null = null;
  private context: AudioContext | null = null;
  private readonly heardTime = new HeardTime();
  private sink = "";

  /** The running context with both worklets loaded. Begin it in a user's gesture, or the browser keeps it silent. */
  async ready(): Promise<AudioContext> {
    this.opened ??= this.open();
    try {
      const context = await this.opened;
      if (context.state !== "running") void context.resume();
      return context;
    } catch (error) {
      this.opened = null;
      throw error;
    }
  }

  /** Call from any gesture: wakes a context that the browser has suspended. */
  wake(): void {
    if (this.context !== null && this.context.state !== "running") void this.context.resume();
  }

  /** Plays through that loudspeaker from now on; "" is the system's choice. Rejects when it cannot be used. */
  async setSpeaker(id: string): Promise<void> {
    this.sink = id;
    const context: WithSink | null = this.context;
    if (context?.setSinkId !== undefined && context.sinkId !== id) await context.setSinkId(id);
  }

  /** Two soft tones, to hear whether one hears. */
  async chime(): Promise<void> {
    const context = await this.ready();
    const at = context.currentTime + 0.05;
    for (const [step, hertz] of [523.25, 783.99].entries()) chimeTone(context, hertz, at + step * 0.22);
  }

  /** How long a sample takes from the graph to the ear, in ms, as far as the browser knows. */
  get latencyMs(): number {
    return 1000 * ((this.context?.outputLatency ?? 0) + (this.context?.baseLatency ?? 0));
  }

  /** The context's time, in seconds, that is heard at `atMs` of performance.now(); null while nothing can be heard. */
  heardAt(atMs: number): number | null {
    const context = this.context;
    if (context === null || context.state !== "running") return null;
    const now = performance.now();
    const written = context.currentTime - this.latencyMs / 1000;
    const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp();
    const heard = contextTime + (now - performanceTime) / 1000;
    const sound = performanceTime > 0 && Math.abs(heard - written) < MISTRUST_SECONDS;
    this.heardTime.read(now, sound ? heard : written);
    return this.heardTime.at(atMs);
  }

  private async open(): Promise<AudioContext> {
    const context = new AudioContext({ latencyHint: "interactive" });
    this.context = context;
    await this.setSpeaker(this.sink).catch((error: unknown) => {
      console.warn("the chosen loudspeaker cannot be used; the system's own is", error);
    });
    await Promise.all([context.audioWorklet.addModule(playerUrl), context.audioWorklet.addModule(microphoneUrl)]);
    return context;
  }
}
