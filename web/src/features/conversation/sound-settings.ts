/** Which microphone and loudspeaker are used, and trying them out. React only reads `state`; nothing here knows React. */
import { canChooseSpeaker } from "@/media/audio-clock";
import type { AudioManager } from "@/media/audio-manager";
import { DeviceWatch, type Devices } from "@/media/devices";
import { MicrophoneError, type MicrophoneProblem } from "@/media/microphone";
import { keepDevice, keptDevices } from "./preferences";

export interface SoundState {
  devices: Devices;
  /** The chosen devices; "" is the system's choice. */
  microphone: string;
  speaker: string;
  canChooseSpeaker: boolean;
  /** The microphone is open for its level alone. */
  trying: "no" | "opening" | "yes";
  problem: MicrophoneProblem | "speaker" | null;
}

export class SoundSettings {
  private readonly watch = new DeviceWatch();
  private readonly listeners = new Set<() => void>();
  private value: SoundState;

  constructor(private readonly audio: AudioManager) {
    this.value = { ...keptDevices(), devices: this.watch.devices, canChooseSpeaker: canChooseSpeaker(), trying: "no", problem: null };
    void this.use("microphone", this.value.microphone);
    void this.use("speaker", this.value.speaker);
  }

  get state(): SoundState {
    return this.value;
  }

  /** Devices are followed while somebody listens. */
  subscribe = (listener: () => void): (() => void) => {
    const stop = this.watch.subscribe(() => {
      this.change({ devices: this.watch.devices });
    });
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
      stop();
    };
  };

  /** The names of devices can be told now. */
  refresh(): void {
    this.watch.refresh();
  }

  async choose(kind: "microphone" | "speaker", id: string): Promise<void> {
    keepDevice(kind, id);
    this.change({ [kind]: id, problem: null });
    await this.use(kind, id);
  }

  /** Opens the microphone for its level alone, until `stopTrying`. */
  async tryMicrophone(): Promise<void> {
    this.change({ trying: "opening", problem: null });
    try {
      await this.audio.startMeter();
      this.change({ trying: "yes" });
      this.watch.refresh();
    } catch (error) {
      this.change({ trying: "no", problem: error instanceof MicrophoneError ? error.problem : "failed" });
    }
  }

  async stopTrying(): Promise<void> {
    if (this.value.trying === "no") return;
    this.change({ trying: "no" });
    await this.audio.stopMeter();
  }

  async trySpeaker(): Promise<void> {
    try {
      await this.audio.chime();
    } catch (error) {
      console.error("the loudspeaker cannot be used", error);
      this.change({ problem: "speaker" });
    }
  }

  /** The microphone went away by itself. */
  microphoneLost(): void {
    this.change({ trying: "no" });
  }

  private async use(kind: "microphone" | "speaker", id: string): Promise<void> {
    try {
      if (kind === "microphone") await this.audio.chooseMicrophone(id);
      else await this.audio.chooseSpeaker(id);
    } catch (error) {
      console.warn(`the chosen ${kind} cannot be used`, error);
      this.change({ problem: error instanceof MicrophoneError ? error.problem : "speaker" });
    }
  }

  private change(part: Partial<SoundState>): void {
    this.value = { ...this.value, ...part };
    for (const listener of this.listeners) listener();
  }
}
