/** The play-out thread. Pieces and orders come in by message; positions and levels go out every 20 ms or so. */
import { PlayRing, type Piece, type Position } from "./ring";

declare const sampleRate: number;
declare const currentFrame: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

export type PlayerOrder =
  | ({ order: "push" } & Piece)
  | { order: "pause" | "resume" | "reset" }
  | { order: "stop"; turnId: number };

/**
 * The level of the last moments (root mean square, 0..1), the place reached, and the audio context's time, in seconds,
 * at which the sample after that place leaves the graph.
 */
export interface PlayerReport {
  level: number;
  position: Position | null;
  at: number;
}

const REPORT_FRAMES = 1024;
/** After an order the next report comes as soon as the fade is over. */
const SOON_FRAMES = 384;
const SILENT_REPORTS = 50;

class Player extends AudioWorkletProcessor {
  private readonly ring = new PlayRing(sampleRate);
  private frames = 0;
  private energy = 0;
  private silentReports = 0;
  private due = REPORT_FRAMES;

  constructor() {
    super();
    this.port.onmessage = (event: MessageEvent<PlayerOrder>) => {
      this.obey(event.data);
    };
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const channel = outputs[0]?.[0];
    if (channel === undefined) return true;
    this.ring.render(channel);
    for (const sample of channel) this.energy += sample * sample;
    this.frames += channel.length;
    if (this.frames >= this.due) this.report((currentFrame + channel.length) / sampleRate);
    return true;
  }

  private obey(message: PlayerOrder): void {
    switch (message.order) {
      case "push":
        this.ring.push(message);
        break;
      case "pause":
        this.ring.pause();
        break;
      case "resume":
        this.ring.resume();
        break;
      case "reset":
        this.ring.reset();
        break;
      case "stop":
        this.ring.stop(message.turnId);
        break;
    }
    this.silentReports = 0;
    if (message.order !== "push") this.due = Math.min(REPORT_FRAMES, this.frames + SOON_FRAMES);
  }

  private report(at: number): void {
    const level = Math.sqrt(this.energy / this.frames);
    this.frames = 0;
    this.energy = 0;
    this.due = REPORT_FRAMES;
    const position = this.ring.position();
    const moving = position?.moving === true; // a pause between two sentences may be of plain zeros
    this.silentReports = level > 0 || moving ? 0 : this.silentReports + 1;
    if (this.silentReports > SILENT_REPORTS) return;
    const report: PlayerReport = { level, position, at };
    this.port.postMessage(report);
  }
}

registerProcessor("selfsame-player", Player);
