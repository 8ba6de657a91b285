"""The embedded recogniser behind the noise suppressor: made questions in a noisy room."""

from __future__ import annotations

from pathlib import Path

import anyio
import jiwer
import pytest

from selfsame.demo import DEMO
from selfsame.ears.port import HearingOptions
from selfsame.ears.scribe import Report, Scribe, ScribeOptions, Settled
from selfsame.kit.clock import SYSTEM
from selfsame.kit.pcm import MICROPHONE_RATE
from selfsame.providers.embedded.sphinx.recogniser import Knowledge, SphinxOptions, SphinxSpeechToText
from tests.ears.measure_noise import in_noise, plain, questions
from tests.ears.sounds import noise

ROOM, PRE_ROLL, AFTER = 9600, 2400, 6400
"""Samples: of the room before the pre-roll, of the pre-roll, and after the voice."""


async def heard(engine: SphinxSpeechToText, level: float, filtered: bool) -> tuple[list[str], list[str]]:
    """What was said and what was heard, each question from a new speaker, in white noise of an RMS level (of 32768)."""
    spoken = [each for each in questions() if each.text == "who are you"] + questions()[1:7]
    texts: list[str] = []
    for number, each in enumerate(spoken):
        pcm = in_noise(each.pcm, noise, level, seed=number)
        reports: list[Report] = []
        scribe = Scribe(engine, HearingOptions("demo"), reports.append, SYSTEM, ScribeOptions(30.0, filtered))
        scribe.begin(1, 0.0, pcm[:ROOM])
        sound = pcm[ROOM : ROOM + PRE_ROLL + len(each.pcm) + AFTER]
        for start in range(0, len(sound), 1536):
            scribe.feed(sound[start : start + 1536], start / MICROPHONE_RATE)
        scribe.finish(1, len(sound) / MICROPHONE_RATE)
        scribe.close()
        await scribe.run()
        texts += [plain(report.hypothesis.text) for report in reports if isinstance(report, Settled)]
    return [each.text for each in spoken], texts


@pytest.mark.anyio
async def test_words_come_through_the_noise_of_a_room(tmp_path: Path) -> None:
    texts = [text for _, text, language in DEMO.documents if language == "EN"]
    with anyio.fail_after(60):
        async with SphinxSpeechToText(tmp_path, SphinxOptions(prepare=False)) as engine:
            await engine.adapt("demo", Knowledge("1", texts))
            quiet, some, much = [await heard(engine, level, filtered=True) for level in (8, 150, 400)]
            untreated = await heard(engine, 400, filtered=False)
    assert quiet[1][0] == some[1][0] == "who are you"
    errors = [jiwer.wer(*each) for each in (quiet, some, much, untreated)]
    assert errors[0] <= 0.1 and errors[1] <= 0.15 and errors[2] <= 0.25, errors
    assert errors[3] > 0.25, "the check can tell a suppressor from none"
