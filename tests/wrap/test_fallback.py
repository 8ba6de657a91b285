"""The next engine when one fails or is too slow."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import anyio
import numpy as np
import pytest

from selfsame.contracts.language_model import LanguageModelContract, prompt
from selfsame.contracts.text_to_speech import TextToSpeechContract
from selfsame.ears.port import HearingOptions
from selfsame.errors import BadOutput, ProviderError, Unavailable
from selfsame.events.spoken import SpokenChunk
from selfsame.events.thought import Thought, ThoughtEnded, Token
from selfsame.kit.streams import close
from selfsame.mind.port import Prompt
from selfsame.providers.fake import FakeLanguageModel, FakeSpeechToText, FakeTextToSpeech
from selfsame.providers.wrap.fallback import FallbackLanguageModel, FallbackTextToSpeech
from selfsame.providers.wrap.hearing import FallbackSpeechToText
from selfsame.providers.wrap.ladder import FallbackOptions
from selfsame.voice.port import Phrase

pytestmark = pytest.mark.anyio


@dataclass
class Thinker:
    """Says `tokens`; waits `delay` before each; fails before token number `fails_at`."""

    name: str
    tokens: tuple[str, ...] = ("yes", " indeed")
    delay: float = 0.0
    fails_at: int | None = None
    clock: object = None
    asked: int = 0
    closed: int = 0

    @property
    def abilities(self):
        return replace(FakeLanguageModel().abilities, name=self.name, model=self.name)

    async def stream(self, prompt: Prompt) -> AsyncIterator[Thought]:
        self.asked += 1
        try:
            for number, token in enumerate(self.tokens):
                if self.delay:
                    await self.clock.sleep(self.delay)
                if number == self.fails_at:
                    raise Unavailable("down", role="llm", provider=self.name)
                yield Token(token)
            yield ThoughtEnded(self.name)
        finally:
            self.closed += 1


@dataclass
class Reports:
    seen: list[tuple[str, str, str, str]] = field(default_factory=list)

    def __call__(self, role: str, left: str, taken: str, error: ProviderError) -> None:
        self.seen.append((role, left, taken, error.code))


async def answer(engine: FallbackLanguageModel) -> tuple[str, str]:
    text, model = "", ""
    async for thought in engine.stream(prompt()):
        if isinstance(thought, Token):
            text += thought.text
        elif isinstance(thought, ThoughtEnded):
            model = thought.model
    return text, model


async def test_a_failing_thinker_is_left_before_its_first_token(clock) -> None:
    reports = Reports()
    first, second = Thinker("a", fails_at=0), Thinker("b")
    engine = FallbackLanguageModel([first, second], FallbackOptions(2.5, reports, clock=clock))
    assert await answer(engine) == ("yes indeed", "b")
    assert reports.seen == [("llm", "a", "b", "LLM_UNAVAILABLE")]
    assert first.closed == second.closed == 1


async def test_a_slow_thinker_is_left_in_time(clock) -> None:
    reports = Reports()
    slow = Thinker("slow", delay=10.0, clock=clock)
    engine = FallbackLanguageModel([slow, Thinker("b")], FallbackOptions(2.5, reports, clock=clock))
    began = clock.now()
    assert await answer(engine) == ("yes indeed", "b")
    assert clock.now() - began == pytest.approx(2.5)
    assert slow.closed == 1, "the slow one was stopped"
    assert reports.seen == [("llm", "slow", "b", "LLM_UNAVAILABLE")]


async def test_a_slow_second_token_is_no_reason_to_leave(clock) -> None:
    steady = Thinker("steady", delay=2.0, clock=clock)
    engine = FallbackLanguageModel([steady, Thinker("b")], FallbackOptions(2.5, clock=clock))
    assert await answer(engine) == ("yes indeed", "steady")


async def test_an_empty_answer_is_a_failure(clock) -> None:
    reports = Reports()
    engine = FallbackLanguageModel(
        [Thinker("mute", tokens=()), Thinker("b")], FallbackOptions(2.5, reports, clock=clock)
    )
    assert await answer(engine) == ("yes indeed", "b")
    assert reports.seen == [("llm", "mute", "b", "LLM_BAD_OUTPUT")]


async def test_a_failure_in_mid_stream_is_raised(clock) -> None:
    second = Thinker("b")
    engine = FallbackLanguageModel([Thinker("a", fails_at=1), second], FallbackOptions(2.5, clock=clock))
    seen = []
    with pytest.raises(Unavailable):
        async for thought in engine.stream(prompt()):
            seen.append(thought)
    assert seen == [Token("yes")] and second.asked == 0


async def test_when_all_fail_the_last_error_is_raised(clock) -> None:
    engine = FallbackLanguageModel(
        [Thinker("a", fails_at=0), Thinker("mute", tokens=())], FallbackOptions(2.5, clock=clock)
    )
    with pytest.raises(BadOutput):
        await answer(engine)


async def test_an_open_breaker_is_passed_over_until_its_trial(clock) -> None:
    bad, good = Thinker("bad", fails_at=0), Thinker("good")
    engine = FallbackLanguageModel([bad, good], FallbackOptions(2.5, clock=clock))
    for _ in range(8):
        assert (await answer(engine))[1] == "good"
    assert bad.asked == 5
    clock.time += 30
    bad.fails_at = None
    assert (await answer(engine))[1] == "bad"
    assert engine.ladder.rungs[0].breaker.state == "closed"


async def test_the_last_engine_is_asked_even_when_its_breaker_is_open(clock) -> None:
    only = Thinker("only", fails_at=0)
    engine = FallbackLanguageModel([only], FallbackOptions(2.5, clock=clock))
    for _ in range(7):
        with pytest.raises(Unavailable):
            await answer(engine)
    assert only.asked == 7


async def test_leaving_early_closes_the_engine_and_counts_as_a_trial_that_worked(clock) -> None:
    thinker = Thinker("a", fails_at=0)
    engine = FallbackLanguageModel([thinker, Thinker("b")], FallbackOptions(2.5, failure_threshold=1, clock=clock))
    await answer(engine)
    clock.time += 30
    thinker.fails_at = None
    stream = engine.stream(prompt())
    await anext(stream)
    await close(stream)
    assert thinker.closed == 2
    assert engine.ladder.rungs[0].breaker.state == "closed"
    assert (await answer(engine))[1] == "a"


async def test_being_cancelled_while_waiting_closes_the_engine(clock) -> None:
    slow = Thinker("slow", delay=1e9, clock=clock)
    second = Thinker("b")
    engine = FallbackLanguageModel([slow, second], FallbackOptions(1e6, clock=clock))
    clock.sleep = anyio_sleep_forever
    with anyio.move_on_after(0.01):
        await answer(engine)
    assert slow.closed == 1 and second.asked == 0


async def anyio_sleep_forever(seconds: float) -> None:
    await anyio.sleep_forever()


async def test_failing_in_mid_stream_again_and_again_opens_the_breaker(clock) -> None:
    engine = FallbackLanguageModel([Thinker("a", fails_at=1), Thinker("b")], FallbackOptions(2.5, clock=clock))
    for _ in range(5):
        with pytest.raises(Unavailable):
            await answer(engine)
    assert await answer(engine) == ("yes indeed", "b")


class Voice:
    """The fake voice that fails on demand."""

    def __init__(
        self, name: str, rate: int = 22050, fails_after: int | None = None, languages: str = "EN ES ZH"
    ) -> None:
        self.inner = FakeTextToSpeech(sample_rate=rate)
        self.abilities = replace(self.inner.abilities, name=name, languages=frozenset(languages.split()))
        self.fails_after = fails_after
        self.asked: list[Phrase] = []

    async def synthesize(self, phrase: Phrase) -> AsyncIterator[SpokenChunk]:
        self.asked.append(phrase)
        number = 0
        async for chunk in self.inner.synthesize(phrase):
            if number == self.fails_after:
                raise Unavailable("down", role="tts", provider=self.abilities.name)
            yield chunk
            number += 1


async def sound_of(engine: FallbackTextToSpeech, phrase: Phrase) -> list[SpokenChunk]:
    return [chunk async for chunk in engine.synthesize(phrase)]


async def test_another_voice_takes_over_at_the_first_ones_rate(clock) -> None:
    reports = Reports()
    first, second = Voice("a", fails_after=0), Voice("b", rate=16000)
    engine = FallbackTextToSpeech([first, second], FallbackOptions(1.5, reports, clock=clock))
    phrase = Phrase("One two three four five.", voice_id="anna")
    chunks = await sound_of(engine, phrase)
    assert {chunk.sample_rate for chunk in chunks} == {22050}
    expected = sum([chunk.seconds async for chunk in second.inner.synthesize(phrase)])
    assert sum(chunk.seconds for chunk in chunks) == pytest.approx(expected, abs=0.002)
    assert np.abs(np.concatenate([chunk.pcm for chunk in chunks]).astype(int)).max() > 4000
    assert second.asked[0].voice_id == "" and first.asked[0].voice_id == "anna"
    assert reports.seen == [("tts", "a", "b", "TTS_UNAVAILABLE")]


async def test_a_phrase_whose_sound_began_is_not_begun_anew(clock) -> None:
    first, second = Voice("a", fails_after=1), Voice("b")
    engine = FallbackTextToSpeech([first, second], FallbackOptions(1.5, clock=clock))
    with pytest.raises(Unavailable):
        await sound_of(engine, Phrase("One two three four five six."))
    assert not second.asked


async def test_who_does_not_speak_the_language_is_passed_over(clock) -> None:
    first, second = Voice("a", languages="EN"), Voice("b")
    engine = FallbackTextToSpeech([first, second], FallbackOptions(1.5, clock=clock))
    assert engine.abilities.languages == {"EN", "ES", "ZH"}
    await sound_of(engine, Phrase("Hola.", "ES"))
    assert not first.asked and len(second.asked) == 1


async def test_a_voice_that_all_of_them_know_keeps_its_name(clock) -> None:
    first, second = Voice("a", fails_after=0), Voice("b")
    engine = FallbackTextToSpeech([first, second], FallbackOptions(1.5, clock=clock), same_voices=True)
    await sound_of(engine, Phrase("Hello.", voice_id="anna"))
    assert second.asked[0].voice_id == "anna"


async def test_who_speaks_as_persons_only_is_passed_over_without_one(clock) -> None:
    reports = Reports()
    first, second = Voice("a"), Voice("b")
    first.abilities = replace(first.abilities, stock_voices=False)
    engine = FallbackTextToSpeech([first, second], FallbackOptions(1.5, reports, clock=clock), same_voices=True)
    await sound_of(engine, Phrase("Hello."))
    assert not first.asked and len(second.asked) == 1
    assert not reports.seen, "nothing failed"
    await sound_of(engine, Phrase("Hello.", voice_id="anna"))
    assert len(first.asked) == 1


async def test_a_phrase_without_sound_is_no_failure(clock) -> None:
    second = Voice("b")
    engine = FallbackTextToSpeech([Voice("a"), second], FallbackOptions(1.5, clock=clock))
    assert await sound_of(engine, Phrase("...")) == []
    assert not second.asked


class Ear:
    """The fake recogniser that fails on demand; keeps what it heard."""

    def __init__(self, name: str, text: str, fails: str = "", opens: bool = True) -> None:
        self.inner = FakeSpeechToText([text] * 9)
        self.abilities = replace(self.inner.abilities, name=name)
        self.fails, self.opens, self.samples, self.opened = fails, opens, 0, 0

    def _maybe(self, act: str) -> None:
        if act in self.fails.split():
            raise Unavailable("down", role="asr", provider=self.abilities.name)

    @asynccontextmanager
    async def open(self, options: HearingOptions):
        if not self.opens:
            raise Unavailable("not installed", role="asr", provider=self.abilities.name)
        self.opened += 1
        async with self.inner.open(options) as recognition:
            self.recognition = recognition
            yield self
        self.opened -= 1

    async def accept(self, pcm) -> None:
        self._maybe("accept")
        self.samples += len(pcm)
        await self.recognition.accept(pcm)

    async def hypothesis(self):
        self._maybe("hypothesis")
        return await self.recognition.hypothesis()

    async def finish(self):
        self._maybe("finish")
        return await self.recognition.finish()


LOUD = np.full(1600, 5000, np.int16)


@pytest.mark.parametrize("fails", ["accept", "hypothesis", "finish"])
async def test_the_next_ear_hears_the_utterance_from_its_beginning(fails: str, clock) -> None:
    reports = Reports()
    first, second = Ear("a", "first"), Ear("b", "second ear")
    engine = FallbackSpeechToText([first, second], FallbackOptions(3.0, reports, clock=clock))
    async with engine.open(HearingOptions()) as recognition:
        await recognition.accept(LOUD)
        first.fails = fails
        await recognition.accept(LOUD)
        await recognition.hypothesis()
        assert (await recognition.finish()).text == "second ear"
        assert second.samples == 3200
        assert reports.seen == [("asr", "a", "b", "ASR_UNAVAILABLE")]
        first.fails = ""
        await recognition.accept(LOUD)
        assert (await recognition.finish()).text == "first", "the next utterance begins with the best ear again"
    assert first.opened <= 1 and second.opened == 0


async def test_an_ear_that_cannot_be_opened_is_passed_over(clock) -> None:
    engine = FallbackSpeechToText([Ear("a", "x", opens=False), Ear("b", "heard")], FallbackOptions(3.0, clock=clock))
    async with engine.open(HearingOptions()) as recognition:
        await recognition.accept(LOUD)
        assert (await recognition.finish()).text == "heard"
    deaf = FallbackSpeechToText([Ear("a", "x", opens=False)], FallbackOptions(3.0, clock=clock))
    with pytest.raises(Unavailable):
        async with deaf.open(HearingOptions()):
            pass


async def test_when_no_ear_is_left_the_failure_is_raised_and_the_next_utterance_is_tried(clock) -> None:
    only = Ear("a", "back again", fails="finish")
    engine = FallbackSpeechToText([only], FallbackOptions(3.0, clock=clock))
    async with engine.open(HearingOptions()) as recognition:
        await recognition.accept(LOUD)
        with pytest.raises(Unavailable):
            await recognition.finish()
        only.fails = ""
        await recognition.accept(LOUD)
        assert (await recognition.finish()).text == "back again"
        assert only.opened == 2 and only.samples == 3200, "opened anew, and nothing is heard twice"


class TestWrappedThinker(LanguageModelContract):
    @pytest.fixture
    def engine(self) -> FallbackLanguageModel:
        return FallbackLanguageModel([Thinker("broken", fails_at=0), FakeLanguageModel()])


class TestWrappedVoice(TextToSpeechContract):
    @pytest.fixture
    def engine(self) -> FallbackTextToSpeech:
        return FallbackTextToSpeech([Voice("broken", fails_after=0), FakeTextToSpeech()])
