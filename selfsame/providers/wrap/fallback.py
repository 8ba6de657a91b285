"""The next engine when one fails or is too slow with its first output (LLM-16, TTS-15, ERR-14, GEN-10).

Once something was put out there is no way back: a thinker's failure in mid-stream is raised, and so is a synthesiser's
in mid-phrase; the next phrase then goes to the next engine by itself when the breaker opens.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import numpy as np
import soxr

from selfsame.errors import BadOutput
from selfsame.events.spoken import SpokenChunk
from selfsame.events.thought import Thought, ThoughtEnded, Token
from selfsame.kit.streams import closing
from selfsame.mind.port import LanguageModel, Prompt
from selfsame.providers.wrap.ladder import FallbackOptions, Ladder
from selfsame.voice.port import Phrase, TextToSpeech

THINKING = FallbackOptions(first_output=2.5)
SPEAKING = FallbackOptions(first_output=1.5)


class FallbackLanguageModel:
    """Thinkers in order of preference. `abilities` are the first one's; `ThoughtEnded.model` says who answered."""

    def __init__(self, engines: Sequence[LanguageModel], options: FallbackOptions = THINKING) -> None:
        self.ladder: Ladder[LanguageModel] = Ladder("llm", [(e.abilities.name, e) for e in engines], options)
        self.abilities = engines[0].abilities

    async def stream(self, prompt: Prompt) -> AsyncIterator[Thought]:
        """As `mind.port`. Raises the last engine's ProviderError when none got as far as a token."""
        items = self.ladder.run(lambda engine: _never_empty(engine, prompt), lambda item: isinstance(item, Token))
        async with closing(items):
            async for _, thought in items:
                yield thought


async def _never_empty(engine: LanguageModel, prompt: Prompt) -> AsyncIterator[Thought]:
    """An answer without a word is a failure, so that the next thinker is asked."""
    said = False
    stream = engine.stream(prompt)
    async with closing(stream):
        async for thought in stream:
            said = said or (isinstance(thought, Token) and bool(thought.text.strip()))
            if isinstance(thought, ThoughtEnded) and not said:
                raise BadOutput("the answer was empty", role="llm", provider=engine.abilities.name)
            yield thought


class FallbackTextToSpeech:
    """Synthesisers in order of preference; one that lacks the phrase's language, or a voice for it, is passed over.

    `abilities.sample_rate` is the first one's: the others' sound is resampled to it. `languages` are everyone's.
    `same_voices` says that a voice's id means the same person to all of them.
    """

    def __init__(
        self, engines: Sequence[TextToSpeech], options: FallbackOptions = SPEAKING, *, same_voices: bool = False
    ) -> None:
        self.ladder: Ladder[TextToSpeech] = Ladder("tts", [(e.abilities.name, e) for e in engines], options)
        languages = frozenset().union(*(engine.abilities.languages for engine in engines))
        self.abilities = replace(engines[0].abilities, languages=languages)
        self._same_voices = same_voices

    async def synthesize(self, phrase: Phrase) -> AsyncIterator[SpokenChunk]:
        """As `voice.port`. A phrase whose sound began is never begun anew by another voice: the failure is raised."""
        first, unnamed = self.ladder.rungs[0].engine, replace(phrase, voice_id="")  # another engine's ids mean nothing
        items = self.ladder.run(
            lambda engine: engine.synthesize(phrase if self._same_voices or engine is first else unnamed),
            lambda chunk: len(chunk.pcm) > 0,
            lambda engine: _can_say(engine, phrase),
        )
        resampler: soxr.ResampleStream | None = None
        rate = self.abilities.sample_rate
        async with closing(items):
            async for _, chunk in items:
                if chunk.sample_rate == rate:
                    yield chunk
                    continue
                if resampler is None:
                    resampler = soxr.ResampleStream(chunk.sample_rate, rate, 1, dtype="int16", quality="MQ")
                yield replace(chunk, pcm=resampler.resample_chunk(chunk.pcm), sample_rate=rate)
        if resampler is not None:
            rest = resampler.resample_chunk(np.zeros(0, np.int16), last=True)
            if len(rest):
                yield SpokenChunk(rest, rate, "")


def _can_say(engine: TextToSpeech, phrase: Phrase) -> bool:
    able = engine.abilities
    return phrase.language in able.languages and (able.stock_voices or bool(phrase.voice_id))
