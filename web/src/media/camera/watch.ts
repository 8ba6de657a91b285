/**
 * Looks at the camera's picture again and again: its light and movement several times a second on a small copy, and now
 * and then where the face is. The browser's own detector finds it where there is one; else `locate` is asked.
 */
import { pictureOf } from "./camera";
import { greyOf, measureLight, motionBetween, type Light } from "./measure";

/** A face as shares of the picture, and how the head is held in degrees where that is known. */
export interface FacePlace {
  x: number;
  y: number;
  width: number;
  height: number;
  yaw: number | null;
  pitch: number | null;
  roll: number | null;
}

/** `faces`: null while nobody has looked. `reasons`: what the judge says against the picture. */
export interface Sight {
  light: Light;
  motion: number;
  face: FacePlace | null | undefined;
  reasons: readonly string[];
  /** Width over height of the picture. */
  aspect: number;
}

export interface Located {
  face: FacePlace | null;
  reasons: readonly string[];
}

export interface WatchOptions {
  video: HTMLVideoElement;
  locate: (picture: Blob, signal: AbortSignal) => Promise<Located>;
  onSight: (sight: Sight) => void;
}

interface Detector {
  detect: (video: HTMLVideoElement) => Promise<{ boundingBox: DOMRectReadOnly }[]>;
}

const EVERY_MS = 200;
/** Between two questions where the face is; longer when the answer took long. */
const LOCATE_MS = 1100;
/** Without an answer for so long, what was known of the face is forgotten. */
const STALE_MS = 6000;
const SMALL = 96;
const SENT_EDGE = 480;

export class Watch {
  private readonly canvas = document.createElement("canvas");
  private readonly leaving = new AbortController();
  private readonly detector = ownDetector();
  private before: Uint8Array | null = null;
  private located: (Located & { atMs: number }) | null = null;
  private asking = false;
  private nextMs = 0;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly options: WatchOptions) {}

  start(): void {
    this.timer = setInterval(() => {
      this.look(performance.now());
    }, EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.leaving.abort();
  }

  private look(nowMs: number): void {
    const { video } = this.options;
    if (video.videoWidth === 0 || document.visibilityState !== "visible") return;
    const aspect = video.videoWidth / video.videoHeight;
    this.canvas.height = SMALL;
    this.canvas.width = Math.max(8, Math.round(SMALL * aspect));
    const drawing = this.canvas.getContext("2d", { willReadFrequently: true });
    if (drawing === null) return;
    drawing.drawImage(video, 0, 0, this.canvas.width, this.canvas.height);
    const grey = greyOf(drawing.getImageData(0, 0, this.canvas.width, this.canvas.height));
    const motion = this.before === null ? 0 : motionBetween(this.before, grey);
    this.before = grey;
    const light = measureLight(grey, this.canvas.width, this.canvas.height);
    if (!this.asking && nowMs >= this.nextMs) void this.locate();
    const known = this.located !== null && nowMs - this.located.atMs < STALE_MS ? this.located : null;
    this.options.onSight({ light, motion, aspect, face: known?.face ?? (known === null ? undefined : null), reasons: known?.reasons ?? [] });
  }

  private async locate(): Promise<void> {
    this.asking = true;
    const begun = performance.now();
    try {
      const found = this.detector === null ? await this.ask() : await detected(this.detector, this.options.video);
      if (found !== null) this.located = { ...found, atMs: performance.now() };
    } catch (error) {
      if (!this.leaving.signal.aborted) console.warn("the face could not be looked for", error);
    } finally {
      const took = performance.now() - begun;
      this.nextMs = performance.now() + Math.max(LOCATE_MS - took, took, 200);
      this.asking = false;
    }
  }

  private async ask(): Promise<Located | null> {
    const picture = await pictureOf(this.options.video, SENT_EDGE, 0.8);
    return picture === null ? null : this.options.locate(picture, this.leaving.signal);
  }
}

function ownDetector(): Detector | null {
  const Kind = (globalThis as { FaceDetector?: new (options: object) => Detector }).FaceDetector;
  try {
    return Kind === undefined ? null : new Kind({ fastMode: true, maxDetectedFaces: 2 });
  } catch {
    return null; // it is named, but not there
  }
}

async function detected(detector: Detector, video: HTMLVideoElement): Promise<Located> {
  const faces = await detector.detect(video);
  const box = faces[0]?.boundingBox;
  if (box === undefined) return { face: null, reasons: ["NO_FACE"] };
  const { videoWidth, videoHeight } = video;
  const face = { x: box.x / videoWidth, y: box.y / videoHeight, width: box.width / videoWidth, height: box.height / videoHeight, yaw: null, pitch: null, roll: null };
  return { face, reasons: faces.length > 1 ? ["TWO_FACES"] : [] };
}
