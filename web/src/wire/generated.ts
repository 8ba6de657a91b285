// Generated from wire/schema.json by `npm run wire`. Do not edit.
/* eslint-disable */

export type ClientMessage =
  | StartMessage
  | AudioChunkMessage
  | InterruptionMessage
  | EndUtteranceMessage
  | UpdateContextMessage
  | TextInputMessage
  | SetModeMessage
  | SetLanguageMessage
  | SetHearingMessage
  | SetConsentMessage
  | SetVideoMessage
  | PlayedMessage
  | PingMessage;
export type ServerMessage =
  | ReadyMessage
  | StatusMessage
  | TranscriptMessage
  | ResponseStartMessage
  | ResponseTextMessage
  | ResponseSourcesMessage
  | ResponseMarksMessage
  | ResponseAudioMessage
  | ResponseMotionMessage
  | ResponseVideoMessage
  | PlaybackMessage
  | ResponseEndMessage
  | MetricsMessage
  | ErrorMessage
  | PongMessage;

export interface Wire {
  client: ClientMessage;
  server: ServerMessage;
}
/**
 * First message on every socket: opens a session, or resumes `session_id`.
 *
 * On resume `last_event` is the highest `eventNumber` that arrived; later ones are sent again. `video` says how the
 * face is wanted: "motion" for a client that draws it (`response_motion`), or pictures (`response_video`).
 */
export interface StartMessage {
  audio?: "binary" | "base64";
  clone?: string | null;
  language?: "auto" | "EN" | "ZH" | "ES";
  lastEvent?: number;
  mode?: "faster" | "planning" | "detailed";
  protocol?: number;
  sensitivity?: number;
  sessionId?: string | null;
  talkMode?: "hands_free" | "push_to_talk";
  type: "start";
  video?: "none" | "motion" | "jpeg" | "h264";
  videoQuality?: "low" | "medium" | "high" | "auto";
}
/**
 * Microphone sound as base64 of 16-bit 16 kHz mono PCM. Sequence numbers grow; one seen before is ignored.
 */
export interface AudioChunkMessage {
  audioData: string;
  sequenceNumber: number;
  sessionId?: string | null;
  timestamp?: number;
  type: "audio_chunk";
}
/**
 * The user stops the clone by hand.
 */
export interface InterruptionMessage {
  sessionId?: string | null;
  timestamp?: number;
  type: "interruption";
}
/**
 * The utterance is over (button released, or the client's own detector).
 */
export interface EndUtteranceMessage {
  sessionId?: string | null;
  timestamp?: number;
  type: "end_utterance";
}
/**
 * Replaces the system prompt's context in mid-conversation, after sanitising (CONV-22).
 */
export interface UpdateContextMessage {
  text: string;
  type: "update_context";
}
/**
 * Typed text. `message_id` makes sending it again after a reconnect harmless.
 */
export interface TextInputMessage {
  messageId: string;
  sessionId?: string | null;
  text: string;
  type: "text_input";
}
/**
 * Chooses the response mode.
 */
export interface SetModeMessage {
  mode: "faster" | "planning" | "detailed";
  type: "set_mode";
}
/**
 * Chooses the conversation's language, or automatic.
 */
export interface SetLanguageMessage {
  language: "auto" | "EN" | "ZH" | "ES";
  type: "set_language";
}
/**
 * Chooses hands-free or push-to-talk and how readily speech counts as such (0..1).
 */
export interface SetHearingMessage {
  sensitivity?: number | null;
  talkMode?: ("hands_free" | "push_to_talk") | null;
  type: "set_hearing";
}
/**
 * Grants or revokes the keeping of this conversation's transcript (PRIV-02, PRIV-03).
 */
export interface SetConsentMessage {
  granted: boolean;
  subject?: "transcripts";
  type: "set_consent";
}
/**
 * Chooses how the face is wanted from the next reply on (LIP-16).
 */
export interface SetVideoMessage {
  type: "set_video";
  video?: ("none" | "motion" | "jpeg" | "h264") | null;
  videoQuality?: ("low" | "medium" | "high" | "auto") | null;
}
/**
 * How much of a reply's audio was really heard: milliseconds at the play-out position.
 */
export interface PlayedMessage {
  done?: boolean;
  ms: number;
  turnId: number;
  type: "played";
}
/**
 * Asks for a `pong` with the same timestamp.
 */
export interface PingMessage {
  timestamp?: number;
  type: "ping";
}
/**
 * The session is open. `audio_received` counts the microphone bytes taken so far, to go on from after a resume.
 */
export interface ReadyMessage {
  audioReceived: number;
  cloneName: string;
  engines: EngineItem[];
  eventNumber: number;
  face?: FaceItem | null;
  greeting: string;
  keepTranscripts: boolean;
  language: string;
  mode: string;
  nextTurn: number;
  protocol: number;
  resumed: boolean;
  sessionId?: string | null;
  turns: TurnItem[];
  type: "ready";
}
/**
 * Which engine serves a role, and what would be better.
 */
export interface EngineItem {
  hint?: string | null;
  languages: string[];
  name: string;
  role: "vad" | "asr" | "llm" | "tts" | "embedding" | "face";
  tier: "embedded" | "neural" | "cloud" | "fake";
}
/**
 * The clone's face. `url` gives its rig (JSON, "selfsame-face/1"); it changes with the face, so it may be kept.
 *
 * `channels` are the columns of a motion frame; the first `blendshapes` of them are weights times 127, the others
 * degrees times 4, but for "breath", which is times 127. `fps` frames make a second of the reply's audio.
 */
export interface FaceItem {
  blendshapes: number;
  channels: string[];
  fps: number;
  url: string;
}
/**
 * A committed turn, for the transcript after a resume. Texts are absent where they are not kept.
 */
export interface TurnItem {
  clone?: string | null;
  interrupted: boolean;
  messageId?: string | null;
  sources: SourceItem[];
  turnId: number;
  user?: string | null;
}
/**
 * A passage an answer rests on.
 */
export interface SourceItem {
  excerpt: string;
  heading: string;
  id: string;
  locator: string;
  score: number;
  title: string;
  url?: string | null;
}
/**
 * The conversation's state. `notice` is a sentence for the user (a fallback, a delay, a changed setting).
 */
export interface StatusMessage {
  eventNumber: number;
  keepTranscripts?: boolean | null;
  language?: string | null;
  mode?: string | null;
  notice?: string | null;
  sessionId?: string | null;
  state: "idle" | "listening" | "processing" | "speaking" | "interrupted" | "error";
  type: "status";
}
/**
 * What the user is heard to say.
 */
export interface TranscriptMessage {
  confidence: number;
  eventNumber: number;
  isFinal: boolean;
  sessionId?: string | null;
  transcript: string;
  turnId?: number | null;
  type: "transcript";
}
/**
 * A reply begins.
 */
export interface ResponseStartMessage {
  eventNumber: number;
  sampleRate: number;
  sessionId?: string | null;
  turnId: number;
  type: "response_start";
}
/**
 * The next piece of the reply's text, in step with its sound.
 */
export interface ResponseTextMessage {
  eventNumber: number;
  sessionId?: string | null;
  text: string;
  turnId: number;
  type: "response_text";
}
/**
 * What the reply rests on.
 */
export interface ResponseSourcesMessage {
  eventNumber: number;
  sessionId?: string | null;
  sources: SourceItem[];
  turnId: number;
  type: "response_sources";
}
/**
 * Exact times of the words and phonemes of one audio message; sent before it.
 */
export interface ResponseMarksMessage {
  eventNumber: number;
  phonemes: Mark[];
  sequenceNumber: number;
  sessionId?: string | null;
  turnId: number;
  type: "response_marks";
  words: Mark[];
}
/**
 * A word or phoneme and when it sounds, in ms of the reply's audio.
 */
export interface Mark {
  end: number;
  start: number;
  text: string;
}
/**
 * Reply sound as base64 of 16-bit mono PCM. `timestamp` is ms of the reply's audio at its first sample.
 */
export interface ResponseAudioMessage {
  audioData: string;
  eventNumber: number;
  sequenceNumber: number;
  sessionId?: string | null;
  timestamp: number;
  turnId: number;
  type: "response_audio";
}
/**
 * Motion of the face, for clients that draw it: base64 of signed bytes, one row of `face.channels` per frame.
 *
 * Frame k is shown when k / `face.fps` seconds of the reply's audio have been played. A later message may send frames
 * again; the later ones count.
 */
export interface ResponseMotionMessage {
  eventNumber: number;
  firstFrame: number;
  frameData: string;
  sequenceNumber: number;
  sessionId?: string | null;
  turnId: number;
  type: "response_motion";
}
/**
 * A picture of the face (WIRE-10): base64 of a JPEG file or of an H.264 access unit (Annex B).
 *
 * `timestamp` is ms of the reply's audio at which it is shown. `turn_id` 0 is the idle face between replies.
 */
export interface ResponseVideoMessage {
  eventNumber: number;
  format: "jpeg" | "h264";
  frameData: string;
  height: number;
  keyframe: boolean;
  sequenceNumber: number;
  sessionId?: string | null;
  timestamp: number;
  turnId: number;
  type: "response_video";
  width: number;
}
/**
 * Commands the client's play-out: pause at once, resume, or stop and forget what is queued.
 */
export interface PlaybackMessage {
  action: "pause" | "resume" | "stop";
  eventNumber: number;
  sessionId?: string | null;
  turnId: number;
  type: "playback";
}
/**
 * The turn is over and committed. `text` is what was heard.
 */
export interface ResponseEndMessage {
  eventNumber: number;
  interrupted: boolean;
  metrics: TurnMetricsItem;
  sessionId?: string | null;
  text: string;
  turnId: number;
  type: "response_end";
}
/**
 * TurnMetrics (WIRE-12) with the optional fields of G-17, in milliseconds.
 */
export interface TurnMetricsItem {
  asrLatencyMs: number;
  endpointingMs: number;
  lipSyncCost?: number | null;
  lipSyncLatencyMs?: number | null;
  llmLatencyMs: number;
  model?: string | null;
  ragLatencyMs: number;
  searchLatencyMs?: number | null;
  speculated: boolean;
  totalLatencyMs: number;
  ttsLatencyMs: number;
}
/**
 * Live measures of the session (WIRE-14).
 */
export interface MetricsMessage {
  audioDropped: number;
  averageLatencyMs?: number | null;
  eventNumber: number;
  lastLatencyMs?: number | null;
  model?: string | null;
  sessionId?: string | null;
  turns: number;
  type: "metrics";
  uptimeSeconds: number;
}
/**
 * Something failed. `recoverable` tells whether the session goes on.
 */
export interface ErrorMessage {
  errorCode: string;
  errorMessage: string;
  eventNumber: number;
  recoverable: boolean;
  sessionId?: string | null;
  type: "error";
}
/**
 * Answers `ping`.
 */
export interface PongMessage {
  eventNumber: number;
  sessionId?: string | null;
  timestamp: number;
  type: "pong";
}

export const PROTOCOL = 1;

export interface Field {
  kind: "string" | "number" | "boolean" | "array" | "object";
  needed: boolean;
  fallback?: unknown;
}

/** The fields of each server message: what kind, whether it must be there, and what stands in when it is not. */
export const SERVER_FIELDS: Record<ServerMessage["type"], Record<string, Field>> = {
  "error": {
    "errorCode": {
      "kind": "string",
      "needed": true
    },
    "errorMessage": {
      "kind": "string",
      "needed": true
    },
    "eventNumber": {
      "kind": "number",
      "needed": false,
      "fallback": 0
    },
    "recoverable": {
      "kind": "boolean",
      "needed": true
    },
    "sessionId": {
      "kind": "string",
      "needed": false
    }
  },
  "metrics": {
    "audioDropped": {
      "kind": "number",
      "needed": false,
      "fallback": 0
    },
    "averageLatencyMs": {
      "kind": "number",
      "needed": false
    },
    "eventNumber": {
      "kind": "number",
      "needed": false,
      "fallback": 0
    },
    "lastLatencyMs": {
      "kind": "number",
      "needed": false
    },
    "model": {
      "kind": "string",
      "needed": false
    },
    "sessionId": {
      "kind": "string",
      "needed": false
    },
    "turns": {
      "kind": "number",
      "needed": true
    },
    "uptimeSeconds": {
      "kind": "number",
      "needed": true
    }
  },
  "playback": {
    "action": {
      "kind": "string",
      "needed": true
    },
    "eventNumber": {
      "kind": "number",
      "needed": false,
      "fallback": 0
    },
    "sessionId": {
      "kind": "string",
      "needed": false
    },
    "turnId": {
      "kind": "number",
      "needed": true
    }
  },
  "pong": {
    "eventNumber": {
      "kind": "number",
      "needed": false,
      "fallback": 0
    },
    "sessionId": {
      "kind": "string",
      "needed": false
    },
    "timestamp": {
      "kind": "number",
      "needed": true
    }
  },
  "ready": {
    "audioReceived": {
      "kind": "number",
      "needed": false,
      "fallback": 0
    },
    "cloneName": {
      "kind": "string",
      "needed": true
    },
    "engines": {
      "kind": "array",
      "needed": false,
      "fallback": []
    },
    "eventNumber": {
      "kind": "number",
      "needed": false,
      "fallback": 0
    },
    "face": {
      "kind": "object",
      "needed": false
    },
    "greeting": {
      "kind": "string",
      "needed": false,
      "fallback": ""
    },
    "keepTranscripts": {
      "kind": "boolean",
      "needed": false,
      "fallback": false
    },
    "language": {
      "kind": "string",
      "needed": false,
      "fallback": "auto"
    },
    "mode": {
      "kind": "string",
      "needed": false,
      "fallback": "planning"
    },
    "nextTurn": {
      "kind": "number",
      "needed": false,
      "fallback": 1
    },
    "protocol": {
      "kind": "number",
      "needed": false,
      "fallback": 1
    },
    "resumed": {
      "kind": "boolean",
      "needed": false,
      "fallback": false
    },
    "sessionId": {
      "kind": "string",
      "needed": false
    },
    "turns": {
      "kind": "array",
      "needed": false,
      "fallback": []
    }
  },
  "response_audio": {
    "audioData": {
      "kind": "string",
      "needed": true
    },
    "eventNumber": {
      "kind": "number",
      "needed": false,
      "fallback": 0
    },
    "sequenceNumber": {
      "kind": "number",
      "needed": true
    },
    "sessionId": {
      "kind": "string",
      "needed": false
    },
    "timestamp": {
      "kind": "number",
      "needed": true
    },
    "turnId": {
      "kind": "number",
      "needed": true
    }
  },
  "response_end": {
    "eventNumber": {
      "kind": "number",
      "needed": false,
      "fallback": 0
    },
    "interrupted": {
      "kind": "boolean",
      "needed": false,
      "fallback": false
    },
    "metrics": {
      "kind": "object",
      "needed": true
    },
    "sessionId": {
      "kind": "string",
      "needed": false
    },
    "text": {
      "kind": "string",
      "needed": true
    },
    "turnId": {
      "kind": "number",
      "needed": true
    }
  },
  "response_marks": {
    "eventNumber": {
      "kind": "number",
      "needed": false,
      "fallback": 0
    },
    "phonemes": {
      "kind": "array",
      "needed": false,
      "fallback": []
    },
    "sequenceNumber": {
      "kind": "number",
      "needed": true
    },
    "sessionId": {
      "kind": "string",
      "needed": false
    },
    "turnId": {
      "kind": "number",
      "needed": true
    },
    "words": {
      "kind": "array",
      "needed": false,
      "fallback": []
    }
  },
  "response_motion": {
    "eventNumber": {
      "kind": "number",
      "needed": false,
      "fallback": 0
    },
    "firstFrame": {
      "kind": "number",
      "needed": true
    },
    "frameData": {
      "kind": "string",
      "needed": true
    },
    "sequenceNumber": {
      "kind": "number",
      "needed": true
    },
    "sessionId": {
      "kind": "string",
      "needed": false
    },
    "turnId": {
      "kind": "number",
      "needed": true
    }
  },
  "response_sources": {
    "eventNumber": {
      "kind": "number",
      "needed": false,
      "fallback": 0
    },
    "sessionId": {
      "kind": "string",
      "needed": false
    },
    "sources": {
      "kind": "array",
      "needed": true
    },
    "turnId": {
      "kind": "number",
      "needed": true
    }
  },
  "response_start": {
    "eventNumber": {
      "kind": "number",
      "needed": false,
      "fallback": 0
    },
    "sampleRate": {
      "kind": "number",
      "needed": true
    },
    "sessionId": {
      "kind": "string",
      "needed": false
    },
    "turnId": {
      "kind": "number",
      "needed": true
    }
  },
  "response_text": {
    "eventNumber": {
      "kind": "number",
      "needed": false,
      "fallback": 0
    },
    "sessionId": {
      "kind": "string",
      "needed": false
    },
    "text": {
      "kind": "string",
      "needed": true
    },
    "turnId": {
      "kind": "number",
      "needed": true
    }
  },
  "response_video": {
    "eventNumber": {
      "kind": "number",
      "needed": false,
      "fallback": 0
    },
    "format": {
      "kind": "string",
      "needed": true
    },
    "frameData": {
      "kind": "string",
      "needed": true
    },
    "height": {
      "kind": "number",
      "needed": true
    },
    "keyframe": {
      "kind": "boolean",
      "needed": false,
      "fallback": true
    },
    "sequenceNumber": {
      "kind": "number",
      "needed": true
    },
    "sessionId": {
      "kind": "string",
      "needed": false
    },
    "timestamp": {
      "kind": "number",
      "needed": true
    },
    "turnId": {
      "kind": "number",
      "needed": true
    },
    "width": {
      "kind": "number",
      "needed": true
    }
  },
  "status": {
    "eventNumber": {
      "kind": "number",
      "needed": false,
      "fallback": 0
    },
    "keepTranscripts": {
      "kind": "boolean",
      "needed": false
    },
    "language": {
      "kind": "string",
      "needed": false
    },
    "mode": {
      "kind": "string",
      "needed": false
    },
    "notice": {
      "kind": "string",
      "needed": false
    },
    "sessionId": {
      "kind": "string",
      "needed": false
    },
    "state": {
      "kind": "string",
      "needed": true
    }
  },
  "transcript": {
    "confidence": {
      "kind": "number",
      "needed": true
    },
    "eventNumber": {
      "kind": "number",
      "needed": false,
      "fallback": 0
    },
    "isFinal": {
      "kind": "boolean",
      "needed": true
    },
    "sessionId": {
      "kind": "string",
      "needed": false
    },
    "transcript": {
      "kind": "string",
      "needed": true
    },
    "turnId": {
      "kind": "number",
      "needed": false
    }
  }
};
