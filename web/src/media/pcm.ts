/** Arithmetic on samples. Floats are in -1..1. */

const ZERO_CROSSINGS = 10;
const PHASES = 128;

/** The level of a block: root mean square, 0..1. */
export function rms(samples: Float32Array): number {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length);
}

/** Loudness as the eye likes it: 0 at -60 dB of full scale and below, 1 at -12 dB and above. */
export function loudness(level: number): number {
  if (level <= 0) return 0;
  return Math.min(1, Math.max(0, (20 * Math.log10(level) + 60) / 48));
}

export function toInt16(samples: Float32Array): Int16Array<ArrayBuffer> {
  const out = new Int16Array(samples.length);
  for (let i = 0; i < samples.length; i += 1) {
    out[i] = Math.round(Math.max(-1, Math.min(1, samples[i] ?? 0)) * 32767);
  }
  return out;
}

export function toFloat32(samples: Int16Array): Float32Array<ArrayBuffer> {
  const out = new Float32Array(samples.length);
  for (let i = 0; i < samples.length; i += 1) out[i] = (samples[i] ?? 0) / 32768;
  return out;
}

/**
 * Changes the sample rate of a stream, block by block, without a seam between blocks.
 *
 * Windowed-sinc interpolation (Smith, "Digital Audio Resampling", CCRMA): a Hann-windowed sinc with 10 zero crossings
 * a side, cut off just below the lower of the two Nyquist frequencies, looked up in 128 phases. Output lags input by
 * half the filter, about 0.7 ms at 16 kHz.
 */
export class Resampler {
  private readonly step: number;
  private readonly half: number;
  private readonly table: Float32Array;
  private held: Float32Array;
  private position: number;

  constructor(
    readonly from: number,
    readonly to: number,
  ) {
    this.step = from / to;
    const cutoff = 0.94 * Math.min(1, to / from);
    this.half = Math.ceil(ZERO_CROSSINGS / cutoff);
    this.table = sincTable(this.half, cutoff);
    this.held = new Float32Array(this.half);
    this.position = this.half;
  }

  /** The next block at the new rate. Blocks may have any length, and come back a little shorter or longer. */
  push(block: Float32Array): Float32Array<ArrayBuffer> {
    if (this.from === this.to) return Float32Array.from(block);
    const input = new Float32Array(this.held.length + block.length);
    input.set(this.held);
    input.set(block, this.held.length);
    const last = input.length - this.half;
    const out = new Float32Array(Math.max(0, Math.ceil((last - this.position) / this.step)));
    let count = 0;
    while (this.position < last && count < out.length) {
      out[count] = this.at(input, this.position);
      count += 1;
      this.position += this.step;
    }
    const keepFrom = Math.max(0, Math.floor(this.position) - this.half);
    this.held = input.slice(keepFrom);
    this.position -= keepFrom;
    return out.slice(0, count);
  }

  /** What is left of the stream: the samples that were waiting for the future. */
  flush(): Float32Array<ArrayBuffer> {
    return this.from === this.to ? new Float32Array(0) : this.push(new Float32Array(this.half));
  }

  private at(input: Float32Array, position: number): number {
    const base = Math.floor(position);
    const row = Math.round((position - base) * PHASES) * 2 * this.half;
    let sum = 0;
    for (let tap = 0; tap < 2 * this.half; tap += 1) {
      sum += (input[base - this.half + 1 + tap] ?? 0) * (this.table[row + tap] ?? 0);
    }
    return sum;
  }
}

/** Rows of filter taps, one per fractional position 0..1 in PHASES steps; each row sums to one. */
function sincTable(half: number, cutoff: number): Float32Array {
  const width = 2 * half;
  const table = new Float32Array((PHASES + 1) * width);
  for (let phase = 0; phase <= PHASES; phase += 1) {
    let sum = 0;
    for (let tap = 0; tap < width; tap += 1) {
      const x = tap - half + 1 - phase / PHASES;
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * cutoff * x) / (Math.PI * cutoff * x);
      const window = Math.abs(x) < half ? 0.5 + 0.5 * Math.cos((Math.PI * x) / half) : 0;
      table[phase * width + tap] = sinc * window;
      sum += sinc * window;
    }
    for (let tap = 0; tap < width; tap += 1) {
      const index = phase * width + tap;
      table[index] = (table[index] ?? 0) / sum;
    }
  }
  return table;
}

/** Cuts a stream into blocks of one size. */
export class Blocks {
  private readonly held: Float32Array<ArrayBuffer>;
  private filled = 0;

  constructor(
    readonly size: number,
    private readonly emit: (block: Float32Array<ArrayBuffer>) => void,
  ) {
    this.held = new Float32Array(size);
  }

  push(samples: Float32Array): void {
    let taken = 0;
    while (taken < samples.length) {
      const count = Math.min(this.size - this.filled, samples.length - taken);
      this.held.set(samples.subarray(taken, taken + count), this.filled);
      this.filled += count;
      taken += count;
      if (this.filled === this.size) {
        this.emit(this.held.slice());
        this.filled = 0;
      }
    }
  }

  /** Emits what is left, shorter than a block. */
  flush(): void {
    if (this.filled > 0) this.emit(this.held.slice(0, this.filled));
    this.filled = 0;
  }
}
