"""The spoken consent: right words, right name, today, not denied; in three languages, as recognisers write them."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfsame.errors import BadInput
from selfsame.kit.pcm import Pcm
from selfsame.providers.embedded.speaker import Ge2eSpeakerEncoder
from selfsame.studio.voice.consent import SAME_VOICE, compare, lessons, likeness, statement

DAY = date(2026, 11, 21)

N26 = "november twenty first twenty twenty six"
HEARD = [
    ("EN", "Ana Silva", "I Ana Silva agree that Selfsame makes a clone of my voice and face. 21 November 2026.", ""),
    ("EN", "Ana Silva", "i anna silver agree that self same makes a clone of my voice and face " + N26, ""),
    ("EN", "Ana Silva", "I, Ana Silva, agree that Selfsame makes a clone of my voice and face. Nov 21st, 2026.", ""),
    ("EN", "Ana Silva", "i ana silva agree that selfsame makes a clone of my voice and face the twenty first of "
     "november two thousand and twenty six", ""),
    ("EN", "Ana Silva", "i ana silva do not agree that selfsame makes a clone of my voice and face " + N26, "refusal"),
    ("EN", "Ana Silva", "I don't agree that Selfsame makes a clone of my voice and face. Ana Silva. 21 November 2026.",
     "refusal"),
    ("EN", "Ana Silva", "i john carter agree that selfsame makes a clone of my voice and face " + N26, "name"),
    ("EN", "Ana Silva", "i ana silva agree that selfsame makes a clone of my voice and face november twenty second "
     "twenty twenty six", "date"),
    ("EN", "Ana Silva", "i ana silva agree that selfsame makes a clone of my voice and face november first "
     "twenty twenty six", "date"),
    ("EN", "Ana Silva", "i ana silva agree that selfsame makes a clone of my voice and face", "date"),
    ("EN", "Ana Silva", "i ana silva agree that selfsame makes a clone of my cat " + N26, "not heard"),
    ("EN", "Ana Silva", "printing in the only sense with which we are concerned", "not heard"),
    ("EN", "Ana Silva", "", "not heard"),
    ("EN", "Alice Green", "i robert wilson agree that selfsame makes a clone of my voice and face " + N26, "name"),
    ("EN", "Alice Green", "i alice green agree that selfsame makes a clone of my voice and face " + N26, ""),
    ("EN", "Noah No", "I, Noah No, agree that Selfsame makes a clone of my voice and face. 21 November 2026.", ""),
    ("ES", "María Núñez", "yo maría núñez acepto que selfsame haga un clon de mi voz y de mi cara veintiuno de "
     "noviembre de dos mil veintiséis", ""),
    ("ES", "María Núñez", "yo maría núñez no acepto que selfsame haga un clon de mi voz y de mi cara 21 de noviembre "
     "de 2026", "refusal"),
    ("ZH", "王小明", "我王小明同意Selfsame制作我的声音和面容的克隆二零二六年十一月二十一日", ""),
    ("ZH", "王小明", "我，王小明，同意 selfsame 制作我的声音和面容的克隆。2026年11月21日。", ""),
    ("ZH", "王小明", "我王小明不同意制作我的声音和面容的克隆二零二六年十一月二十一日", "refusal"),
    ("ZH", "王小明", "我王小明同意制作我的声音和面容的克隆二零二六年十一月十一日", "date"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "name", "heard", "problem"), HEARD)
def test_what_was_heard_is_compared(language: str, name: str, heard: str, problem: str) -> None:
    wanted = statement(name, DAY, language)
    found = compare(wanted, heard)
    if problem:
        assert problem in found.problem and wanted.text in found.problem and not found.is_said
    else:
        assert found.is_said, found


@pytest.mark.parametrize("language", ["EN", "ES", "ZH"])
@given(day=st.dates(date(2024, 1, 1), date(2079, 12, 31)), away=st.integers(-400, 400))
@settings(max_examples=80, deadline=None)
def test_every_day_is_found_as_it_is_written_and_no_other(language: str, day: date, away: int) -> None:
    name = "王小明" if language == "ZH" else "Ana Silva"
    shown = statement(name, day, language)
    assert compare(shown, shown.text).is_said
    other = day + timedelta(days=away)
    assert compare(statement(name, other, language), shown.text).date == (away == 0)


@pytest.mark.parametrize("name", ["", " ", "x", "12345", "a" * 81, "A\0B", "<script>", "Bobby\n{}"])
def test_a_name_that_cannot_be_said_is_refused(name: str) -> None:
    with pytest.raises(BadInput):
        statement(name, DAY)


def test_the_recogniser_is_taught_more_than_the_right_answer() -> None:
    texts = lessons(statement("Odalys Brenner", DAY))
    assert sum("Odalys Brenner" in text for text in texts) < len(texts) / 2
    assert any("not agree" in text for text in texts) and any("twenty first" in text for text in texts)
    assert not any(any(map(str.isdigit, text)) for text in texts)


@given(heard=st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_anything_may_be_heard(heard: str) -> None:
    found = compare(statement("Ana Silva", DAY), heard)
    assert 0 <= found.words <= 1 and 0 <= found.name <= 1


def test_a_stranger_s_voice_is_not_the_consent_s(readers: dict[str, list[Pcm]], encoder: Ge2eSpeakerEncoder) -> None:
    """The last recording of each reader as the consent, the first four of every reader as the samples."""
    prints = {name: [encoder.embed(part) for part in parts[:4]] for name, parts in readers.items()}
    consents = {name: encoder.embed(parts[-1]) for name, parts in readers.items()}
    own = [likeness(consents[name], prints[name]) for name in prints]
    others = [likeness(consents[a], prints[b]) for a in prints for b in prints if a != b]
    assert min(own) > SAME_VOICE > max(others)
    assert np.median(own) > 0.9  # one reader's last recording is of another session, and lower
    assert likeness(consents["LJ"], []) == 0 and np.isfinite(likeness(np.zeros(256, np.float32), prints["LJ"]))
