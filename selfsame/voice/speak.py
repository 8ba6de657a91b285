"""The voice's one stage: streamed text comes in, timed speech goes out while the text still grows.

    async with speaking(texts, engine, SpeakOptions("EN")) as speech:
        async for chunk in speech:
            ...

Leaving the block stops all work. It is a block and not an async generator because the work needs companions in a task
group, and a cancel scope must not be left open across a `yield` that another task may resume.

Text goes sentence by sentence (`sentences`), said as it is spoken (`spoken_text`), in the language it is written in
(`languages`). While one phrase is taken by the reader the next one is made, and no more than that.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import anyio
from anyio.abc import TaskGroup

from selfsame.events.spoken import SpokenChunk
from selfsame.kit.pipes import Pipe, PipeClosed
from selfsame.kit.streams import closing
from selfsame.kit.tasks import background
from selfsame.voice.chunks import FIRST_SECONDS, NEXT_SECONDS, Relabel, silence, split
from selfsame.voice.languages import language_for
from selfsame.voice.port import Phrase, TextToSpeech
from selfsame.voice.sentences import SentenceBuffer
from selfsame.voice.spoken_text import Saying, saying

_PAUSES = {",": 0.1, ";": 0.16, ":": 0.2, "—": 0.14, "–": 0.14, "，": 0.1, "、": 0.08, "：": 0.2}
_SENTENCE_PAUSE = 0.25
_CHINESE = re.compile("[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef]")
_MOST_PHRASES = 256
_MOST_CHUNKS = 4096


@dataclass(frozen=True, slots=True)
class SpeakOptions:
    """How to speak. `voice_id`, `speed` and `pitch` as in `voice.port.Phrase`; `language` is EN, ZH or ES.

    `follow_text` says each phrase in the language that it is written in, where the engine has it. `first_phrase` is the
    number of characters after which the reply's first phrase may end at a comma (0: whole sentences only).
    """

    language: str = "EN"
    voice_id: str = ""
    speed: float = 1.0
    pitch: float = 1.0
    follow_text: bool = True
    first_phrase: int = 25


@dataclass(frozen=True, slots=True)
class _Said:
    phrase: int
    chunk: SpokenChunk


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a phrase stands in the reply: how many sounded before it, its sentence, the pause and sign before it."""

    number: int = 0
    sentence: int = 0
    pause: float = 0.0
    last: str = ""


class Speech:
    """The chunks of a reply, in order. Iterating raises what went wrong (ProviderError) after all sound made before.

    The texts of the chunks, put together, are the text that was spoken.
    """

    def __init__(self, engine: TextToSpeech, options: SpeakOptions) -> None:
        self._engine = engine
        self._options = options
        self._phrases: Pipe[str] = Pipe("voice.phrases", _MOST_PHRASES, "wait")
        self._chunks: Pipe[_Said] = Pipe("voice.chunks", _MOST_CHUNKS, "wait")
        self._failure: Exception | None = None
        self._unspoken: list[str] = []
        self._over = anyio.Event()
        self._reached = -1  # the phrase that the reader has come to
        self._moved = anyio.Event()

    def __aiter__(self) -> Speech:
        return self

    async def __anext__(self) -> SpokenChunk:
        try:
            said = await self._chunks.get()
        except PipeClosed:
            if self._failure is not None:
                raise self._failure from None
            raise StopAsyncIteration from None
        if said.phrase > self._reached:
            self._reached = said.phrase
            self._moved.set()
        return said.chunk

    async def unspoken(self) -> str:
        """After a failure: the text that got no sound, whole once the mind has ended. Show it instead (TTS-15)."""
        await self._over.wait()
        return " ".join(self._unspoken)

    def start(self, texts: AsyncIterator[str], tasks: TaskGroup) -> None:
        """Begin; `speaking` calls this."""
        tasks.start_soon(self._read, texts)
        tasks.start_soon(self._make)

    async def _read(self, texts: AsyncIterator[str]) -> None:
        """Text to phrases."""
        buffer = SentenceBuffer(self._options.first_phrase)
        failure: Exception | None = None
        try:
            async with closing(texts):
                async for text in texts:
                    for phrase in buffer.push(text):
                        await self._phrases.put(phrase)
            for phrase in buffer.flush():
                await self._phrases.put(phrase)
        except Exception as error:  # raised again to the reader, behind what was said; a task group would wrap it
            failure = error
        self._phrases.close()
        await self._over.wait()
        self._end(failure)

    async def _make(self) -> None:
        """Phrases to sound, one phrase ahead of the reader; after a failure the text is only kept."""
        place = _Place()
        async for text in self._phrases:
            if self._failure is not None:
                self._unspoken.append(text)
                continue
            try:
                place = await self._say(text, place)
            except Exception as error:  # raised again to the reader
                self._unspoken.append(text)
                self._end(error)
        self._over.set()

    def _end(self, failure: Exception | None) -> None:
        """No more sound. The first failure is the one that is raised."""
        self._failure = self._failure or failure
        self._chunks.close()

    async def _say(self, text: str, place: _Place) -> _Place:
        """Make one phrase; where the next one stands."""
        options = self._options
        language = options.language
        if options.follow_text:
            language = language_for(text, language, self._engine.abilities.languages)
        what = saying(text, language)
        sentence = place.sentence if _goes_on(text) else place.sentence + 1
        if what.silent:
            return replace(place, sentence=sentence)
        while self._reached < place.number - 1:
            self._moved = anyio.Event()
            await self._moved.wait()
        made = await self._synthesize(what, Phrase(what.text, language, options.voice_id, *_manner(options)), place)
        if not made:
            return replace(place, sentence=sentence)
        return _Place(place.number + 1, sentence, _pause_behind(text) / options.speed, what.written[-1:])

    async def _synthesize(self, what: Saying, phrase: Phrase, place: _Place) -> bool:
        relabel, made, joint = Relabel(what), False, joint_between(place.last, what.written)
        stream = self._engine.synthesize(phrase)
        async with closing(stream):
            async for chunk in stream:
                if not made and place.pause:
                    for piece in split(silence(place.pause, chunk.sample_rate, place.sentence), NEXT_SECONDS):
                        await self._put(place, piece)
                written = relabel(chunk)
                if joint and written.text:
                    written, joint = replace(written, text=joint + written.text), ""
                first = FIRST_SECONDS if not made and place.number == 0 else None
                for piece in split(replace(written, sentence=place.sentence), NEXT_SECONDS, first):
                    await self._put(place, piece)
                made = True
        return made

    async def _put(self, place: _Place, chunk: SpokenChunk) -> None:
        await self._chunks.put(_Said(place.number, chunk))


@asynccontextmanager
async def speaking(texts: AsyncIterator[str], engine: TextToSpeech, options: SpeakOptions) -> AsyncIterator[Speech]:
    """Speak `texts` (a reply's tokens) with `engine`. `texts` is read, and closed, by a task of this block.

    Chunks are at most 0.25 s, the reply's first about 0.1 s, all at the engine's sample rate, with pauses as silence
    between the sentences.
    """
    speech = Speech(engine, options)
    async with background() as tasks:
        speech.start(texts, tasks)
        yield speech


def _manner(options: SpeakOptions) -> tuple[float, float]:
    return options.speed, options.pitch


def _goes_on(text: str) -> bool:
    """Whether the sentence goes on behind this phrase (the first phrase may end at a comma)."""
    return text.rstrip()[-1:] in _PAUSES


def _pause_behind(text: str) -> float:
    return _PAUSES.get(text.rstrip()[-1:], _SENTENCE_PAUSE)


def joint_between(before: str, after: str) -> str:
    """What stands between two phrases in the text: a space, or nothing where Chinese meets."""
    if not before:
        return ""
    return "" if _CHINESE.match(before) and _CHINESE.match(after) else " "
