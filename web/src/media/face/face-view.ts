/** The face on its canvas: every frame of the screen asks what is heard then, and shows that. Stops in hidden tabs. */
import type { Place } from "../play-out";
import type { Director } from "./director";
import { Pace } from "./pace";
import type { Pose } from "./pose";
import type { Samples } from "./samples";

/** What is drawn in a frame is on the screen one frame later. */
const SCREEN_MS = 1000 / 60;
/** Larger canvases than this cost more than they show. */
const MOST_PIXELS = 1024;
const LEAST_PIXELS = 64;

export interface Brush {
  paint(pose: Pose): void;
}

export interface FaceViewOptions {
  canvas: HTMLCanvasElement;
  brush: Brush;
  director: Director;
  /** What is heard at a time of performance.now(). */
  placeAt: (atMs: number) => Place | null;
  samples: Samples | null;
}

export class FaceView {
  /** Shown instead of what the director says, while it is set. */
  held: Pose | null = null;
  private readonly pace = new Pace();
  private readonly calm = matchMedia("(prefers-reduced-motion: reduce)");
  private readonly sizes: ResizeObserver;
  private edge = LEAST_PIXELS;
  private frame = 0;

  constructor(private readonly options: FaceViewOptions) {
    this.sizes = new ResizeObserver(() => {
      this.measure();
    });
    this.sizes.observe(options.canvas);
    this.measure();
    document.addEventListener("visibilitychange", this.turnPage);
    this.turnPage();
  }

  close(): void {
    cancelAnimationFrame(this.frame);
    document.removeEventListener("visibilitychange", this.turnPage);
    this.sizes.disconnect();
  }

  private readonly turnPage = (): void => {
    cancelAnimationFrame(this.frame);
    if (document.visibilityState === "visible") this.frame = requestAnimationFrame(this.draw);
  };

  private readonly draw = (nowMs: number): void => {
    this.frame = requestAnimationFrame(this.draw);
    if (!this.pace.begin(nowMs)) return;
    const begun = performance.now();
    const { canvas, director, brush, placeAt, samples } = this.options;
    if (canvas.width !== this.edge) canvas.width = canvas.height = this.edge;
    const shownAt = nowMs + SCREEN_MS;
    const place = placeAt(shownAt);
    director.calm = this.calm.matches;
    const pose = director.update(shownAt, place);
    brush.paint(this.held ?? pose);
    const cost = performance.now() - begun;
    this.pace.spent(cost);
    samples?.note(shownAt, place?.state === "moving" ? place.ms : NaN, director.shownMs ?? NaN, cost);
  };

  /** The canvas has a pixel for every pixel of the screen. Its size is set when it is drawn, or it would flash. */
  private measure(): void {
    const wanted = Math.round(this.options.canvas.clientWidth * devicePixelRatio);
    this.edge = Math.min(MOST_PIXELS, Math.max(LEAST_PIXELS, wanted));
  }
}
