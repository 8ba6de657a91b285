"""faster-whisper behind the port `SpeechToText`: the growing utterance is decoded again about every 300 ms.

The model is Whisper (Radford et al., "Robust Speech Recognition via Large-Scale Weak Supervision", 2022), run by
CTranslate2, which releases the GIL; see `providers/redecode.py` for how it streams.
"""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import anyio

from selfsame.ears.port import HearingAbilities, HearingOptions
from selfsame.errors import BadOutput, Refused, Unavailable
from selfsame.events.heard import HeardWord, Hypothesis
from selfsame.kit import tasks
from selfsame.kit.pcm import Pcm, to_float
from selfsame.providers.redecode import Pace, RedecodingRecognition, recognition

NAME = "faster-whisper"
LANGUAGES = ("en", "zh", "es")
SHORTEST = 1600
"""Samples (100 ms) below which nothing is decoded."""


@dataclass(frozen=True, slots=True)
class WhisperOptions:
    """`device`: auto, cpu or cuda. `compute_type`: default, int8, float16, ... `parallel`: decodings at once.
    `local_only`: never ask the hub for a model that is not on this disk."""

    device: str = "auto"
    compute_type: str = "default"
    threads: int = 0
    parallel: int = 1
    beam: int = 1
    local_only: bool = True
    silence: float = 0.6
    """No-speech probability above which a piece is dropped: Whisper dreams up text for noise."""
    pace: Pace = field(default_factory=Pace)


class FasterWhisperSpeechToText:
    """Use as an async context manager: entering loads the model. Raises Unavailable when it is not there."""

    def __init__(self, model: str, options: WhisperOptions | None = None) -> None:
        """`model` is a folder of a converted model, or a name of the hub such as `small`."""
        self.abilities = HearingAbilities(NAME, frozenset({"EN", "ZH", "ES"}), streaming=True, word_times=True)
        self._name = model
        self._options = options or WhisperOptions()
        self._model: Any = None

    async def __aenter__(self) -> FasterWhisperSpeechToText:
        self._limit = anyio.CapacityLimiter(max(1, self._options.parallel))
        self._model = await tasks.offload(self._load)
        if not self._model.model.is_multilingual:
            self.abilities = HearingAbilities(NAME, frozenset({"EN"}), streaming=True, word_times=True)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._model = None

    def _load(self) -> Any:
        try:
            from faster_whisper import WhisperModel
        except ImportError as error:
            raise Unavailable("faster-whisper is not installed", role="asr", provider=NAME) from error
        given = self._options
        try:
            return WhisperModel(
                self._name,
                device=given.device,
                compute_type=given.compute_type,
                cpu_threads=given.threads,
                num_workers=given.parallel,
                local_files_only=given.local_only,
            )
        except Exception as error:
            # The hub client, CTranslate2 and the tokenizer each have their own errors for a model that is not usable.
            raise Unavailable("the Whisper model could not be loaded", role="asr", provider=NAME) from error

    @asynccontextmanager
    async def open(self, options: HearingOptions) -> AsyncIterator[RedecodingRecognition]:
        """A recogniser for one session. Raises Refused for other languages, Unavailable before entering."""
        if self._model is None:
            raise Unavailable("the Whisper model is not loaded", role="asr", provider=NAME)
        wanted = options.language.lower().split("-")[0]
        if wanted not in ("auto", "", *(code.lower() for code in self.abilities.languages)):
            raise Refused("this model does not understand that language", role="asr", provider=NAME)
        clip = _Clip(self._model, self._options, wanted if wanted in LANGUAGES else "")
        async with recognition(clip.decode, self._limit, self._options.pace) as session:
            yield session


class _Clip:
    """Blocking recognition of clips, with one session's language."""

    def __init__(self, model: Any, options: WhisperOptions, language: str) -> None:
        self._model, self._options, self._language = model, options, language

    def decode(self, pcm: Pcm) -> Hypothesis:
        """Recognise a clip. Raises Unavailable or BadOutput."""
        if len(pcm) < SHORTEST:
            return Hypothesis("", 0.0)
        try:
            return self._decode(pcm)
        except (RuntimeError, MemoryError) as error:
            raise Unavailable("the Whisper model failed", role="asr", provider=NAME) from error
        except (ValueError, IndexError, KeyError) as error:
            raise BadOutput("the Whisper model gave nothing usable", role="asr", provider=NAME) from error

    def _decode(self, pcm: Pcm) -> Hypothesis:
        sound = to_float(pcm)
        language = self._language or self._detect(sound)
        segments, _ = self._model.transcribe(
            sound,
            language=language,
            beam_size=self._options.beam,
            temperature=0.0,
            condition_on_previous_text=False,
            word_timestamps=True,
            without_timestamps=True,
        )
        kept = [s for s in segments if not (s.no_speech_prob > self._options.silence and s.avg_logprob < -1.0)]
        end = len(pcm) / 16_000
        words = [_word(w, end) for s in kept for w in s.words or ()]
        text = "".join(s.text for s in kept).strip()
        trust = math.exp(sum(s.avg_logprob for s in kept) / len(kept)) if kept else 0.0
        return Hypothesis(text, min(1.0, trust), language.upper(), tuple(w for w in words if w.text))

    def _detect(self, sound: Any) -> str:
        """The likeliest of our languages: others are mistakes more often than not on a short utterance."""
        if not self._model.model.is_multilingual:
            return "en"
        _, _, every = self._model.detect_language(sound)
        chances = dict(every)
        return max(LANGUAGES, key=lambda code: chances.get(code, 0.0))


def _word(word: Any, end: float) -> HeardWord:
    start = min(max(0.0, float(word.start)), end)
    return HeardWord(word.word.strip(), start, max(start, min(float(word.end), end)), float(word.probability))
