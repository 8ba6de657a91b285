"""Moonshine behind the port `SpeechToText`: the growing utterance is decoded again about every 300 ms."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import anyio
import numpy as np

from selfsame.ears.port import HearingAbilities, HearingOptions
from selfsame.errors import Refused, Unavailable
from selfsame.events.heard import Hypothesis
from selfsame.kit import tasks
from selfsame.kit.pcm import MICROPHONE_RATE, Pcm, to_float
from selfsame.providers.moonshine.network import Moonshine
from selfsame.providers.redecode import Pace, RedecodingRecognition, recognition

NAME = "moonshine"
SHORTEST = MICROPHONE_RATE // 4
"""Samples below which the encoder's convolutions have nothing to work on; shorter clips are padded with silence."""


@dataclass(frozen=True, slots=True)
class MoonshineOptions:
    """`threads` a decoding; `parallel` decodings at once."""

    threads: int = 1
    parallel: int = 1
    pace: Pace = field(default_factory=Pace)


class MoonshineSpeechToText:
    """Use as an async context manager: entering loads the model. Raises Unavailable when it is not there."""

    def __init__(self, folder: Path, options: MoonshineOptions | None = None) -> None:
        """`folder` holds the two networks and the tokenizer (see `network`)."""
        self.abilities = HearingAbilities(NAME, frozenset({"EN"}), streaming=True)
        self._folder = folder
        self._options = options or MoonshineOptions()
        self._model: Moonshine | None = None

    async def __aenter__(self) -> MoonshineSpeechToText:
        self._limit = anyio.CapacityLimiter(max(1, self._options.parallel))
        try:
            self._model = await tasks.offload(Moonshine, self._folder, self._options.threads)
        except (OSError, ValueError, ImportError) as error:
            raise Unavailable("the Moonshine model could not be loaded", role="asr", provider=NAME) from error
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._model = None

    @asynccontextmanager
    async def open(self, options: HearingOptions) -> AsyncIterator[RedecodingRecognition]:
        """A recogniser for one session. Raises Refused for a language it does not have."""
        if self._model is None:
            raise Unavailable("the Moonshine model is not loaded", role="asr", provider=NAME)
        if options.language.lower().split("-")[0] not in ("auto", "en", ""):
            raise Refused("Moonshine understands English only", role="asr", provider=NAME)
        async with recognition(self._decode, self._limit, self._options.pace) as session:
            yield session

    def _decode(self, pcm: Pcm) -> Hypothesis:
        if self._model is None:
            raise Unavailable("the Moonshine model is not loaded", role="asr", provider=NAME)
        sound = to_float(pcm)
        if len(sound) < SHORTEST:
            sound = np.pad(sound, (0, SHORTEST - len(sound)))
        try:
            found = self._model.transcribe(sound)
        except Exception as error:
            # onnxruntime raises bare exceptions of its own when a network fails to run.
            raise Unavailable("the Moonshine model failed", role="asr", provider=NAME) from error
        return Hypothesis(found.text, min(1.0, found.probability) if found.text else 0.0, "EN")
