/** The microphone: 16 kHz mono 16-bit blocks of 32 ms (AUD-01, AUD-02). */
import { soundProblem, type AudioClock } from "./audio-clock";

/** Why there is no microphone, sorted by what the user can do about it. */
export type MicrophoneProblem = "unsupported" | "insecure-page" | "denied" | "missing" | "busy" | "failed";

export class MicrophoneError extends Error {
  constructor(
    readonly problem: MicrophoneProblem,
    cause?: unknown,
  ) {
    super(`microphone: ${problem}`, { cause });
  }
}

interface Block {
  pcm: Int16Array<ArrayBuffer>;
  level: number;
}

export interface MicrophoneListener {
  block(pcm: Int16Array<ArrayBuffer>, level: number): void;
  /** The device went away (unplugged, or taken by the system). */
  lost(): void;
}

const WISHES: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };

export class Microphone {
  private stream: MediaStream | null = null;
  private source: MediaStreamAudioSourceNode | null = null;
  private node: AudioWorkletNode | null = null;

  constructor(
    private readonly clock: AudioClock,
    private readonly listener: MicrophoneListener,
  ) {}

  /** The device that is opened next; "" is the system's choice. */
  device = "";

  get isOpen(): boolean {
    return this.stream !== null;
  }

  /** Asks for the device and begins. Throws MicrophoneError. */
  async start(): Promise<void> {
    if (this.stream !== null) return;
    const stream = await askForDevice(this.device);
    try {
      this.connect(await this.clock.ready(), stream);
    } catch (error) {
      stopAll(stream);
      throw new MicrophoneError("failed", error);
    }
  }

  /** Lets the device go; the last, shorter block still comes. */
  async stop(): Promise<void> {
    await this.flush();
    this.close();
  }

  /** Brings out the samples that wait for their block to fill. */
  async flush(): Promise<void> {
    const node = this.node;
    if (node === null) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 100);
      const done = (event: MessageEvent<{ flushed?: boolean }>): void => {
        if (event.data.flushed !== true) return;
        clearTimeout(timer);
        node.port.removeEventListener("message", done);
        resolve();
      };
      node.port.addEventListener("message", done);
      node.port.postMessage("flush");
    });
  }

  private connect(context: AudioContext, stream: MediaStream): void {
    this.stream = stream;
    this.source = context.createMediaStreamSource(stream);
    this.node = new AudioWorkletNode(context, "selfsame-microphone", { numberOfOutputs: 0 });
    this.node.port.addEventListener("message", (event: MessageEvent<Partial<Block>>) => {
      if (event.data.pcm !== undefined) this.listener.block(event.data.pcm, event.data.level ?? 0);
    });
    this.node.port.start();
    this.source.connect(this.node);
    stream.getAudioTracks()[0]?.addEventListener("ended", () => {
      this.close();
      this.listener.lost();
    });
  }

  private close(): void {
    this.source?.disconnect();
    this.node?.port.close();
    if (this.stream !== null) stopAll(this.stream);
    this.stream = null;
    this.source = null;
    this.node = null;
  }
}

function stopAll(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** Asks for the microphone with this id, or the usual one. Throws MicrophoneError. */
export async function askForDevice(id: string, wishes: MediaTrackConstraints = WISHES): Promise<MediaStream> {
  const lacking = soundProblem();
  if (lacking === "insecure-page") throw new MicrophoneError("insecure-page");
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (lacking !== null || devices === undefined) throw new MicrophoneError("unsupported");
  try {
    return await devices.getUserMedia({ audio: id === "" ? wishes : { ...wishes, deviceId: { exact: id } } });
  } catch (error) {
    if (id !== "" && problemOf(error) === "missing") return askForDevice("", wishes); // the chosen one is not plugged in
    throw new MicrophoneError(problemOf(error), error);
  }
}

function problemOf(error: unknown): MicrophoneProblem {
  switch (error instanceof DOMException ? error.name : "") {
    case "NotAllowedError":
    case "SecurityError":
      return "denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "missing";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    default:
      return "failed";
  }
}
