/** The outline of a sound, as so many bars. Pure. */

/** The largest sample of each of `bars` equal parts, 0..1. */
export function outline(pcm: Int16Array, bars: number): number[] {
  return Array.from({ length: bars }, (_, bar) => {
    let most = 0;
    const end = Math.floor(((bar + 1) * pcm.length) / bars);
    for (let at = Math.floor((bar * pcm.length) / bars); at < end; at += 1) most = Math.max(most, Math.abs(pcm[at] ?? 0));
    return most / 32_768;
  });
}

/** The last `bars` of a growing list, with silence before while it is shorter. */
export function lastBars(peaks: readonly number[], bars: number): number[] {
  const kept = peaks.slice(-bars);
  return [...Array.from({ length: bars - kept.length }, () => 0), ...kept];
}

/** How high a bar is drawn, 0..1: by decibels, so that quiet speech can be seen. */
export function height(peak: number): number {
  return Math.min(1, Math.max(0.04, (20 * Math.log10(Math.max(peak, 1e-4)) + 54) / 54));
}
