/**
 * The photos (or the one video) that are about to be sent, each judged by the server as soon as it is there, one after
 * the other. Knows no React; `subscribe` and `list` are for useSyncExternalStore.
 */
import { ApiError, asApiError } from "@/wire/api-error";
import type { PoseName } from "./guide";

export type Verdict = { state: "waiting" } | { state: "judged"; valid: boolean; reasons: readonly string[] } | { state: "unjudged"; error: ApiError };

export interface Shot {
  id: number;
  file: Blob;
  name: string;
  kind: "photo" | "video";
  /** For `<img>` and `<video>`; given back when the shot goes. */
  url: string;
  /** The pose it was taken for; null for files. */
  pose: PoseName | null;
  verdict: Verdict;
}

export type NewShot = Pick<Shot, "file" | "name" | "kind" | "pose">;
export type Judge = (file: Blob, signal: AbortSignal) => Promise<{ isValid: boolean; reasons: readonly string[] }>;

export interface ShotTools {
  judge: Judge;
  wait: (ms: number) => Promise<void>;
  makeUrl: (file: Blob) => string;
  dropUrl: (url: string) => void;
}

const TRIES = 6;
const AGAIN_MS = 2500;
export const PHOTOS_MOST = 20;

export class Shots {
  private shots: readonly Shot[] = [];
  private count = 0;
  private judging = false;
  private leaving = new AbortController();
  private readonly listeners = new Set<() => void>();

  constructor(private readonly tools: ShotTools) {}

  readonly list = (): readonly Shot[] => this.shots;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  add(added: readonly NewShot[]): void {
    const fresh = added.map((shot): Shot => {
      this.count += 1;
      const verdict: Verdict = shot.kind === "video" ? { state: "judged", valid: true, reasons: [] } : { state: "waiting" };
      return { ...shot, id: this.count, url: this.tools.makeUrl(shot.file), verdict };
    });
    this.change([...this.shots, ...fresh]);
    void this.judgeAll();
  }

  remove(id: number): void {
    for (const shot of this.shots) if (shot.id === id) this.tools.dropUrl(shot.url);
    this.change(this.shots.filter((shot) => shot.id !== id));
  }

  /** Judges again what could not be judged. */
  again(id: number): void {
    this.settle(id, { state: "waiting" });
    void this.judgeAll();
  }

  clear(): void {
    this.leaving.abort();
    this.leaving = new AbortController();
    for (const shot of this.shots) this.tools.dropUrl(shot.url);
    this.change([]);
  }

  private async judgeAll(): Promise<void> {
    if (this.judging) return;
    this.judging = true;
    for (let next = this.waiting(); next !== undefined; next = this.waiting()) {
      const { id } = next;
      const verdict = await this.judged(next.file, this.leaving.signal);
      this.settle(id, verdict);
    }
    this.judging = false;
  }

  private waiting(): Shot | undefined {
    return this.shots.find(({ verdict }) => verdict.state === "waiting");
  }

  private async judged(file: Blob, signal: AbortSignal): Promise<Verdict> {
    for (let tries = 1; ; tries += 1) {
      try {
        const { isValid, reasons } = await this.tools.judge(file, signal);
        return { state: "judged", valid: isValid, reasons };
      } catch (thrown) {
        const error = asApiError(thrown);
        if (error.status === 400) return { state: "judged", valid: false, reasons: ["UNREADABLE"] };
        if (tries >= TRIES || signal.aborted || !(error.passing || error.code === "RATE_LIMITED")) return { state: "unjudged", error };
        await this.tools.wait(AGAIN_MS);
      }
    }
  }

  private settle(id: number, verdict: Verdict): void {
    this.change(this.shots.map((shot) => (shot.id === id ? { ...shot, verdict } : shot)));
  }

  private change(shots: readonly Shot[]): void {
    this.shots = shots;
    for (const listener of this.listeners) listener();
  }
}

/** What would be sent: all that was not refused. */
export function usable(shots: readonly Shot[]): readonly Shot[] {
  return shots.filter(({ verdict }) => verdict.state !== "judged" || verdict.valid);
}

export const PHOTO_ENDINGS = [".jpg", ".jpeg", ".png", ".webp"] as const;
export const VIDEO_ENDINGS = [".mp4", ".mov", ".webm", ".m4v"] as const;
export const PHOTO_BYTES = 25_000_000;
export const VIDEO_BYTES = 300_000_000;

export type FilesTrouble = { trouble: "mixed" | "manyVideos" | "tooMany" } | { trouble: "photoTooLarge"; name: string };

/** The files as shots, or what is wrong with taking them beside those that are there. Kinds and emptiness are checked before. */
export function sorted(files: readonly File[], there: readonly Shot[]): readonly NewShot[] | FilesTrouble {
  const shots = files.map((file): NewShot => {
    const video = VIDEO_ENDINGS.some((ending) => file.name.toLowerCase().endsWith(ending));
    return { file, name: file.name, kind: video ? "video" : "photo", pose: null };
  });
  const kinds = new Set([...there, ...shots].map(({ kind }) => kind));
  if (kinds.size > 1) return { trouble: "mixed" };
  if (kinds.has("video") && there.length + shots.length > 1) return { trouble: "manyVideos" };
  if (there.length + shots.length > PHOTOS_MOST) return { trouble: "tooMany" };
  const heavy = shots.find(({ kind, file }) => kind === "photo" && file.size > PHOTO_BYTES);
  return heavy === undefined ? shots : { trouble: "photoTooLarge", name: heavy.name };
}
