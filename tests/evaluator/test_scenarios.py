"""The scenarios are what was asked for, and languages are judged by the best evidence there is."""

from __future__ import annotations

import numpy as np
import pytest

from selfsame.errors import BadInput
from selfsame.evaluator.reports import run_id
from selfsame.evaluator.scenarios import SCENARIOS, Listener, chosen, judge, written_in
from selfsame.kit.clock import wall
from tests.evaluator.mouths import speak

BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}
SOUND = np.zeros(100, np.int16)


def test_there_are_the_five() -> None:
    assert list(BY_NAME) == ["EN_short", "ZH_short", "ES_short", "EN_ZH_ES_switch", "EN_long"]


@pytest.mark.parametrize(
    ("name", "least", "most"), [("EN_short", 1, 2), ("ZH_short", 1, 2), ("ES_short", 1, 2), ("EN_long", 8, 12)]
)
def test_they_last_as_long_as_asked(name: str, least: float, most: float) -> None:
    scenario = BY_NAME[name]
    assert least <= speak(scenario.text, scenario.language).seconds <= most


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.name)
def test_each_text_is_in_its_language_and_has_a_name_for_files(scenario) -> None:
    found = judge(scenario, SOUND, 16_000, Listener())
    assert (found.detected, found.correct, found.source) == ("+".join(scenario.languages), 1, "text")
    assert run_id(wall(), scenario.name).endswith(f"Z_{scenario.name}")


def test_what_the_voice_is_asked_for() -> None:
    assert [BY_NAME[n].language for n in ("EN_short", "ZH_short", "EN_ZH_ES_switch")] == ["EN", "ZH", "auto"]


def test_a_voice_in_the_wrong_language_is_found_out() -> None:
    spanish = Listener(hear=lambda pcm, rate: "Buenos días, ¿cómo está usted?", languages=frozenset({"EN", "ES"}))
    found = judge(BY_NAME["EN_short"], SOUND, 16_000, spanish)
    assert (found.detected, found.correct, found.source) == ("ES", 0, "recogniser")
    english_only = Listener(identify=lambda pcm, rate: ["EN"])
    assert judge(BY_NAME["EN_ZH_ES_switch"], SOUND, 16_000, english_only).correct == 0
    assert judge(BY_NAME["EN_long"], SOUND, 16_000, english_only).correct == 1
    assert judge(BY_NAME["EN_long"], SOUND, 16_000, english_only).source == "sound"


def test_a_recogniser_that_could_not_hear_a_fault_is_not_asked() -> None:
    def never(pcm, rate) -> str:
        raise AssertionError("asked")

    for languages in ({"EN"}, set(), {"EN", "ES"}):
        listener = Listener(hear=never, languages=frozenset(languages))
        assert judge(BY_NAME["ZH_short"], SOUND, 16_000, listener).source == "text"


def test_silence_is_no_language() -> None:
    nothing = Listener(hear=lambda pcm, rate: "", languages=frozenset({"EN", "ES"}))
    found = judge(BY_NAME["EN_short"], SOUND, 16_000, nothing)
    assert (found.detected, found.correct) == ("", 0)


def test_sentences_without_a_sign_continue() -> None:
    assert written_in("Hola, ¿qué tal? Bien. 你好。") == ["ES", "ZH"]


def test_choosing() -> None:
    assert chosen([]) == list(SCENARIOS)
    assert [s.name for s in chosen(["ES_short", "EN_short", "ES_short"])] == ["ES_short", "EN_short"]
    with pytest.raises(BadInput, match="EN_ZH_ES_switch"):
        chosen(["FR_short"])
