"""A voice in languages that its person never recorded, judged without a recogniser."""

from __future__ import annotations

import numpy as np
import pytest

from selfsame.studio.voice.sentences import sentences
from selfsame.studio.voice.tongues import tongue
from selfsame.voice.units.model import VoiceModel
from selfsame.voice.units.render import Prosody
from selfsame.voice.units.speak import MANNERS
from tests.own_voice.conftest import guide_line


@pytest.mark.parametrize("language", ["EN", "ES", "ZH"])
def test_what_is_borrowed_is_marked_and_sounds_are_told_apart(model: VoiceModel, language: str) -> None:
    found = tongue(model, [guide_line(text, language) for text in sentences(language)[:10]], language)
    assert (found.recorded, found.lower_quality) == (language == "EN", language != "EN")
    assert found.borrowed < 0.2 if language == "EN" else 0.2 < found.borrowed < 0.9
    assert found.raw_sounds is not None and found.raw_sounds > 0.75
    assert found.sounds is not None and 0.3 < found.sounds < 1.0
    if language == "ZH":
        assert found.tones is not None and found.tones > 0.65, (
            "the tones do not arrive"
        )  # 0.78 to 0.95 found, by chance


def test_tones_that_are_not_said_are_not_found(model: VoiceModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MANNERS, "ZH", Prosody())
    lines = [guide_line(text, "ZH") for text in sentences("ZH")[:6]]
    found = tongue(model, lines, "ZH")
    assert found.tones is not None and found.tones < 0.55  # 0.26 to 0.42 found


def test_too_little_is_not_judged(model: VoiceModel) -> None:
    found = tongue(model, [guide_line("Yes.")], "EN")
    assert found.sounds is None and found.raw_sounds is None and found.tones is None
    assert np.isfinite(found.borrowed)
