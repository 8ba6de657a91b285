"""The socket: admission, start, messages both ways, limits, slow readers."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest

from selfsame.channels.limits import Limits
from selfsame.channels.wire import client as c
from selfsame.channels.wire.binary import decode
from selfsame.errors import Forbidden, Overloaded, Unavailable
from selfsame.events import audio, told, turns
from tests.channels.fake_session import FakeSession, FakeSessions, house, settle

pytestmark = pytest.mark.anyio

FRAME = np.arange(512, dtype=np.int16).tobytes()


async def test_without_a_token_there_is_no_socket() -> None:
    async with house() as h:
        socket = h.socket(None)
        assert (await socket.connect())["status"] == 401
        assert (await socket.denial_body())["error"]["code"] == "UNAUTHENTICATED"
        assert not h.sessions.live


async def test_a_bad_token_is_refused_before_accept() -> None:
    async with house() as h:
        socket = h.socket(None)
        socket.scope["query_string"] = b"token=nonsense"
        assert (await socket.connect())["status"] == 401


async def test_the_token_may_come_in_the_query() -> None:
    async with house() as h:
        socket = h.socket(None)
        socket.scope["query_string"] = b"token=user-ann"
        assert (await socket.connect())["type"] == "websocket.accept"


async def test_a_page_of_another_origin_is_refused() -> None:
    async with house() as h:
        socket = h.socket(origin="http://evil.example")
        assert (await socket.connect())["status"] == 403


@pytest.mark.parametrize("origin", ["http://127.0.0.1:8000", "https://friend.example"])
async def test_our_own_and_listed_origins_are_welcome(origin: str) -> None:
    async with house(origins=("https://friend.example",)) as h:
        assert (await h.socket(origin=origin).connect())["type"] == "websocket.accept"


async def test_start_is_answered_with_ready() -> None:
    async with house() as h:
        socket, session, ready = await h.call(language="ES", mode="faster", sensitivity=0.9)
        assert socket.accepted == {"type": "websocket.accept", "subprotocol": "selfsame.v1", "headers": []}
        assert ready["sessionId"] == str(session.record.id)
        assert (ready["language"], ready["mode"], ready["resumed"]) == ("ES", "faster", False)
        assert (ready["cloneName"], ready["greeting"]) == ("Ada Guide", "Hello, I am the guide.")
        assert ready["engines"][0]["name"] == "pocketsphinx"
        assert session.received == [
            audio.ChangeHearing(talk_mode="hands_free", sensitivity=0.9),
            turns.VideoChosen("none", "auto"),
        ]


async def test_typed_text_comes_back_as_a_reply() -> None:
    async with house() as h:
        socket, session, ready = await h.call()
        socket.send({"type": "text_input", "messageId": "m1", "text": "Hello"})
        kinds: list[Any] = []
        numbers: list[int] = []
        while "response_end" not in kinds:
            message = await socket.get()
            sound = isinstance(message, bytes)
            kinds.append("sound" if sound else message["type"])
            numbers.append(decode(message).event_number if sound else message["eventNumber"])
        assert kinds == ["transcript", "response_start", "response_text", "sound", "response_end"]
        assert numbers == [1, 2, 3, 4, 5]
        assert ready["eventNumber"] == 0
        assert session.heard(turns.TextTyped)[0].text == "Hello"


async def test_sound_as_base64_when_chosen() -> None:
    async with house() as h:
        socket, session, _ = await h.call(audio="base64")
        session.speak(1, 0, "x")
        message = await socket.until("response_audio")
        assert len(base64.b64decode(message["audioData"])) == 640
        chunk = {"type": "audio_chunk", "audioData": base64.b64encode(FRAME).decode()}
        for sequence in (0, 1, 1, 0, 2):
            socket.send({**chunk, "sequenceNumber": sequence})
        await settle()
        assert session.samples == 3 * 512


async def test_binary_sound_reaches_the_session() -> None:
    async with house() as h:
        socket, session, _ = await h.call()
        for _ in range(5):
            socket.send(FRAME)
        await settle()
        assert session.samples == 5 * 512
        assert session.heard(audio.AudioFrame)[0].pcm.tolist() == list(range(512))


async def test_the_other_messages_become_events() -> None:
    async with house() as h:
        socket, session, ready = await h.call()
        for message in (
            {"type": "interruption", "sessionId": ready["sessionId"]},
            {"type": "end_utterance"},
            {"type": "update_context", "text": "be kind"},
            {"type": "set_mode", "mode": "detailed"},
            {"type": "set_language", "language": "ZH"},
            {"type": "set_hearing", "talkMode": "push_to_talk"},
            {"type": "set_consent", "granted": True},
            {"type": "played", "turnId": 1, "ms": 20, "done": True},
            {"type": "ping", "timestamp": 12.5},
        ):
            socket.send(message)
        assert (await socket.until("pong"))["timestamp"] == 12.5
        assert [type(x) for x in session.received[2:]] == [
            turns.InterruptPressed,
            audio.EndUtterance,
            turns.ContextReplaced,
            turns.ModeChosen,
            turns.LanguageChosen,
            audio.ChangeHearing,
            turns.ConsentChanged,
            turns.PlayedBack,
        ]


BAD: list[tuple[Any, str]] = [
    ("{", "BAD_MESSAGE"),
    ("[]", "BAD_MESSAGE"),
    ('"start"', "BAD_MESSAGE"),
    ({"type": "sing"}, "BAD_MESSAGE"),
    ({"type": "text_input", "text": 5, "messageId": "m"}, "BAD_MESSAGE"),
    ({"type": "text_input", "text": "   ", "messageId": "m"}, "BAD_MESSAGE"),
    ({"type": "text_input", "text": "x", "messageId": "m\u0000"}, "BAD_MESSAGE"),
    ({"type": "text_input", "text": "x" * 4001, "messageId": "m"}, "BAD_MESSAGE"),
    ('{"type":"played","turnId":1,"ms":NaN}', "BAD_MESSAGE"),
    ('{"type":"text_input","messageId":"m","text":"\\ud800"}', "BAD_MESSAGE"),
    ({"type": "start"}, "BAD_MESSAGE"),
    ({"type": "end_utterance", "sessionId": "another"}, "WRONG_SESSION"),
    ({"type": "audio_chunk", "sequenceNumber": 0, "audioData": "%%%"}, "BAD_AUDIO"),
    ({"type": "audio_chunk", "sequenceNumber": 0, "audioData": "QUJD"}, "BAD_AUDIO"),
    (b"odd", "BAD_AUDIO"),
    (b"", "BAD_AUDIO"),
    (b"\0" * 32_770, "MESSAGE_TOO_LARGE"),
    ("x" * 1_000_000, "MESSAGE_TOO_LARGE"),
    ("é" * 40_000, "MESSAGE_TOO_LARGE"),
    ('{"type":"ping","timestamp":' + "[" * 20_000 + "]" * 20_000 + "}", "BAD_MESSAGE"),
]


@pytest.mark.parametrize(("bad", "code"), BAD)
async def test_bad_messages_are_answered_and_survived(bad: Any, code: str) -> None:
    async with house() as h:
        socket, session, ready = await h.call()
        socket.send(bad)
        error = await socket.until("error")
        assert (error["errorCode"], error["recoverable"]) == (code, True)
        assert error["errorMessage"]
        assert error["sessionId"] == ready["sessionId"]
        socket.send({"type": "text_input", "messageId": "m2", "text": "Still here?"})
        await socket.until("response_end")
        assert not session.closed


@pytest.mark.parametrize("early", [FRAME, {"type": "ping"}, "nonsense"])
async def test_what_comes_before_start_is_refused_kindly(early: Any) -> None:
    async with house() as h:
        socket = h.socket()
        await socket.connect()
        socket.send(early)
        assert (await socket.until("error"))["errorCode"] in ("START_EXPECTED", "BAD_MESSAGE")
        socket.send({"type": "start"})
        await socket.until("ready")


async def test_who_never_starts_is_sent_away() -> None:
    async with house(limits=Limits(start_within=0.05)) as h:
        socket = h.socket()
        await socket.connect()
        error = await socket.until("error")
        assert (error["errorCode"], error["recoverable"]) == ("START_EXPECTED", False)
        assert await socket.until_closed() == 1008


async def test_another_protocol_is_refused() -> None:
    async with house() as h:
        socket = h.socket()
        await socket.connect()
        socket.send({"type": "start", "protocol": 99})
        assert (await socket.until("error"))["errorCode"] == "PROTOCOL_UNSUPPORTED"
        assert await socket.until_closed() == 1008


async def test_an_unknown_session_is_not_found_and_a_new_one_may_begin() -> None:
    async with house() as h:
        socket = h.socket()
        await socket.connect()
        for unknown in ("no-uuid", "0b9f6c1e-6c3a-4f0e-9a52-5d1f3f0f2a11"):
            socket.send({"type": "start", "sessionId": unknown})
            assert (await socket.until("error"))["errorCode"] == "NOT_FOUND"
        socket.send({"type": "start"})
        await socket.until("ready")


@pytest.mark.parametrize(
    ("error", "code", "close", "recoverable"),
    [
        (Overloaded("full", expected_wait=3.0), "OVERLOADED", 1013, True),
        (Unavailable("down", role="database", provider="postgres"), "DATABASE_UNAVAILABLE", 1013, True),
        (RuntimeError("a bug"), "INTERNAL", 1011, False),
    ],
)
async def test_opening_may_fail(error: Exception, code: str, close: int, recoverable: bool) -> None:
    async with house() as h:
        h.sessions.fail_with = error
        socket = h.socket()
        await socket.connect()
        socket.send({"type": "start"})
        message = await socket.until("error")
        assert (message["errorCode"], message["recoverable"]) == (code, recoverable)
        assert await socket.until_closed() == close


async def test_a_forbidden_clone_leaves_the_socket_open() -> None:
    async with house() as h:
        h.sessions.fail_with = Forbidden("not yours")
        socket = h.socket()
        await socket.connect()
        socket.send({"type": "start", "clone": "secret"})
        assert (await socket.until("error"))["errorCode"] == "FORBIDDEN"
        h.sessions.fail_with = None
        socket.send({"type": "start"})
        await socket.until("ready")


# --- limits ----------------------------------------------------------------------------------------------------------


async def test_too_many_messages_are_refused_then_the_socket_is_closed() -> None:
    async with house(limits=Limits(messages_burst=3, offences=5)) as h:
        socket, session, _ = await h.call()
        for number in range(30):
            socket.send({"type": "set_mode", "mode": "faster", "n": number})
        error = await socket.until("error")
        assert (error["errorCode"], error["recoverable"]) == ("RATE_LIMITED", True)
        assert await socket.until_closed() == 1008
        assert len(session.heard(turns.ModeChosen)) == 2
        assert not session.closed
        back, _, ready = await h.call(sessionId=str(session.record.id))
        assert ready["resumed"]
        back.send({"type": "text_input", "messageId": "1", "text": "Sorry"})
        await back.until("response_end")


async def test_sound_has_limits_of_its_own() -> None:
    async with house(limits=Limits(messages_burst=2, audio_burst=1.0, offences=1000)) as h:
        socket, session, _ = await h.call()
        for _ in range(100):
            socket.send(FRAME)
        error = await socket.until("error")
        assert error["errorCode"] == "AUDIO_TOO_FAST"
        await settle()
        assert 31 <= session.samples // 512 <= 40


async def test_connections_per_user_are_limited() -> None:
    async with house(limits=Limits(connections_per_user=2)) as h:
        await h.call()
        await h.call()
        third = h.socket()
        await third.connect()
        assert (await third.until("error"))["errorCode"] == "TOO_MANY_CONNECTIONS"
        assert await third.until_closed() == 1013
        await h.call("ben")


async def test_connections_per_minute_are_limited() -> None:
    async with house(limits=Limits(connections_per_minute=3)) as h:
        statuses = [(await h.socket().connect()).get("status") for _ in range(4)]
        assert statuses == [None, None, None, 429]


async def test_a_reader_that_does_not_drain_is_given_up_and_the_line_survives() -> None:
    async with house(limits=Limits(drain_within=0.1)) as h:
        socket = h.socket(capacity=3)
        await socket.connect()
        socket.send({"type": "start"})
        ready = await socket.until("ready")
        session = next(iter(h.sessions.live.values()))
        for sequence in range(200):
            session.speak(1, sequence, "", samples=8_000)
        await session.until(turns.Left)
        assert len(session.pipe) > 150, "sound waits with the session, not in memory here"
        back, _, again = await h.call(sessionId=ready["sessionId"], lastEvent=0)
        assert again["resumed"]
        assert session.heard(turns.Returned)
        assert isinstance(await back.get(), bytes)


# --- neighbours ------------------------------------------------------------------------------------------------------


class Exploding(FakeSession):
    """A session with a bug in what it tells."""

    async def told(self) -> told.Told:
        event = await super().told()
        if isinstance(event, told.Trouble):
            raise ZeroDivisionError
        return event


async def test_a_bug_in_one_session_is_told_and_does_not_spread() -> None:
    async with house(FakeSessions(Exploding)) as h:
        broken, session, _ = await h.call()
        other, _, _ = await h.call("ben")
        session.tell(told.Trouble("X", "x"))
        error = await broken.until("error")
        assert (error["errorCode"], error["recoverable"]) == ("INTERNAL", False)
        assert await broken.until_closed() == 4002
        other.send({"type": "text_input", "messageId": "1", "text": "Fine?"})
        await other.until("response_end")


async def test_sessions_do_not_mix() -> None:
    async with house() as h:
        calls = [await h.call(f"user{n}") for n in range(10)]
        for n, (socket, _, _) in enumerate(calls):
            socket.send({"type": "text_input", "messageId": "m", "text": f"I am {n}"})
        for n, (socket, session, ready) in enumerate(calls):
            end = await socket.until("response_end")
            assert (end["text"], end["sessionId"]) == (f"I am {n}", ready["sessionId"])
            assert len(session.heard(turns.TextTyped)) == 1


def test_every_client_message_is_known_to_this_file() -> None:
    types = {json.loads(c.Start().to_json())["type"], "audio_chunk", "interruption", "end_utterance", "update_context"}
    types |= {"text_input", "set_mode", "set_language", "set_hearing", "set_consent", "set_video", "played", "ping"}
    mapping = c.CLIENT.json_schema()["discriminator"]["mapping"]
    assert set(mapping) == types
