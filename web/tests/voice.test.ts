/** What is decided of voices and consents without a page. */
import { describe, expect, it } from "vitest";
import { refusalOf, standing } from "@/features/consent/state";
import { nextOpen, progressOf } from "@/features/voice/goals";
import { isClear, isVideoAddress, mannerOf, previewText, problemsIn, qualityOf, stepOf } from "@/features/voice/quality";
import type { SpokenConsent, VoiceModelItem } from "@/wire/api/types.gen";
import { errorOf } from "@/wire/api-error";

const voice = (more: object = {}): VoiceModelItem => ({
  voiceModelId: "v", cloneId: "c", status: "ready", active: false, progress: 1, message: "", id: "v", provider: "own-voice",
  modelPath: "p", qualityScore: 0.8, createdAt: null, sampleRate: 22_050, ...more,
});

describe("how much was recorded", () => {
  it.each([
    [0, 60, "few"], [18.9, 60, "few"], [20, 60, "enough"], [59.9, 60, "enough"], [60, 120, "fair"], [119, 120, "fair"], [130, 120, "plenty"],
  ] as const)("%d s go towards %d s: %s", (seconds, goal, stage) => {
    expect(progressOf(seconds)).toEqual({ seconds: Math.floor(seconds), goal, stage });
  });
});

describe("the next sentence", () => {
  it.each([
    ["the first", 3, [], [], -1, 0],
    ["the one after", 3, [0], [], 0, 1],
    ["not one that was skipped", 3, [0], [1], 0, 2],
    ["one that was left out before", 3, [1, 2], [], 2, 0],
    ["a skipped one when nothing else is left", 3, [0, 2], [1], 2, 1],
    ["none when all are recorded", 3, [0, 1, 2], [], 2, null],
    ["none of none", 0, [], [], -1, null],
  ] as const)("is %s", (_, count, done, skipped, from, expected) => {
    expect(nextOpen(count, new Set(done), new Set(skipped), from)).toBe(expected);
  });
});

describe("a voice's quality", () => {
  const report = { similarity: 0.8, ceiling: 0.9, floor: 0.5, word_error: 0.2, raw_word_error: 0.1, real_word_error: 0.15 };

  it("is read against the person, other people and the built-in voice", () => {
    const { likeness, clarity } = qualityOf(voice({ report: { voice: report } }));
    expect(likeness?.part).toBeCloseTo(0.75);
    expect(likeness?.grade).toBe("great");
    expect(clarity?.part).toBeCloseTo(0.8 / 0.9);
    expect(clarity?.grade).toBe("good");
  });

  it("takes the usual floor where no others were measured, and says nothing of what was not", () => {
    expect(qualityOf(voice({ report: { voice: { ...report, floor: null } } })).likeness?.part).toBeCloseTo(0.25 / 0.35);
    expect(qualityOf(voice())).toEqual({ likeness: null, clarity: null });
    expect(qualityOf(voice({ report: { voice: { similarity: "x", ceiling: Number.NaN } } }))).toEqual({ likeness: null, clarity: null });
  });

  it("never leaves 0 to 1", () => {
    const odd = { similarity: 0.99, ceiling: 0.9, floor: 0.95, word_error: 3, raw_word_error: 1, real_word_error: 1 };
    const { likeness, clarity } = qualityOf(voice({ report: { voice: odd } }));
    expect(likeness?.part).toBeLessThanOrEqual(1);
    expect(clarity?.part).toBe(0);
  });

  it("counts what was wrong with the recordings", () => {
    const quality = [{ problems: ["SOME_NOISE"] }, null, { problems: ["SOME_NOISE", "QUIET", "NEW_ONE"] }];
    expect(problemsIn(voice({ quality }))).toEqual([{ problem: "SOME_NOISE", count: 2 }, { problem: "QUIET", count: 1 }]);
  });

  it("knows its sentence and its manner, where the server tells", () => {
    expect(previewText(voice({ report: { previewText: "Hello." } }))).toBe("Hello.");
    expect(previewText(voice())).toBe("");
    expect(isClear(voice({ report: { manner: "clear" } }))).toBe(true);
    expect(isClear(voice({ report: { manner: "clear" }, speaks: "own" }))).toBe(false);
    expect(mannerOf(voice({ manner: "automatic" }))).toBe("automatic");
    expect(mannerOf(voice())).toBeNull();
  });
});

describe("the server's steps", () => {
  it.each([
    ["", "waiting"], ["Listening to recording 2 of 8", "listening"], ["Hearing what was said", "words"],
    ["Learning the voice from 26 s of speech", "learning"], ["Learning the voice, and measuring it on sentences that were held back", "measuring"],
    ["Saying a sentence", "saying"], ["Something new", "other"],
  ] as const)("%j are %s", (message, step) => {
    expect(stepOf(message).step).toBe(step);
  });

  it("keep their numbers", () => {
    expect(stepOf("Listening to recording 2 of 8")).toEqual({ step: "listening", at: "2", of: "8" });
  });
});

it.each([
  ["https://www.youtube.com/watch?v=abcdefghijk", true], ["youtu.be/abcdefghijk", true], [" https://m.youtube.com/shorts/abcdefghijk ", true],
  ["https://youtube.com/watch?list=x&v=abcdefghijk", true], ["https://example.org/watch?v=abcdefghijk", false], ["youtube.com", false], ["", false],
])("%j is a video: %s", (text, is) => {
  expect(isVideoAddress(text)).toBe(is);
});

describe("consents", () => {
  const consent = (subject: "voice" | "face", grantedAt: string, revokedAt: string | null): SpokenConsent => ({ subject, grantedAt, revokedAt, evidence: null });

  it("stand as the last that was given and not ended", () => {
    const old = consent("voice", "2026-01-01", "2026-02-01");
    const now = consent("voice", "2026-03-01", null);
    const face = consent("face", "2026-01-01", "2026-04-01");
    expect(standing([old, face, now])).toEqual({ voice: now, face: null, ended: [face, old] });
    expect(standing([])).toEqual({ voice: null, face: null, ended: [] });
  });

  it("that were refused say what was heard and what was missing", () => {
    const error = errorOf(400, { error: { code: "CONSENT_NOT_HEARD", message: "no", heard: "hello", missing: ["name", "date", "x"] } });
    expect(refusalOf(error)).toEqual({ heard: "hello", missing: ["name", "date"] });
    expect(refusalOf(errorOf(400, { error: { code: "CONSENT_NOT_HEARD", message: "no" } }))).toEqual({ heard: "", missing: ["words"] });
    expect(refusalOf(errorOf(400, { error: { code: "BAD_INPUT", message: "noise" } }))).toBeNull();
    expect(refusalOf(null)).toBeNull();
  });
});
