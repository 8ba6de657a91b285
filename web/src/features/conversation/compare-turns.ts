/** What the page shows against what the server has, whenever a line opens: nothing is doubled and nothing vanishes. Pure. */
import type { ReadyMessage, TurnItem } from "@/wire/generated";
import type { ConversationState, Turn } from "./state";

type Shown = Pick<ConversationState, "turns" | "stale">;

/** The turns to show after `ready`: the server's, each once, and of ours those it will yet answer or that it has lost. */
export function compareTurns(state: Shown, message: ReadyMessage): Turn[] {
  const ours = message.resumed || !state.stale ? state.turns : state.turns.filter((turn) => turn.messageId !== null && isOpen(turn));
  const pairs = message.turns.map((item) => ({ item, turn: ours.find((turn) => isTurnOf(turn, item)) }));
  const rest = ours.filter((turn) => !message.turns.some((item) => isTurnOf(turn, item)));
  const committed = pairs.map(({ item, turn }) => storedTurn(item, turn));
  return [...committed, ...(state.stale ? rest.flatMap((turn) => settled(turn, message)) : rest)];
}

export function byTurn(a: Turn, b: Turn): number {
  return placeOf(a) - placeOf(b);
}

export function emptyTurn(turnId: number | null): Turn {
  return {
    key: turnId === null ? "speaking" : `turn-${turnId}`,
    turnId,
    messageId: null,
    place: null,
    user: null,
    userIsFinal: turnId !== null,
    clone: null,
    reply: "none",
    sources: [],
    metrics: null,
    askedAt: null,
    answeredAt: null,
    endedAt: null,
  };
}

function placeOf(turn: Turn): number {
  return turn.turnId ?? turn.place ?? Number.MAX_SAFE_INTEGER;
}

function isOpen(turn: Turn): boolean {
  return turn.reply === "none" || turn.reply === "coming";
}

/** A message's id tells for sure; a number does where only one of both has an id. */
function isTurnOf(turn: Turn, item: TurnItem): boolean {
  if (turn.messageId !== null && item.messageId != null) return turn.messageId === item.messageId;
  return turn.turnId === item.turnId;
}

/** A committed turn. What the server was not allowed to keep, the page still knows. */
function storedTurn(item: TurnItem, shown: Turn | undefined): Turn {
  const turn = shown ?? emptyTurn(item.turnId);
  return {
    ...turn,
    turnId: item.turnId,
    messageId: item.messageId ?? turn.messageId,
    place: null,
    user: item.user ?? turn.user,
    userIsFinal: true,
    clone: item.clone ?? turn.clone,
    reply: item.interrupted ? "interrupted" : "done",
    sources: item.sources.length > 0 ? item.sources : turn.sources,
  };
}

/**
 * One of our turns that the server did not name, after something was lost. Typed questions are sent again and so wait
 * for a number. A spoken one is told again by a server that still has its sound, and lost with one that was restarted.
 */
function settled(turn: Turn, message: ReadyMessage): Turn[] {
  if (isOpen(turn)) {
    if (turn.messageId !== null) return [{ ...turn, turnId: null, clone: null, reply: "none", sources: [] }];
    const restarted = message.resumed && message.audioReceived === 0;
    return restarted && turn.userIsFinal ? [{ ...unnumbered(turn, message), reply: "lost" }] : [];
  }
  const taken = turn.turnId !== null && turn.turnId >= message.nextTurn;
  return [taken ? unnumbered(turn, message) : turn];
}

/** The number will be given to another turn. */
function unnumbered(turn: Turn, { nextTurn }: ReadyMessage): Turn {
  const place = nextTurn - 1 / (2 + (turn.turnId ?? 0));
  return { ...turn, key: `${turn.key}-before-${nextTurn}`, turnId: null, place };
}
