/** Sound as a file every program can read: WAV, 16-bit, one channel. Pure. */

const HEAD = 44;

export function encodeWav(pcm: Int16Array, rate: number): Blob {
  const bytes = new ArrayBuffer(HEAD + 2 * pcm.length);
  const view = new DataView(bytes);
  const mark = (at: number, text: string): void => {
    for (let i = 0; i < text.length; i += 1) view.setUint8(at + i, text.charCodeAt(i));
  };
  mark(0, "RIFF");
  view.setUint32(4, HEAD - 8 + 2 * pcm.length, true);
  mark(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, 2 * rate, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  mark(36, "data");
  view.setUint32(40, 2 * pcm.length, true);
  pcm.forEach((sample, i) => { view.setInt16(HEAD + 2 * i, sample, true); });
  return new Blob([bytes], { type: "audio/wav" });
}

/** The sound of a file that `encodeWav` made; null for any other. */
export function decodeWav(bytes: ArrayBuffer): { pcm: Int16Array<ArrayBuffer>; rate: number } | null {
  const view = new DataView(bytes);
  if (bytes.byteLength < HEAD || view.getUint32(0) !== 0x52494646 || view.getUint32(36) !== 0x64617461) return null;
  const pcm = new Int16Array(Math.min(view.getUint32(40, true), bytes.byteLength - HEAD) >> 1);
  for (let i = 0; i < pcm.length; i += 1) pcm[i] = view.getInt16(HEAD + 2 * i, true);
  return { pcm, rate: view.getUint32(24, true) };
}
