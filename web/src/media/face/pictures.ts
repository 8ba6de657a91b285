/** Pictures of the face that the server has drawn, for browsers without WebGL: each is due at its place in the sound. */
import type { PictureFrame } from "@/wire/codec";
import type { Place } from "../play-out";

/** So many bytes wait at most; the oldest are dropped first. */
const MOST_BYTES = 24_000_000;

export class Pictures {
  private waiting: PictureFrame[] = [];
  private bytes = 0;
  private turn = 0;

  add(picture: PictureFrame): void {
    if (picture.format !== "jpeg") return; // this page never asks for another
    this.waiting.push(picture);
    this.bytes += picture.data.byteLength;
    while (this.bytes > MOST_BYTES && this.waiting.length > 1) this.drop(0);
  }

  /** The newest picture that is due, or null. Pictures of turn 0, the idle face, are due while nothing is said. */
  due(place: Place | null): PictureFrame | null {
    const speaks = place !== null && place.state !== "over";
    if (speaks && place.turnId !== this.turn) {
      this.turn = place.turnId;
      this.keep(({ turnId }) => turnId === 0 || turnId >= place.turnId);
    }
    let found: PictureFrame | null = null;
    for (let i = 0; i < this.waiting.length; ) {
      const picture = this.waiting[i];
      const ripe =
        picture !== undefined && (speaks ? picture.turnId === place.turnId && picture.timestamp <= place.ms : picture.turnId === 0);
      if (ripe) {
        if (found === null || picture.turnId === 0 || picture.timestamp >= found.timestamp) found = picture;
        this.drop(i);
      } else {
        i += 1;
      }
    }
    return found;
  }

  /** The turn is over: what it would still have shown is forgotten. */
  end(turnId: number): void {
    this.keep((picture) => picture.turnId === 0 || picture.turnId > turnId);
  }

  clear(): void {
    this.keep(() => false);
  }

  private drop(index: number): void {
    const [gone] = this.waiting.splice(index, 1);
    this.bytes -= gone?.data.byteLength ?? 0;
  }

  private keep(wanted: (picture: PictureFrame) => boolean): void {
    this.waiting = this.waiting.filter(wanted);
    this.bytes = this.waiting.reduce((sum, { data }) => sum + data.byteLength, 0);
  }
}
