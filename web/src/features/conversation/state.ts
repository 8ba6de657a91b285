/** All that the talk screen shows, and what can change it. */
import type { FaceLook } from "@/media/face/face";
import type { LinkStatus } from "@/media/line";
import type { MicrophoneProblem } from "@/media/microphone";
import type { EngineItem, MetricsMessage, ServerMessage, SourceItem, StatusMessage, TurnMetricsItem } from "@/wire/generated";

export type TalkState = StatusMessage["state"];
export type Mode = "faster" | "planning" | "detailed";
export type Language = "auto" | "EN" | "ES" | "ZH";
export type TalkMode = "hands_free" | "push_to_talk";
export type Microphone = "off" | "opening" | "on" | { problem: MicrophoneProblem };

/** A question and its answer. Typed questions are shown at once, before the server has numbered them. */
export interface Turn {
  key: string;
  turnId: number | null;
  messageId: string | null;
  /** Where it stands between numbered turns, when it has lost its own number. */
  place: number | null;
  /** Null where the text was not kept. */
  user: string | null;
  userIsFinal: boolean;
  clone: string | null;
  /** `lost`: the server was restarted before the answer was over. */
  reply: "none" | "coming" | "done" | "interrupted" | "lost";
  sources: SourceItem[];
  metrics: TurnMetricsItem | null;
  /** When it was asked, and when its answer began and ended, in ms of the epoch; null where this page was not there. */
  askedAt: number | null;
  answeredAt: number | null;
  endedAt: number | null;
}

export interface Settings {
  mode: Mode;
  language: Language;
  talkMode: TalkMode;
  keepTranscripts: boolean;
  /** How readily speech counts as such and stops the clone, 0..1. */
  sensitivity: number;
  /** The words are shown under the face as they are spoken. */
  captions: boolean;
}

export interface ConversationState {
  link: LinkStatus;
  /** False until the first `ready`. */
  met: boolean;
  talk: TalkState;
  cloneName: string;
  /** How much of the clone's face this page can show. */
  face: FaceLook;
  greeting: string;
  turns: Turn[];
  /** The turns are to be compared with those of the `ready` that comes next. */
  stale: boolean;
  settings: Settings;
  microphone: Microphone;
  /** The talk button is held, or hands-free listening is on. */
  listening: boolean;
  /** The page itself hears the user speak (AUD-09). */
  userSpeaks: boolean;
  engines: EngineItem[];
  metrics: MetricsMessage | null;
  roundTripMs: number | null;
  notice: string | null;
  error: { code: string; message: string } | null;
}

export type ConversationEvent =
  /** `at`, here and below: now, in ms of the epoch. */
  | { kind: "server"; message: ServerMessage; at?: number }
  | { kind: "link"; status: LinkStatus }
  | { kind: "round-trip"; ms: number }
  | { kind: "typed"; text: string; messageId: string; at?: number }
  | { kind: "settings"; change: Partial<Settings> }
  | { kind: "microphone"; microphone: Microphone }
  | { kind: "listening"; on: boolean }
  | { kind: "voice"; speaking: boolean }
  | { kind: "face"; look: FaceLook }
  | { kind: "trouble"; code: string; message: string }
  | { kind: "dismiss" }
  /** The numbered turns are not to be trusted any more; `ready` follows and has them. */
  | { kind: "anew" }
  | { kind: "start-over" };

export const DEFAULT_SETTINGS: Settings = {
  mode: "planning",
  language: "auto",
  talkMode: "push_to_talk",
  keepTranscripts: false,
  sensitivity: 0.5,
  captions: true,
};

export function initialState(clone: { name: string; greeting: string }, settings = DEFAULT_SETTINGS): ConversationState {
  return {
    link: { phase: "off" },
    met: false,
    talk: "idle",
    cloneName: clone.name,
    face: "none",
    greeting: clone.greeting,
    turns: [],
    stale: false,
    settings,
    microphone: "off",
    listening: false,
    userSpeaks: false,
    engines: [],
    metrics: null,
    roundTripMs: null,
    notice: null,
    error: null,
  };
}
