/** Sound in and sound out, as one thing (AUD-10, MOB-03). */
import { AudioClock } from "./audio-clock";
import { Microphone } from "./microphone";
import { loudness } from "./pcm";
import { PlayOut, type Place } from "./play-out";
import { Player, type Heard, type Sound } from "./player";
import { VoiceGate } from "./voice-gate";

export interface AudioListener {
  /** A block of the microphone: 16 kHz mono 16-bit. */
  chunk(pcm: Int16Array<ArrayBuffer>): void;
  heard(heard: Heard): void;
  /** The user's speech starts or stops, as the page itself hears it. */
  voice(speaking: boolean): void;
  microphoneLost(): void;
}

/** Loudness for the eye, 0..1, of the user and of the clone. */
export interface Levels {
  user: number;
  clone: number;
}

const BLOCK_MS = 32;

export class AudioManager {
  readonly levels: Levels = { user: 0, clone: 0 };
  private readonly clock = new AudioClock();
  private readonly microphone: Microphone;
  private readonly player: Player;
  private readonly playOut = new PlayOut();
  private readonly gate = new VoiceGate();
  private recording = false;
  private metering = false;

  constructor(private readonly listener: AudioListener) {
    this.microphone = new Microphone(this.clock, {
      block: (pcm, level) => {
        this.hear(pcm, level);
      },
      lost: () => {
        this.metering = false;
        this.quiet();
        listener.microphoneLost();
      },
    });
    this.player = new Player(this.clock, {
      heard: (heard) => {
        listener.heard(heard);
      },
      level: (level) => {
        this.levels.clone = loudness(level);
      },
      place: (position, at) => {
        this.playOut.report(position, at);
      },
    });
  }

  /** Opens the microphone (asks the user the first time) and streams it. Throws MicrophoneError. */
  async startRecording(): Promise<void> {
    await this.microphone.start();
    this.gate.reset();
    this.recording = true;
  }

  /** Stops streaming after the samples that are still under way. `release` gives the device back too. */
  async stopRecording({ release }: { release: boolean }): Promise<void> {
    if (release && !this.metering) await this.microphone.stop();
    else await this.microphone.flush();
    this.quiet();
  }

  /** Shows the microphone's level without anybody listening. Throws MicrophoneError. */
  async startMeter(): Promise<void> {
    await this.microphone.start();
    this.metering = true;
  }

  /** The microphone is given back, unless it is listened to. */
  async stopMeter(): Promise<void> {
    if (!this.metering) return;
    this.metering = false;
    if (this.recording) return;
    await this.microphone.stop();
    this.quiet();
  }

  /** Listens through that microphone from now on; "" is the system's choice. Throws MicrophoneError. */
  async chooseMicrophone(id: string): Promise<void> {
    if (id === this.microphone.device) return;
    this.microphone.device = id;
    if (!this.microphone.isOpen) return;
    await this.microphone.stop();
    await this.microphone.start();
  }

  /** Sounds through that loudspeaker from now on; "" is the system's choice. */
  async chooseSpeaker(id: string): Promise<void> {
    await this.clock.setSpeaker(id);
  }

  async chime(): Promise<void> {
    await this.clock.chime();
  }

  /** Hands a block of sound on to whoever listens; the microphone's own blocks go this way. */
  streamAudioChunk(chunk: Int16Array<ArrayBuffer>): void {
    this.listener.chunk(chunk);
  }

  beginPlayback(turnId: number, sampleRate: number): void {
    this.player.begin(turnId, sampleRate);
  }

  playAudioChunk(chunk: Sound): void {
    this.player.play(chunk);
  }

  pausePlayback(): void {
    this.player.pause();
  }

  resumePlayback(): void {
    this.player.resume();
  }

  stopPlayback(turnId: number): void {
    this.player.stop(turnId);
  }

  /** Silence, and turns are counted anew. */
  resetPlayback(): void {
    this.player.reset();
    this.playOut.reset();
  }

  /** What is heard of the clone's voice at `atMs` of performance.now(); null when nothing can be heard. */
  placeAt(atMs: number): Place | null {
    const heard = this.clock.heardAt(atMs);
    return heard === null ? null : this.playOut.place(heard);
  }

  /** Call in a gesture: opens the loudspeaker, or wakes it. */
  prepare(): void {
    this.clock.wake();
    this.player.prepare().catch((error: unknown) => {
      console.error("the loudspeaker cannot be opened", error);
    });
  }

  wake(): void {
    this.clock.wake();
  }

  private hear(pcm: Int16Array<ArrayBuffer>, level: number): void {
    if (this.recording || this.metering) this.levels.user = loudness(level);
    if (!this.recording) return;
    const change = this.gate.update(level, BLOCK_MS);
    if (change !== null) this.listener.voice(change === "started");
    this.streamAudioChunk(pcm);
  }

  private quiet(): void {
    this.recording = false;
    this.levels.user = 0;
    if (this.gate.speaking) this.listener.voice(false);
    this.gate.reset();
  }
}
