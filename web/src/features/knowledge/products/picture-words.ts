/** What the server says of a picture that it does not take, as a key of our words. Pure. */
const KNOWN = {
  "pictures.notOne": /This is not a picture that can be shown\./,
  "pictures.damaged": /The picture is damaged or cut off\.|The file is damaged so badly|The file takes too long/,
  "pictures.heic": /^(?:.*: )?HEIC/,
  "pictures.tooHeavy": /The picture has more than \d+ MB\./,
  "pictures.tooLarge": /The picture has more than \d+ megapixels\.|The picture needs too much memory\./,
  "pictures.tooSmall": /The picture is smaller than/,
  "pictures.full": /^A product has at most/,
} as const;

export type PictureFault = keyof typeof KNOWN;

/** Null for what is not known here: it is said in the server's words. */
export function faultOf(message: string): PictureFault | null {
  for (const [key, pattern] of Object.entries(KNOWN)) if (pattern.test(message)) return key as PictureFault;
  return null;
}
