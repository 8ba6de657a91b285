/**
 * The line to the server: one socket at a time, opened again when it drops, so that the conversation above it never
 * notices more than a pause (WIRE-18 to 20). Knows the protocol's housekeeping, nothing of what is said.
 */
import {
  decodeBinary,
  motionOf,
  parseServer,
  pictureOf,
  serialise,
  soundOf,
  type BinaryFrame,
  type MotionFrame,
  type PictureFrame,
  type SoundFrame,
} from "@/wire/codec";
import {
  PROTOCOL,
  type ClientMessage,
  type ErrorMessage,
  type ReadyMessage,
  type ServerMessage,
  type StartMessage,
  type TranscriptMessage,
} from "@/wire/generated";
import { backoffMs } from "./backoff";
import { AudioOutbox, ControlOutbox } from "./outbox";

export type LinkStatus =
  | { phase: "off" }
  | { phase: "connecting"; attempt: number }
  | { phase: "open" }
  /** Lost; tries again at `retryAt` (ms, the clock of `now`). */
  | { phase: "waiting"; attempt: number; retryAt: number }
  /** Refused for good: trying again by itself would not help. */
  | { phase: "refused"; code: string; message: string };

/** The part of WebSocket that the line uses. */
export interface Socket {
  binaryType: string;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  send(data: string | ArrayBufferView<ArrayBuffer>): void;
  close(): void;
}

export interface LineOptions {
  /** The address of the socket. */
  url: string;
  /** What the user has chosen, for `start`; asked for on every connection. */
  settings: () => Pick<StartMessage, "clone" | "language" | "mode" | "talkMode" | "sensitivity" | "video">;
  /** A new token, when the old one may be why the server hangs up. */
  renewToken: () => Promise<string>;
  /** Where a conversation was left, to go on with it. */
  resume?: Resume;
  openSocket?: (url: string, protocols: string[]) => Socket;
  now?: () => number;
}

/** A conversation to go on with: its id and the last event that arrived. */
export interface Resume {
  sessionId: string;
  lastEvent: number;
}

const SUBPROTOCOL = "selfsame.v1";
const AUDIO_SECONDS = 5;
const AUDIO_BYTES = AUDIO_SECONDS * 16_000 * 2;
/** Sound that has waited goes out in few, larger frames. */
const FRAME_BYTES = 16_000;
const WAITING_MESSAGES = 100;
const PING_MS = 10_000;
const PONG_MS = 10_000;
/** A socket that is not ready by then goes nowhere: networks swallow what they do not carry. */
const OPEN_MS = 20_000;
/** When there is reason to doubt the line, its answer must come sooner. */
const DOUBTED_PONG_MS = 3000;
/** Errors after which trying again by itself would not help. */
const REFUSALS = new Set(["FORBIDDEN", "PROTOCOL_UNSUPPORTED", "CONSENT_MISSING", "SESSION_LAPSED"]);
/** The close code for a connection whose conversation another one has taken over. */
const TAKEN_OVER = 4001;

export class WebSocketClient {
  onStatus: (status: LinkStatus) => void = () => undefined;
  /** What was told since is lost or belongs to another conversation: the `ready` that follows has the turns anew. */
  onAnew: () => void = () => undefined;
  /** Everything the server says, each event once and in order; sound, motion and pictures come by the three below. */
  onMessage: (message: ServerMessage) => void = () => undefined;
  onTranscript: (message: TranscriptMessage) => void = () => undefined;
  onResponseAudio: (sound: SoundFrame) => void = () => undefined;
  onMotion: (motion: MotionFrame) => void = () => undefined;
  onPicture: (picture: PictureFrame) => void = () => undefined;
  onError: (message: ErrorMessage) => void = () => undefined;
  /** The time of a message there and back, in ms. */
  onRoundTrip: (ms: number) => void = () => undefined;

  private readonly now: () => number;
  private readonly openSocket: (url: string, protocols: string[]) => Socket;
  private readonly audio = new AudioOutbox(AUDIO_BYTES);
  private readonly control = new ControlOutbox(WAITING_MESSAGES);
  private socket: Socket | null = null;
  private token = "";
  private session: Resume | null;
  private ready = false;
  private wanted = false;
  private attempt = 0;
  private renew = false;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private pingTimer: ReturnType<typeof setTimeout> | undefined;
  private pingedAt: number | null = null;
  /** Columns of a motion frame, as `ready` told. */
  private channels = 0;

  constructor(private readonly options: LineOptions) {
    this.now = options.now ?? (() => performance.now());
    this.openSocket = options.openSocket ?? ((url, protocols) => new WebSocket(url, protocols) as Socket);
    this.session = options.resume ?? null;
  }

  /** The conversation on this line, to go on with after a reload. */
  get resumable(): Resume | null {
    return this.session;
  }

  connect(token: string): void {
    this.token = token;
    this.wanted = true;
    this.attempt = 0;
    this.open();
  }

  disconnect(): void {
    this.wanted = false;
    clearTimeout(this.retryTimer);
    this.drop();
    this.onStatus({ phase: "off" });
  }

  /** Tries again now instead of at the end of the wait. */
  retryNow(): void {
    if (!this.wanted || this.socket !== null) return;
    clearTimeout(this.retryTimer);
    void this.reopen();
  }

  /** There is reason to doubt the line (the machine slept, the network changed): see whether it lives, or open it anew. */
  check(): void {
    if (this.ready) this.ping(DOUBTED_PONG_MS);
    else this.retryNow();
  }

  /** Begins a new conversation on a new socket; what was typed in this one stays with it. */
  startOver(): void {
    this.control.forget();
    this.openAnew();
  }

  private openAnew(): void {
    this.session = null;
    this.drop();
    this.wanted = true;
    this.attempt = 0;
    clearTimeout(this.retryTimer);
    this.open();
  }

  /** Sends microphone sound: 16 kHz mono 16-bit. While there is no line, the last 5 s wait. */
  sendAudioChunk(data: Int16Array<ArrayBuffer>): void {
    this.audio.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    if (this.ready) this.sendWaitingAudio();
  }

  /** Sends a control message, or keeps it until there is a line. False when it could not be kept. */
  send(message: ClientMessage): boolean {
    if (!this.ready) return this.control.push(message);
    this.transmit(message);
    return true;
  }

  // --- opening and closing ---

  private open(): void {
    this.onStatus({ phase: "connecting", attempt: this.attempt });
    const socket = this.openSocket(this.options.url, [SUBPROTOCOL, `bearer.${this.token}`]);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.greet(socket);
    };
    socket.onmessage = (event) => {
      if (this.socket === socket) this.receive(event.data);
    };
    socket.onclose = ({ code }) => {
      if (this.socket !== socket) return;
      if (code === TAKEN_OVER) this.refuse("TAKEN_OVER", "This conversation goes on in another window.");
      else this.lost();
    };
    this.socket = socket;
    this.pingTimer = setTimeout(() => {
      this.lost();
    }, OPEN_MS);
  }

  private greet(socket: Socket): void {
    const start: StartMessage = { type: "start", protocol: PROTOCOL, audio: "binary", ...this.options.settings() };
    if (this.session !== null) Object.assign(start, this.session);
    socket.send(serialise(start));
  }

  private lost(): void {
    this.renew ||= !this.ready;
    this.drop();
    if (!this.wanted) return;
    this.attempt += 1;
    const wait = backoffMs(this.attempt);
    this.onStatus({ phase: "waiting", attempt: this.attempt, retryAt: this.now() + wait });
    this.retryTimer = setTimeout(() => void this.reopen(), wait);
  }

  private async reopen(): Promise<void> {
    this.onStatus({ phase: "connecting", attempt: this.attempt });
    if (this.renew) {
      try {
        this.token = await this.options.renewToken();
        this.renew = false;
      } catch (error) {
        console.warn("no new token", error);
        if (this.wanted) this.lost();
        return;
      }
    }
    if (this.wanted && this.socket === null) this.open();
  }

  private refuse(code: string, message: string): void {
    this.wanted = false;
    this.drop();
    this.onStatus({ phase: "refused", code, message });
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    this.ready = false;
    this.pingedAt = null;
    clearTimeout(this.pingTimer);
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  // --- what comes in ---

  private receive(data: unknown): void {
    try {
      if (typeof data === "string") this.receiveMessage(parseServer(data));
      else if (data instanceof ArrayBuffer) this.receiveBinary(decodeBinary(data));
    } catch (error) {
      console.error("the server sent something unreadable", error);
    }
  }

  private receiveMessage(message: ServerMessage | null): void {
    if (message === null) return;
    if (message.type === "pong") {
      this.measure();
      return;
    }
    if (message.type === "ready") this.begin(message);
    else if (!this.isNew(message.eventNumber)) return;
    if (message.type === "response_audio") this.onResponseAudio(soundOf(message));
    if (message.type === "response_motion") this.onMotion(motionOf(message, this.channels));
    if (message.type === "response_video") this.onPicture(pictureOf(message));
    if (message.type === "transcript") this.hearTranscript(message);
    if (message.type === "response_end") this.control.over(message.turnId);
    if (message.type === "error") this.hearError(message);
    this.onMessage(message);
  }

  private receiveBinary(frame: BinaryFrame | null): void {
    if (frame === null || !this.isNew(frame.eventNumber)) return;
    if (frame.kind === "sound") this.onResponseAudio(frame);
    else if (frame.kind === "motion") this.onMotion(frame);
    else this.onPicture(frame);
  }

  /** Numbered events come once: what a resumed socket says again is dropped. */
  private isNew(eventNumber: number): boolean {
    if (eventNumber === 0 || this.session === null) return true;
    if (eventNumber <= this.session.lastEvent) return false;
    this.session = { ...this.session, lastEvent: eventNumber };
    return true;
  }

  private begin(message: ReadyMessage): void {
    const before = this.session;
    const sessionId = message.sessionId ?? before?.sessionId ?? "";
    if (message.resumed && before !== null && message.audioReceived > 0) this.audio.resumeAt(message.audioReceived);
    else this.audio.restart();
    const anew = !message.resumed || before?.lastEvent !== message.eventNumber;
    this.control.settle(new Set(message.turns.flatMap(({ messageId }) => messageId ?? [])), anew);
    if (anew) this.onAnew();
    this.session = { sessionId, lastEvent: message.eventNumber };
    this.channels = message.face?.channels.length ?? 0;
    this.ready = true;
    this.renew = false;
    this.attempt = 0;
    this.onStatus({ phase: "open" });
    this.sendWaitingAudio();
    for (const waiting of this.control.take()) this.transmit(waiting);
    this.ping();
  }

  private hearTranscript(message: TranscriptMessage): void {
    if (message.isFinal && message.turnId != null) this.control.arrived(message.transcript, message.turnId);
    this.onTranscript(message);
  }

  private hearError(message: ErrorMessage): void {
    this.onError(message);
    const nobody = message.errorCode === "NOT_FOUND" && this.session === null;
    if (nobody || (REFUSALS.has(message.errorCode) && !message.recoverable)) {
      this.session = null;
      this.refuse(message.errorCode, message.errorMessage);
    } else if (message.errorCode === "UNAUTHENTICATED") {
      this.renew = true;
    } else if (message.errorCode === "NOT_FOUND" && !this.ready) {
      this.openAnew();
    } else if (!message.recoverable) {
      this.session = null;
    }
  }

  // --- what goes out ---

  private transmit(message: ClientMessage): void {
    this.control.remember(message);
    this.socket?.send(serialise(message));
  }

  private sendWaitingAudio(): void {
    for (const bytes of joined(this.audio.take(), FRAME_BYTES)) this.socket?.send(bytes);
  }

  /** A line that has gone dead without a word is found out and opened anew. */
  private ping(withinMs = PONG_MS): void {
    clearTimeout(this.pingTimer);
    this.pingedAt = this.now();
    this.socket?.send(serialise({ type: "ping", timestamp: this.pingedAt }));
    this.pingTimer = setTimeout(() => {
      this.lost();
    }, withinMs);
  }

  private measure(): void {
    if (this.pingedAt === null) return;
    this.onRoundTrip(this.now() - this.pingedAt);
    this.pingedAt = null;
    clearTimeout(this.pingTimer);
    this.pingTimer = setTimeout(() => {
      this.ping();
    }, PING_MS);
  }
}

/** The same bytes in blocks of at most `limit`, but for blocks that were larger already. */
function joined(blocks: Uint8Array<ArrayBuffer>[], limit: number): Uint8Array<ArrayBuffer>[] {
  const out: Uint8Array<ArrayBuffer>[] = [];
  let group: Uint8Array<ArrayBuffer>[] = [];
  const size = (): number => group.reduce((sum, block) => sum + block.byteLength, 0);
  const close = (): void => {
    if (group.length > 0) out.push(concatenated(group, size()));
    group = [];
  };
  for (const block of blocks) {
    if (size() + block.byteLength > limit) close();
    group.push(block);
  }
  close();
  return out;
}

function concatenated(blocks: Uint8Array<ArrayBuffer>[], size: number): Uint8Array<ArrayBuffer> {
  const [only] = blocks;
  if (blocks.length === 1 && only !== undefined) return only;
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const block of blocks) {
    bytes.set(block, offset);
    offset += block.byteLength;
  }
  return bytes;
}
