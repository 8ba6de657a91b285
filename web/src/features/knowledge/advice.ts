/**
 * The server's advice about a document, as a key of our words, so that it is said in the page's language. What is not
 * known here is said in the server's words. Pure.
 */
export interface Advice {
  key: keyof typeof KNOWN;
  values: Record<string, string>;
  /** A version from before is still used. */
  older: boolean;
}

const KNOWN = {
  damaged: /^The file is damaged\./,
  locked: /^The file is protected by a password\./,
  empty: /^The file is empty\./,
  scanned: /^This PDF holds pictures of pages and no text\./,
  garbled: /^The text of this PDF is stored in a way/,
  noText: /^The document holds no text\./,
  picture: /^This is a picture\./,
  recording: /^This is a recording\./,
  video: /^This is a video\./,
  archive: /^This is an archive\.|^The file is an empty archive\./,
  program: /^This is a program,/,
  richText: /^This is a rich text file/,
  twin: /^This says the same as (?<name>.+), which the clone knows already\./,
  stopped: /^The reading was stopped\./,
  tooLarge: /^The file has (?<size>\d+) MB; at most (?<limit>\d+) MB are read\./,
  noSite: /^There is no website (?<host>\S+)\. Check/,
  noPage: /^(?<host>\S+) has no such page\./,
  notPublic: /^(?<host>\S+) is not a public website/,
  forbidden: /^(?<host>\S+) asks programs not to read this page\./,
  noAnswer: /^(?<host>\S+) does not answer\./,
  noProduct: /^The catalogue names no product/,
  unnamedRow: /^1 row has no name and was left out: row (?<rows>\d+)\.$/,
  unnamedRows: /^(?<many>\d+) rows have no name and were left out: rows (?<rows>[\d, …]+)\.$/,
  wordyPrice: /^The price is no number in rows? (?<rows>[\d, …]+); it is kept/,
  noTextPages: /^Without text, so not read: page (?<pages>[^.]+)\./,
} as const;
const OLDER = " Until then the version from before is used.";

export function adviceOf(message: string): Advice | null {
  const older = message.endsWith(OLDER);
  for (const [key, pattern] of Object.entries(KNOWN)) {
    const found = pattern.exec(message);
    if (found !== null) {
      const values = Object.fromEntries(Object.entries(found.groups ?? {}).map(([name, value]) => [name, (value as string | undefined) ?? ""]));
      return { key: key as keyof typeof KNOWN, values, older };
    }
  }
  return null;
}
