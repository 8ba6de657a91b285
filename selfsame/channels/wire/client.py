"""What a client sends. Binary frames, when `start.audio` is "binary", are raw 16-bit 16 kHz mono PCM (WIRE-02)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from selfsame.channels.wire.base import PROTOCOL_VERSION, Message

Language = Literal["auto", "EN", "ZH", "ES"]
Mode = Literal["faster", "planning", "detailed"]
TalkMode = Literal["hands_free", "push_to_talk"]
AudioFormat = Literal["binary", "base64"]
Video = Literal["none", "motion", "jpeg", "h264"]
VideoQuality = Literal["low", "medium", "high", "auto"]
Text = Annotated[str, Field(max_length=4_000)]
Id = Annotated[str, Field(max_length=64)]


class Start(Message):
    """First message on every socket: opens a session, or resumes `session_id`.

    On resume `last_event` is the highest `eventNumber` that arrived; later ones are sent again. `video` says how the
    face is wanted: "motion" for a client that draws it (`response_motion`), or pictures (`response_video`).
    """

    type: Literal["start"] = "start"
    protocol: int = PROTOCOL_VERSION
    session_id: Id | None = None
    clone: Id | None = None
    audio: AudioFormat = "binary"
    language: Language = "auto"
    mode: Mode = "planning"
    talk_mode: TalkMode = "hands_free"
    sensitivity: Annotated[float, Field(ge=0, le=1)] = 0.5
    last_event: Annotated[int, Field(ge=0)] = 0
    video: Video = "none"
    video_quality: VideoQuality = "auto"


class AudioChunk(Message):
    """Microphone sound as base64 of 16-bit 16 kHz mono PCM. Sequence numbers grow; one seen before is ignored."""

    type: Literal["audio_chunk"] = "audio_chunk"
    session_id: Id | None = None
    sequence_number: Annotated[int, Field(ge=0)]
    audio_data: Annotated[str, Field(max_length=96_000)]
    timestamp: float = 0.0


class Interruption(Message):
    """The user stops the clone by hand."""

    type: Literal["interruption"] = "interruption"
    session_id: Id | None = None
    timestamp: float = 0.0


class EndUtterance(Message):
    """The utterance is over (button released, or the client's own detector)."""

    type: Literal["end_utterance"] = "end_utterance"
    session_id: Id | None = None
    timestamp: float = 0.0


class UpdateContext(Message):
    """Replaces the system prompt's context in mid-conversation, after sanitising (CONV-22)."""

    type: Literal["update_context"] = "update_context"
    text: Text


class TextInput(Message):
    """Typed text. `message_id` makes sending it again after a reconnect harmless."""

    type: Literal["text_input"] = "text_input"
    session_id: Id | None = None
    message_id: Id
    text: Text


class SetMode(Message):
    """Chooses the response mode."""

    type: Literal["set_mode"] = "set_mode"
    mode: Mode


class SetLanguage(Message):
    """Chooses the conversation's language, or automatic."""

    type: Literal["set_language"] = "set_language"
    language: Language


class SetHearing(Message):
    """Chooses hands-free or push-to-talk and how readily speech counts as such (0..1)."""

    type: Literal["set_hearing"] = "set_hearing"
    talk_mode: TalkMode | None = None
    sensitivity: Annotated[float, Field(ge=0, le=1)] | None = None


class SetConsent(Message):
    """Grants or revokes the keeping of this conversation's transcript (PRIV-02, PRIV-03)."""

    type: Literal["set_consent"] = "set_consent"
    subject: Literal["transcripts"] = "transcripts"
    granted: bool


class SetVideo(Message):
    """Chooses how the face is wanted from the next reply on (LIP-16)."""

    type: Literal["set_video"] = "set_video"
    video: Video | None = None
    video_quality: VideoQuality | None = None


class Played(Message):
    """How much of a reply's audio was really heard: milliseconds at the play-out position."""

    type: Literal["played"] = "played"
    turn_id: Annotated[int, Field(ge=0)]
    ms: Annotated[float, Field(ge=0)]
    done: bool = False


class Ping(Message):
    """Asks for a `pong` with the same timestamp."""

    type: Literal["ping"] = "ping"
    timestamp: float = 0.0


ClientMessage = Annotated[
    Start
    | AudioChunk
    | Interruption
    | EndUtterance
    | UpdateContext
    | TextInput
    | SetMode
    | SetLanguage
    | SetHearing
    | SetConsent
    | SetVideo
    | Played
    | Ping,
    Field(discriminator="type"),
]
CLIENT = TypeAdapter(ClientMessage)
