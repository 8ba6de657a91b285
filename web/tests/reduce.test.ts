import { describe, expect, it } from "vitest";
import { reduce } from "@/features/conversation/reduce";
import { initialState, type ConversationEvent, type ConversationState } from "@/features/conversation/state";
import type { ServerMessage } from "@/wire/generated";
import { golden, goldens, serverMessages, type Line } from "./goldens";

const START = initialState({ name: "Ada", greeting: "Hello." });

function run(events: ConversationEvent[], from: ConversationState = START): ConversationState {
  return events.reduce(reduce, from);
}

/** A golden as the page lives it: typed questions appear when they are sent. */
function events(lines: readonly Line[]): ConversationEvent[] {
  return lines.flatMap((line): ConversationEvent[] => {
    if (line.from === "server") return serverMessages([line]).map((message) => ({ kind: "server", message }));
    const { type, text, messageId } = line.message;
    return type === "text_input" ? [{ kind: "typed", text: text as string, messageId: messageId as string }] : [];
  });
}

const server = (message: Partial<ServerMessage> & { type: string }): ConversationEvent => ({
  kind: "server",
  message: { eventNumber: 0, ...message } as ServerMessage,
});

describe("goldens", () => {
  it.each(goldens())("$name: every step keeps one turn per number, in order, and old states untouched", ({ lines }) => {
    let state = START;
    for (const event of events(lines)) {
      const before = JSON.stringify(state);
      const next = reduce(state, event);
      expect(JSON.stringify(state)).toBe(before);
      const numbers = next.turns.map((turn) => turn.turnId).filter((id) => id !== null);
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
      expect(new Set(next.turns.map((turn) => turn.key)).size).toBe(next.turns.length);
      state = next;
    }
    expect(state.met).toBe(true);
  });

  it("a typed question is shown once, with its answer, sources and timing", () => {
    const state = run(events(golden("typed-question.jsonl")));
    expect(state.turns).toHaveLength(1);
    expect(state.turns[0]).toMatchObject({
      turnId: 1,
      messageId: "m-1",
      user: "How much speech do you need?",
      clone: "Thirty seconds are enough to begin. More sounds better.",
      reply: "done",
      metrics: { totalLatencyMs: 121.8 },
    });
    expect(state.turns[0]?.sources.map((source) => source.title)).toEqual(["Making a clone"]);
    expect(state.settings.keepTranscripts).toBe(true);
    expect(state.metrics?.turns).toBe(1);
    expect(state.talk).toBe("idle");
  });

  it("an interrupted answer is cut to what was heard, and an error goes when the talk goes on", () => {
    const all = events(golden("barge-in.jsonl"));
    const withError = all.findIndex((event) => event.kind === "server" && event.message.type === "error");
    expect(run(all.slice(0, withError + 1)).error?.code).toBe("TTS_UNAVAILABLE");
    const state = run(all);
    expect(state.turns.map(({ user, clone, reply }) => ({ user, clone, reply }))).toEqual([
      { user: "how do i make a clone", clone: "You record the person,", reply: "interrupted" },
      { user: "wait what about consent", clone: "Nothing is enrolled without it.", reply: "done" },
    ]);
  });

  it("a resumed conversation shows what was said, and goes on", () => {
    const state = run(events(golden("resume.jsonl")));
    expect(state.turns.map((turn) => turn.clone)).toEqual(["Hello.", null, "As I was saying: it goes on."]);
    expect(state.turns[1]).toMatchObject({ user: null, reply: "interrupted" });
  });
});

describe("transcripts", () => {
  const interim = (transcript: string, turnId?: number): ConversationEvent =>
    server({ type: "transcript", transcript, isFinal: false, confidence: 0.5, ...(turnId === undefined ? {} : { turnId }) });

  it("interim texts replace one another and then become final", () => {
    const state = run([interim("how", 3), interim("how are", 3), server({ type: "transcript", transcript: "how are you", isFinal: true, confidence: 0.9, turnId: 3 })]);
    expect(state.turns).toMatchObject([{ turnId: 3, user: "how are you", userIsFinal: true }]);
  });

  it("an interim text that came to nothing goes away", () => {
    expect(run([interim("mm", 3), server({ type: "status", state: "idle" })]).turns).toEqual([]);
    expect(run([interim("mm"), server({ type: "status", state: "idle" })]).turns).toEqual([]);
  });

  it("a spoken question does not take the place of a typed one", () => {
    const typed: ConversationEvent = { kind: "typed", text: "typed", messageId: "m-9" };
    const state = run([typed, server({ type: "transcript", transcript: "spoken", isFinal: true, confidence: 1, turnId: 4 })]);
    expect(state.turns.map(({ turnId, user }) => [turnId, user])).toEqual([[4, "spoken"], [null, "typed"]]);
  });

  it("a typed question is numbered by its reply where the server does not repeat it", () => {
    const state = run([{ kind: "typed", text: "typed", messageId: "m-9" }, server({ type: "response_start", turnId: 4, sampleRate: 16000 })]);
    expect(state.turns).toMatchObject([{ turnId: 4, user: "typed", reply: "coming" }]);
  });
});

describe("settings and notices", () => {
  it("settings the page does not know are left alone", () => {
    const state = run([server({ type: "status", state: "idle", mode: "telepathy", language: "TLH" })]);
    expect(state.settings).toEqual(START.settings);
  });

  it("a notice lasts as long as its state", () => {
    const slow = run([server({ type: "status", state: "processing", notice: "This takes longer than usual." })]);
    expect(slow.notice).not.toBeNull();
    expect(run([server({ type: "status", state: "speaking" })], slow).notice).toBeNull();
  });

  it("shows at most 200 turns", () => {
    const many = Array.from({ length: 250 }, (_, i) => server({ type: "response_start", turnId: i + 1, sampleRate: 1 }));
    const state = run(many);
    expect(state.turns).toHaveLength(200);
    expect(state.turns.at(-1)?.turnId).toBe(250);
  });
});

describe("joining pieces of text", () => {
  it.each([
    [["One.", "Two."], "One. Two."],
    [["One.", " Two."], "One. Two."],
    [["One", ", two"], "One, two"],
    [["你好。", "再见。"], "你好。再见。"],
  ])("%j", (pieces, whole) => {
    const state = run(pieces.map((text) => server({ type: "response_text", turnId: 1, text })));
    expect(state.turns[0]?.clone).toBe(whole);
  });
});
