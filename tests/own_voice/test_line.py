"""The guide's chunks as a line of phones, and its clauses."""

from __future__ import annotations

import pytest

from selfsame.voice.units.line import clauses, line_of
from selfsame.voice.units.phones import PAUSE
from tests.own_voice.conftest import guide_line
from tests.support.speech import spoken

TEXTS = {
    "EN": "Printing, in the only sense; which chairs? Measure the fire, bottle and button.",
    "ES": "Buenos días, amigo. Tengo tres gatos, y un perro muy viejo.",
    "ZH": "早上好，朋友。我有三只猫。",
}


@pytest.mark.parametrize("language", TEXTS)
def test_phones_leave_no_gap_and_words_open(language: str) -> None:
    line = guide_line(TEXTS[language], language)
    assert line.phones[0].start == 0
    for before, after in zip(line.phones[:-1], line.phones[1:], strict=True):
        assert after.start == pytest.approx(before.end, abs=1e-6)
        assert after.end > after.start
    assert not any(a.name == b.name == PAUSE for a, b in zip(line.phones[:-1], line.phones[1:], strict=True))
    opened = sum(phone.opens for phone in line.phones)
    assert 0.7 * len(line.words) <= opened <= len(line.words) + 2


@pytest.mark.parametrize("language", TEXTS)
def test_clauses_put_together_are_the_line(language: str) -> None:
    line = guide_line(TEXTS[language], language)
    parts = clauses(line)
    assert len(parts) >= 3
    assert "".join(part.text for part in parts) == line.text
    assert [w.text for part in parts for w in part.words] == [w.text for w in line.words]
    assert abs(sum(len(part.pcm) for part in parts) - len(line.pcm)) <= len(parts)
    sounding = [p.ipa for p in line.phones if p.name]
    assert [p.ipa for part in parts for p in part.phones if p.name] == sounding
    for part in parts:
        assert part.phones[0].start == 0
        assert part.phones[-1].end == pytest.approx(len(part.pcm) / part.rate, abs=0.002)


def test_nothing_said_is_a_line_without_phones() -> None:
    assert line_of(spoken("...")).phones == ()
    assert len(clauses(line_of(()))) == 1
