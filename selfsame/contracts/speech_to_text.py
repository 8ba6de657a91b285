"""What every recogniser must do. Subclass `SpeechToTextContract` and give it an engine."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractAsyncContextManager

import anyio
import numpy as np
import pytest

from selfsame.ears.port import HearingOptions, SpeechToText
from selfsame.errors import ProviderError
from selfsame.events.heard import Hypothesis
from selfsame.kit.pcm import MICROPHONE_RATE, Pcm

SECONDS = 30.0
"""Most that one test may take."""


def silence(seconds: float) -> Pcm:
    """Digital silence."""
    return np.zeros(int(seconds * MICROPHONE_RATE), np.int16)


def noise(seconds: float, seed: int = 1) -> Pcm:
    """Full-scale random samples: not speech, and as loud as it gets."""
    draw = np.random.default_rng(seed)
    return draw.integers(-32768, 32767, int(seconds * MICROPHONE_RATE)).astype(np.int16)


def tones(seconds: float, hertz: float) -> Pcm:
    """A buzz with harmonics that comes and goes, a crude stand-in for voice."""
    at = np.arange(int(seconds * MICROPHONE_RATE)) / MICROPHONE_RATE
    wave = sum(np.sin(2 * np.pi * hertz * k * at) / k for k in range(1, 9))
    return (wave * (1 + np.sin(2 * np.pi * 4 * at)) * 4000).astype(np.int16)


def check(hypothesis: Hypothesis) -> None:
    """Fields in their ranges, words in order."""
    assert hypothesis.text == hypothesis.text.strip()
    assert 0.0 <= hypothesis.confidence <= 1.0
    assert hypothesis.language in (None, "EN", "ZH", "ES")
    at = 0.0
    for word in hypothesis.words:
        assert at - 0.05 <= word.start <= word.end
        assert 0.0 <= word.confidence <= 1.0
        at = word.start


class SpeechToTextContract(ABC):
    """Tests on an engine. `engine` opens one; `speech` is something it can hear; `break_engine` makes it fail once."""

    settles_alike = True
    """Whether the same sound gives the same text whatever the slicing."""

    @abstractmethod
    def engine(self) -> AbstractAsyncContextManager[SpeechToText]:
        """A running engine."""

    def speech(self) -> Pcm:
        """Two seconds or so of sound."""
        return tones(2.0, 140.0)

    def other_speech(self) -> Pcm:
        """Another sound, told from `speech` by engines that understand."""
        return tones(1.5, 220.0)

    breakable = False
    """Whether `break_engine` can make a running engine fail."""

    def break_engine(self, engine: SpeechToText) -> None:
        """Make the running engine fail, for instance kill its process."""
        raise NotImplementedError

    async def _hear(self, engine: SpeechToText, pcm: Pcm, step: int) -> Hypothesis:
        async with engine.open(HearingOptions()) as recognition:
            for i in range(0, len(pcm), step):
                await recognition.accept(pcm[i : i + step])
            return await recognition.finish()

    @pytest.mark.anyio
    async def test_any_slicing_is_heard_alike(self) -> None:
        with anyio.fail_after(SECONDS):
            async with self.engine() as engine:
                heard = [await self._hear(engine, self.speech(), step) for step in (10**9, 3200, 1597)]
        for hypothesis in heard:
            check(hypothesis)
        if self.settles_alike:
            assert len({h.text for h in heard}) == 1

    @pytest.mark.anyio
    async def test_guesses_on_the_way_are_well_formed(self) -> None:
        pcm = self.speech()
        with anyio.fail_after(SECONDS):
            async with self.engine() as engine, engine.open(HearingOptions()) as recognition:
                assert (await recognition.hypothesis()).text == ""
                for i in range(0, len(pcm), 6400):
                    await recognition.accept(pcm[i : i + 6400])
                    check(await recognition.hypothesis())
                check(await recognition.finish())

    @pytest.mark.anyio
    async def test_nothing_and_silence(self) -> None:
        with anyio.fail_after(SECONDS):
            async with self.engine() as engine, engine.open(HearingOptions()) as recognition:
                assert (await recognition.finish()).text == ""
                await recognition.accept(silence(0))
                check(await recognition.finish())
                await recognition.accept(silence(1.0))
                check(await recognition.finish())

    @pytest.mark.anyio
    async def test_garbage_is_survived(self) -> None:
        with anyio.fail_after(SECONDS):
            async with self.engine() as engine, engine.open(HearingOptions()) as recognition:
                for pcm in (noise(1.0), noise(0.001), np.full(1600, -32768, np.int16), noise(0.03)):
                    await recognition.accept(pcm)
                    check(await recognition.finish())

    @pytest.mark.anyio
    async def test_after_finish_a_new_utterance_starts_clean(self) -> None:
        with anyio.fail_after(SECONDS):
            async with self.engine() as engine, engine.open(HearingOptions()) as recognition:
                await recognition.accept(self.speech())
                await recognition.finish()
                assert (await recognition.hypothesis()).text == ""
                assert (await recognition.finish()).text == ""
                await recognition.accept(self.other_speech())
                second = await recognition.finish()
                check(second)
                assert all(w.end <= len(self.other_speech()) / MICROPHONE_RATE + 0.5 for w in second.words)

    @pytest.mark.anyio
    async def test_two_recognitions_do_not_mix(self) -> None:
        one, two = self.speech(), self.other_speech()
        with anyio.fail_after(SECONDS):
            async with self.engine() as engine:
                alone = (await self._hear(engine, one, 3200), await self._hear(engine, two, 3200))
                async with engine.open(HearingOptions()) as left, engine.open(HearingOptions()) as right:
                    for i in range(0, max(len(one), len(two)), 3200):
                        await left.accept(one[i : i + 3200])
                        await right.accept(two[i : i + 3200])
                    together = (await left.finish(), await right.finish())
        for a, b in zip(alone, together, strict=True):
            check(b)
            if self.settles_alike:
                assert a.text == b.text

    @pytest.mark.anyio
    async def test_failure_is_told_and_the_next_utterance_is_heard(self) -> None:
        if not self.breakable:
            pytest.skip("this engine has nothing that can be broken from outside")
        with anyio.fail_after(SECONDS):
            async with self.engine() as engine, engine.open(HearingOptions()) as recognition:
                await recognition.accept(self.speech())
                self.break_engine(engine)
                with pytest.raises(ProviderError) as caught:
                    await recognition.accept(self.speech())
                    await recognition.finish()
                assert caught.value.role == "asr"
                await recognition.accept(self.speech())
                check(await recognition.finish())
