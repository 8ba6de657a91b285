"""DTO <-> event, pure and exhaustive: what the conversation tells becomes messages, what a client sends, events."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import assert_never

from selfsame.channels.wire import client as c
from selfsame.channels.wire import server as s
from selfsame.channels.wire.binary import MotionFrame, PictureFrame, SoundFrame, encode
from selfsame.errors import BadInput
from selfsame.events import audio, told, turns
from selfsame.events.shown import VideoFrame, quantise
from selfsame.events.spoken import PhonemeTime, WordTime
from selfsame.kit import pcm
from selfsame.kit.clean import neutral, sanitise_context


@dataclass(frozen=True, slots=True)
class Sounding:
    """Reply sound on its way out, before the socket's audio format is known. `timestamp` in ms of the reply's audio."""

    turn: int
    sequence: int
    timestamp: float
    data: bytes


@dataclass(frozen=True, slots=True)
class Moving:
    """Motion of the face on its way out: rows of `channels` signed bytes from frame `first` on."""

    turn: int
    sequence: int
    first: int
    channels: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Showing:
    """A picture of the face on its way out."""

    turn: int
    sequence: int
    frame: VideoFrame


Heavy = Sounding | Moving | Showing
"""What travels in binary frames to a client that takes them."""
Outgoing = s.ServerMessage | Heavy


# --- out: what the conversation tells -----------------------------------------------------------------------------


def to_wire(event: told.Told, state: turns.State = "idle") -> tuple[Outgoing, ...]:
    """The messages that say `event`, in the order to send them; numbers and session id are set when they leave.

    `state` is the last state told: settings travel in a `status`, which always carries it.
    """
    match event:
        case told.StateChanged():
            return (s.Status(state=event.state, notice=event.notice),)
        case told.SettingsChanged():
            return (_settings(event, state),)
        case told.UserHeard():
            return (_transcript(event),)
        case told.ReplyStarted():
            return (s.ResponseStart(turn_id=event.turn, sample_rate=event.sample_rate),)
        case told.ReplySources():
            return (s.ResponseSources(turn_id=event.turn, sources=tuple(source_item(x) for x in event.sources)),)
        case told.ReplyText():
            return (s.ResponseText(turn_id=event.turn, text=event.text),)
        case told.ReplySpoken():
            return _spoken(event)
        case told.ReplyMoved():
            rows = quantise(event.motion.frames)
            return (Moving(event.turn, event.sequence, event.motion.first, rows.shape[1], rows.tobytes()),)
        case told.ReplyShown():
            return (Showing(event.turn, event.sequence, event.frame),)
        case told.PlaybackOrdered():
            return (s.Playback(turn_id=event.turn, action=event.action),)
        case told.ReplyEnded():
            return (_ended(event),)
        case told.Measured():
            return (_measured(event),)
        case told.Trouble():
            return (s.Error(error_code=event.code, error_message=event.message, recoverable=event.recoverable),)
        case _:
            assert_never(event)


def _settings(event: told.SettingsChanged, state: turns.State) -> s.Status:
    return s.Status(state=state, language=event.language, mode=event.mode, keep_transcripts=event.keep_transcripts)


def _transcript(event: told.UserHeard) -> s.Transcript:
    return s.Transcript(
        transcript=event.text, is_final=event.is_final, confidence=round(event.confidence, 4), turn_id=event.turn
    )


def _spoken(event: told.ReplySpoken) -> tuple[Outgoing, ...]:
    chunk = event.chunk
    messages: list[Outgoing] = []
    if chunk.words or chunk.phonemes:
        messages.append(
            s.ResponseMarks(
                turn_id=event.turn,
                sequence_number=event.sequence,
                words=tuple(_mark(w.text, w, event.start) for w in chunk.words),
                phonemes=tuple(_mark(p.ipa, p, event.start) for p in chunk.phonemes),
            )
        )
    if chunk.text:
        messages.append(s.ResponseText(turn_id=event.turn, text=chunk.text))
    if len(chunk.pcm):
        messages.append(Sounding(event.turn, event.sequence, _ms(event.start), pcm.to_bytes(chunk.pcm)))
    return tuple(messages)


def _mark(text: str, time: WordTime | PhonemeTime, offset: float) -> s.Mark:
    return s.Mark(text=text, start=_ms(offset + time.start), end=_ms(offset + time.end))


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)


def _ended(event: told.ReplyEnded) -> s.ResponseEnd:
    return s.ResponseEnd(
        turn_id=event.turn, text=event.text, interrupted=event.interrupted, metrics=metrics_item(event.metrics)
    )


def _measured(event: told.Measured) -> s.Metrics:
    return s.Metrics(
        uptime_seconds=round(event.uptime, 3),
        turns=event.turns,
        last_latency_ms=event.last_latency_ms,
        average_latency_ms=event.average_latency_ms,
        model=event.model,
        audio_dropped=event.audio_dropped,
    )


def metrics_item(metrics: turns.TurnMetrics) -> s.TurnMetricsItem:
    """A turn's measures on the wire."""
    return s.TurnMetricsItem(
        total_latency_ms=round(metrics.total, 3),
        asr_latency_ms=round(metrics.asr, 3),
        rag_latency_ms=round(metrics.rag, 3),
        llm_latency_ms=round(metrics.llm, 3),
        tts_latency_ms=round(metrics.tts, 3),
        endpointing_ms=round(metrics.endpointing, 3),
        lip_sync_latency_ms=round(metrics.lip_sync, 3) or None,
        model=metrics.model or None,
        speculated=metrics.speculated,
    )


def source_item(source: turns.Source) -> s.SourceItem:
    """A source on the wire."""
    return s.SourceItem(
        id=source.id,
        title=source.title,
        heading=source.heading,
        excerpt=source.excerpt,
        score=round(source.score, 4),
        locator=source.locator,
        url=source.url,
    )


def source_of(item: s.SourceItem) -> turns.Source:
    """A source from the wire."""
    return turns.Source(item.id, item.title, item.heading, item.excerpt, item.score, item.locator, item.url)


def turn_item(turn: turns.TurnRecord) -> s.TurnItem:
    """A committed turn on the wire."""
    return s.TurnItem(
        turn_id=turn.turn,
        message_id=turn.message_id,
        user=turn.user,
        clone=turn.clone,
        interrupted=turn.interrupted,
        sources=tuple(source_item(x) for x in turn.sources),
    )


def render(item: Outgoing, number: int, session_id: str, audio_format: c.AudioFormat) -> str | bytes:
    """The text or binary frame for `item` as event `number` of the session."""
    if isinstance(item, Heavy):
        if audio_format == "binary":
            return encode(_binary(item, number))
        item = _in_text(item)
    return item.model_copy(update={"event_number": number, "session_id": session_id}).to_json()


def _binary(item: Heavy, number: int) -> SoundFrame | MotionFrame | PictureFrame:
    match item:
        case Sounding():
            return SoundFrame(item.turn, item.sequence, number, round(item.timestamp), item.data)
        case Moving():
            return MotionFrame(item.turn, item.sequence, number, item.first, item.channels, item.data)
        case Showing():
            frame = item.frame
            at = round(frame.timestamp * 1000)
            return PictureFrame(
                item.turn, item.sequence, number, at, frame.width, frame.format, frame.keyframe, frame.data
            )


def _in_text(item: Heavy) -> s.ServerMessage:
    match item:
        case Sounding():
            return s.ResponseAudio(
                turn_id=item.turn,
                audio_data=_base64(item.data),
                sequence_number=item.sequence,
                timestamp=item.timestamp,
            )
        case Moving():
            return s.ResponseMotion(
                turn_id=item.turn,
                sequence_number=item.sequence,
                first_frame=item.first,
                frame_data=_base64(item.data),
            )
        case Showing():
            frame = item.frame
            return s.ResponseVideo(
                turn_id=item.turn,
                frame_data=_base64(frame.data),
                sequence_number=item.sequence,
                timestamp=_ms(frame.timestamp),
                format=frame.format,
                width=frame.width,
                height=frame.height,
                keyframe=frame.keyframe,
            )


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


# --- in: what a client sends ---------------------------------------------------------------------------------------


def to_event(message: c.ClientMessage, at: float) -> audio.Sound | turns.FromClient | None:
    """The event that `message` means at time `at`; None for those the socket answers itself (start, ping).

    Raises BadInput (BAD_AUDIO) when sound is not base64 of whole 16-bit samples, (BAD_MESSAGE) for empty text.
    """
    match message:
        case c.Start() | c.Ping():
            return None
        case c.AudioChunk():
            return audio_frame(_decode_base64(message.audio_data), at)
        case c.Interruption():
            return turns.InterruptPressed(at)
        case c.EndUtterance():
            return audio.EndUtterance(at)
        case c.UpdateContext():
            return turns.ContextReplaced(sanitise_context(message.text))
        case c.TextInput():
            return turns.TextTyped(at, _some_text(message.text), plain_id(message.message_id))
        case c.SetMode():
            return turns.ModeChosen(message.mode)
        case c.SetLanguage():
            return turns.LanguageChosen(message.language)
        case c.SetHearing():
            return audio.ChangeHearing(talk_mode=message.talk_mode, sensitivity=message.sensitivity)
        case c.SetConsent():
            return turns.ConsentChanged(message.granted)
        case c.SetVideo():
            return turns.VideoChosen(message.video, message.video_quality)
        case c.Played():
            return turns.PlayedBack(at, message.turn_id, message.ms, message.done)
        case _:
            assert_never(message)


def audio_frame(data: bytes, at: float) -> audio.AudioFrame:
    """Microphone bytes as a frame. Raises BadInput (BAD_AUDIO) when half a sample is left over."""
    if len(data) & 1:
        raise BadInput("sound is 16-bit PCM: an even number of bytes", code="BAD_AUDIO")
    return audio.AudioFrame(pcm.from_bytes(data), at)


def _decode_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadInput("audioData is not base64", code="BAD_AUDIO") from None


def plain_id(text: str) -> str:
    """An id a client made up, if it is 1 to 64 printable ASCII characters. Raises BadInput (BAD_MESSAGE)."""
    if _PLAIN_ID.fullmatch(text) is None:
        raise BadInput("an id is 1 to 64 printable ASCII characters", code="BAD_MESSAGE")
    return text


def _some_text(text: str) -> str:
    visible = neutral(text)
    if not visible:
        raise BadInput("the text is empty", code="BAD_MESSAGE")
    return visible


_PLAIN_ID = re.compile(r"[\x21-\x7e]{1,64}")
