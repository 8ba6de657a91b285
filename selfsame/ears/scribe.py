"""The recogniser's own task: it is fed through a bounded pipe, so that voice activity never waits for it.

Every `finish` is answered by exactly one `Settled`, in order, whether the recogniser works, fails, hangs or is not
there; a failure is reported once and the recogniser is opened again for a later utterance.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import anyio
import numpy as np
import structlog

from selfsame.ears.denoise import Denoiser
from selfsame.ears.port import HearingOptions, Recognition, SpeechToText
from selfsame.errors import ProviderError, Unavailable
from selfsame.events.heard import Hypothesis
from selfsame.kit.clock import Clock
from selfsame.kit.pcm import Pcm
from selfsame.kit.pipes import Pipe, PipeFull

log = structlog.get_logger(__name__)

T = TypeVar("T")

NOTHING = Hypothesis("", 0.0)
NO_SOUND: Pcm = np.zeros(0, dtype=np.int16)
INTERIM_SECONDS = 0.3
BACKLOG = 512
FIRST_WAIT = 1.0
LONGEST_WAIT = 60.0


@dataclass(frozen=True, slots=True)
class Guess:
    """A hypothesis of the running utterance `number`; `asked` when it answers `ask`."""

    number: int
    at: float
    hypothesis: Hypothesis
    asked: bool


@dataclass(frozen=True, slots=True)
class Settled:
    """The words of utterance `number`, which ended at `at`; `decode_seconds` of waiting for them."""

    number: int
    at: float
    hypothesis: Hypothesis
    decode_seconds: float


@dataclass(frozen=True, slots=True)
class Failed:
    """The recogniser failed while it worked on what was heard up to `at`."""

    at: float
    error: ProviderError


Report = Guess | Settled | Failed


@dataclass(frozen=True, slots=True)
class _Begin:
    number: int
    at: float
    room: Pcm


@dataclass(frozen=True, slots=True)
class _Feed:
    pcm: Pcm
    at: float


@dataclass(frozen=True, slots=True)
class _Ask:
    at: float


@dataclass(frozen=True, slots=True)
class _Finish:
    number: int
    at: float
    since: float


@dataclass(frozen=True, slots=True)
class _Language:
    language: str
    at: float


_Command = _Begin | _Feed | _Ask | _Finish | _Language


@dataclass(frozen=True, slots=True)
class ScribeOptions:
    """`timeout` bounds every wait for the recogniser, in seconds; `filtered` takes the room's noise out before it."""

    timeout: float = 3.0
    filtered: bool = True


def joined(first: Hypothesis, second: Hypothesis, offset: float = 0.0) -> Hypothesis:
    """Two parts of one utterance; the second began `offset` seconds after the first."""
    if not first.text:
        return second
    if not second.text:
        return first
    words = tuple(replace(word, start=word.start + offset, end=word.end + offset) for word in second.words)
    gap = "" if first.language == "ZH" else " "
    return Hypothesis(
        first.text + gap + second.text,
        min(first.confidence, second.confidence),
        second.language or first.language,
        first.words + words,
    )


class Scribe:
    """Feeds one session's recogniser. The methods without `async` never wait; `run` is the task."""

    def __init__(
        self,
        engine: SpeechToText,
        hearing: HearingOptions,
        report: Callable[[Report], None],
        clock: Clock,
        options: ScribeOptions,
    ) -> None:
        self._engine = engine
        self._hearing = hearing
        self._report = report
        self._clock = clock
        self._timeout = options.timeout
        self._denoiser = Denoiser() if options.filtered else None
        self._pipe: Pipe[_Command] = Pipe("ears.recogniser", 2 * BACKLOG, "fail")
        self._done = False
        self._reopen = False
        self._number = 0
        self._at = 0.0
        self._guessed_at = 0.0
        self._last = NOTHING
        self._carried = NOTHING
        self._error: ProviderError | None = None
        self._wait = 0.0
        self._retry_at = 0.0

    # --- called by the voice-activity side; none of these waits ---------------------------------------------------

    def begin(self, number: int, at: float, room: Pcm = NO_SOUND) -> None:
        """Utterance `number` begins; `room` is what was heard before its voice."""
        self._put(_Begin(number, at, room))

    def feed(self, pcm: Pcm, at: float) -> bool:
        """More of the utterance, up to session time `at`. False: the recogniser is so far behind that it is lost."""
        if len(self._pipe) >= BACKLOG:
            return False
        self._put(_Feed(pcm, at))
        return True

    def ask(self, at: float) -> None:
        """Report a hypothesis of all that was fed."""
        self._put(_Ask(at))

    def finish(self, number: int, at: float) -> None:
        """Settle utterance `number`, which ended at session time `at`."""
        self._put(_Finish(number, at, self._clock.now()))

    def change_language(self, language: str, at: float) -> None:
        """Open the recogniser anew for this language; what it heard of a running utterance is kept."""
        self._put(_Language(language, at))

    def close(self) -> None:
        """No more sound: `run` settles what waits and returns."""
        self._pipe.close()

    def _put(self, command: _Command) -> None:
        try:
            self._pipe.put_now(command)
        except PipeFull:
            log.error("recogniser takes no commands any more", pipe=self._pipe.name)

    # --- the task -------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Serve until `close`. Opens the recogniser at once, so that it is warm for the first word."""
        while not self._done:
            self._reopen = False
            await self._with_recogniser()
            if not self._done and not self._reopen:
                await self._without_recogniser()

    async def _with_recogniser(self) -> None:
        """Open, serve, close. The time limit holds for opening and closing and is lifted in between."""
        opened = False
        with anyio.move_on_after(self._timeout) as limit:
            try:
                async with self._engine.open(self._hearing) as recognition:
                    opened, limit.deadline = True, math.inf
                    await self._serve(recognition)
                    limit.deadline = anyio.current_time() + self._timeout
            except ProviderError as error:
                self._failed(error)
        if limit.cancelled_caught and not opened:
            self._failed(self._late())

    async def _serve(self, recognition: Recognition) -> None:
        async for command in self._pipe:
            if not await self._obey(recognition, command):
                return
        self._done = True

    async def _obey(self, recognition: Recognition, command: _Command) -> bool:
        """Carry out one command; False when this recognition is to be left."""
        self._at = command.at
        match command:
            case _Begin(number, at, room):
                self._start(number, at, room)
            case _Feed(pcm):
                return await self._accept(recognition, pcm)
            case _Ask():
                return await self._guess(recognition, asked=True)
            case _Finish():
                return await self._finish(recognition, command)
            case _Language(language):
                await self._guess(recognition, asked=False)
                self._carried, self._reopen = self._last, True
                self._hearing = replace(self._hearing, language=language)
                return False
        return True

    async def _without_recogniser(self) -> None:
        """Answer for the recogniser that failed, until an utterance begins after the wait."""
        async for command in self._pipe:
            self._at = command.at
            match command:
                case _Begin(number, at, room):
                    self._start(number, at, room)
                    if at >= self._retry_at:
                        return
                    if self._error is not None:
                        self._report(Failed(at, self._error))
                case _Finish(number, at, since):
                    self._report(Settled(number, at, self._last, self._clock.now() - since))
                case _Language(language):
                    self._hearing = replace(self._hearing, language=language)
                    return
                case _:
                    pass
        self._done = True

    def _start(self, number: int, at: float, room: Pcm) -> None:
        self._number, self._guessed_at = number, at
        self._last = self._carried = NOTHING
        if self._denoiser is not None:
            self._denoiser.reset()
            self._denoiser.learn(room)

    async def _accept(self, recognition: Recognition, pcm: Pcm) -> bool:
        if self._denoiser is not None:
            pcm = self._denoiser.process(pcm)
        if not await self._bounded(recognition.accept(pcm), True):
            return False
        if self._at - self._guessed_at < INTERIM_SECONDS:
            return True
        return await self._guess(recognition, asked=False)

    async def _guess(self, recognition: Recognition, *, asked: bool) -> bool:
        self._guessed_at = self._at
        heard = await self._bounded(recognition.hypothesis())
        if heard is None:
            return False
        self._last = joined(self._carried, heard)
        self._report(Guess(self._number, self._at, self._last, asked))
        return True

    async def _finish(self, recognition: Recognition, command: _Finish) -> bool:
        heard = await self._bounded(recognition.finish())
        if heard is not None:
            self._wait = 0.0
            self._last = joined(self._carried, heard)
        self._report(Settled(command.number, command.at, self._last, self._clock.now() - command.since))
        return heard is not None

    async def _bounded(self, call: Awaitable[T], instead_of_none: T | None = None) -> T | None:
        """The call's answer, or None after it failed or took too long."""
        try:
            with anyio.fail_after(self._timeout):
                answer = await call
        except TimeoutError:
            self._failed(self._late())
        except ProviderError as error:
            self._failed(error)
        else:
            return answer if instead_of_none is None else instead_of_none
        return None

    def _late(self) -> Unavailable:
        name = self._engine.abilities.name
        return Unavailable("the recogniser did not answer in time", role="asr", provider=name)

    def _failed(self, error: ProviderError) -> None:
        """Report, and wait longer after each failure in a row: 1, 2, 4 ... 60 seconds of session time."""
        self._error = error
        self._wait = min(LONGEST_WAIT, max(FIRST_WAIT, 2 * self._wait))
        self._retry_at = self._at + self._wait
        log.warning("recogniser failed", code=error.code, provider=error.provider, retry_after=self._wait)
        self._report(Failed(self._at, error))
