/** What a search says about a passage, as figures and marks a person can read. Pure. */
import type { SearchHit, SearchResult } from "@/wire/api/types.gen";
import { plain } from "../products/sift";

/** How much of the question's words, weighed by how rare they are, a passage has: 0 to 1; null where none is known. */
export function wordShare({ why }: Pick<SearchHit, "why">, words: SearchResult["words"]): number | null {
  const all = Object.values(words).reduce((sum, weight) => sum + weight, 0);
  if (all === 0) return null;
  const had = why.words.reduce((sum, word) => sum + (words[word] ?? 0), 0);
  return Math.min(1, had / all);
}

/** Cosines of sentences that have nothing in common lie about nought. */
export function nearness({ why }: Pick<SearchHit, "why">): number {
  return Math.min(1, Math.max(0, why.cosine));
}

export interface Piece {
  text: string;
  marked: boolean;
}

const WORD = /[\p{L}\p{N}]+/gu;
const HAN = /\p{Script=Han}/u;

/** The text in pieces, those words marked that begin with one of the stems; Chinese stems stand within a run of letters. */
export function mark(text: string, stems: readonly string[]): Piece[] {
  const wanted = stems.map(plain).filter((stem) => stem !== "");
  if (wanted.length === 0) return [{ text, marked: false }];
  const spans = [...text.matchAll(WORD)].flatMap(({ 0: word, index }) => within(word, wanted).map(([from, to]): [number, number] => [index + from, index + to]));
  return cut(text, spans);
}

function within(word: string, stems: readonly string[]): [number, number][] {
  if (!HAN.test(word)) {
    const folded = plain(word);
    const hit = stems.some((stem) => folded === stem || (stem.length > 2 && folded.startsWith(stem)));
    return hit ? [[0, word.length]] : [];
  }
  return stems.flatMap((stem) => {
    const found: [number, number][] = [];
    for (let at = word.indexOf(stem); at >= 0; at = word.indexOf(stem, at + 1)) found.push([at, at + stem.length]);
    return found;
  });
}

function cut(text: string, spans: [number, number][]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const [from, to] of spans.sort((a, b) => a[0] - b[0])) {
    if (to <= at) continue;
    const begin = Math.max(from, at);
    if (begin > at) pieces.push({ text: text.slice(at, begin), marked: false });
    const last = pieces.at(-1);
    if (begin === at && last?.marked === true) last.text += text.slice(begin, to);
    else pieces.push({ text: text.slice(begin, to), marked: true });
    at = to;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), marked: false });
  return pieces;
}

export const KINDS = ["document", "faq", "product", "correction", "conversation"] as const;
export type Kind = (typeof KINDS)[number];
