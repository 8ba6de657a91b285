/**
 * The opening between the lips as a strip of triangles, with what its shader needs to know of every corner: the place
 * in the mouth's own frame and the distances to both lips. It reaches a little over the lips, so that its edges can fade.
 */
import type { Deformer } from "./deform";
import { LIP_PAIRS, type Rig } from "./rig";

/** Numbers of a corner: place (2), mouth frame (2), below the upper lip, above the lower lip, corner to corner, lip (2). */
export const STRIDE = 9;
export const CORNERS = 2 * LIP_PAIRS;
/** Pixels by which the strip reaches over the lips. */
const BEYOND = 1.5;

export class MouthStrip {
  /** (22, 9): upper and lower corners in turns, from left to right. Written anew by `update`. */
  readonly corners = new Float32Array(CORNERS * STRIDE);

  constructor(
    private readonly rig: Rig,
    private readonly deformer: Deformer,
  ) {
    for (let i = 0; i < LIP_PAIRS; i += 1) {
      this.setLip(2 * i, rig.lips.upperInner[i] ?? 0);
      this.setLip(2 * i + 1, rig.lips.lowerInner[i] ?? 0);
    }
  }

  /** Follows the lips to where the deformer has moved them. */
  update(): void {
    const { lips, mouth } = this.rig;
    const { rightX, rightY } = this.deformer.mouth;
    const q = this.deformer.positions;
    const first = 2 * (lips.upperInner[0] ?? 0);
    const last = 2 * (lips.upperInner[LIP_PAIRS - 1] ?? 0);
    const along = (at: number): number => (q[at] ?? 0) * rightX + (q[at + 1] ?? 0) * rightY;
    const middle = (along(first) + along(last)) / 2;
    const half = Math.max(1, (along(last) - along(first)) / 2);
    for (let i = 0; i < LIP_PAIRS; i += 1) {
      const up = 2 * (lips.upperInner[i] ?? 0);
      const low = 2 * (lips.lowerInner[i] ?? 0);
      const gap = ((q[low + 1] ?? 0) - (q[up + 1] ?? 0)) * rightX - ((q[low] ?? 0) - (q[up] ?? 0)) * rightY;
      const aside = i === 0 ? -BEYOND : i === LIP_PAIRS - 1 ? BEYOND : 0;
      this.setCorner(2 * i, up, aside, -BEYOND, (along(up) - middle) / half);
      this.setCorner(2 * i + 1, low, aside, BEYOND, (along(low) - middle) / half);
      this.setDistances(2 * i, -BEYOND / mouth.width, (gap + BEYOND) / mouth.width);
      this.setDistances(2 * i + 1, (gap + BEYOND) / mouth.width, -BEYOND / mouth.width);
    }
  }

  private setCorner(corner: number, at: number, aside: number, down: number, across: number): void {
    const { seam } = this.rig.mouth;
    const { shiftX, shiftY, rightX, rightY } = this.deformer.mouth;
    const q = this.deformer.positions;
    const x = (q[at] ?? 0) + aside * rightX - down * rightY;
    const y = (q[at + 1] ?? 0) + aside * rightY + down * rightX;
    const ownX = x - seam[0] - shiftX;
    const ownY = y - seam[1] - shiftY;
    const to = corner * STRIDE;
    this.corners[to] = x;
    this.corners[to + 1] = y;
    this.corners[to + 2] = ownX * rightX + ownY * rightY;
    this.corners[to + 3] = ownY * rightX - ownX * rightY;
    this.corners[to + 6] = across;
  }

  private setDistances(corner: number, belowUpper: number, aboveLower: number): void {
    this.corners[corner * STRIDE + 4] = belowUpper;
    this.corners[corner * STRIDE + 5] = aboveLower;
  }

  /** Where the photo shows this edge of the lip. */
  private setLip(corner: number, vertex: number): void {
    this.corners[corner * STRIDE + 7] = this.rig.vertices[2 * vertex] ?? 0;
    this.corners[corner * STRIDE + 8] = this.rig.vertices[2 * vertex + 1] ?? 0;
  }
}
