/** What waits to be sent: microphone sound by its place in the stream, and control messages. Pure and bounded. */
import type { ClientMessage } from "@/wire/generated";

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

/** Control messages that wait for a connection: bounded, and each setting only in its latest state. */
export class ControlOutbox {
  private waiting: ClientMessage[] = [];
  private typed: Extract<ClientMessage, { type: "text_input" }>[] = [];

  constructor(private readonly capacity: number) {}

  /** Keeps a message for later. False when it was not worth keeping or the box is full. */
  push(message: ClientMessage): boolean {
    if (message.type === "ping" || message.type === "audio_chunk" || message.type === "start") return false;
    const replaced = this.waiting.filter((other) => !supersedes(message, other));
    if (replaced.length >= this.capacity) return false;
    this.waiting = [...replaced, message];
    return true;
  }

  /** Typed text stays at hand until the server shows that it arrived; sending it twice does no harm. */
  remember(message: ClientMessage): void {
    if (message.type !== "text_input") return;
    const others = this.typed.filter((other) => other.messageId !== message.messageId);
    this.typed = [...others, message].slice(-this.capacity);
  }

  arrived(text: string): void {
    const index = this.typed.findIndex((message) => message.text === text);
    if (index >= 0) this.typed.splice(index, 1);
  }

  /** Everything to send on a new socket, in order. */
  take(): ClientMessage[] {
    const all = [...this.typed, ...this.waiting];
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
