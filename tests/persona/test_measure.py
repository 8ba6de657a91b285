"""What counting finds: planted habits, and nothing that is not there."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfsame.clones.persona import PROFILE, checked_profile
from selfsame.studio.persona.background import background, surprise
from selfsame.studio.persona.fillers import find_fillers
from selfsame.studio.persona.measure import measure
from selfsame.studio.persona.phrases import find_phrases
from selfsame.studio.persona.script import script_of
from selfsame.studio.persona.sound import measure_sound, stretches
from selfsame.studio.persona.transcript import Said, Transcript
from selfsame.studio.persona.vocabulary import mtld
from tests.persona.conftest import PLANTED, talk
from tests.persona.measure_speakers import Score, scores


def said(text: str, language: str = "EN") -> Transcript:
    return Transcript((Said(text),), language)


@pytest.mark.parametrize("name", PLANTED)
def test_the_planted_habits_are_found(name: str) -> None:
    found = scores(name)
    assert found["catchphrases"].recall == 1.0 and found["catchphrases"].precision == 1.0
    assert found["fillers"].recall >= 0.5 and found["fillers"].precision == 1.0
    assert found["selling"].recall >= 0.75


def test_over_all_speakers_most_fillers_are_found() -> None:
    total = sum((scores(name)["fillers"] for name in PLANTED), Score(0, 0, 0))
    assert total.recall >= 0.9


@pytest.mark.parametrize("name", PLANTED)
def test_the_manner_is_told(name: str) -> None:
    profile, planted = measure(talk(name)).profile, PLANTED[name]
    assert profile["formality"] == planted["formality"]
    assert ("warm" in (profile["tone"] or "")) >= planted["warm"]
    assert (profile["greeting"] is not None) == planted["greeting"]
    assert (profile["closing"] is not None) == planted["closing"]


@pytest.mark.parametrize("name", PLANTED)
def test_every_quote_is_in_the_transcript(name: str) -> None:
    transcript = talk(name)
    whole = " ".join(transcript.text.split())
    evidence = measure(transcript).evidence
    assert evidence["fillers"] and evidence["catchphrases"]
    for finding in (each for findings in evidence.values() for each in findings):
        for quote in finding["quotes"]:
            for piece in quote.replace("… ", "").replace(" …", "").split("\n"):
                assert piece in whole


def test_what_is_not_known_stays_null() -> None:
    for text in ("Too short to tell.", "the " * 30, "word " * 200):
        profile = measure(said(text)).profile
        assert tuple(profile) == PROFILE
        for name in ("role", "traits", "backstory", "dos", "donts", "catchphrases", "fillers", "greeting", "closing"):
            assert profile[name] is None, (name, text)
    assert all(value is None for value in measure(said("Hello there, my friends.")).profile.values())


PLAIN = """The harbour lies on the west side of the island. Two ferries leave every morning, and a third one runs in
summer. The old lighthouse was built from grey stone and painted white a few years later. Fishermen mend their nets on
the quay while children jump from the wall into the water. Behind the church a narrow path climbs to the cemetery, from
where the whole bay can be seen. In winter the wind drives rain against the windows, and nobody goes out without need.
The baker opens at six, the post office at nine. A teacher comes over from the mainland on Tuesdays. The doctor has a
boat of her own."""


def test_nothing_is_found_where_nothing_was_planted() -> None:
    profile = measure(said(PLAIN)).profile
    for name in ("fillers", "openers", "catchphrases", "common_expressions", "greeting", "closing", "tone", "energy"):
        assert profile[name] is None, name
    assert profile["selling_approach"] is None


def test_what_is_talked_about_is_no_catchphrase() -> None:
    text = " ".join(
        f"{verb} the solar panels on the roof of {place}." for verb, place in zip(
            ("We put", "They sold", "She cleaned", "He liked", "Nobody saw", "Someone stole"),
            ("our school", "a farm", "the mill", "my house", "that barn", "the station"), strict=True)
    )  # fmt: skip
    assert measure(said(text + PLAIN)).profile["catchphrases"] is None


def test_common_expressions_stand_inside_sentences() -> None:
    text = (
        PLAIN
        + """ My aunt couldn't care less about the weather when she sails. The mayor couldn't care less about
    noise at night. Our cat couldn't care less about dogs either. The goat couldn't care less about fences."""
    )
    profile = measure(said(text)).profile
    assert profile["common_expressions"] == ["couldn't care less about"]


def test_fillers_count_where_they_do_no_other_work() -> None:
    working = "So that we know you well, I mean to look right at what you like. " * 8
    assert find_fillers(script_of(said(working))).fillers == ()
    filling = (
        "Well, we went there. It was, you know, cold. And, you know, wet. Well, I like it, you know. Well, bye. " * 2
    )
    assert [each.what for each in find_fillers(script_of(said(filling))).fillers] == ["well", "you know"]


def test_without_marks_a_filler_must_be_said_more_than_others_say_it() -> None:
    words = PLAIN.lower().replace(".", " ").replace(",", " ").split()
    few, many = list(words), list(words)
    for place in range(0, len(words), 14):
        many.insert(place, "basically")
    few.insert(50, "basically")
    assert find_fillers(script_of(said(" ".join(few)))).fillers == ()
    assert [each.what for each in find_fillers(script_of(said(" ".join(many)))).fillers] == ["basically"]


def test_a_filler_that_nobody_listed_is_discovered() -> None:
    text = PLAIN.replace(". ", ", jolly, indeed it is. ", 5)
    found = [each.what for each in find_fillers(script_of(said(text))).fillers]
    assert "jolly" in found


def test_turns_of_a_conversation_tell_how_long_answers_are() -> None:
    short = Transcript(tuple(Said(f"Yes, that is the {n} of them, I would say it is") for n in range(12)), "EN", True)
    long = Transcript(tuple(Said(PLAIN) for _ in range(6)), "EN", True)
    assert measure(short).profile["answer_length"] == "short"
    assert measure(long).profile["answer_length"] == "long"
    assert measure(said(PLAIN)).profile["answer_length"] is None


def test_mtld_is_that_of_its_authors_definition() -> None:
    assert mtld([]) == 0.0
    assert mtld(["a", "b", "c"]) == 3.0  # no word twice: one stretch
    # a b a: 2/3 different after three words is below 0.72, so each three words make one factor
    assert mtld(["a", "b", "a"] * 4) == 3.0
    rich, poor = [f"w{n}" for n in range(200)], ["the", "cat", "sat"] * 70
    assert mtld(rich) > 10 * mtld(poor)


def test_surprise_is_dunnings() -> None:
    # all four cells of the contingency table, computed the long way
    k, n, share, seen = 12, 400, 0.001, 2e7

    def g2(table: list[list[float]]) -> float:
        total = sum(map(sum, table))
        rows, columns = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
        return 2 * sum(
            cell * math.log(cell * total / (rows[i] * columns[j]))
            for i, row in enumerate(table)
            for j, cell in enumerate(row)
        )

    whole = g2([[k, n - k], [share * seen, seen - share * seen]])
    assert surprise(k, n, share) == pytest.approx(whole, rel=0.03)
    assert surprise(1, 1000, 0.01) == 0.0 and surprise(0, 10, 0.1) == 0.0


@pytest.mark.parametrize("language", ["EN", "ES", "ZH"])
def test_the_background_gives_shares(language: str) -> None:
    table = background(language)
    common, rare = {"EN": ("the", "quokka"), "ES": ("de", "quokka"), "ZH": ("的", "獭")}[language]
    assert 0.01 < table.share([common]) < 0.1
    assert 0 < table.share([rare]) < 1e-4
    assert table.share([common, rare, common, rare]) <= table.share([common, rare])
    assert table.is_common(common, 10) and not table.is_common(rare, 10_000_000)


def test_sound_tells_calm_from_lively() -> None:
    rng = np.random.default_rng(1)

    def speech(levels: list[float]) -> Any:
        parts = []
        for level in levels:
            parts.append(rng.normal(0, level, 8000))
            parts.append(rng.normal(0, 3, 8000))
        return np.clip(np.concatenate(parts), -32768, 32767).astype(np.int16)

    even, lively = measure_sound(speech([2000] * 20)), measure_sound(speech([500, 8000] * 10))
    assert even.seconds == 20.0 and even.voiced_seconds == pytest.approx(10, abs=0.8)
    assert even.pauses == 19
    assert lively.swing > even.swing + 4
    cuts = stretches(speech([2000] * 20))
    assert len(cuts) == 20 and all(end - start < 1.0 for start, end in cuts)
    assert stretches(np.zeros(16000, np.int16)) == [] and stretches(np.zeros(0, np.int16)) == []
    long = stretches(rng.normal(0, 2000, 16000 * 80).astype(np.int16))
    assert all(end - start <= 26 for start, end in long)


PIECES = [
    "you know",
    "so",
    ",",
    ".",
    "?",
    "!",
    "bread",
    "我",
    "那个",
    "，",
    "。",
    "o sea",
    "\n",
    "I'm",
    "3.5",
    "’",
    "¿",
]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=200),
    st.sampled_from(["EN", "ES", "ZH"]),
)  # fmt: skip
def test_any_text_gives_a_profile_that_may_be_stored(pieces: list[str], language: str) -> None:
    measured = measure(said(" ".join(pieces), language))
    assert checked_profile(measured.profile) == measured.profile
    assert set(measured.evidence) <= set(PROFILE)


def test_clauses_know_their_place() -> None:
    script = script_of(said("Well, it costs 3.5 euros. Really? Yes!\nNo end"))
    shown = [(" ".join(c.words), c.begins, c.ends, c.sentence) for c in script.clauses]
    assert shown == [
        ("well", True, False, 0),
        ("it costs 3.5 euros", False, True, 0),
        ("really", True, True, 1),
        ("yes", True, True, 2),
        ("no end", True, True, 3),
    ]
    assert find_phrases(script).catchphrases == ()
