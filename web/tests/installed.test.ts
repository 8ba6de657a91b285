/** The service worker's decisions, codes in words, whether the server answers; what is shown where there is little room. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { isAway, outdated, planOf } from "@/app/worker/plan";
import { isOpen, PLACES } from "@/app/nav";
import { isTalking, noteTalk, onTalking } from "@/app/talking";
import { captionOf, lingeringCaption } from "@/features/conversation/captions";
import { initialState, type ConversationState, type Turn } from "@/features/conversation/state";
import { saidOf } from "@/ui/error-words";
import { moreOf } from "@/ui/use-row";
import { errorOf, sentence } from "@/wire/api-error";
import type * as Reach from "@/wire/reach";

const HERE = "https://clone.example";

describe("the service worker", () => {
  it.each([
    ["navigate", "/", "page"],
    ["navigate", "/talk/vera?x=1", "page"],
    ["navigate", "/settings/keys", "page"],
    ["navigate", "/embed/vera", "leave"],
    ["navigate", "/embed-test.html", "leave"],
    ["navigate", "/api/openapi.json", "leave"],
    ["navigate", "/metrics", "leave"],
    ["cors", "/assets/talk-a1.js", "part"],
    ["no-cors", "/assets/talk-a1.css", "part"],
    ["cors", "/assets/talk-a1.js?import", "leave"],
    ["cors", "/api/sessions", "leave"],
    ["no-cors", "/voice-model/1/preview?token=secret", "leave"],
    ["no-cors", "/api/clips/1/video?token=secret", "leave"],
    ["no-cors", "/favicon.svg", "leave"],
    ["cors", "/manifest.webmanifest", "leave"],
  ])("%s %s: %s", (mode, path, plan) => {
    expect(planOf({ method: "GET", mode, url: HERE + path }, HERE)).toBe(plan);
  });

  it("leaves what changes something, and what others have", () => {
    expect(planOf({ method: "POST", mode: "navigate", url: `${HERE}/` }, HERE)).toBe("leave");
    expect(planOf({ method: "GET", mode: "cors", url: "https://other.example/assets/a.js" }, HERE)).toBe("leave");
  });

  it("keeps the version before for windows that are still open, and what is not ours", () => {
    expect(outdated(["else", "s-1", "s-2", "s-3"], "s-", "s-3")).toEqual(["s-1"]);
    expect(outdated(["s-1"], "s-", "s-1")).toEqual([]);
  });

  it.each([[502, true], [504, true], [503, false], [500, false], [200, false]])("a server that answers %i is away: %s", (status, away) => {
    expect(isAway(status)).toBe(away);
  });
});

describe("codes", () => {
  it.each([
    ["NOT_FOUND", { kind: "code", code: "NOT_FOUND" }],
    ["LLM_TIMEOUT", { kind: "code", code: "LLM_TIMEOUT" }],
    ["ASR_UNAVAILABLE", { kind: "engine", role: "asr", reason: "UNAVAILABLE" }],
    ["TTS_BAD_OUTPUT", { kind: "engine", role: "tts", reason: "BAD_OUTPUT" }],
    ["TTS_", null],
    ["MOON_UNAVAILABLE", null],
    ["constructor", null],
    ["", null],
  ])("%s", (code, said) => {
    expect(saidOf(code)).toEqual(said);
  });

  it("a server's message becomes a sentence, and nothing stays nothing", () => {
    expect([sentence("too long"), sentence("好。"), sentence(" ")]).toEqual(["Too long.", "好。", ""]);
    expect(errorOf(400, { error: { code: "BAD_INPUT", message: "too long" } }).message).toBe("Too long.");
  });
});

it("shows places to those who may go there", () => {
  const shown = (permissions: string[] | undefined): string[] => PLACES.filter((place) => isOpen(place, permissions)).map(({ name }) => name);
  expect(shown(["own", "read_metrics"])).toContain("operations");
  expect(shown(["own"])).not.toContain("operations");
  expect(shown(undefined)).toEqual(["home", "avatar", "studio", "settings"]);
});

describe("the server", () => {
  let of: typeof Reach;
  beforeEach(async () => {
    vi.resetModules();
    of = await import("@/wire/reach");
  });

  it("is away once it has answered, and was never there before", () => {
    const told: string[] = [];
    of.onReach(() => told.push(of.reach()));
    of.noteFailure(new TypeError("no network"));
    of.noteFailure(new DOMException("late", "TimeoutError"));
    of.noteAnswer();
    of.noteAnswer();
    of.noteFailure(new DOMException("given up", "AbortError"));
    of.noteFailure(new TypeError("no network"));
    expect(told).toEqual(["never", "fine", "away"]);
  });

  it("is asked with as little as possible", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
    expect(await of.probe()).toBe(false);
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(null, { status: 500 })));
    expect([await of.probe(), of.reach()]).toEqual([true, "fine"]);
  });
});

it.each([
  [0, 390, 390, "none"],
  [0, 390, 391, "none"],
  [0, 390, 700, "end"],
  [100, 390, 700, "both"],
  [310, 390, 700, "start"],
] as const)("a row at %i, %i of %i wide, has more at: %s", (left, width, whole, more) => {
  expect(moreOf(left, width, whole)).toBe(more);
});

it("a talk counts as one until nobody speaks", () => {
  const [one, other] = [{}, {}];
  const told: boolean[] = [];
  onTalking(() => told.push(isTalking()));
  noteTalk(one, false);
  noteTalk(one, true);
  noteTalk(one, true);
  noteTalk(other, true);
  noteTalk(one, false);
  noteTalk(other, false);
  expect(told).toEqual([true, true, true, false]);
});

describe("a caption that stands alone", () => {
  const state = (...turns: Partial<Turn>[]): ConversationState => ({ ...initialState({ name: "Vera", greeting: "Hello." }), turns: turns as Turn[] });

  it.each([
    ["greets", state(), { who: "clone", text: "Hello." }],
    ["shows what is being said", state({ reply: "coming", clone: "I am", user: "Who?", messageId: null }), { who: "clone", text: "I am" }],
    ["keeps what was said", state({ reply: "done", clone: "I am Vera.", user: "Who?", messageId: null }), { who: "clone", text: "I am Vera." }],
    ["shows what was typed", state({ reply: "none", clone: null, user: "Who are you?", messageId: "m" }), { who: "user", text: "Who are you?" }],
    ["has nothing where nothing was kept", state({ reply: "done", clone: null, user: null, messageId: null }), null],
  ] as const)("%s", (_, at, shown) => {
    expect(lingeringCaption(at)).toEqual(shown);
  });

  it("beside the log shows only what is being said", () => {
    expect(captionOf(state({ reply: "done", clone: "I am Vera.", user: "Who?", messageId: null }))).toBeNull();
  });
});
