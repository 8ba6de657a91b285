/** The camera: opened when it is wanted, closed when the page is left. Says in one word why there is none. */

/** `denied`: not allowed; `absent`: no camera; `taken`: another program has it; `insecure`: the page is not on https. */
export type CameraTrouble = "denied" | "absent" | "taken" | "insecure" | "unknown";

export class CameraError extends Error {
  constructor(readonly trouble: CameraTrouble) {
    super(`no camera: ${trouble}`);
    this.name = "CameraError";
  }
}

const NAMES: Record<string, CameraTrouble> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "absent",
  OverconstrainedError: "absent",
  DevicesNotFoundError: "absent",
  NotReadableError: "taken",
  AbortError: "taken",
};
const WANTED: MediaStreamConstraints = {
  audio: false,
  video: { facingMode: "user", width: { ideal: 1280 }, height: { ideal: 960 }, frameRate: { ideal: 30 } },
};
/** Photos are JPEG of this quality. */
const QUALITY = 0.95;

export function troubleOf(error: unknown): CameraTrouble {
  const name = typeof error === "object" && error !== null && "name" in error ? String(error.name) : "";
  return NAMES[name] ?? "unknown";
}

export class Camera {
  private stream: MediaStream | null = null;
  private closed = false;

  constructor(
    private readonly video: HTMLVideoElement,
    /** The camera was taken away while it was open. */
    private readonly onLost: () => void,
  ) {}

  /** Shows the camera's picture in the video. Throws CameraError. */
  async open(): Promise<void> {
    const devices = (navigator as { mediaDevices?: MediaDevices }).mediaDevices;
    if (devices === undefined) throw new CameraError(globalThis.isSecureContext ? "absent" : "insecure");
    const stream = await devices.getUserMedia(WANTED).catch((error: unknown) => {
      throw new CameraError(troubleOf(error));
    });
    if (this.closed) {
      stop(stream);
      return;
    }
    this.stream = stream;
    for (const track of stream.getVideoTracks()) track.addEventListener("ended", this.onLost);
    this.video.srcObject = stream;
    await this.video.play().catch((error: unknown) => {
      console.warn("the camera's picture does not play yet", error);
    });
  }

  close(): void {
    this.closed = true;
    if (this.stream !== null) {
      for (const track of this.stream.getVideoTracks()) track.removeEventListener("ended", this.onLost);
      stop(this.stream);
    }
    this.stream = null;
    this.video.srcObject = null;
  }

  /** What the camera sees now, as it is (not mirrored). Null before the first picture. */
  async shoot(): Promise<Blob | null> {
    return pictureOf(this.video, Infinity, QUALITY);
  }
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** The video's picture as JPEG, at most `edge` pixels wide and high. */
export function pictureOf(video: HTMLVideoElement, edge: number, quality: number): Promise<Blob | null> {
  const { videoWidth: width, videoHeight: height } = video;
  if (width === 0 || height === 0) return Promise.resolve(null);
  const scale = Math.min(1, edge / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => {
    canvas.toBlob(done, "image/jpeg", quality);
  });
}
