"""Speech that was made before is said again from memory (TTS-14): greetings, "one moment", frequent answers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import replace

from selfsame.events.spoken import SpokenChunk
from selfsame.kit.pcm import Pcm
from selfsame.kit.streams import closing
from selfsame.voice.port import Phrase, TextToSpeech


class CachedTextToSpeech:
    """Keeps the phrases used last, at most `capacity` bytes of sound (16 MB are six minutes at 22050 Hz).

    Only whole phrases are kept. The cache is this process's memory and nothing else: speech is never written to disk.
    Worth it for voices that cost money or time; espeak makes a phrase faster than a cache pays.
    """

    def __init__(self, engine: TextToSpeech, *, capacity: int = 16_000_000) -> None:
        self.abilities = engine.abilities
        self._engine = engine
        self._capacity = capacity
        self._kept: OrderedDict[Phrase, tuple[SpokenChunk, ...]] = OrderedDict()
        self._size = 0

    async def synthesize(self, phrase: Phrase) -> AsyncIterator[SpokenChunk]:
        """As `voice.port`; at once when the same phrase was said in the same manner before."""
        if phrase in self._kept:
            self._kept.move_to_end(phrase)
            for chunk in self._kept[phrase]:
                yield chunk
            return
        made: list[SpokenChunk] = []
        stream = self._engine.synthesize(phrase)
        async with closing(stream):
            async for chunk in stream:
                made.append(chunk)
                yield chunk
        self._keep(phrase, made)

    def forget(self, voice_id: str) -> None:
        """Drop all that was said in a voice, when its owner withdraws consent or is deleted."""
        for phrase in [phrase for phrase in self._kept if phrase.voice_id == voice_id]:
            self._size -= _bytes(self._kept.pop(phrase))

    def _keep(self, phrase: Phrase, made: list[SpokenChunk]) -> None:
        chunks = tuple(replace(chunk, pcm=_frozen(chunk)) for chunk in made)
        if _bytes(chunks) > self._capacity or phrase in self._kept:
            return
        self._kept[phrase] = chunks
        self._size += _bytes(chunks)
        while self._size > self._capacity:
            _, dropped = self._kept.popitem(last=False)
            self._size -= _bytes(dropped)


def _frozen(chunk: SpokenChunk) -> Pcm:
    pcm = chunk.pcm.copy()
    pcm.flags.writeable = False
    return pcm


def _bytes(chunks: tuple[SpokenChunk, ...]) -> int:
    return sum(chunk.pcm.nbytes for chunk in chunks)
