"""Counts and seconds per engine."""

from __future__ import annotations

import numpy as np
import pytest
from prometheus_client import CollectorRegistry

from selfsame.contracts.language_model import LanguageModelContract, prompt
from selfsame.contracts.text_to_speech import TextToSpeechContract
from selfsame.ears.port import HearingOptions
from selfsame.errors import Unavailable
from selfsame.kit.streams import close
from selfsame.providers.fake import Delays, FakeLanguageModel, FakeSpeechToText, FakeTextToSpeech
from selfsame.providers.wrap.metered import MeteredLanguageModel, MeteredSpeechToText, MeteredTextToSpeech
from selfsame.voice.port import Phrase

pytestmark = pytest.mark.anyio


def value(registry: CollectorRegistry, name: str, **labels: str) -> float | None:
    return registry.get_sample_value(name, labels)


async def test_a_thinker_is_counted_and_timed(clock) -> None:
    registry = CollectorRegistry()
    engine = MeteredLanguageModel(FakeLanguageModel(delays=Delays(0.3), clock=clock), clock, registry)
    for _ in range(2):
        assert [thought async for thought in engine.stream(prompt())]
    labels = {"role": "llm", "engine": "fake"}
    assert value(registry, "selfsame_engine_calls_total", outcome="ok", **labels) == 2
    assert value(registry, "selfsame_engine_first_output_seconds_sum", **labels) == pytest.approx(0.6)
    assert value(registry, "selfsame_engine_seconds_count", **labels) == 2


async def test_leaving_and_failing_are_told_apart(clock) -> None:
    class Broken(FakeTextToSpeech):
        async def synthesize(self, phrase):
            raise Unavailable("down", role="tts", provider="fake")
            yield

    registry = CollectorRegistry()
    stream = MeteredTextToSpeech(FakeTextToSpeech(), clock, registry).synthesize(Phrase("One two three four five."))
    await anext(aiter(stream))
    await close(stream)
    with pytest.raises(Unavailable):
        [chunk async for chunk in MeteredTextToSpeech(Broken(), clock, registry).synthesize(Phrase("One."))]
    labels = {"role": "tts", "engine": "fake"}
    assert value(registry, "selfsame_engine_calls_total", outcome="left", **labels) == 1
    assert value(registry, "selfsame_engine_calls_total", outcome="TTS_UNAVAILABLE", **labels) == 1


async def test_a_recogniser_is_timed_by_its_finish(clock) -> None:
    registry = CollectorRegistry()
    engine = MeteredSpeechToText(FakeSpeechToText(["yes"], delay=0.2, clock=clock), clock, registry)
    async with engine.open(HearingOptions()) as recognition:
        await recognition.accept(np.full(1600, 5000, np.int16))
        assert (await recognition.hypothesis()).text == ""
        assert (await recognition.finish()).text == "yes"
    assert value(registry, "selfsame_engine_seconds_sum", role="asr", engine="fake") == pytest.approx(0.2)


class TestMeteredThinker(LanguageModelContract):
    @pytest.fixture
    def engine(self) -> MeteredLanguageModel:
        return MeteredLanguageModel(FakeLanguageModel(), registry=CollectorRegistry())


class TestMeteredVoice(TextToSpeechContract):
    @pytest.fixture
    def engine(self) -> MeteredTextToSpeech:
        return MeteredTextToSpeech(FakeTextToSpeech(), registry=CollectorRegistry())
