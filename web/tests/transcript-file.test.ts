import { describe, expect, it } from "vitest";
import { captionOf, lastWords } from "@/features/conversation/captions";
import { emptyTurn } from "@/features/conversation/compare-turns";
import { barsOf } from "@/features/conversation/latency-chart";
import { initialState, type Turn } from "@/features/conversation/state";
import { fileName, transcriptOf } from "@/features/conversation/transcript-file";
import { devicesOf } from "@/media/devices";

const WORDS = { you: "You", interrupted: "interrupted here", sources: "Sources", title: "Conversation with Ada" };
const START = Date.UTC(2026, 10, 21, 12);
const SOURCE = { id: "1", title: "The shop", heading: "Watches", excerpt: "…", locator: "#a", score: 1, url: null };

function turn(id: number, change: Partial<Turn>): Turn {
  return { ...emptyTurn(id), user: "q", clone: "a", reply: "done", ...change };
}

const TURNS = [
  turn(1, { user: "Before the reload", clone: "Yes." }),
  turn(2, { user: "Is 1 < 2 --> true?", clone: "It\nis & stays.", askedAt: START, answeredAt: START + 1500, endedAt: START + 3_723_004, sources: [SOURCE] }),
  turn(3, { user: "Stop", clone: "I was", reply: "interrupted", askedAt: START + 3_730_000, answeredAt: START + 3_730_200, endedAt: START + 3_730_300 }),
  turn(4, { user: "unfini", clone: null, reply: "none", userIsFinal: false }),
];
const TOLD = { cloneName: "Ada", greeting: "Hello.", turns: TURNS };

describe("the transcript as a file", () => {
  it("is readable text", () => {
    expect(transcriptOf("txt", TOLD, WORDS)).toEqual({
      type: "text/plain",
      text: "Conversation with Ada\n\nAda: Hello.\n\nYou: Before the reload\nAda: Yes.\n\nYou: Is 1 < 2 --> true?\nAda: It\nis & stays.\nSources: The shop · Watches\n\nYou: Stop\nAda: I was [interrupted here]\n",
    });
  });

  it("is subtitles whose cues follow the clock; what has no time is a note", () => {
    const { text } = transcriptOf("vtt", TOLD, WORDS);
    expect(text.split("\n\n")).toEqual([
      "WEBVTT",
      "NOTE Before the reload / Yes.",
      "00:00:00.000 --> 00:00:01.500\n<v You>Is 1 &lt; 2 → true?",
      "00:00:01.500 --> 01:02:03.004\n<v Ada>It is &amp; stays.",
      "01:02:10.000 --> 01:02:11.500\n<v You>Stop",
      "01:02:10.200 --> 01:02:11.700\n<v Ada>I was\n",
    ]);
  });

  it("is data with times", () => {
    const json = JSON.parse(transcriptOf("json", TOLD, WORDS).text) as { turns: Record<string, unknown>[] };
    expect(json).toMatchObject({ format: "selfsame-transcript/1", clone: "Ada" });
    expect(json.turns).toHaveLength(3);
    expect(json.turns[1]).toMatchObject({ turnId: 2, askedAt: "2026-11-21T12:00:00.000Z", interrupted: false, sources: [{ title: "The shop", url: null }] });
    expect(json.turns[0]).toMatchObject({ askedAt: null });
  });

  it.each([
    ["Vera", "txt", "vera-2026-11-21.txt"],
    ["../Ada & Bo?", "vtt", "ada-bo-2026-11-21.vtt"],
    ["小薇", "json", "小薇-2026-11-21.json"],
    ["///", "txt", "conversation-2026-11-21.txt"],
  ] as const)("%s as %s is %s", (name, form, file) => {
    expect(fileName(name, form, new Date(START))).toBe(file);
  });
});

describe("captions", () => {
  const state = initialState({ name: "Ada", greeting: "" });
  it.each([
    ["nobody speaks", [], null],
    ["the user is heard", [turn(1, { reply: "none", clone: null, user: "what is" })], { who: "user", text: "what is" }],
    ["what was typed is not said", [turn(1, { reply: "none", clone: null, messageId: "m" })], null],
    ["the clone answers", [turn(1, { reply: "coming", clone: "It is" })], { who: "clone", text: "It is" }],
    ["all is said", [turn(1, {})], null],
  ])("%s", (_, turns, caption) => {
    expect(captionOf({ ...state, turns })).toEqual(caption);
  });

  it("keep the end of a long answer, from a sentence's or word's beginning", () => {
    const long = `${"word ".repeat(60)}end. This sentence is the last that was said.`;
    expect(lastWords(long)).toBe("This sentence is the last that was said.");
    expect(lastWords("word ".repeat(60))).toMatch(/^… word/);
    expect(lastWords("短。")).toBe("短。");
  });
});

describe("the chart of the last answers", () => {
  it("has a bar for each of the last sixteen, and the longest is as high as the chart", () => {
    const { bars, average } = barsOf(Array.from({ length: 20 }, (_, i) => (i + 1) * 100));
    expect(bars).toHaveLength(16);
    expect(bars.at(-1)).toMatchObject({ ms: 2000, height: 72, y: 0 });
    expect(bars.at(-1)?.x).toBeCloseTo(303.75);
    expect(average).toBe(1250);
    expect(barsOf([]).bars).toEqual([]);
  });
});

describe("the devices", () => {
  const device = (kind: MediaDeviceKind, deviceId: string, label = "") => ({ kind, deviceId, label });
  it("are told each once, without the system's stand-ins", () => {
    const found = [device("audioinput", "default", "Default"), device("audioinput", "m", "Desk"), device("audioinput", "m", "Desk"), device("audiooutput", "s", "Box"), device("videoinput", "v", "Cam")];
    expect(devicesOf(found)).toEqual({ microphones: [{ id: "m", label: "Desk" }], speakers: [{ id: "s", label: "Box" }], named: true });
  });
  it("have no names before a microphone was allowed", () => {
    expect(devicesOf([device("audioinput", "")])).toEqual({ microphones: [], speakers: [], named: false });
  });
});
