/** Where in a recording there is speech, as the server finds it (selfsame/studio/voice/cleaning.py). Pure. */
import { hann, powerOfTwo, PowerSpectrum } from "./fft";

export const HOP_SECONDS = 0.01;
const WINDOW_HOPS = 3;
/** Hz in which speech is looked for: hum and rumble lie below, hiss above. */
const BAND = [150, 4000] as const;
const SILENCE_DB = -75;
/** What the loud frames must rise above the quiet ones for there to be speech at all. */
const STANDS_OUT_DB = 6;
/** Of the way from the quiet to the loud, in decibels: above it is speech. */
const PART_WAY = 0.35;
/** Seconds: shorter pauses belong to the speech, shorter sounds (clicks) do not. */
const GAP = 0.3;
const BURST = 0.12;

/** Level in the band of speech, in dB of full scale, of 30 ms around each 10 ms. */
export function frameLevels(sound: Float32Array, rate: number): Float32Array {
  const hop = Math.round(rate * HOP_SECONDS);
  const size = hop * WINDOW_HOPS;
  const spectrum = new PowerSpectrum(powerOfTwo(size));
  const window = hann(size);
  const scale = 2 / (size * window.reduce((sum, each) => sum + each * each, 0));
  const first = Math.ceil((BAND[0] * spectrum.size) / rate);
  const last = Math.floor((BAND[1] * spectrum.size) / rate);
  const levels = new Float32Array(Math.floor(sound.length / hop));
  for (let frame = 0; frame < levels.length; frame += 1) {
    const power = spectrum.of(sound, (frame - 1) * hop, window);
    let sum = 0;
    for (let k = first; k <= last; k += 1) sum += power[k] ?? 0;
    // The block is filled up with zeros: there are so many more lines in the band.
    levels[frame] = 10 * Math.log10((sum * scale * size) / spectrum.size + 1e-12);
  }
  return levels;
}

/** Which frames are speech: part way from the quiet to the loud ones, short gaps filled, clicks left out. */
export function speechMask(levels: Float32Array): boolean[] {
  const none = Array.from(levels, () => false);
  const audible = levels.filter((level) => level > SILENCE_DB);
  if (audible.length < 10) return none;
  const low = Math.max(quantile(levels, 0.08), SILENCE_DB);
  const high = quantile(audible, 0.95);
  if (high - low < STANDS_OUT_DB) return none;
  const loud = smooth(levels).map((level) => level > low + PART_WAY * (high - low));
  const whole = filled([...loud], Math.round(GAP / HOP_SECONDS));
  return filled(whole.map((each) => !each), Math.round(BURST / HOP_SECONDS)).map((each) => !each);
}

function smooth(levels: Float32Array): number[] {
  const last = levels.length - 1;
  return Array.from(levels, (_, at) => {
    let sum = 0;
    for (let k = at - 2; k <= at + 2; k += 1) sum += levels[Math.min(last, Math.max(0, k))] ?? 0;
    return sum / 5;
  });
}

/** The mask with false runs up to `most` frames between true ones made true. */
function filled(mask: boolean[], most: number): boolean[] {
  const out = [...mask];
  for (const [first, end] of runs(mask.map((each) => !each))) {
    if (first > 0 && end < mask.length && end - first <= most) out.fill(true, first, end);
  }
  return out;
}

/** First and end of each true run. */
export function runs(mask: readonly boolean[]): [number, number][] {
  const found: [number, number][] = [];
  let first = -1;
  for (let at = 0; at <= mask.length; at += 1) {
    const on = mask[at] ?? false;
    if (on && first < 0) first = at;
    if (!on && first >= 0) {
      found.push([first, at]);
      first = -1;
    }
  }
  return found;
}

/** The value under which that share of the values lies, between neighbours by interpolation. */
export function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return 0;
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}
