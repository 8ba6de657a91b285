/**
 * The clone's face on this page. It does the best that is possible here and now, and says which that is: moved by the
 * page itself, pictures that the server draws, the photo alone, or none (LIP-19). Knows no React and no socket.
 */
import type { MotionFrame, PictureFrame } from "@/wire/codec";
import type { FaceItem } from "@/wire/generated";
import type { Place } from "../play-out";
import { Director, type Mood } from "./director";
import { FaceView, type Brush } from "./face-view";
import { PainterError } from "./gl";
import { Idle } from "./idle";
import { Painter, unpackPictures, type RigPictures } from "./painter";
import { PhotoView } from "./photo-view";
import { Pictures } from "./pictures";
import { poseOf, RowReader } from "./pose";
import { readRig, type Rig } from "./rig";
import { Samples, type FaceSample } from "./samples";
import { MotionTrack } from "./track";

/** `moving`: drawn by this page. `photo`: the still photo, or pictures from the server. */
export type FaceLook = "none" | "moving" | "photo";

export interface FaceOptions {
  /** What is heard of the clone's voice at a time of performance.now(). */
  placeAt: (atMs: number) => Place | null;
  /** Gets the rig's text. */
  load: (url: string, signal: AbortSignal) => Promise<string>;
  onLook: (look: FaceLook) => void;
  /** This page cannot draw the face after all; pictures are wanted instead. */
  onHelpless: () => void;
  /** Keeps samples for measurements, and lets poses be set by hand. */
  measured: boolean;
}

/** Where the face is drawn: one canvas for WebGL, and one under it for the photo and for pictures. */
export interface Easel {
  live: HTMLCanvasElement;
  photo: HTMLCanvasElement;
}

/** Waits between the tries to get the rig. */
const RETRIES_MS = [1000, 3000];

interface Made {
  rig: Rig;
  pictures: RigPictures;
}

export class Face {
  readonly samples: Samples | null;
  private item: FaceItem | null = null;
  private made: Made | null = null;
  private track: MotionTrack | null = null;
  private readonly pictures = new Pictures();
  private easel: Easel | null = null;
  private painter: Painter | null = null;
  private view: FaceView | null = null;
  private photo: PhotoView | null = null;
  private director: Director | null = null;
  private loading: AbortController | null = null;
  private seenLook: FaceLook = "none";
  private mind: Mood = "resting";
  private helpless = false;

  constructor(private readonly options: FaceOptions) {
    this.samples = options.measured ? new Samples() : null;
  }

  get look(): FaceLook {
    return this.seenLook;
  }

  /** What the conversation is doing shows on the idle face. */
  feel(mood: Mood): void {
    this.mind = mood;
    if (this.director !== null) this.director.mood = mood;
  }

  /** The face that `ready` tells of. The same one again changes nothing. */
  meet(item: FaceItem | null): void {
    const same = item?.url === this.item?.url && item?.channels.join() === this.item?.channels.join();
    this.item = item;
    if (same) return;
    this.leave();
    this.made = null;
    this.track = null;
    this.pictures.clear();
    this.tell("none");
    if (item === null) return;
    this.track = new MotionTrack(new RowReader(item.channels, item.blendshapes), item.fps);
    void this.fetch(item);
  }

  move(frame: MotionFrame): void {
    this.track?.add(frame);
  }

  show(picture: PictureFrame): void {
    this.pictures.add(picture);
  }

  /** The reply is stopped: nothing of it is to be shown any more. */
  stop(turnId: number): void {
    this.pictures.end(turnId);
  }

  /** Turns are counted anew. */
  reset(): void {
    this.track?.clear();
    this.pictures.clear();
  }

  /** Draws here from now on. */
  attach(easel: Easel): void {
    this.easel = easel;
    this.begin();
  }

  detach(): void {
    this.leave();
    this.easel = null;
  }

  /** For measurements: holds this pose, or lets go of it. */
  pose(numbers: Readonly<Record<string, number>> | null): void {
    if (this.view !== null && this.options.measured) this.view.held = numbers === null ? null : poseOf(numbers);
  }

  sampled(): FaceSample[] {
    return this.samples?.read() ?? [];
  }

  private async fetch(item: FaceItem): Promise<void> {
    const loading = new AbortController();
    this.loading = loading;
    const { signal } = loading;
    try {
      const rig = readRig(await this.loadPatiently(item.url, signal));
      const pictures = await unpackPictures(rig);
      if (!signal.aborted) this.made = { rig, pictures };
    } catch (error) {
      if (signal.aborted) return;
      console.error("the clone's face cannot be shown", error);
      this.giveUp();
    }
    if (!signal.aborted) this.begin();
  }

  private async loadPatiently(url: string, signal: AbortSignal): Promise<string> {
    for (const wait of RETRIES_MS) {
      try {
        return await this.options.load(url, signal);
      } catch (error) {
        if (signal.aborted) throw error;
        console.warn("the clone's face did not come; trying again", error);
        await new Promise((wake) => setTimeout(wake, wait));
      }
    }
    return this.options.load(url, signal);
  }

  private begin(): void {
    if (this.easel === null || this.photo !== null || (this.made === null && !this.helpless)) return;
    this.photo = new PhotoView({
      canvas: this.easel.photo,
      photo: this.made?.pictures.photo ?? null,
      pictures: this.pictures,
      placeAt: this.options.placeAt,
      onPicture: () => {
        if (this.seenLook === "none") this.tell("photo");
      },
    });
    if (this.made === null) this.photo.run(true); // it is a face when the first picture is there
    else this.tell(this.paint(this.easel.live, this.made) ? "moving" : "photo");
  }

  /** Whether the page draws the face itself from now on. */
  private paint(canvas: HTMLCanvasElement, { rig, pictures }: Made): boolean {
    if (this.helpless) return false;
    try {
      const onContext = (alive: boolean): void => {
        this.tell(alive ? "moving" : "photo");
      };
      this.painter = new Painter(canvas, rig, pictures, { kept: this.options.measured, onContext });
    } catch (error) {
      console.error("this page cannot draw the face", error);
      if (!(error instanceof PainterError)) throw error;
      this.giveUp();
      return false;
    }
    this.follow(canvas, this.painter);
    return this.painter.alive;
  }

  private follow(canvas: HTMLCanvasElement, brush: Brush): void {
    const { placeAt } = this.options;
    this.director = new Director(new Idle(seedOf(this.item?.url ?? "")), this.track, 1000 / (this.item?.fps ?? 30));
    this.director.mood = this.mind;
    this.view = new FaceView({ canvas, brush, director: this.director, placeAt, samples: this.samples });
  }

  private giveUp(): void {
    if (this.helpless) return;
    this.helpless = true;
    this.options.onHelpless();
  }

  private leave(): void {
    this.loading?.abort();
    this.view?.close();
    this.painter?.close();
    this.photo?.close();
    this.view = this.painter = this.photo = this.director = null;
  }

  private tell(look: FaceLook): void {
    if (look === this.seenLook) return;
    this.seenLook = look;
    this.photo?.run(look === "photo");
    this.options.onLook(look);
  }
}

/** Every face has habits of its own, the same at every visit. */
function seedOf(text: string): number {
  let seed = 7;
  for (const letter of text) seed = (Math.imul(seed, 31) + (letter.codePointAt(0) ?? 0)) | 0;
  return seed;
}
