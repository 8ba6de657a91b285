/** Numbers about a small picture, cheap enough for every moment of a live one. Pure. */

/** RGBA bytes, as a canvas gives them. */
export interface Pixels {
  data: Uint8ClampedArray;
  width: number;
  height: number;
}

export interface Light {
  /** Mean light within the oval where the face belongs, 0..255. */
  brightness: number;
  /** Standard deviation of light there. */
  contrast: number;
  /** Share of it that is burnt out. */
  burnt: number;
  /** Light of the left half of the oval over that of the right, as seen in the picture. */
  balance: number;
  /** Mean step between neighbouring pixels over the contrast: falls when the picture is blurred. */
  sharpness: number;
}

/** Where the face belongs: the middle of the picture, as shares of its height. */
export const OVAL = { centreY: 0.47, halfHeight: 0.36, ratio: 0.74 } as const;

const BURNT = 250;
const FLAT = 4;

/** Light of every pixel, 0..255 (Rec. 601). */
export function greyOf({ data, width, height }: Pixels): Uint8Array {
  const grey = new Uint8Array(width * height);
  for (let i = 0; i < grey.length; i += 1) {
    const at = 4 * i;
    grey[i] = (77 * (data[at] ?? 0) + 150 * (data[at + 1] ?? 0) + 29 * (data[at + 2] ?? 0)) >> 8;
  }
  return grey;
}

/** Whether a pixel lies in the oval. */
export function inOval(x: number, y: number, width: number, height: number): boolean {
  const half = OVAL.halfHeight * height;
  const across = (x + 0.5 - width / 2) / (half * OVAL.ratio);
  const down = (y + 0.5 - OVAL.centreY * height) / half;
  return across * across + down * down <= 1;
}

export function measureLight(grey: Uint8Array, width: number, height: number): Light {
  let count = 0;
  let sum = 0;
  let squares = 0;
  let burnt = 0;
  let steps = 0;
  const sides = [0, 0];
  const counts = [0, 0];
  for (let y = 0; y < height - 1; y += 1) {
    for (let x = 0; x < width - 1; x += 1) {
      if (!inOval(x, y, width, height)) continue;
      const at = y * width + x;
      const light = grey[at] ?? 0;
      count += 1;
      sum += light;
      squares += light * light;
      if (light >= BURNT) burnt += 1;
      steps += Math.abs(light - (grey[at + 1] ?? 0)) + Math.abs(light - (grey[at + width] ?? 0));
      const side = x < width / 2 ? 0 : 1;
      sides[side] = (sides[side] ?? 0) + light;
      counts[side] = (counts[side] ?? 0) + 1;
    }
  }
  if (count === 0) return { brightness: 0, contrast: 0, burnt: 0, balance: 1, sharpness: 0 };
  const mean = sum / count;
  const contrast = Math.sqrt(Math.max(0, squares / count - mean * mean));
  const left = (sides[0] ?? 0) / Math.max(1, counts[0] ?? 0);
  const right = (sides[1] ?? 0) / Math.max(1, counts[1] ?? 0);
  return {
    brightness: mean,
    contrast,
    burnt: burnt / count,
    balance: (left + 1) / (right + 1),
    sharpness: contrast < FLAT ? 0 : steps / (2 * count) / contrast,
  };
}

/** How much two pictures of one size differ, 0..255 on average. Their common change of light does not count. */
export function motionBetween(before: Uint8Array, now: Uint8Array): number {
  if (before.length !== now.length || now.length === 0) return 0;
  let shift = 0;
  for (let i = 0; i < now.length; i += 1) shift += (now[i] ?? 0) - (before[i] ?? 0);
  shift /= now.length;
  let sum = 0;
  for (let i = 0; i < now.length; i += 1) sum += Math.abs((now[i] ?? 0) - (before[i] ?? 0) - shift);
  return sum / now.length;
}
