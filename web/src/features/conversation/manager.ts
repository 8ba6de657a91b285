/**
 * One conversation on this page: binds the line, the sound and the state. React only reads `state` and calls the
 * verbs below; nothing here knows React.
 */
import { AudioManager, type Levels } from "@/media/audio-manager";
import { Face } from "@/media/face/face";
import { canPaint } from "@/media/face/painter";
import { WebSocketClient, type LineOptions, type Resume } from "@/media/line";
import { MicrophoneError } from "@/media/microphone";
import type { Heard } from "@/media/player";
import type { ServerMessage } from "@/wire/generated";
import { keepCaptions, keepSensitivity } from "./preferences";
import { reduce } from "./reduce";
import { SoundSettings } from "./sound-settings";
import { initialState, type ConversationEvent, type ConversationState, type Language, type Mode, type Settings, type TalkMode, type TalkState } from "./state";

export interface Meeting {
  clone: { slug: string; name: string; greeting: string };
  token: string;
  url: string;
  renewToken: () => Promise<string>;
  settings: Settings;
  resume?: Resume;
  /** Gets the text of a file of the clone's, such as its face. */
  load: (url: string, signal: AbortSignal) => Promise<string>;
  /** Keep samples of what the face shows when, for measurements. */
  measured?: boolean;
}

/** With the talk button let go, the microphone is given back after this long. */
const RELEASE_AFTER_MS = 30_000;

export class ConversationStateManager {
  private value: ConversationState;
  private readonly listeners = new Set<() => void>();
  readonly face: Face;
  readonly sound: SoundSettings;
  private readonly line: WebSocketClient;
  private readonly audio: AudioManager;
  private releaseTimer: ReturnType<typeof setTimeout> | undefined;
  private sequence = 0;
  private speakingTurn: number | null = null;
  /** How the face is wanted: to be drawn here, or as pictures where this page cannot draw. */
  private video: "motion" | "jpeg" = canPaint() ? "motion" : "jpeg";

  constructor(private readonly meeting: Meeting) {
    this.value = initialState(meeting.clone, meeting.settings);
    this.audio = new AudioManager({
      chunk: (pcm) => {
        this.line.sendAudioChunk(pcm);
      },
      heard: (heard) => {
        this.report(heard);
      },
      voice: (speaking) => {
        this.dispatch({ kind: "voice", speaking });
      },
      microphoneLost: () => {
        this.dispatch({ kind: "listening", on: false });
        this.dispatch({ kind: "microphone", microphone: { problem: "missing" } });
        this.sound.microphoneLost();
      },
    });
    this.sound = new SoundSettings(this.audio);
    this.line = new WebSocketClient(this.lineOptions());
    this.face = this.makeFace();
    this.line.onStatus = (status) => {
      this.dispatch({ kind: "link", status });
    };
    this.line.onRoundTrip = (ms) => {
      this.dispatch({ kind: "round-trip", ms });
    };
    this.line.onAnew = () => {
      this.speakingTurn = null;
      this.audio.resetPlayback();
      this.face.reset();
      this.dispatch({ kind: "anew" });
    };
    this.line.onMessage = (message) => {
      this.receive(message);
    };
    this.line.onResponseAudio = (sound) => {
      this.audio.playAudioChunk(sound);
    };
    this.line.onMotion = (motion) => {
      this.face.move(motion);
    };
    this.line.onPicture = (picture) => {
      this.face.show(picture);
    };
  }

  get state(): ConversationState {
    return this.value;
  }

  get currentState(): TalkState {
    return this.value.talk;
  }

  get levels(): Readonly<Levels> {
    return this.audio.levels;
  }

  /** The conversation's id, once there is one. */
  get sessionId(): string | null {
    const id = this.line.resumable?.sessionId ?? "";
    return id === "" ? null : id;
  }

  /** Where to take this conversation up again after a reload. */
  get resumable(): Resume | null {
    return this.line.resumable;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  connect(): void {
    this.line.connect(this.meeting.token);
  }

  disconnect(): void {
    clearTimeout(this.releaseTimer);
    void this.sound.stopTrying();
    void this.audio.stopRecording({ release: true });
    this.line.disconnect();
  }

  retryNow(): void {
    if (this.value.link.phase === "refused") this.line.connect(this.meeting.token);
    else this.line.retryNow();
  }

  /** The machine slept, the network changed or the page comes back to the front: sound and line may have died meanwhile. */
  check(): void {
    this.audio.wake();
    this.line.check();
  }

  /** Any gesture wakes sound that the browser holds back. */
  wake(): void {
    this.audio.wake();
  }

  // --- talking ---

  /** The talk button goes down: push-to-talk begins. */
  async pressTalk(): Promise<void> {
    this.audio.prepare();
    if (this.value.listening) return;
    if (this.value.talk === "speaking" || this.value.talk === "processing") this.stopClone();
    await this.listen();
  }

  /** The talk button goes up: what was said is a whole utterance. */
  async releaseTalk(): Promise<void> {
    if (this.value.settings.talkMode !== "push_to_talk" || !this.value.listening) return;
    this.dispatch({ kind: "listening", on: false });
    await this.audio.stopRecording({ release: false });
    this.line.send({ type: "end_utterance", timestamp: Date.now() });
    this.releaseTimer = setTimeout(() => void this.closeMicrophone(), RELEASE_AFTER_MS);
  }

  /** Hands-free: the button turns listening on and off. */
  async toggleListening(): Promise<void> {
    this.audio.prepare();
    if (!this.value.listening) await this.listen();
    else await this.stopListening();
  }

  async setTalkMode(talkMode: TalkMode): Promise<void> {
    if (talkMode === this.value.settings.talkMode) return;
    if (this.value.listening) await this.stopListening();
    this.dispatch({ kind: "settings", change: { talkMode } });
    this.line.send({ type: "set_hearing", talkMode });
    if (talkMode === "hands_free") await this.toggleListening();
  }

  sendText(text: string): void {
    const trimmed = text.trim();
    if (trimmed === "") return;
    this.audio.prepare();
    this.sequence += 1;
    const messageId = `${Date.now().toString(36)}-${this.sequence}`;
    this.dispatch({ kind: "typed", text: trimmed, messageId, at: Date.now() });
    if (!this.line.send({ type: "text_input", messageId, text: trimmed })) {
      this.dispatch({ kind: "trouble", code: "OFFLINE", message: "Too much is waiting to be sent." });
    }
  }

  /** The user stops the clone by hand: silence now, then say so. */
  stopClone(): void {
    this.line.send({ type: "interruption", timestamp: Date.now() });
    if (this.speakingTurn !== null) this.silence(this.speakingTurn);
  }

  // --- choices ---

  setMode(mode: Mode): void {
    this.dispatch({ kind: "settings", change: { mode } });
    this.line.send({ type: "set_mode", mode });
  }

  setLanguage(language: Language): void {
    this.dispatch({ kind: "settings", change: { language } });
    this.line.send({ type: "set_language", language });
  }

  setKeepTranscripts(granted: boolean): void {
    this.dispatch({ kind: "settings", change: { keepTranscripts: granted } });
    this.line.send({ type: "set_consent", subject: "transcripts", granted });
  }

  setSensitivity(sensitivity: number): void {
    this.dispatch({ kind: "settings", change: { sensitivity } });
    keepSensitivity(sensitivity);
    this.line.send({ type: "set_hearing", sensitivity });
  }

  setCaptions(captions: boolean): void {
    this.dispatch({ kind: "settings", change: { captions } });
    keepCaptions(captions);
  }

  dismiss(): void {
    this.dispatch({ kind: "dismiss" });
  }

  startOver(): void {
    this.speakingTurn = null;
    this.audio.resetPlayback();
    this.face.reset();
    void this.stopListening();
    this.dispatch({ kind: "start-over" });
    this.line.startOver();
  }

  // --- inside ---

  private async listen(): Promise<void> {
    clearTimeout(this.releaseTimer);
    this.dispatch({ kind: "listening", on: true });
    this.dispatch({ kind: "microphone", microphone: "opening" });
    try {
      await this.audio.startRecording();
    } catch (error) {
      const problem = error instanceof MicrophoneError ? error.problem : "failed";
      console.error("the microphone cannot be used", error);
      this.dispatch({ kind: "listening", on: false });
      this.dispatch({ kind: "microphone", microphone: { problem } });
      return;
    }
    this.sound.refresh();
    this.dispatch({ kind: "microphone", microphone: "on" });
    if (!this.value.listening) await this.audio.stopRecording({ release: false });
  }

  private async stopListening(): Promise<void> {
    const wasListening = this.value.listening;
    this.dispatch({ kind: "listening", on: false });
    await this.closeMicrophone();
    if (wasListening) this.line.send({ type: "end_utterance", timestamp: Date.now() });
  }

  private async closeMicrophone(): Promise<void> {
    clearTimeout(this.releaseTimer);
    await this.audio.stopRecording({ release: true });
    this.dispatch({ kind: "microphone", microphone: "off" });
  }

  private receive(message: ServerMessage): void {
    if (message.type === "ready") {
      this.face.meet(message.face ?? null);
    } else if (message.type === "response_start") {
      this.speakingTurn = message.turnId;
      this.audio.beginPlayback(message.turnId, message.sampleRate);
    } else if (message.type === "playback") {
      this.obey(message.turnId, message.action);
    }
    this.dispatch({ kind: "server", message, at: Date.now() });
  }

  private obey(turnId: number, action: "pause" | "resume" | "stop"): void {
    if (action === "stop") this.silence(turnId);
    else if (turnId !== this.speakingTurn) return;
    else if (action === "pause") this.audio.pausePlayback();
    else this.audio.resumePlayback();
  }

  private silence(turnId: number): void {
    this.audio.stopPlayback(turnId);
    this.face.stop(turnId);
  }

  private makeFace(): Face {
    return new Face({
      placeAt: (atMs) => this.audio.placeAt(atMs),
      load: this.meeting.load,
      measured: this.meeting.measured ?? false,
      onLook: (look) => {
        this.dispatch({ kind: "face", look });
      },
      onHelpless: () => {
        this.video = "jpeg";
        this.line.send({ type: "set_video", video: "jpeg" });
      },
    });
  }

  private report({ turnId, ms, done }: Heard): void {
    this.line.send({ type: "played", turnId, ms, done });
  }

  private lineOptions(): LineOptions {
    const { clone, url, renewToken, resume } = this.meeting;
    return {
      url,
      renewToken,
      ...(resume === undefined ? {} : { resume }),
      settings: () => {
        const { language, mode, talkMode, sensitivity } = this.value.settings;
        // "auto" is not said: then the language of the user's settings counts, where they have chosen one.
        const spoken = language === "auto" ? {} : { language };
        return { clone: clone.slug, ...spoken, mode, talkMode, sensitivity, video: this.video };
      },
    };
  }

  private dispatch(event: ConversationEvent): void {
    const next = reduce(this.value, event);
    if (next === this.value) return;
    this.value = next;
    for (const listener of this.listeners) listener();
  }
}
