/** The discrete Fourier transform of short blocks, by radix 2 (Cooley and Tukey, 1965). Pure. */

/** The power of the frequencies 0 to half the rate of a real block, which is filled with zeros up to `size`, a power of two. */
export class PowerSpectrum {
  private readonly re: Float64Array;
  private readonly im: Float64Array;
  private readonly cos: Float64Array;
  private readonly sin: Float64Array;
  readonly power: Float64Array;

  constructor(readonly size: number) {
    if (size < 2 || (size & (size - 1)) !== 0) throw new Error("the size of a transform must be a power of two");
    this.re = new Float64Array(size);
    this.im = new Float64Array(size);
    this.power = new Float64Array(size / 2 + 1);
    this.cos = Float64Array.from({ length: size / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / size));
    this.sin = Float64Array.from({ length: size / 2 }, (_, k) => -Math.sin((2 * Math.PI * k) / size));
  }

  /** Fills `power` from `window.length` samples that begin at `start`; samples outside are silence. */
  of(samples: Float32Array, start: number, window: Float64Array): Float64Array {
    const { size, re, im, power } = this;
    re.fill(0);
    im.fill(0);
    for (let i = 0; i < window.length; i += 1) re[reversed(i, size)] = (samples[start + i] ?? 0) * (window[i] ?? 0);
    for (let half = 1; half < size; half *= 2) this.stage(half);
    for (let k = 0; k <= size / 2; k += 1) power[k] = (re[k] ?? 0) ** 2 + (im[k] ?? 0) ** 2;
    return power;
  }

  private stage(half: number): void {
    const { size, re, im, cos, sin } = this;
    const stride = size / (2 * half);
    for (let base = 0; base < size; base += 2 * half) {
      for (let k = 0; k < half; k += 1) {
        const a = base + k;
        const b = a + half;
        const c = cos[k * stride] ?? 0;
        const s = sin[k * stride] ?? 0;
        const bRe = re[b] ?? 0;
        const bIm = im[b] ?? 0;
        const tRe = bRe * c - bIm * s;
        const tIm = bRe * s + bIm * c;
        re[b] = (re[a] ?? 0) - tRe;
        im[b] = (im[a] ?? 0) - tIm;
        re[a] = (re[a] ?? 0) + tRe;
        im[a] = (im[a] ?? 0) + tIm;
      }
    }
  }
}

function reversed(index: number, size: number): number {
  let out = 0;
  for (let bit = 1, value = index; bit < size; bit *= 2, value >>= 1) out = 2 * out + (value & 1);
  return out;
}

/** The window of Hann with zeros at both ends. */
export function hann(size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / (size - 1)));
}

export function powerOfTwo(atLeast: number): number {
  return 2 ** Math.ceil(Math.log2(atLeast));
}
