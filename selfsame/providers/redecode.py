"""Streaming with recognisers that only take whole clips: decode the growing utterance again and again.

Two successive hypotheses that begin alike have agreed on that beginning, and it is not taken back: local agreement
(Liu, Spanakis and Niehues, "Low-Latency Sequence-to-Sequence Speech Recognition and Translation by Partial Hypothesis
Selection", Interspeech 2020; used with Whisper by Macháček, Dabre and Bojar, "Turning Whisper into Real-Time
Transcription System", IJCNLP-AACL 2023). What is shown on the way therefore does not flicker; the settled text is the
decoding of the whole utterance.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio
import numpy as np

from selfsame.errors import ProviderError
from selfsame.events.heard import HeardWord, Hypothesis
from selfsame.kit import tasks
from selfsame.kit.pcm import MICROPHONE_RATE, Pcm

Decode = Callable[[Pcm], Hypothesis]
"""Blocking recognition of a clip at 16 kHz; releases the GIL while it works. Raises ProviderError."""
NOTHING = Hypothesis("", 0.0)


@dataclass(frozen=True, slots=True)
class Pace:
    """`every`: seconds of new sound before the window is decoded again. `longest`: seconds a window may grow to before
    its text is kept and a new window begins."""

    every: float = 0.3
    longest: float = 24.0


class LocalAgreement:
    """The words that two successive hypotheses agreed on. Pure."""

    def __init__(self) -> None:
        self.agreed: tuple[str, ...] = ()
        self._last: tuple[str, ...] = ()

    def take(self, text: str) -> str:
        """A newer hypothesis of the same window; returns what to show: what is agreed, then its own remainder."""
        words = tuple(text.split())
        common = _common(self._last, words)
        if common > len(self.agreed):
            self.agreed = words[:common]
        self._last = words
        return " ".join((*self.agreed, *words[len(self.agreed) :]))


def _common(one: Sequence[str], two: Sequence[str]) -> int:
    """Length of the common beginning, where case and closing punctuation do not count."""
    n = 0
    for a, b in zip(one, two, strict=False):
        if a.lower().strip(".,!?;:。，！？¿¡") != b.lower().strip(".,!?;:。，！？¿¡"):
            break
        n += 1
    return n


class RedecodingRecognition:
    """One session of a clip recogniser behind the port `Recognition`."""

    def __init__(self, decode: Decode, limit: anyio.CapacityLimiter, pace: Pace) -> None:
        self._decode, self._limit, self._pace = decode, limit, pace
        self._busy = anyio.Lock()
        self._wake = anyio.Event()
        self._failed: ProviderError | None = None
        self._begin()

    def _begin(self) -> None:
        self._pieces: list[Pcm] = []
        self._samples = self._decoded = 0
        self._kept = NOTHING
        self._kept_samples = 0
        self._now = NOTHING
        self._agreement = LocalAgreement()
        self._shown = ""

    async def accept(self, pcm: Pcm) -> None:
        """Take more sound; it is decoded in the background. Raises ProviderError of an earlier decoding."""
        self._raise_failure()
        if len(pcm):
            self._pieces.append(np.array(pcm, np.int16))
            self._samples += len(pcm)
        if self._samples - self._decoded >= self._pace.every * MICROPHONE_RATE:
            self._wake.set()

    async def hypothesis(self) -> Hypothesis:
        """The latest decoding. Raises ProviderError of an earlier decoding."""
        self._raise_failure()
        text = " ".join(t for t in (self._kept.text, self._agreement_text()) if t)
        return _joined(self._kept, self._now, self._kept_samples, text)

    async def finish(self) -> Hypothesis:
        """Decode the utterance to its last sample, and begin a new one. Raises ProviderError."""
        async with self._busy:
            try:
                self._raise_failure()
                if self._samples > self._decoded:
                    await self._redecode()
                text = " ".join(t for t in (self._kept.text, self._now.text) if t)
                return _joined(self._kept, self._now, self._kept_samples, text)
            finally:
                self._begin()

    async def run(self) -> None:
        """Decode whenever enough new sound is there, until cancelled."""
        while True:
            await self._wake.wait()
            self._wake = anyio.Event()
            async with self._busy:
                if self._samples - self._decoded < self._pace.every * MICROPHONE_RATE:
                    continue
                try:
                    await self._redecode()
                except ProviderError as error:  # told to the caller with its next call
                    self._failed = error
                    self._begin()

    async def _redecode(self) -> None:
        samples, pcm = self._samples, np.concatenate(self._pieces)
        self._pieces = [pcm]
        async with self._limit:
            found = await tasks.offload(self._decode, pcm)
        # Sound that came meanwhile stays for the next round.
        self._now, self._decoded = found, samples
        self._shown = self._agreement.take(found.text)
        if len(pcm) > self._pace.longest * MICROPHONE_RATE:
            self._keep(len(pcm))

    def _keep(self, samples: int) -> None:
        text = " ".join(t for t in (self._kept.text, self._now.text) if t)
        self._kept = _joined(self._kept, self._now, self._kept_samples, text)
        self._kept_samples += samples
        self._pieces = self._pieces[1:]
        self._now, self._agreement = NOTHING, LocalAgreement()

    def _agreement_text(self) -> str:
        return self._shown if self._now.text else ""

    def _raise_failure(self) -> None:
        if self._failed is not None:
            error, self._failed = self._failed, None
            raise error


def _joined(kept: Hypothesis, now: Hypothesis, kept_samples: int, text: str) -> Hypothesis:
    shift = kept_samples / MICROPHONE_RATE
    moved = tuple(HeardWord(w.text, w.start + shift, w.end + shift, w.confidence) for w in now.words)
    trust = min(kept.confidence, now.confidence) if kept.text and now.text else max(kept.confidence, now.confidence)
    return Hypothesis(text, trust if text else 0.0, now.language or kept.language, kept.words + moved)


@asynccontextmanager
async def recognition(decode: Decode, limit: anyio.CapacityLimiter, pace: Pace) -> AsyncIterator[RedecodingRecognition]:
    """A running recognition; leaving waits for a decoding that is under way."""
    session = RedecodingRecognition(decode, limit, pace)
    failure: Exception | None = None
    async with tasks.background() as background:
        background.start_soon(session.run)
        try:
            yield session
        except Exception as error:  # raised below, so that the caller's own error does not arrive in a group
            failure = error
    if failure is not None:
        raise failure
