/**
 * The opening between the lips as a strip of triangles, with what its shader needs to know of every corner: the place
 * in the mouth's own frame and the distances to both lips. It reaches a little under the lips, so that no gap shows.
 */
import type { Deformer } from "./deform";
import { LIP_PAIRS, type Rig } from "./rig";

/** Numbers of a corner: place (2), mouth frame (2), below the upper lip, above the lower lip, corner to corner, lip (2). */
export const STRIDE = 9;
export const CORNERS = 2 * LIP_PAIRS;
/** Pixels by which the strip reaches under the lips. */
const UNDER = 1.5;
/** Share of the way from the inner to the outer edge of a lip. */
const OFF_SEAM = 0.3;

export class MouthStrip {
  /** (22, 9): upper and lower corners in turns, from left to right. Written anew by `update`. */
  readonly corners = new Float32Array(CORNERS * STRIDE);

  constructor(
    private readonly rig: Rig,
    private readonly deformer: Deformer,
  ) {
    const { upperInner, lowerInner, upperOuter, lowerOuter } = rig.lips;
    for (let i = 0; i < LIP_PAIRS; i += 1) {
      this.setLip(2 * i, upperInner[i] ?? 0, upperOuter[i] ?? 0);
      this.setLip(2 * i + 1, lowerInner[i] ?? 0, lowerOuter[i] ?? 0);
    }
  }

  /** Follows the lips to where the deformer has moved them. */
  update(): void {
    const { lips, mouth } = this.rig;
    const rightX = mouth.right[0];
    const rightY = mouth.right[1];
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
      const aside = i === 0 ? -UNDER : i === LIP_PAIRS - 1 ? UNDER : 0;
      this.setCorner(2 * i, up, aside, -UNDER, (along(up) - middle) / half);
      this.setCorner(2 * i + 1, low, aside, UNDER, (along(low) - middle) / half);
      this.setDistances(2 * i, -UNDER / mouth.width, (gap + UNDER) / mouth.width);
      this.setDistances(2 * i + 1, (gap + UNDER) / mouth.width, -UNDER / mouth.width);
    }
  }

  private setCorner(corner: number, at: number, aside: number, down: number, across: number): void {
    const { right, seam } = this.rig.mouth;
    const { shiftX, shiftY } = this.deformer.mouth;
    const q = this.deformer.positions;
    const x = (q[at] ?? 0) + aside * right[0] - down * right[1];
    const y = (q[at + 1] ?? 0) + aside * right[1] + down * right[0];
    const ownX = x - seam[0] - shiftX;
    const ownY = y - seam[1] - shiftY;
    const to = corner * STRIDE;
    this.corners[to] = x;
    this.corners[to + 1] = y;
    this.corners[to + 2] = ownX * right[0] + ownY * right[1];
    this.corners[to + 3] = ownY * right[0] - ownX * right[1];
    this.corners[to + 6] = across;
  }

  private setDistances(corner: number, belowUpper: number, aboveLower: number): void {
    this.corners[corner * STRIDE + 4] = belowUpper;
    this.corners[corner * STRIDE + 5] = aboveLower;
  }

  /** The lip's colour is taken a little off the line where the lips meet, which is dark in most photos. */
  private setLip(corner: number, inner: number, outer: number): void {
    for (let part = 0; part < 2; part += 1) {
      const from = this.rig.vertices[2 * inner + part] ?? 0;
      const to = this.rig.vertices[2 * outer + part] ?? 0;
      this.corners[corner * STRIDE + 7 + part] = from + OFF_SEAM * (to - from);
    }
  }
}
