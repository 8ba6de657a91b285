"""espeak-ng behind the voice's port: streamed, with exact word and phoneme times, never blocking the loop."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from selfsame.errors import Refused
from selfsame.events.spoken import SpokenChunk
from selfsame.kit.pcm import Pcm
from selfsame.kit.worker import Emit
from selfsame.providers.embedded.espeak.library import PROVIDER, Event, shared, worker
from selfsame.providers.embedded.espeak.timeline import Timeline
from selfsame.providers.embedded.espeak.voices import SPEAKERS, manner_of
from selfsame.voice.port import Phrase, SpeakingAbilities


class EspeakTextToSpeech:
    """Speaks EN, ES and ZH at 22050 Hz. All instances share the process's one library and its thread."""

    def __init__(self) -> None:
        """Loads the library (a few milliseconds). Raises Unavailable."""
        self.abilities = SpeakingAbilities(
            name=PROVIDER,
            sample_rate=shared().sample_rate,
            languages=frozenset(SPEAKERS),
            streaming=True,
            phoneme_times=True,
        )

    async def synthesize(self, phrase: Phrase) -> AsyncIterator[SpokenChunk]:
        """The first chunk is 0.1 s of sound, the next 0.25 s each. Raises Refused for a language it lacks, BadOutput.

        An unknown `voice_id` is spoken in the default voice.

        Leaving the iterator stops the library at its next callback (0.1 s of sound, well under a millisecond).
        """
        stream = worker().stream(_job(phrase))
        try:
            async for chunk in stream:
                yield chunk
        finally:
            await stream.aclose()


def _job(phrase: Phrase) -> Callable[[Emit[SpokenChunk]], None]:
    def speak(emit: Emit[SpokenChunk]) -> None:
        timeline = Timeline(phrase.text, shared().sample_rate)

        def take(pcm: Pcm, events: list[Event]) -> bool:
            timeline.feed(pcm, events)
            wanted = True
            for chunk in timeline.take():
                wanted = emit(chunk)
            return wanted

        try:
            shared().speak(phrase.text, manner_of(phrase), take)
        except Refused:
            # A voice of another engine, or a clone's: better the default voice than none (TTS-15).
            if not phrase.voice_id:
                raise
            shared().speak(phrase.text, manner_of(replace(phrase, voice_id="")), take)
        for chunk in timeline.finish():
            emit(chunk)

    return speak
