/**
 * Files on their way to the server, one after the other, so that one that fails holds up no other. Each can be taken back
 * while it waits or is being sent, and tried again when it failed; what has arrived is no longer listed.
 */
import { asApiError, type ApiError } from "@/wire/api-error";

export interface Underway {
  id: number;
  name: string;
  size: number;
  state: "waiting" | "sending" | "failed";
  /** How much was sent, from 0 to 1. */
  part: number;
  error: ApiError | null;
}

export interface SendOptions {
  signal: AbortSignal;
  onProgress: (part: number) => void;
}

export class FileQueue<T> {
  private items: readonly Underway[] = [];
  private files = new Map<number, File>();
  private listeners = new Set<() => void>();
  private sending: { id: number; stop: AbortController } | null = null;
  private count = 0;
  private arrived: (answer: T) => void = () => undefined;

  constructor(private readonly send: (file: File, options: SendOptions) => Promise<T>) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): readonly Underway[] => this.items;

  /** Who is told what the server said of each file that has arrived; the last one counts. */
  whenArrived(tell: (answer: T) => void): void {
    this.arrived = tell;
  }

  add(files: readonly File[]): void {
    for (const file of files) {
      this.count += 1;
      this.files.set(this.count, file);
      this.items = [...this.items, { id: this.count, name: file.name, size: file.size, state: "waiting", part: 0, error: null }];
    }
    this.tell();
    void this.next();
  }

  /** Takes a file back, whatever state it is in. */
  drop(id: number): void {
    this.forget(id);
    if (this.sending?.id === id) this.sending.stop.abort();
  }

  retry(id: number): void {
    this.change(id, { state: "waiting", part: 0, error: null });
    void this.next();
  }

  private async next(): Promise<void> {
    const item = this.items.find(({ state }) => state === "waiting");
    const file = item === undefined ? undefined : this.files.get(item.id);
    if (this.sending !== null || item === undefined || file === undefined) return;
    const stop = new AbortController();
    this.sending = { id: item.id, stop };
    this.change(item.id, { state: "sending" });
    try {
      const answer = await this.send(file, {
        signal: stop.signal,
        onProgress: (part) => {
          this.change(item.id, { part });
        },
      });
      this.forget(item.id);
      this.arrived(answer);
    } catch (error) {
      this.change(item.id, { state: "failed", error: asApiError(error) });
    } finally {
      this.sending = null;
    }
    void this.next();
  }

  private forget(id: number): void {
    this.files.delete(id);
    this.items = this.items.filter((item) => item.id !== id);
    this.tell();
  }

  private change(id: number, to: Partial<Underway>): void {
    this.items = this.items.map((item) => (item.id === id ? { ...item, ...to } : item));
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
