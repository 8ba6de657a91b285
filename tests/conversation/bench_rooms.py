"""Rooms for session tests: ears the test speaks through, a mind and a voice that answer at once or fail on demand."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field

import anyio
import numpy as np

from selfsame.conversation.rooms import Asked, Rooms
from selfsame.errors import ProviderError, Unavailable
from selfsame.events.audio import ChangeHearing, EndUtterance, Sound
from selfsame.events.heard import Heard
from selfsame.events.spoken import SpokenChunk, WordTime
from selfsame.events.thought import Passage, Sources, Thought, ThoughtEnded, Token
from selfsame.kit.pipes import Pipe

RATE = 1000
PASSAGE = Passage("p1", "d1", "Guide", "Clones are made from recordings.", 0.9, heading="Making")


@dataclass
class Stage:
    """What the rooms do and what they were asked."""

    answer: str = "Clones are made from your own recordings."
    word_seconds: float = 0.02
    asked: list[Asked] = field(default_factory=list)
    emit: Callable[[Heard], None] | None = None
    sounds: list[Sound] = field(default_factory=list)
    mind_fails: ProviderError | None = None
    voice_fails_after: int | None = None
    ears_fail: ProviderError | None = None
    listening: anyio.Event = field(default_factory=anyio.Event)
    ended: anyio.Event = field(default_factory=anyio.Event)

    def rooms(self) -> Rooms:
        return Rooms(self.hear, self.think, self.speak, RATE, lambda text: "EN", ahead=60.0)

    async def hear(self, sound: Pipe[Sound], wishes: ChangeHearing, emit: Callable[[Heard], None]) -> None:
        self.listening.set()
        if self.ears_fail is not None:
            raise self.ears_fail
        self.emit = emit
        async for item in sound:
            self.sounds.append(item)
            if isinstance(item, EndUtterance):
                self.ended.set()

    async def think(self, asked: Asked) -> AsyncGenerator[Thought, None]:
        self.asked.append(asked)
        if self.mind_fails is not None:
            raise self.mind_fails
        yield Sources((PASSAGE,))
        for word in self.answer.split():
            yield Token(word + " ")
        yield ThoughtEnded("test-model")

    @asynccontextmanager
    async def speak(self, text: AsyncGenerator[str, None], language: str) -> AsyncIterator[Speech]:
        async with aclosing(text):
            yield Speech(self, text)


class Speech:
    """A chunk for every word, until the voice fails."""

    def __init__(self, stage: Stage, text: AsyncGenerator[str, None]) -> None:
        self.stage, self.text, self.count, self.rest = stage, text, 0, ""

    def __aiter__(self) -> Speech:
        return self

    async def __anext__(self) -> SpokenChunk:
        word = await anext(self.text)
        if self.stage.voice_fails_after is not None and self.count >= self.stage.voice_fails_after:
            self.rest = word
            raise Unavailable("the voice is gone", role="tts", provider="test")
        self.count += 1
        seconds = self.stage.word_seconds
        samples = np.zeros(int(seconds * RATE), np.int16)
        return SpokenChunk(samples, RATE, word, (WordTime(word.strip(), 0.0, seconds),))

    async def unspoken(self) -> str:
        async for word in self.text:
            self.rest += word
        return self.rest
