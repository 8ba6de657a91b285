/** What a document is to a person, and what the server is doing with it. Pure. */
import type { DocumentItem } from "@/wire/api/types.gen";

/** What the server reads (library/extract/sniff.py). */
export const READ_ENDINGS = [
  ".pdf", ".docx", ".docm", ".pptx", ".pptm", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv", ".html", ".htm",
  ".xhtml", ".md", ".markdown", ".txt", ".text", ".epub", ".eml", ".mbox", ".srt", ".vtt", ".json", ".jsonl",
] as const;
export const CATALOGUE_ENDINGS = [".csv", ".tsv", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".json", ".jsonl", ".pdf"] as const;
export const MOST_BYTES = 50_000_000;
export const MOST_FILES = 100;

export type Shape = "pdf" | "word" | "slides" | "sheet" | "web" | "text" | "book" | "mail" | "subtitles" | "data" | "pairs" | "products" | "builtIn" | "file";

const BY_TYPE: readonly [RegExp, Shape][] = [
  [/pdf$/, "pdf"],
  [/wordprocessingml/, "word"],
  [/presentationml/, "slides"],
  [/spreadsheet|ms-excel|^text\/csv$/, "sheet"],
  [/html/, "web"],
  [/epub/, "book"],
  [/rfc822|mbox/, "mail"],
  [/subrip|vtt/, "subtitles"],
  [/json$/, "data"],
  [/^text\//, "text"],
];
const BY_ENDING: readonly [RegExp, Shape][] = [
  [/\.pdf$/, "pdf"],
  [/\.doc[xm]$/, "word"],
  [/\.ppt[xm]$/, "slides"],
  [/\.(xls[xmb]?|ods|[ct]sv)$/, "sheet"],
  [/\.x?html?$/, "web"],
  [/\.epub$/, "book"],
  [/\.(eml|mbox)$/, "mail"],
  [/\.(srt|vtt)$/, "subtitles"],
  [/\.jsonl?$/, "data"],
  [/\.(md|markdown|txt|text)$/, "text"],
];

/** Before a file is read, its name alone tells. */
export function shapeOf({ kind, contentType, filename }: Pick<DocumentItem, "kind" | "contentType" | "filename">): Shape {
  if (kind === "pairs" || kind === "products") return kind;
  if (kind === "address") return "web";
  if (kind === "built-in") return "builtIn";
  const type = BY_TYPE.find(([pattern]) => pattern.test(contentType));
  return (type ?? BY_ENDING.find(([pattern]) => pattern.test(filename.toLowerCase())))?.[1] ?? "file";
}

/** What the owner answered by hand is kept as a document too (library/answers.py). */
export function isOwnAnswer({ contentType }: Pick<DocumentItem, "contentType">): boolean {
  return contentType === "text/x-answer";
}

export function isBusy({ status }: Pick<DocumentItem, "status">): boolean {
  return status === "pending" || status === "processing";
}

/** Whether reading the same file once more may help; a damaged one stays damaged. */
export function mayHelp({ status, errorCode, kind }: Pick<DocumentItem, "status" | "errorCode" | "kind">): boolean {
  return status === "failed" && (errorCode !== "BAD_INPUT" || kind === "address") && errorCode !== "DUPLICATE" && errorCode !== "TOO_LARGE";
}

export type Step = { key: "waiting" | "fetching" | "reading" | "understanding" } | { key: "passages"; done: number; total: number } | { key: "other"; text: string };

/** What the server says it is doing (jobs/ingest.py). */
export function stepOf(message: string): Step {
  const passages = /^Understanding (\d+) of (\d+) passages$/.exec(message);
  if (passages !== null) return { key: "passages", done: Number(passages[1]), total: Number(passages[2]) };
  switch (message) {
    case "":
      return { key: "waiting" };
    case "Fetching the page":
      return { key: "fetching" };
    case "Reading":
      return { key: "reading" };
    case "Understanding":
      return { key: "understanding" };
    default:
      return { key: "other", text: message };
  }
}

/** Where a passage stands: `page 3`, `row 4`, `Sheet1, rows 2-9`; an anchor of a heading says nothing to a person. */
export type Place = { key: "page" | "row" | "rows"; number: string; sheet: string } | { key: "other"; text: string };

export function placeOf(locator: string): Place | null {
  if (locator === "" || locator.startsWith("#")) return null;
  const found = /^(?:(.*), )?(page|rows?) (\d+(?:-\d+)?)$/.exec(locator);
  if (found === null) return { key: "other", text: locator };
  const [, sheet = "", key = "", number = ""] = found;
  return { key: key as "page" | "row" | "rows", number: number.replace("-", "–"), sheet };
}
