/** The face where the page cannot move it: the photo, and over it the pictures that the server draws, when they are due. */
import type { PictureFrame } from "@/wire/codec";
import type { Place } from "../play-out";
import type { Pictures } from "./pictures";

const SCREEN_MS = 1000 / 60;
/** So long after the last picture the photo is shown again. */
const STALE_MS = 400;

export interface PhotoViewOptions {
  canvas: HTMLCanvasElement;
  /** Null where only pictures can be had. */
  photo: ImageBitmap | null;
  pictures: Pictures;
  placeAt: (atMs: number) => Place | null;
  /** A picture was drawn. */
  onPicture: () => void;
}

export class PhotoView {
  private readonly drawing: CanvasRenderingContext2D | null;
  private frame = 0;
  private running = false;
  private unpacking = false;
  /** When the last picture was drawn; null while the photo is shown. */
  private drawnAt: number | null = null;

  constructor(private readonly options: PhotoViewOptions) {
    this.drawing = options.canvas.getContext("2d", { alpha: false });
    if (options.photo !== null) this.put(options.photo);
  }

  /** Whether pictures are to be shown; the photo stays where it is. */
  run(on: boolean): void {
    cancelAnimationFrame(this.frame);
    this.running = on;
    if (on) this.frame = requestAnimationFrame(this.draw);
  }

  close(): void {
    this.run(false);
  }

  private readonly draw = (nowMs: number): void => {
    this.frame = requestAnimationFrame(this.draw);
    if (this.unpacking) return;
    const place = this.options.placeAt(nowMs + SCREEN_MS);
    const due = this.options.pictures.due(place);
    if (due !== null) {
      void this.unpack(due);
    } else if (this.options.photo !== null && this.drawnAt !== null && place?.state !== "moving" && nowMs - this.drawnAt > STALE_MS) {
      this.drawnAt = null;
      this.put(this.options.photo);
    }
  };

  private async unpack(picture: PictureFrame): Promise<void> {
    this.unpacking = true;
    try {
      const bitmap = await createImageBitmap(new Blob([picture.data], { type: "image/jpeg" }));
      if (this.running) {
        this.put(bitmap);
        this.options.onPicture();
      }
      bitmap.close();
      this.drawnAt = performance.now();
    } catch (error) {
      console.warn("a picture of the face cannot be read", error);
    } finally {
      this.unpacking = false;
    }
  }

  private put(picture: ImageBitmap): void {
    const { canvas } = this.options;
    if (canvas.width !== picture.width || canvas.height !== picture.height) {
      canvas.width = picture.width;
      canvas.height = picture.height;
    }
    this.drawing?.drawImage(picture, 0, 0);
  }
}
