/** What the talk screen shows next. Pure: no clock, no sound, no socket. */
import type {
  ReadyMessage,
  ResponseEndMessage,
  ServerMessage,
  StatusMessage,
  TranscriptMessage,
} from "@/wire/generated";
import { sameWords } from "@/wire/same-words";
import { byTurn, compareTurns, emptyTurn } from "./compare-turns";
import {
  initialState,
  type ConversationEvent,
  type ConversationState,
  type Language,
  type Mode,
  type Settings,
  type Turn,
} from "./state";

/** What is shown stays bounded, however long one talks. */
const MAX_TURNS = 200;
const MODES: readonly string[] = ["faster", "planning", "detailed"];
const LANGUAGES: readonly string[] = ["auto", "EN", "ES", "ZH"];

export function reduce(state: ConversationState, event: ConversationEvent): ConversationState {
  switch (event.kind) {
    case "server":
      return onServer(state, event.message, event.at ?? null);
    case "link":
      return { ...state, link: event.status, roundTripMs: event.status.phase === "open" ? state.roundTripMs : null };
    case "round-trip":
      return { ...state, roundTripMs: event.ms };
    case "typed":
      return withTurn({ ...state, error: null }, typedTurn(event.text, event.messageId, event.at ?? null));
    case "settings":
      return { ...state, settings: { ...state.settings, ...event.change } };
    case "microphone":
      return { ...state, microphone: event.microphone };
    case "listening":
      return { ...state, listening: event.on };
    case "voice":
      return { ...state, userSpeaks: event.speaking };
    case "face":
      return { ...state, face: event.look };
    case "trouble":
      return { ...state, error: { code: event.code, message: event.message } };
    case "dismiss":
      return { ...state, error: null, notice: null };
    case "anew":
      return { ...state, stale: true };
    case "start-over":
      return { ...initialState({ name: state.cloneName, greeting: state.greeting }, state.settings), link: state.link, face: state.face };
    default:
      return unreachable(event);
  }
}

function onServer(state: ConversationState, message: ServerMessage, at: number | null): ConversationState {
  switch (message.type) {
    case "ready":
      return onReady(state, message);
    case "status":
      return onStatus(state, message);
    case "transcript":
      return onTranscript(state, message, at);
    case "response_start":
      return changeTurn(bindTyped({ ...state, notice: null }, message.turnId), message.turnId, () => ({ reply: "coming", answeredAt: at }));
    case "response_text":
      return changeTurn(state, message.turnId, (turn) => ({ clone: joined(turn.clone, message.text), reply: "coming" }));
    case "response_sources":
      return changeTurn(state, message.turnId, () => ({ sources: message.sources }));
    case "response_end":
      return changeTurn(state, message.turnId, (turn) => ended(turn, message, at));
    case "metrics":
      return { ...state, metrics: message };
    case "error":
      return { ...state, error: { code: message.errorCode, message: message.errorMessage } };
    case "response_audio":
    case "response_marks":
    case "response_motion":
    case "response_video":
    case "playback":
    case "pong":
      return state;
    default:
      return unreachable(message);
  }
}

function onReady(state: ConversationState, message: ReadyMessage): ConversationState {
  return {
    ...state,
    met: true,
    cloneName: message.cloneName,
    greeting: message.greeting || state.greeting,
    turns: compareTurns(state, message).sort(byTurn).slice(-MAX_TURNS),
    stale: false,
    engines: message.engines,
    settings: { ...state.settings, ...readSettings(message) },
    talk: state.stale ? "idle" : state.talk,
    error: null,
  };
}

function onStatus(state: ConversationState, message: StatusMessage): ConversationState {
  return {
    ...state,
    talk: message.state,
    notice: message.notice ?? (message.state === state.talk ? state.notice : null),
    settings: { ...state.settings, ...readSettings(message) },
    turns: message.state === "idle" ? state.turns.filter((turn) => turn.userIsFinal) : state.turns,
  };
}

function readSettings(message: ReadyMessage | StatusMessage): Partial<Settings> {
  const change: Partial<Settings> = {};
  if (message.mode != null && MODES.includes(message.mode)) change.mode = message.mode as Mode;
  if (message.language != null && LANGUAGES.includes(message.language)) change.language = message.language as Language;
  if (message.keepTranscripts != null) change.keepTranscripts = message.keepTranscripts;
  return change;
}

function onTranscript(state: ConversationState, message: TranscriptMessage, at: number | null): ConversationState {
  if (message.transcript === "" && !message.isFinal) return state;
  const turnId = message.turnId ?? null;
  const cleared = { ...state, error: null };
  const bound = message.isFinal && turnId !== null ? bindTyped(cleared, turnId, message.transcript) : cleared;
  const change = { user: message.transcript, userIsFinal: message.isFinal };
  const begun = state.turns.find((turn) => !turn.userIsFinal)?.askedAt ?? at;
  return changeTurn(bound, turnId, (turn) => ({ ...change, askedAt: turn.askedAt ?? begun }));
}

/** The first typed question that has no number yet (with that text, where it is known) gets one, unless it is taken. */
function bindTyped(state: ConversationState, turnId: number, text?: string): ConversationState {
  if (state.turns.some((turn) => turn.turnId === turnId)) return state;
  const waits = (turn: Turn): boolean => turn.turnId === null && turn.messageId !== null && turn.reply === "none";
  const index = state.turns.findIndex((turn) => waits(turn) && (text === undefined || sameWords(turn.user ?? "", text)));
  return index < 0 ? state : replaceTurn(state, index, { turnId });
}

function ended(turn: Turn, message: ResponseEndMessage, at: number | null): Partial<Turn> {
  return {
    clone: message.interrupted ? message.text : message.text || turn.clone,
    reply: message.interrupted ? "interrupted" : "done",
    metrics: message.metrics,
    userIsFinal: true,
    endedAt: at,
  };
}

/** Changes the turn of that number, or the unfinished one where there is no number; makes it if there is none. */
function changeTurn(
  state: ConversationState,
  turnId: number | null,
  change: (turn: Turn) => Partial<Turn>,
): ConversationState {
  const index = state.turns.findLastIndex((turn) => (turnId === null ? !turn.userIsFinal : turn.turnId === turnId));
  const found = state.turns[index];
  if (found !== undefined) return replaceTurn(state, index, change(found));
  const fresh = emptyTurn(turnId);
  return withTurn(state, { ...fresh, ...change(fresh) });
}

function replaceTurn(state: ConversationState, index: number, change: Partial<Turn>): ConversationState {
  return { ...state, turns: state.turns.map((turn, i) => (i === index ? { ...turn, ...change } : turn)) };
}

function withTurn(state: ConversationState, turn: Turn): ConversationState {
  return { ...state, turns: [...state.turns, turn].sort(byTurn).slice(-MAX_TURNS) };
}

function typedTurn(text: string, messageId: string, askedAt: number | null): Turn {
  return { ...emptyTurn(null), key: messageId, messageId, user: text, userIsFinal: true, askedAt };
}

/** Pieces of text come with or without the space between them. */
function joined(text: string | null, piece: string): string {
  if (text === null || text === "") return piece;
  const glued = /\s$/.test(text) || /^[\s.,;:!?)]/.test(piece) || /[\u3000-\u9fff\uff00-\uffef]$/.test(text);
  return glued ? text + piece : `${text} ${piece}`;
}

function unreachable(value: never): never {
  throw new Error(`no case for ${JSON.stringify(value)}`);
}
