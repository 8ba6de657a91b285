"""The four rooms as one session uses them: stages already bound to their engines."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from selfsame.events.audio import ChangeHearing, Sound
from selfsame.events.heard import Heard
from selfsame.events.shown import Image, Motion
from selfsame.events.spoken import SpokenChunk
from selfsame.events.thought import Thought
from selfsame.events.turns import Exchange, Mode
from selfsame.face.port import FacePainter
from selfsame.face.show import Idle
from selfsame.kit.pipes import Pipe


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the session asks it, and what the mind may know of this conversation.

    `language` is EN, ZH, ES, or "auto" when only the text can tell.
    """

    text: str
    turn: int
    language: str
    mode: Mode
    history: tuple[Exchange, ...]
    context: str


class Speaking(Protocol):
    """A reply being spoken. Iterating raises ProviderError (role tts, or the mind's) after the sound made before."""

    def __aiter__(self) -> AsyncIterator[SpokenChunk]:
        """The chunks in order."""
        ...

    async def unspoken(self) -> str:
        """After a failure of the voice: the text that got no sound, whole once the mind has ended."""
        ...


class Moving(Protocol):
    """A reply's face being moved; calls are quick."""

    def add(self, chunk: SpokenChunk) -> Motion:
        """The frames up to the end of the next chunk; later calls may send the last of them again."""
        ...

    def finish(self) -> Motion:
        """The last frames."""
        ...


Hear = Callable[[Pipe[Sound], ChangeHearing, Callable[[Heard], None]], Awaitable[None]]
Think = Callable[[Asked], AsyncGenerator[Thought, None]]
Speak = Callable[[AsyncGenerator[str, None], str], AbstractAsyncContextManager[Speaking]]
Animate = Callable[[int], Moving]


@dataclass(frozen=True, slots=True)
class Show:
    """How the server draws a clone's face. `open(size)` blocks and may raise ProviderError; `idle` is its rest.

    `photo`, any size, is what is shown when moving pictures cannot be had.
    """

    open: Callable[[int], FacePainter]
    idle: Idle
    photo: Image | None = None


@dataclass(frozen=True, slots=True)
class Rooms:
    """`hear(sound, first wishes, emit)` runs until the sound ends; `think(asked)` streams a reply;
    `speak(text, language)` opens a stream of speech at `sample_rate`; `language_of(text)` guesses EN, ZH or ES;
    `animate(seed)` begins the motion of a reply, where the clone has a face; `show` draws it for clients that cannot.
    """

    hear: Hear
    think: Think
    speak: Speak
    sample_rate: int
    language_of: Callable[[str], str]
    ahead: float = 2.0
    """Seconds of speech sent ahead of play-out."""
    animate: Animate | None = None
    show: Show | None = None
