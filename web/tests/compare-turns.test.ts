import { describe, expect, it } from "vitest";
import { reduce } from "@/features/conversation/reduce";
import { initialState, type ConversationEvent, type ConversationState } from "@/features/conversation/state";
import type { ReadyMessage, ServerMessage, TurnItem } from "@/wire/generated";

const server = (message: Partial<ServerMessage> & { type: string }): ConversationEvent => ({
  kind: "server",
  message: { eventNumber: 0, ...message } as ServerMessage,
});
const typed = (text: string, messageId: string): ConversationEvent => ({ kind: "typed", text, messageId });
const heard = (turnId: number, transcript: string): ConversationEvent =>
  server({ type: "transcript", turnId, transcript, isFinal: true, confidence: 1 });
const text = (turnId: number, words: string): ConversationEvent => server({ type: "response_text", turnId, text: words });
const end = (turnId: number, words: string): ConversationEvent =>
  server({ type: "response_end", turnId, text: words, interrupted: false, metrics: { totalLatencyMs: 200 } as never });
const item = (turnId: number, more: Partial<TurnItem> = {}): TurnItem => ({ turnId, interrupted: false, sources: [], ...more });
const ready = (turns: TurnItem[], more: Partial<ReadyMessage> = {}): ConversationEvent =>
  server({ type: "ready", cloneName: "Ada", greeting: "", engines: [], resumed: true, audioReceived: 0, nextTurn: turns.length + 1, turns, ...more });

function run(...events: ConversationEvent[]): ConversationState {
  return events.reduce(reduce, initialState({ name: "Ada", greeting: "" }));
}

/** Number, question, answer and how it stands, of every turn on the page. */
function rows(state: ConversationState): unknown[][] {
  expect(new Set(state.turns.map((turn) => turn.key)).size).toBe(state.turns.length);
  return state.turns.map((turn) => [turn.turnId, turn.user, turn.clone, turn.reply]);
}

const ANEW: ConversationEvent = { kind: "anew" };

describe("when the server was restarted", () => {
  it("a typed question that was being answered waits for its answer again", () => {
    const state = run(typed("one", "m-1"), heard(1, "one"), end(1, "First."), typed("two", "m-2"), heard(2, "two"), text(2, "Sec"), ANEW, ready([item(1, { messageId: "m-1", user: "one", clone: "First." })]));
    expect(rows(state)).toEqual([[1, "one", "First.", "done"], [null, "two", null, "none"]]);
    expect(rows([heard(2, "two"), text(2, "Second.")].reduce(reduce, state)).at(-1)).toEqual([2, "two", "Second.", "coming"]);
  });

  it("a spoken question that was being answered is marked as lost, before what comes after it", () => {
    const state = run(heard(1, "one"), end(1, "First."), heard(2, "two"), text(2, "Sec"), ANEW, ready([item(1)]), heard(2, "three"), end(2, "Third."));
    expect(rows(state)).toEqual([[1, "one", "First.", "done"], [null, "two", "Sec", "lost"], [2, "three", "Third.", "done"]]);
  });

  it("what the server was not allowed to keep stays on the page", () => {
    const state = run(typed("one", "m-1"), heard(1, "one"), end(1, "First."), ANEW, ready([item(1, { messageId: "m-1" })]));
    expect(state.turns).toMatchObject([{ turnId: 1, user: "one", clone: "First.", reply: "done", metrics: { totalLatencyMs: 200 } }]);
  });

  it("an answer that the server forgot keeps its place, and its number goes to the next", () => {
    const state = run(heard(1, "one"), end(1, "First."), heard(2, "two"), end(2, "Second."), ANEW, ready([item(1)]), typed("three", "m-3"), heard(2, "three"));
    expect(rows(state)).toEqual([[1, "one", "First.", "done"], [null, "two", "Second.", "done"], [2, "three", null, "none"]]);
  });

  it("nothing speaks any more", () => {
    expect(run(server({ type: "status", state: "speaking" }), ANEW, ready([])).talk).toBe("idle");
  });
});

describe("a typed question without a number that the server has answered", () => {
  it.each([[[ANEW]], [[]]])("is shown once, as committed (%j)", (before: ConversationEvent[]) => {
    const state = run(typed("one", "m-1"), ...before, ready([item(1, { messageId: "m-1", user: "one", clone: "First." })]));
    expect(rows(state)).toEqual([[1, "one", "First.", "done"]]);
  });

  it("is shown once although the page has its turn already", () => {
    const state = run(typed("</s>", "m-1"), heard(1, "other"), end(1, "First."), ready([item(1, { messageId: "m-1", user: "other", clone: "First." })]));
    expect(rows(state)).toEqual([[1, "other", "First.", "done"]]);
  });
});

it("a question that the server tidied is still the one that was typed", () => {
  expect(rows(run(typed("how  are\tyou", "m-1"), heard(1, "how are you")))).toEqual([[1, "how are you", null, "none"]]);
});

it("a turn that is told again by a server that lives is not doubled", () => {
  const state = run(heard(1, "one"), text(1, "Fir"), ANEW, ready([], { audioReceived: 64_000 }), heard(1, "one"), text(1, "First."));
  expect(rows(state)).toEqual([[1, "one", "First.", "coming"]]);
});

it("another conversation begins with nothing but what waits to be sent", () => {
  const state = run(heard(1, "one"), end(1, "First."), typed("two", "m-2"), ANEW, ready([], { resumed: false }));
  expect(rows(state)).toEqual([[null, "two", null, "none"]]);
});

it("a line that lost nothing changes nothing", () => {
  const before = run(typed("one", "m-1"), heard(1, "one"), text(1, "Fir"));
  expect(reduce(before, ready([], { audioReceived: 0 })).turns).toEqual(before.turns);
});
