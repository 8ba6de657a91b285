"""What the server sends.

Every message carries `eventNumber`, growing by one within a session, so that a resumed socket neither loses nor
repeats one. When `start.audio` is "binary", reply sound comes as binary frames: a 20-byte little-endian header
(u8 kind = 1, u8 0, u16 0, u32 turnId, u32 sequenceNumber, u32 eventNumber, u32 timestamp in ms of the reply's audio)
followed by 16-bit mono PCM at the turn's `sampleRate`. Otherwise it comes as `response_audio`. The face's motion and
pictures travel likewise (`binary.py`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from selfsame.channels.wire.base import PROTOCOL_VERSION, Message

State = Literal["idle", "listening", "processing", "speaking", "interrupted", "error"]


class SourceItem(Message):
    """A passage an answer rests on."""

    id: str
    title: str
    heading: str = ""
    excerpt: str = ""
    score: float = 0.0
    locator: str = ""
    url: str | None = None


class TurnMetricsItem(Message):
    """TurnMetrics (WIRE-12) with the optional fields of G-17, in milliseconds."""

    total_latency_ms: float
    asr_latency_ms: float
    rag_latency_ms: float
    llm_latency_ms: float
    tts_latency_ms: float
    endpointing_ms: float = 0.0
    search_latency_ms: float | None = None
    lip_sync_latency_ms: float | None = None
    lip_sync_cost: float | None = None
    model: str | None = None
    speculated: bool = False


class TurnItem(Message):
    """A committed turn, for the transcript after a resume. Texts are absent where they are not kept."""

    turn_id: int
    message_id: str | None = None
    user: str | None = None
    clone: str | None = None
    interrupted: bool = False
    sources: tuple[SourceItem, ...] = ()


class EngineItem(Message):
    """Which engine serves a role, and what would be better."""

    role: Literal["vad", "asr", "llm", "tts", "embedding", "face"]
    name: str
    tier: Literal["embedded", "neural", "cloud", "fake"]
    languages: tuple[str, ...] = ()
    hint: str | None = None


class FaceItem(Message):
    """The clone's face. `url` gives its rig (JSON, "selfsame-face/1"); it changes with the face, so it may be kept.

    `channels` are the columns of a motion frame; the first `blendshapes` of them are weights times 127, the others
    degrees times 4, but for "breath", which is times 127. `fps` frames make a second of the reply's audio.
    """

    url: str
    channels: tuple[str, ...]
    blendshapes: int
    fps: int


class ServerMessage(Message):
    """Common to all that the server sends."""

    event_number: int = 0
    session_id: str | None = None


class Ready(ServerMessage):
    """The session is open. `audio_received` counts the microphone bytes taken so far, to go on from after a resume."""

    type: Literal["ready"] = "ready"
    protocol: int = PROTOCOL_VERSION
    resumed: bool = False
    clone_name: str
    greeting: str = ""
    language: str = "auto"
    mode: str = "planning"
    keep_transcripts: bool = False
    next_turn: int = 1
    audio_received: int = 0
    turns: tuple[TurnItem, ...] = ()
    engines: tuple[EngineItem, ...] = ()
    face: FaceItem | None = None


class Status(ServerMessage):
    """The conversation's state. `notice` is a sentence for the user (a fallback, a delay, a changed setting)."""

    type: Literal["status"] = "status"
    state: State
    notice: str | None = None
    language: str | None = None
    mode: str | None = None
    keep_transcripts: bool | None = None


class Transcript(ServerMessage):
    """What the user is heard to say."""

    type: Literal["transcript"] = "transcript"
    transcript: str
    is_final: bool
    confidence: float
    turn_id: int | None = None


class ResponseStart(ServerMessage):
    """A reply begins."""

    type: Literal["response_start"] = "response_start"
    turn_id: int
    sample_rate: int


class ResponseText(ServerMessage):
    """The next piece of the reply's text, in step with its sound."""

    type: Literal["response_text"] = "response_text"
    turn_id: int
    text: str


class ResponseSources(ServerMessage):
    """What the reply rests on."""

    type: Literal["response_sources"] = "response_sources"
    turn_id: int
    sources: tuple[SourceItem, ...]


class Mark(Message):
    """A word or phoneme and when it sounds, in ms of the reply's audio."""

    text: str
    start: float
    end: float


class ResponseMarks(ServerMessage):
    """Exact times of the words and phonemes of one audio message; sent before it."""

    type: Literal["response_marks"] = "response_marks"
    turn_id: int
    sequence_number: int
    words: tuple[Mark, ...] = ()
    phonemes: tuple[Mark, ...] = ()


class ResponseAudio(ServerMessage):
    """Reply sound as base64 of 16-bit mono PCM. `timestamp` is ms of the reply's audio at its first sample."""

    type: Literal["response_audio"] = "response_audio"
    turn_id: int
    audio_data: str
    sequence_number: int
    timestamp: float


class ResponseMotion(ServerMessage):
    """Motion of the face, for clients that draw it: base64 of signed bytes, one row of `face.channels` per frame.

    Frame k is shown when k / `face.fps` seconds of the reply's audio have been played. A later message may send frames
    again; the later ones count.
    """

    type: Literal["response_motion"] = "response_motion"
    turn_id: int
    sequence_number: int
    first_frame: int
    frame_data: str


class ResponseVideo(ServerMessage):
    """A picture of the face (WIRE-10): base64 of a JPEG file or of an H.264 access unit (Annex B).

    `timestamp` is ms of the reply's audio at which it is shown. `turn_id` 0 is the idle face between replies.
    """

    type: Literal["response_video"] = "response_video"
    turn_id: int
    frame_data: str
    sequence_number: int
    timestamp: float
    format: Literal["jpeg", "h264"]
    width: int
    height: int
    keyframe: bool = True


class Playback(ServerMessage):
    """Commands the client's play-out: pause at once, resume, or stop and forget what is queued."""

    type: Literal["playback"] = "playback"
    turn_id: int
    action: Literal["pause", "resume", "stop"]


class ResponseEnd(ServerMessage):
    """The turn is over and committed. `text` is what was heard."""

    type: Literal["response_end"] = "response_end"
    turn_id: int
    text: str
    interrupted: bool = False
    metrics: TurnMetricsItem


class Metrics(ServerMessage):
    """Live measures of the session (WIRE-14)."""

    type: Literal["metrics"] = "metrics"
    uptime_seconds: float
    turns: int
    last_latency_ms: float | None = None
    average_latency_ms: float | None = None
    model: str | None = None
    audio_dropped: int = 0


class Error(ServerMessage):
    """Something failed. `recoverable` tells whether the session goes on."""

    type: Literal["error"] = "error"
    error_code: str
    error_message: str
    recoverable: bool


class Pong(ServerMessage):
    """Answers `ping`."""

    type: Literal["pong"] = "pong"
    timestamp: float


AnyServerMessage = Annotated[
    Ready
    | Status
    | Transcript
    | ResponseStart
    | ResponseText
    | ResponseSources
    | ResponseMarks
    | ResponseAudio
    | ResponseMotion
    | ResponseVideo
    | Playback
    | ResponseEnd
    | Metrics
    | Error
    | Pong,
    Field(discriminator="type"),
]
SERVER = TypeAdapter(AnyServerMessage)
