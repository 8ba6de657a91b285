/** Whether a recording will do, by the server's own limits (selfsame/studio/voice/quality.py). Pure. */
import limits from "./limits.json";
import type { Measures } from "./measures";

export type Problem = "NO_SPEECH" | "TOO_SHORT" | "NOISY" | "SOME_NOISE" | "CLIPPED" | "SOME_CLIPPING" | "QUIET" | "LOUD" | "NARROW" | "SOMEWHAT_NARROW";

/** With one of these the server leaves a recording out; the others are only said. */
export const REFUSED: ReadonlySet<Problem> = new Set(["NO_SPEECH", "TOO_SHORT", "NOISY", "CLIPPED", "NARROW"]);

/** What is wrong, worst first. */
export function problemsOf(m: Measures): Problem[] {
  if (m.speechSeconds <= 0.3) return ["NO_SPEECH"];
  const found: (Problem | null)[] = [
    m.speechSeconds < limits.speechLeast ? "TOO_SHORT" : null,
    m.snrDb < limits.snrLeast ? "NOISY" : m.snrDb < limits.snrGood ? "SOME_NOISE" : null,
    m.clipping > limits.clippedMost ? "CLIPPED" : m.clipping > limits.clippedSome ? "SOME_CLIPPING" : null,
    m.loudness < limits.quiet ? "QUIET" : m.loudness > limits.loud ? "LOUD" : null,
    // Where noise covers the high sounds, the noise is the problem.
    m.snrDb < limits.snrLeast ? null : m.bandwidth < limits.bandLeast ? "NARROW" : m.bandwidth < limits.bandGood ? "SOMEWHAT_NARROW" : null,
  ];
  const problems = found.filter((problem) => problem !== null);
  return [...problems.filter((problem) => REFUSED.has(problem)), ...problems.filter((problem) => !REFUSED.has(problem))];
}

export function isGood(problems: readonly Problem[]): boolean {
  return !problems.some((problem) => REFUSED.has(problem));
}

export { limits };
