/** Questions with answers as they are kept: read from the file that the server made of them. Pure. */
export interface Pair {
  question: string;
  answer: string;
}

export const MOST_PAIRS = 500;
export const LONGEST_QUESTION = 500;
export const LONGEST_ANSWER = 10_000;
export const LONGEST_NAME = 200;

/** The pairs of a file; null when it is none of ours. */
export function readPairs(text: string): Pair[] | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(value)) return null;
  const pairs = value.map((each: unknown) => each as Partial<Record<keyof Pair, unknown>> | null);
  return pairs.every((pair) => typeof pair?.question === "string" && typeof pair.answer === "string") ? (pairs as Pair[]) : null;
}
