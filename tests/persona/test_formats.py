"""Transcripts in every shape; whatever bytes come, nothing but BadInput and TooLarge."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfsame.errors import BadInput, TooLarge
from selfsame.studio.persona.formats import MOST_BYTES, read_transcript
from selfsame.studio.persona.transcript import Said, of_speaker, speakers

SRT = """1
00:00:01,000 --> 00:00:03,500
Hello, <i>everybody</i>!

2
00:00:04,000 --> 00:00:06,000
- Ada: How are
you today?

3
00:00:07,000 --> 00:00:08,000
[Music]
"""
VTT = """WEBVTT
Kind: captions

NOTE a comment

00:01.000 --> 00:03.000 align:start
<v Ada Byron>Good <00:00:01.500><c>morning</c>

00:03.000 --> 00:05.000
<v Ada Byron>Good morning
to all of you

00:05.000 --> 00:06.000
<v Bob>Hi &amp; bye
"""
WHATSAPP = """12/31/20, 10:15 PM - Messages to this group are now secured.
12/31/20, 10:15 PM - Ada: Happy new year
to all of you!
12/31/20, 10:16 PM - Bob: <Media omitted>
12/31/20, 10:17 PM - Bob: Thanks
[01/01/21, 09:00:01] Ada: You're welcome
"""
NAMED = """Interview of Monday
Ada: I was born in London.
Bob (00:12): And then?
[00:15] Ada: Then I moved.
A lot.
"""
TELEGRAM = {
    "name": "Ada",
    "messages": [
        {"type": "service", "text": "created"},
        {"type": "message", "from": "Ada", "text": ["Look at ", {"type": "link", "text": "this"}, "!"]},
        {"type": "message", "from": "Bob", "text": "Wow"},
    ],
}
WHISPER = {"text": "Hello there. Good.", "segments": [{"start": 0.0, "end": 1.5, "text": " Hello there."}]}
CAPTIONS = {"events": [{"tStartMs": 500, "dDurationMs": 900, "segs": [{"utf8": "so "}, {"utf8": "well"}]}, {"id": 1}]}

TABLE: list[tuple[str, str, list[Said]]] = [
    ("plain", "One line\nof text.\n\nAnother one.", [Said("One line of text."), Said("Another one.")]),
    ("srt", SRT, [Said("Hello, everybody!", None, 1.0, 3.5), Said("How are you today?", "Ada", 4.0, 6.0)]),
    (
        "vtt",
        VTT,
        [
            Said("Good morning", "Ada Byron", 1.0, 3.0),
            Said("to all of you", "Ada Byron", 3.0, 5.0),
            Said("Hi & bye", "Bob", 5.0, 6.0),
        ],
    ),
    (
        "whatsapp",
        WHATSAPP,
        [Said("Happy new year\nto all of you!", "Ada"), Said("Thanks", "Bob"), Said("You're welcome", "Ada")],
    ),
    (
        "named",
        NAMED,
        [
            Said("I was born in London.", "Ada", None),
            Said("And then?", "Bob", 12.0),
            Said("Then I moved. A lot.", "Ada", 15.0),
        ],
    ),
    ("telegram", json.dumps(TELEGRAM), [Said("Look at this!", "Ada"), Said("Wow", "Bob")]),
    ("whisper", json.dumps(WHISPER), [Said("Hello there.", None, 0.0, 1.5)]),
    ("captions", json.dumps(CAPTIONS), [Said("so well", None, 0.5, 1.4)]),
    ("chinese", "小美：大家好。\n小王：你好！\n小美：欢迎。",
     [Said("大家好。", "小美"), Said("你好！", "小王"), Said("欢迎。", "小美")]),
    ("no names", "I have one rule: bake.\nAnd that is all.\nReally.",
     [Said("I have one rule: bake. And that is all. Really.")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_every_shape_is_read(text: str, wanted: list[Said]) -> None:
    assert list(read_transcript(text.encode())) == wanted
    assert list(read_transcript(("﻿" + text.replace("\n", "\r\n")).encode())) == wanted
    assert list(read_transcript(text.encode("utf-16"))) == wanted


def test_what_is_no_transcript_is_refused() -> None:
    for data in (b"", b"   \n", b"\x00\x01\x02\xff" * 50, b"\x89PNG\r\n\x1a\n" + bytes(range(256)), b"12 34 !!", b"{}"):
        with pytest.raises(BadInput):
            read_transcript(data)
    with pytest.raises(BadInput, match="JSON"):
        read_transcript(b"{damaged", "talk.json")
    with pytest.raises(TooLarge):
        read_transcript(b"a" * (MOST_BYTES + 1))


def test_the_main_speaker_is_who_says_most_and_another_may_be_named() -> None:
    parts = (Said("Short.", "Zoë"), Said("This is a much longer turn.", "Bob Smith"), Said("Yes.", "Bobby"))
    assert [name for name, _ in speakers(parts)] == ["Bob Smith", "Zoë", "Bobby"]
    assert of_speaker(parts, None).text == "This is a much longer turn."
    assert of_speaker(parts, "zoe").text == "Short."
    assert of_speaker(parts, "bob s").text == "This is a much longer turn."
    with pytest.raises(BadInput, match="More than one"):
        of_speaker(parts, "bob")
    with pytest.raises(BadInput, match="Bob Smith, Zoë, Bobby"):
        of_speaker(parts, "Ada")
    assert of_speaker((Said("Just me."),), "Ada").text == "Just me."  # nobody is named: it is theirs


def test_the_language_is_told_by_the_words() -> None:
    assert of_speaker((Said("Hola, ¿qué tal está usted hoy?"),), None).language == "ES"
    assert of_speaker((Said("大家好，我是小美。"),), None).language == "ZH"
    assert of_speaker((Said("Hello, how are you?"),), None, "ES").language == "ES"


SHAPES = st.sampled_from([row[1] for row in TABLE])


@settings(max_examples=300, deadline=None)
@given(SHAPES, st.data())
def test_damaged_transcripts_never_crash(text: str, data: st.DataObject) -> None:
    raw = bytearray(text.encode())
    for _ in range(data.draw(st.integers(0, 6))):
        place = data.draw(st.integers(0, len(raw)))
        raw[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    try:
        parts = read_transcript(bytes(raw), data.draw(st.sampled_from(["", "x.json", "x.srt"])))
    except (BadInput, TooLarge):
        return
    assert parts and all(part.text.strip() for part in parts)
    assert all(part.start is None or part.end is None or part.start <= part.end for part in parts)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=400), st.text(max_size=400).map(lambda text: text.encode("utf-8", "replace"))))
def test_any_bytes_never_crash(raw: bytes) -> None:
    with suppress(BadInput, TooLarge):
        read_transcript(raw)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["segments", "text", "start", "end", "messages", "from", "events", "segs", "utf8", "tStartMs"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_any_json_never_crashes(value: object) -> None:
    with suppress(BadInput, TooLarge):
        read_transcript(json.dumps(value).encode(), "talk.json")


@pytest.mark.parametrize("hard", ["[" * 100_000, "a: " * 60_000, "12/31/20, 10:15 PM - " * 20_000, "<" * 400_000])
def test_hard_text_takes_no_time(hard: str) -> None:
    with suppress(BadInput, TooLarge):
        read_transcript(hard.encode())
