/** The microphone for recordings: its own sound, at its own rate, not bettered by the browser. */
import { soundProblem } from "../audio-clock";
import { askForDevice, MicrophoneError } from "../microphone";
import recorderUrl from "./recorder.worklet.ts?worker&url";

export interface Block {
  pcm: Int16Array<ArrayBuffer>;
  /** Root mean square and largest sample, 0..1. */
  level: number;
  peak: number;
}

export interface SourceListener {
  block(block: Block): void;
  /** The device went away. */
  lost(): void;
}

/** Whatever gives blocks of sound. */
export interface SoundSource {
  /** Asks for the device; gives its rate. Throws MicrophoneError. Harmless when it is open. */
  open(listener: SourceListener): Promise<number>;
  close(): void;
}

/**
 * What makes calls clearer makes a voice worse: noise suppression eats s and f, and levels that are turned up in
 * pauses hide how noisy the room is.
 */
const WISHES: MediaTrackConstraints = { echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: 1 };

export class MicrophoneSource implements SoundSource {
  private context: AudioContext | null = null;
  private stream: MediaStream | null = null;

  async open(listener: SourceListener): Promise<number> {
    if (this.context !== null && this.stream !== null) return this.context.sampleRate;
    const lacking = soundProblem();
    if (lacking !== null) throw new MicrophoneError(lacking === "insecure-page" ? "insecure-page" : "unsupported");
    const stream = await askForDevice("", WISHES);
    this.stream = stream;
    try {
      const context = new AudioContext();
      this.context = context;
      await context.audioWorklet.addModule(recorderUrl);
      await context.resume();
      this.connect(context, stream, listener);
      return context.sampleRate;
    } catch (error) {
      this.close();
      throw new MicrophoneError("failed", error);
    }
  }

  close(): void {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    void this.context?.close();
    this.stream = null;
    this.context = null;
  }

  private connect(context: AudioContext, stream: MediaStream, listener: SourceListener): void {
    const node = new AudioWorkletNode(context, "selfsame-recorder", { numberOfOutputs: 0 });
    node.port.onmessage = (event: MessageEvent<Block>) => {
      if (this.stream === stream) listener.block(event.data);
    };
    context.createMediaStreamSource(stream).connect(node);
    stream.getAudioTracks()[0]?.addEventListener("ended", () => {
      this.close();
      listener.lost();
    });
  }
}
