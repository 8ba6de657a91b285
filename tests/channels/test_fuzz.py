"""Anything may come over the socket: the session lives, or ends with a clear error; its neighbour notices nothing."""

from __future__ import annotations

import json
from typing import Any

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selfsame.channels.limits import Limits
from selfsame.channels.wire.server import SERVER
from tests.channels.fake_session import AsgiSocket, house

TYPES = ["start", "audio_chunk", "interruption", "end_utterance", "update_context", "text_input", "set_mode"]
TYPES += ["set_language", "set_hearing", "set_consent", "played", "ping", "ready", ""]
KEYS = ["sessionId", "text", "messageId", "mode", "language", "audioData", "sequenceNumber", "turnId", "ms", "granted"]
KEYS += ["done", "timestamp", "protocol", "audio", "talkMode", "sensitivity", "lastEvent", "clone", "subject", "junk"]

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
JSON = st.recursive(SCALARS, lambda x: st.lists(x, max_size=4) | st.dictionaries(st.text(max_size=8), x, max_size=4))
NEARLY = st.builds(
    lambda kind, fields: {"type": kind, **fields},
    st.sampled_from(TYPES),
    st.dictionaries(st.sampled_from(KEYS), SCALARS | JSON, max_size=6),
)
VALID: list[dict[str, Any]] = [
    {"type": "start"},
    {"type": "audio_chunk", "sequenceNumber": 3, "audioData": "AAAAAA=="},
    {"type": "interruption"},
    {"type": "end_utterance"},
    {"type": "update_context", "text": "be brief"},
    {"type": "text_input", "messageId": "m", "text": "Hello"},
    {"type": "set_mode", "mode": "detailed"},
    {"type": "set_language", "language": "ZH"},
    {"type": "set_hearing", "sensitivity": 1.0},
    {"type": "set_consent", "granted": False},
    {"type": "played", "turnId": 1, "ms": 1e300, "done": True},
    {"type": "ping", "timestamp": -1},
]


def cut(message: dict[str, Any], at: int) -> str:
    text = json.dumps(message)
    return text[: at % (len(text) + 1)]


FRAMES = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200),
    JSON.map(json.dumps),
    NEARLY.map(json.dumps),
    st.sampled_from(VALID),
    st.builds(cut, st.sampled_from(VALID), st.integers(0, 400)),
    st.integers(0, 3).map(lambda n: "[" * 10**n),
    st.sampled_from([b"\0" * 40_000, "x" * 70_000]),
)


async def drain(socket: AsgiSocket) -> int | None:
    """Read until the pong that ends the run, or the close; every text frame is a message of the schema."""
    while True:
        message = await socket.get()
        if isinstance(message, bytes):
            continue
        if message["type"] == "closed":
            return message["code"]
        SERVER.validate_json(json.dumps(message))
        if message["type"] == "error":
            assert message["errorCode"] and message["errorMessage"]
        if message["type"] == "pong" and message["timestamp"] == 4711:
            return None


@pytest.mark.parametrize("started", [True, False], ids=["after start", "before start"])
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(frames=st.lists(FRAMES, max_size=25))
def test_the_socket_survives_anything(started: bool, frames: list[Any]) -> None:
    async def run() -> None:
        limits = Limits(messages_burst=200, offences=15, start_within=5.0)
        async with house(limits=limits) as h:
            beside, quiet, _ = await h.call("ben")
            socket = h.socket("ann")
            await socket.connect()
            if started:
                socket.send({"type": "start"})
            for frame in frames:
                socket.send(frame)
            socket.send({"type": "start"})
            socket.send({"type": "ping", "timestamp": 4711})
            code = await drain(socket)
            assert code in (None, 1008, 1013)
            assert code is None or len(frames) >= 10 or "protocol" in str(frames)
            assert all(not session.closed for session in h.sessions.live.values())
            beside.send({"type": "text_input", "messageId": "1", "text": "undisturbed"})
            assert (await beside.until("response_end"))["text"] == "undisturbed"
            assert len(quiet.received) == 3

    anyio.run(run)
