"""A language model's reading: parsed whatever wraps it, believed only where it quotes what was said."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfsame.clones.persona import PROFILE, checked_profile
from selfsame.errors import BadOutput, Unavailable
from selfsame.studio.persona.extract import Reader, extract
from selfsame.studio.persona.measure import measure
from selfsame.studio.persona.quoting import Spoken
from selfsame.studio.persona.reading import INSTRUCTIONS, believed, parsed, read_profile, windows
from selfsame.studio.persona.sound import SoundMeasures
from selfsame.studio.persona.transcript import Said, Transcript
from tests.persona.conftest import talk

pytestmark = pytest.mark.anyio
GOOD: dict[str, Any] = {
    "role": {"value": "a baker", "quotes": ["welcome back to my kitchen"]},
    "traits": [
        {"value": "patient", "quotes": ["a little bit of patience"]},
        {"value": "rich", "quotes": ["I own three yachts"]},
    ],
    "tone": {"value": "warm and playful", "quotes": ["Bread doesn't bite, my friends!"]},
    "catchphrases": [{"value": "flour power"}, {"value": "Trust the dough", "quotes": ["Trust the dough"]}],
    "fillers": {"value": ["you know", "basically"], "quotes": ["you know"]},
    "formality": {"value": "casual", "quotes": ["Hey everyone"]},
    "energy": {"value": "explosive", "quotes": ["Hey everyone"]},
    "backstory": {"value": "My grandmother taught me.", "quotes": ["my grandmother put me on a stool"]},
    "greeting": {"value": "Good evening, sir.", "quotes": ["Hey everyone"]},
    "nonsense": 7,
}


class Model:
    """Answers in turn; the last one again and again."""

    def __init__(self, *answers: str | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str]] = []

    async def __call__(self, instructions: str, text: str) -> str:
        self.asked.append((instructions, text))
        answer = self.answers[min(len(self.asked), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer


async def test_only_what_was_said_is_believed() -> None:
    reading = await read_profile(talk("dana"), Model(json.dumps(GOOD)))
    assert reading.profile["role"] == "a baker"
    assert reading.profile["traits"] == ["patient"]
    assert reading.profile["catchphrases"] == ["Trust the dough"]
    assert reading.profile["fillers"] == ["you know"]
    assert reading.profile["formality"] == "casual"
    for name in ("energy", "greeting", "dos", "donts", "vocabulary_level"):
        assert reading.profile[name] is None
    assert len(reading.dropped) == 5
    assert reading.evidence["catchphrases"][0]["count"] == 3


@pytest.mark.parametrize(
    "wrapped",
    [
        "```json\n{}\n```",
        "Sure! Here it is:\n{}\nI hope this helps.",
        "<think>Let me see { ... }</think>{}",
        "{}",
    ],
)
def test_the_json_is_found_in_what_wraps_it(wrapped: str) -> None:
    assert parsed(wrapped.replace("{}", json.dumps(GOOD))) == GOOD


def test_damaged_json_is_mended_where_that_is_safe() -> None:
    assert parsed('{"tone": {"value": "dry", "quotes": ["a",],},}') == {"tone": {"value": "dry", "quotes": ["a"]}}
    cut = json.dumps(GOOD)[:180]
    assert parsed(cut)["role"] == GOOD["role"]
    for bad in ("", "no json", "[1, 2]", "{", '{"a": tru', "{" * 5000):
        with pytest.raises(ValueError):
            parsed(bad)


async def test_an_unusable_answer_is_asked_for_once_more() -> None:
    model = Model("I cannot do that.", json.dumps(GOOD))
    assert (await read_profile(talk("dana"), model)).profile["role"] == "a baker"
    assert len(model.asked) == 2 and "could not be used" in model.asked[1][0]
    assert model.asked[0][0] == INSTRUCTIONS
    with pytest.raises(BadOutput):
        await read_profile(talk("dana"), Model("I cannot do that."))
    with pytest.raises(BadOutput):
        await read_profile(talk("dana"), Model('{"answer": 42}'))


@pytest.mark.parametrize("answer", ["no", '{"x": 1}', Unavailable("down", role="llm", provider="x")])
async def test_a_model_that_fails_leaves_what_was_measured(answer: str | Exception) -> None:
    extraction = await extract(talk("dana"), None, Reader("parrot", Model(answer)))
    assert extraction.profile == measure(talk("dana")).profile
    assert extraction.engine == "statistics" and "counting alone" in extraction.notes[0]


async def test_reading_and_counting_stand_together() -> None:
    extraction = await extract(talk("dana"), None, Reader("parrot", Model(json.dumps(GOOD))))
    assert extraction.engine == "parrot and statistics"
    assert extraction.profile["traits"] == ["patient"] and extraction.measured["traits"] is None
    assert extraction.profile["fillers"] == ["so", "you know", "I mean"]  # counted; the reading adds nothing new
    assert extraction.profile["energy"] == "lively" and extraction.profile["tone"] == "warm and playful"
    assert extraction.evidence["traits"][0]["by"] == "reading"
    assert "dropped" in extraction.notes[0]


async def test_the_sound_has_the_last_word_on_energy() -> None:
    calm = SoundMeasures(300.0, 250.0, 2.0, 60)
    answer = json.dumps({"energy": {"value": "lively", "quotes": ["Hey everyone"]}})
    assert (await extract(talk("dana"), calm, Reader("m", Model(answer)))).profile["energy"] == "calm"
    assert (await extract(talk("howard"), None, Reader("m", Model(
        json.dumps({"energy": {"value": "calm", "quotes": ["Numbers do not lie"]}})
    )))).profile["energy"] == "calm"  # fmt: skip


async def test_what_was_heard_doubtfully_is_not_put_into_anybodys_mouth() -> None:
    heard = replace(talk("dana"), confidence=0.55)
    answer = json.dumps({"closing": {"value": "Give it a try this weekend!", "quotes": []}, "fillers": ["so"]})
    for reader in (None, Reader("m", Model(answer))):
        extraction = await extract(heard, None, reader)
        assert extraction.profile["greeting"] is None and extraction.profile["closing"] is None
        assert extraction.profile["catchphrases"] and "unsure" in extraction.notes[0]
        assert "closing" not in extraction.evidence


async def test_too_little_is_not_judged_and_no_model_is_asked() -> None:
    model = Model(json.dumps(GOOD))
    extraction = await extract(Transcript((Said("Hello there."),)), None, Reader("m", model))
    assert set(extraction.profile.values()) == {None} and model.asked == []
    assert "too little" in extraction.notes[0]


async def test_long_transcripts_are_read_in_three_parts_and_joined() -> None:
    long = Transcript(tuple(Said(f"{part.text} Part {n}.") for n in range(30) for part in talk("dana").parts))
    first = json.dumps({"tone": {"value": "dry", "quotes": ["Hey everyone"]}, "fillers": ["so"]})
    later = json.dumps({"tone": {"value": "warm", "quotes": ["Trust the dough"]}, "fillers": ["you know", "so"]})
    model = Model(first, later, later)
    reading = await read_profile(long, model)
    assert len(model.asked) == 3 and len({text for _, text in model.asked}) == 3
    assert reading.profile["tone"] == "warm" and reading.profile["fillers"] == ["so", "you know"]
    assert all(len(text) / 3.2 <= 2700 for _, text in model.asked)


@pytest.mark.parametrize("text", ["word " * 20_000, "字" * 20_000, "x" * 50_000, "short"])
def test_windows_are_bounded(text: str) -> None:
    cut = windows(text)
    assert 1 <= len(cut) <= 3 and all(piece and piece in text for piece in cut)
    assert text.startswith(cut[0]) and text.rstrip().endswith(cut[-1].rstrip())


def test_quotes_are_compared_by_their_words() -> None:
    spoken = Spoken("Well — it’s a café,\nisn't it? 急什么，水还没开呢。")
    for quote in ("it's a cafe", "IT’S A CAFÉ", "well ... isn't it", "急什么 水还没开呢"):
        assert spoken.holds(quote)
    for quote in ("", "...", "a tea", "af", "水开了"):
        assert not spoken.holds(quote)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.sampled_from(["casual", "so", "you know"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["value", "quotes", "quote", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(PROFILE), VALUES, min_size=1, max_size=6))
def test_whatever_a_model_answers_the_profile_may_be_stored(answer: dict[str, Any]) -> None:
    spoken = Spoken(talk("dana").text)
    reading = believed(answer, spoken)
    assert tuple(reading.profile) == PROFILE
    assert checked_profile(reading.profile) == reading.profile


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.integers(0, 400))
def test_any_answer_is_an_object_or_a_value_error(noise: str, cut: int) -> None:
    for answer in (noise, json.dumps(GOOD)[:cut], json.dumps(GOOD)[:cut] + noise):
        with suppress(ValueError):
            assert isinstance(parsed(answer), dict)
