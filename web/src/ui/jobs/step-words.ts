/** What a job is doing now, in the page's language. The server says it in English; what is not known here stays as it is. */
import en from "./words/en.json";
import { useJobWords } from "./words";

const STEPS = [
  ["photo", /^Looking at photo (\d+) of (\d+)/],
  ["video", /^Looking at the video, second (\d+)/],
  ["same", /^Checking that all pictures/],
  ["movable", /^Making the face movable/],
  ["writing", /^Writing the (face|file)|^writing the file/],
  ["checking", /^Checking the face/],
  ["sentence", /^Letting the face say|^Saying a sentence/],
  ["recording", /^Listening to recording (\d+) of (\d+)/],
  ["voice", /^Learning the voice/],
  ["page", /^Fetching the page/],
  ["sound", /^(Asking|Fetch(ing|ed)) (YouTube|the (sound|captions))/],
  ["hearing", /^Hearing what|^Listening to what/],
  ["manner", /^Learning how the person/],
  ["understanding", /^Understanding/],
  ["reading", /^Reading/],
  ["filming", /^filming/i],
  ["done", /^Done|^The .* is ready/],
  ["waiting", /^$/],
] as const;

export type StepKey = (typeof STEPS)[number][0];

/** Which step it is, and the numbers in it; null for one that is not known. */
export function stepOf(message: string): { key: StepKey; first: string; second: string } | null {
  for (const [key, pattern] of STEPS) {
    const found = pattern.exec(message);
    if (found !== null) return { key, first: found[1] ?? "", second: found[2] ?? "" };
  }
  return null;
}

export function useStepWords(): (message: string) => string {
  const t = useJobWords();
  return (message) => {
    const step = stepOf(message);
    return step === null ? message : t(step.key, { first: step.first, second: step.second });
  };
}

/** What a kind of job is called; one that is not known here keeps the server's name. */
export function useKindWords(): (kind: string) => string {
  const t = useJobWords();
  return (kind) => (Object.hasOwn(en.kinds, kind) ? t(`kinds.${kind as keyof typeof en.kinds}`) : kind);
}
