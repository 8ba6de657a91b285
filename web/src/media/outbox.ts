/** What waits to be sent: microphone sound by its place in the stream, and control messages. Pure and bounded. */
import type { ClientMessage } from "@/wire/generated";
import { sameWords } from "@/wire/same-words";

/**
 * The last seconds of microphone sound, each block with its place in bytes as the server counts them, so that after a
 * reconnect the stream goes on where the server stopped hearing it.
 */
export class AudioOutbox {
  private blocks: { start: number; bytes: Uint8Array<ArrayBuffer> }[] = [];
  private end = 0;
  private sent = 0;

  constructor(private readonly capacity: number) {}

  push(bytes: Uint8Array<ArrayBuffer>): void {
    this.blocks.push({ start: this.end, bytes });
    this.end += bytes.byteLength;
    while (this.blocks.length > 1 && this.end - (this.blocks[0]?.start ?? 0) > this.capacity) this.blocks.shift();
  }

  /** What has not been sent yet, in order; it counts as sent from now on. */
  take(): Uint8Array<ArrayBuffer>[] {
    const fresh: Uint8Array<ArrayBuffer>[] = [];
    for (const { start, bytes } of this.blocks) {
      const skip = this.sent - start;
      if (skip < bytes.byteLength) fresh.push(skip > 0 ? bytes.slice(skip) : bytes);
    }
    this.sent = this.end;
    return fresh;
  }

  /**
   * A socket is open again and the server holds `received` bytes. What it lacks and we still have will be taken next.
   * Our count follows the server's where sound was lost for good.
   */
  resumeAt(received: number): void {
    const oldest = this.blocks[0]?.start ?? this.end;
    const next = Math.min(this.end, Math.max(received, oldest));
    this.blocks = this.blocks.filter(({ start, bytes }) => start + bytes.byteLength > next);
    this.shift(received - next, next);
  }

  /** The server begins a new stream: only what was never sent goes into it. */
  restart(): void {
    this.blocks = this.blocks.filter(({ start, bytes }) => start + bytes.byteLength > this.sent);
    this.shift(-this.sent, this.sent);
  }

  private shift(by: number, next: number): void {
    this.blocks = this.blocks.map(({ start, bytes }) => ({ start: start + by, bytes }));
    this.end += by;
    this.sent = next + by;
  }
}

type TextInput = Extract<ClientMessage, { type: "text_input" }>;

/** Text that was sent, and its turn as soon as the server has numbered it. */
interface Typed {
  message: TextInput;
  turnId: number | null;
}

/** Control messages that wait for a connection: bounded, and each setting only in its latest state. */
export class ControlOutbox {
  private waiting: ClientMessage[] = [];
  private typed: Typed[] = [];

  constructor(private readonly capacity: number) {}

  /** Keeps a message for later. False when it was not worth keeping or the box is full. */
  push(message: ClientMessage): boolean {
    if (message.type === "ping" || message.type === "audio_chunk" || message.type === "start") return false;
    const replaced = this.waiting.filter((other) => !supersedes(message, other));
    if (replaced.length >= this.capacity) return false;
    this.waiting = [...replaced, message];
    return true;
  }

  /** Typed text stays at hand until its turn is over: a server that dies before has forgotten it. */
  remember(message: ClientMessage): void {
    if (message.type !== "text_input" || this.typed.some((other) => other.message.messageId === message.messageId)) return;
    this.typed = [...this.typed, { message, turnId: null }].slice(-this.capacity);
  }

  /** The server took `text` as turn `turnId`. */
  arrived(text: string, turnId: number): void {
    if (this.typed.some((typed) => typed.turnId === turnId)) return;
    const found = this.typed.find((typed) => typed.turnId === null && sameWords(typed.message.text, text));
    if (found !== undefined) found.turnId = turnId;
  }

  /** Turn `turnId` is over, and with it every turn before. */
  over(turnId: number): void {
    this.typed = this.typed.filter((typed) => typed.turnId === null || typed.turnId > turnId);
  }

  /** A socket is open again, and the server has these messages' turns. With `anew`, earlier numbers are void. */
  settle(messageIds: ReadonlySet<string>, anew: boolean): void {
    const open = this.typed.filter(({ message }) => !messageIds.has(message.messageId));
    this.typed = anew ? open.map(({ message }) => ({ message, turnId: null })) : open;
    if (anew) this.waiting = this.waiting.filter(({ type }) => type !== "played" && type !== "interruption");
  }

  forget(): void {
    this.typed = [];
    this.waiting = [];
  }

  /** Everything to send on a new socket, in order. The server passes over text that it has already. */
  take(): ClientMessage[] {
    const all = [...this.typed.map((typed) => typed.message), ...this.waiting];
    this.waiting = [];
    return all;
  }
}

/** A later setting or report makes an earlier one of the same kind pointless. */
function supersedes(later: ClientMessage, earlier: ClientMessage): boolean {
  if (later.type !== earlier.type) return false;
  if (later.type === "played" && earlier.type === "played") return later.turnId === earlier.turnId;
  return ["set_mode", "set_language", "set_consent", "update_context"].includes(later.type);
}
