"""The stage of the ears: sound in, what was heard out.

Two halves that never wait for each other: voice activity decides on audio time, frame by frame (`endpointing.py`); the
recogniser works in a task of its own (`scribe.py`) and is fed only what is speech, with a little before it (AUD-06).
What goes out is always well formed: every `SpeechStarted` is followed by exactly one `UtteranceEnded` before the next,
times never go back, and `SpeechPaused` and `SpeechResumed` alternate in between.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import AsyncIterable, Callable, Iterator
from dataclasses import dataclass, field, replace

import anyio.lowlevel
import numpy as np
import structlog

from selfsame.ears import endpointing
from selfsame.ears.endpointing import Ended, Endpointing, Frame, Paused, Resumed, Started, TextHeard
from selfsame.ears.framing import Framer, Memory
from selfsame.ears.port import HearingOptions, SpeechToText, TurnDetector, VoiceActivityDetector
from selfsame.ears.scribe import NOTHING, Failed, Guess, Report, Scribe, ScribeOptions, Settled, joined
from selfsame.errors import Unavailable
from selfsame.events.audio import AudioFrame, ChangeHearing, EndUtterance, Sound, TalkMode
from selfsame.events.heard import (
    Heard,
    HearingFailed,
    Hypothesis,
    Interim,
    SpeechPaused,
    SpeechResumed,
    SpeechStarted,
    UtteranceEnded,
)
from selfsame.kit import tasks
from selfsame.kit.clock import SYSTEM, Clock
from selfsame.kit.pcm import MICROPHONE_RATE, Pcm

log = structlog.get_logger(__name__)

PRE_ROLL = 0.15
"""Longer, and the recogniser takes what noise is left for a word."""
MEMORY = 2.4
FEED = 0.09
GAP = 0.25
PATIENCE = 1.0
YIELD_SAMPLES = 1280
"""Sound that is there all at once (a file, one long frame) must not keep the loop or the recogniser from running."""


@dataclass(frozen=True, slots=True)
class ListenEngines:
    """What one session hears with. The detector is this session's own: it keeps state."""

    recognizer: SpeechToText
    detector: VoiceActivityDetector
    turn_detector: TurnDetector
    clock: Clock = SYSTEM


@dataclass(frozen=True, slots=True)
class ListenOptions:
    """The wishes a session starts with; `ChangeHearing` changes them. `sensitivity` is 0 (deaf) to 1 (keen)."""

    hearing: HearingOptions = field(default_factory=HearingOptions)
    talk_mode: TalkMode = "hands_free"
    sensitivity: float = 0.5
    scribe: ScribeOptions = field(default_factory=ScribeOptions)


async def listen(
    sound: AsyncIterable[Sound], engines: ListenEngines, options: ListenOptions, emit: Callable[[Heard], None]
) -> None:
    """Hear until `sound` ends; a running utterance is then finished. `emit` is called on this event loop.

    A recogniser that fails or hangs is reported as `HearingFailed` and tried again later; it never stops the session.
    """
    ear = _Ear(engines, options, emit)
    async with tasks.group() as group:
        group.start_soon(ear.scribe.run)
        taken = 0
        async for item in sound:
            for piece in _pieces(item):
                ear.take(piece)
                taken += len(piece.pcm) if isinstance(piece, AudioFrame) else 0
                if taken >= YIELD_SAMPLES:
                    taken = 0
                    await anyio.lowlevel.checkpoint()
        ear.close()


def _pieces(item: Sound) -> Iterator[Sound]:
    """The item itself, or a long frame in pieces."""
    if not isinstance(item, AudioFrame) or len(item.pcm) <= YIELD_SAMPLES:
        yield item
        return
    for start in range(0, len(item.pcm), YIELD_SAMPLES):
        piece = item.pcm[start : start + YIELD_SAMPLES]
        yield AudioFrame(piece, item.at - (len(item.pcm) - start - len(piece)) / MICROPHONE_RATE)


@dataclass(slots=True)
class _Open:
    """An utterance that ended and whose words are awaited; outwardly it began at `since`.

    `merged`: voice went on before the words came, so outwardly it goes on too.
    """

    number: int
    since: float
    ended: Ended
    decided: float
    best: Hypothesis = NOTHING
    merged: bool = False


class _Ear:
    def __init__(self, engines: ListenEngines, options: ListenOptions, emit: Callable[[Heard], None]) -> None:
        self._engines = engines
        self._emit = emit
        self._state = Endpointing(talk_mode=options.talk_mode, sensitivity=options.sensitivity)
        self.scribe = Scribe(engines.recognizer, options.hearing, self._reported, engines.clock, options.scribe)
        size = engines.detector.frame_samples
        self._seconds = size / MICROPHONE_RATE
        self._framer = Framer(size)
        self._memory = Memory(MEMORY, size)
        self._chunk: list[Pcm] = []
        self._heard_until: float | None = None
        self._at = 0.0
        self._number = 0
        self._since = 0.0
        self._part_since = 0.0
        self._pause: Paused | None = None
        self._told_pause = False
        self._told_text = ""
        self._lost = False
        self._best = NOTHING
        self._carry = NOTHING
        self._awaited: deque[_Open] = deque()
        self._holding = False
        self._held: list[Heard] = []
        self._told_at = 0.0
        self._wish = options.hearing.language
        self._give_up = options.scribe.timeout + PATIENCE

    # --- sound --------------------------------------------------------------------------------------------------

    def take(self, item: Sound) -> None:
        match item:
            case AudioFrame(pcm, at):
                self._bridge_gap(at - len(pcm) / MICROPHONE_RATE)
                self._heard_until = at
                for frame, end in self._framer.frames(pcm, at):
                    self._hear(frame, end)
            case EndUtterance(at):
                self._take_rest()
                self._step(EndUtterance(max(at, self._at)))
            case ChangeHearing():
                self._step(item)
                if item.language is not None:
                    self._wish = item.language
                    self._flush()
                    self.scribe.change_language(item.language, self._at)

    def close(self) -> None:
        """The sound is over: what was being said is finished."""
        self._take_rest()
        self._step(EndUtterance(self._at))
        self.scribe.close()

    def _take_rest(self) -> None:
        """The last piece, too short for a frame, still belongs to what is being said, and not to what follows."""
        rest = self._framer.clear()
        if self._state.phase == "voice" and len(rest):
            self._chunk.append(rest)

    def _hear(self, frame: Pcm, at: float) -> None:
        if self._state.phase == "voice":
            self._chunk.append(frame)
            if len(self._chunk) * self._seconds >= FEED:
                self._flush(at)
        else:
            self._memory.keep(frame, at)
        probability = self._engines.detector.probability(frame)
        level = 0.0 if self._state.phase == "idle" and probability < 0.2 else _level(frame)
        self._at = max(self._at, at)
        self._step(Frame(self._at, self._seconds, probability, level))
        if self._awaited and self._engines.clock.now() > self._awaited[0].decided + self._give_up:
            self._abandon()

    def _bridge_gap(self, start: float) -> None:
        """Missing sound counts as silence: twice, because a pause and an end are two decisions."""
        if self._heard_until is None or start - self._heard_until < GAP:
            return
        self._framer.clear()
        self._engines.detector.reset()
        self._at = max(self._at, start)
        for _ in range(2):
            self._step(Frame(self._at, self._seconds, 0.0))

    def _flush(self, at: float | None = None) -> None:
        """Hand the recogniser what has gathered: about 90 ms at a time, to spare calls."""
        if not self._chunk:
            return
        fed = self.scribe.feed(np.concatenate(self._chunk), self._at if at is None else at)
        self._chunk = []
        if not fed and not self._lost:
            self._lost = True
            self._say(HearingFailed(self._at, self._late()))

    # --- decisions ----------------------------------------------------------------------------------------------

    def _step(self, event: endpointing.Event) -> None:
        self._state, decisions = endpointing.step(self._state, event)
        for decision in decisions:
            match decision:
                case Started():
                    self._started(decision)
                case Paused(at):
                    self._flush()
                    self._pause = decision
                    self.scribe.ask(at)
                case Resumed(at):
                    self._resumed(at)
                    self._chunk = self._memory.take()
                case Ended():
                    self._ended(decision)

    def _started(self, started: Started) -> None:
        """Voice before the words of a guessed end have come: that end was wrong, so the utterance goes on."""
        before = self._awaited[-1] if self._awaited else None
        self._part_since = started.since
        if before is not None and before.ended.reason in ("silence", "asked"):
            before.merged = True
            self._resumed(started.at)
        else:
            self._since, self._told_pause, self._told_text = started.since, False, ""
            self._holding = before is not None
            self._say(SpeechStarted(started.at, started.since))
        self._number += 1
        self._lost, self._best = False, NOTHING
        room = self._memory.until(started.since - PRE_ROLL)
        self.scribe.begin(self._number, started.at, room)
        self._chunk = self._memory.take(started.since - PRE_ROLL)
        self._flush()

    def _resumed(self, at: float) -> None:
        self._pause = None
        if self._told_pause:
            self._told_pause = False
            self._say(SpeechResumed(at))

    def _ended(self, ended: Ended) -> None:
        self._flush()
        self._pause = None
        decided = self._engines.clock.now()
        self._awaited.append(_Open(self._number, self._since, ended, decided, self._best))
        self.scribe.finish(self._number, ended.at)

    # --- words --------------------------------------------------------------------------------------------------

    def _reported(self, report: Report) -> None:
        match report:
            case Guess():
                self._guessed(report)
            case Settled(number, _, hypothesis, decode_seconds):
                if self._awaited and self._awaited[0].number == number:
                    self._settle(hypothesis, decode_seconds)
            case Failed(at, error):
                self._say(HearingFailed(at, error))

    def _guessed(self, guess: Guess) -> None:
        for each in self._awaited:
            if each.number == guess.number:
                each.best = guess.hypothesis
                return
        if guess.number != self._number or self._state.utterance is None:
            return
        self._best = guess.hypothesis
        whole = joined(self._carry, guess.hypothesis, self._part_since - self._since)
        sounds = self._engines.turn_detector.completeness(whole.text, whole.language or self._language())
        self._step(TextHeard(whole.text, sounds))
        if guess.asked and self._pause is not None and self._pause.at == guess.at:
            self._told_pause, self._told_text = True, whole.text
            self._say(SpeechPaused(guess.at, self._pause.last_voice, whole))
        elif not guess.asked and whole.text != self._told_text:
            self._told_text = whole.text
            self._say(Interim(guess.at, whole))

    def _settle(self, hypothesis: Hypothesis, decode_seconds: float) -> None:
        done = self._awaited.popleft()
        whole = joined(self._carry, hypothesis, done.ended.since - done.since)
        if done.merged:
            self._carry = whole
            return
        self._carry = NOTHING
        ended = done.ended
        lasted = ended.last_voice - done.since
        if not whole.text and lasted > 1.0:
            log.info("no words were heard in voice", seconds=lasted, reason=ended.reason)
        self._tell(UtteranceEnded(ended.at, ended.last_voice, whole, lasted, decode_seconds))
        self._holding, self._held, held = False, [], self._held
        for event in held:
            self._say(event)

    def _abandon(self) -> None:
        """The recogniser's task is stuck where no time limit reaches it (a thread): go on with what is known."""
        stuck = self._awaited[0]
        self._tell(HearingFailed(self._at, self._late()))
        self._settle(stuck.best, self._engines.clock.now() - stuck.decided)

    def _language(self) -> str | None:
        return None if self._wish == "auto" else self._wish

    def _late(self) -> Unavailable:
        name = self._engines.recognizer.abilities.name
        return Unavailable("the recogniser is too far behind", role="asr", provider=name)

    # --- out ----------------------------------------------------------------------------------------------------

    def _say(self, event: Heard) -> None:
        """What belongs to a newer utterance waits until the one before has been told to its end."""
        if self._holding and not isinstance(event, HearingFailed):
            self._held.append(event)
        else:
            self._tell(event)

    def _tell(self, event: Heard) -> None:
        if event.at < self._told_at:
            event = replace(event, at=self._told_at)
        self._told_at = event.at
        self._emit(event)


def _level(frame: Pcm) -> float:
    wide = frame.astype(np.float32)
    return 10.0 * math.log10(float(np.dot(wide, wide)) / (len(wide) * 32768.0**2) + 1e-12)
