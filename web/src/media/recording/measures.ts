/**
 * What can be measured of a recording as soon as it is made, as the server will measure it
 * (selfsame/studio/voice/measures.py; tests hold both to the same figures). Pure.
 */
import { hann, PowerSpectrum } from "./fft";
import { frameLevels, HOP_SECONDS, quantile, speechMask } from "./speech";

export interface Measures {
  seconds: number;
  speechSeconds: number;
  /** Speech over noise, up to 60 dB. */
  snrDb: number;
  /** Share of the samples of speech that are cut off. */
  clipping: number;
  /** LUFS. */
  loudness: number;
  /** Hz up to which there is speech. */
  bandwidth: number;
}

const CLEAN_DB = 60;
/** Frames around speech that count neither as speech nor as pause. */
const EDGE = 10;

/** All measures of one voice at 16 kHz or more. */
export function measure(sound: Float32Array, rate: number): Measures {
  const levels = frameLevels(sound, rate);
  const mask = speechMask(levels);
  const spoken = mask.filter(Boolean).length;
  const basics = { seconds: sound.length / rate, loudness: loudness(sound, rate) };
  if (spoken === 0) return { ...basics, speechSeconds: 0, snrDb: 0, clipping: 0, bandwidth: 0 };
  return {
    ...basics,
    speechSeconds: spoken * HOP_SECONDS,
    snrDb: snr(levels, mask),
    clipping: clipping(speechOf(sound, mask, rate)),
    bandwidth: bandwidth(sound, mask, rate),
  };
}

function speechOf(sound: Float32Array, mask: readonly boolean[], rate: number): Float32Array {
  const hop = Math.round(rate * HOP_SECONDS);
  return sound.filter((_, at) => mask[Math.floor(at / hop)] ?? false);
}

/** Power of the frames of speech, less that of the pauses, over that of the pauses. */
function snr(levels: Float32Array, mask: readonly boolean[]): number {
  const power = Array.from(levels, (level) => 10 ** (level / 10));
  const near = mask.map((_, at) => mask.slice(Math.max(0, at - EDGE), at + EDGE + 1).some(Boolean));
  const quiet = power.filter((_, at) => near[at] === false);
  const noise = quiet.length >= 30 ? mean(quiet) : quantile(power, 0.05);
  const speech = Math.max(mean(power.filter((_, at) => mask[at] === true)) - noise, 1e-12);
  return Math.min(CLEAN_DB, Math.max(0, 10 * Math.log10(speech / Math.max(noise, 1e-12))));
}

/** Share of samples that pile up at the top of the range, wherever that top is now. */
export function clipping(speech: Float32Array): number {
  const size = speech.map(Math.abs);
  const top = quantile(size, 0.9999);
  if (top <= 0.001) return 0;
  const first = size.reduce((count, each) => count + (each >= 0.917 * top ? 1 : 0), 0);
  const second = size.reduce((count, each) => count + (each >= 0.833 * top && each < 0.917 * top ? 1 : 0), 0);
  return Math.max(0, (first - second - 3e-4 * size.length) / size.length);
}

/** LUFS by ITU-R BS.1770-4 for one channel; -70 when all is silence. */
export function loudness(sound: Float32Array, rate: number): number {
  const block = Math.round(0.4 * rate);
  const step = Math.round(0.1 * rate);
  const padded = new Float32Array(Math.max(block, sound.length));
  padded.set(sound);
  const sums = new Float64Array(padded.length + 1);
  kWeighted(padded, rate).forEach((each, at) => { sums[at + 1] = (sums[at] ?? 0) + each * each; });
  const powers: number[] = [];
  for (let at = 0; at + block <= padded.length; at += step) powers.push(Math.max(((sums[at + block] ?? 0) - (sums[at] ?? 0)) / block, 1e-12));
  const kept = powers.filter((power) => lufs(power) > -70);
  if (kept.length === 0) return -70;
  const gate = lufs(mean(kept)) - 10;
  return lufs(mean(kept.filter((power) => lufs(power) > gate)));
}

function lufs(power: number): number {
  return -0.691 + 10 * Math.log10(power);
}

/** The two filters of BS.1770, made for the rate by the bilinear transform (after De Man, 2014). */
function kWeighted(sound: Float32Array, rate: number): Float64Array {
  return biquad(biquad(sound, shelf(rate)), highPass(rate));
}

type Coefficients = readonly [number, number, number, number, number];

function shelf(rate: number): Coefficients {
  const k = Math.tan((Math.PI * 1681.974450955533) / rate);
  const q = 0.7071752369554196;
  const high = 10 ** (3.999843853973347 / 20);
  const band = high ** 0.4996667741545416;
  const a0 = 1 + k / q + k * k;
  return [(high + (band * k) / q + k * k) / a0, (2 * (k * k - high)) / a0, (high - (band * k) / q + k * k) / a0, (2 * (k * k - 1)) / a0, (1 - k / q + k * k) / a0];
}

function highPass(rate: number): Coefficients {
  const k = Math.tan((Math.PI * 38.13547087602444) / rate);
  const q = 0.5003270373238773;
  const a0 = 1 + k / q + k * k;
  return [1, -2, 1, (2 * (k * k - 1)) / a0, (1 - k / q + k * k) / a0];
}

function biquad(sound: ArrayLike<number>, [b0, b1, b2, a1, a2]: Coefficients): Float64Array {
  const out = new Float64Array(sound.length);
  let z1 = 0;
  let z2 = 0;
  for (let at = 0; at < sound.length; at += 1) {
    const x = sound[at] ?? 0;
    const y = b0 * x + z1;
    z1 = b1 * x - a1 * y + z2;
    z2 = b2 * x - a2 * y;
    out[at] = y;
  }
  return out;
}

const FRAME = 1024;
const STEP_HZ = 200;

/** Hz up to which speech reaches: the highest band within 55 dB of the loudest that stands out of the pauses. */
export function bandwidth(sound: Float32Array, mask: readonly boolean[], rate: number): number {
  const hop = Math.round(rate * HOP_SECONDS);
  const spectrum = new PowerSpectrum(FRAME);
  const window = hann(FRAME);
  const bands = Math.floor((rate / 2 - 200) / STEP_HZ);
  const speech = new Bands(bands, rate);
  const quiet = new Bands(bands, rate);
  for (let start = 0; start + FRAME <= Math.min(sound.length, mask.length * hop); start += FRAME) {
    let count = 0;
    for (let at = start; at < start + FRAME; at += 1) count += mask[Math.floor(at / hop)] === true ? 1 : 0;
    if (count > 0.7 * FRAME) speech.add(spectrum.of(sound, start, window));
    else if (count < 0.05 * FRAME) quiet.add(spectrum.of(sound, start, window));
  }
  if (speech.frames === 0) return 0;
  const loudest = Math.max(...speech.means());
  const noise = quiet.frames > 3 ? quiet.means() : new Float64Array(bands);
  const reach = [...speech.means()].findLastIndex((power, band) => power > loudest * 10 ** -5.5 && power > 2 * (noise[band] ?? 0));
  return reach < 0 ? 0 : 200 + STEP_HZ * (reach + 1);
}

/** The mean power in bands of 200 Hz from 200 Hz on. */
class Bands {
  frames = 0;
  private readonly sums: Float64Array;
  private readonly lines: Float64Array;

  constructor(bands: number, private readonly rate: number) {
    this.sums = new Float64Array(bands);
    this.lines = new Float64Array(bands);
  }

  add(power: Float64Array): void {
    this.frames += 1;
    power.forEach((each, line) => {
      const band = Math.floor(((line * this.rate) / FRAME - 200) / STEP_HZ);
      if (band < 0 || band >= this.sums.length) return;
      this.sums[band] = (this.sums[band] ?? 0) + each;
      this.lines[band] = (this.lines[band] ?? 0) + 1;
    });
  }

  means(): Float64Array {
    return this.sums.map((sum, band) => sum / Math.max(1, this.lines[band] ?? 1));
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / Math.max(1, values.length);
}
