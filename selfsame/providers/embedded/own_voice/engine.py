"""A cloned voice behind the voice's port: phrase by phrase, clause by clause, with exact word and phoneme times."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import lru_cache
from typing import Protocol

import structlog

from selfsame.errors import SelfsameError
from selfsame.events.spoken import PhonemeTime, SpokenChunk
from selfsame.kit.streams import closing
from selfsame.kit.tasks import offload
from selfsame.kit.worker import Emit, Worker
from selfsame.voice.chunks import FIRST_SECONDS, NEXT_SECONDS, split
from selfsame.voice.port import Phrase, SpeakingAbilities, TextToSpeech
from selfsame.voice.units.clear import clear_sound
from selfsame.voice.units.file import from_bytes
from selfsame.voice.units.line import Line, clauses, line_of
from selfsame.voice.units.model import VoiceModel
from selfsame.voice.units.sound import RATE
from selfsame.voice.units.speak import as_loud, guide_sound, manner_of, say

log = structlog.get_logger(__name__)
PROVIDER = "own-voice"
CLEAR = "#clear"
"""Behind a voice id: the same person in the clear manner."""

_KEPT = 8  # voices in memory, about 15 MB a minute of recordings in all


class Voices(Protocol):
    """Where trained voices lie."""

    async def load(self, voice_id: str) -> bytes | None:
        """The file (voice.units.file) of a voice; None when there is no such voice. May raise SelfsameError."""
        ...


class OwnVoiceTextToSpeech:
    """Speaks in the voice that a phrase's `voice_id` names, and as the guide where there is none.

    `guide` must give phoneme times and speak at sound.RATE. Any number of sessions share one instance; the sound is
    made in one thread of the process, a clause at a time, so that sessions take turns.
    """

    def __init__(self, guide: TextToSpeech, voices: Voices) -> None:
        """Raises ValueError for a guide that cannot guide."""
        if not guide.abilities.phoneme_times or guide.abilities.sample_rate != RATE:
            raise ValueError(f"the guide must give phoneme times and speak at {RATE} Hz")
        self.abilities = SpeakingAbilities(
            name=PROVIDER,
            sample_rate=RATE,
            languages=guide.abilities.languages,
            streaming=True,
            phoneme_times=True,
            clones_voices=True,
        )
        self._guide = guide
        self._voices = voices
        self._loaded: OrderedDict[str, VoiceModel] = OrderedDict()

    @property
    def plain_name(self) -> str:
        """Who speaks where there is no voice."""
        return self._guide.abilities.name

    @property
    def loaded(self) -> tuple[str, ...]:
        """The voices in memory."""
        return tuple(self._loaded)

    def forget(self, voice_id: str) -> None:
        """Read the voice anew when it is next needed (it was trained again, or erased)."""
        self._loaded.pop(voice_id, None)

    def forget_all(self) -> None:
        """Drop every voice at hand, as when somebody is erased."""
        self._loaded.clear()

    async def synthesize(self, phrase: Phrase) -> AsyncIterator[SpokenChunk]:
        """The first chunk is 0.12 s of sound, the others up to 0.25 s. Raises what the guide raises.

        An id without a voice, or whose file is damaged, is spoken by the guide: a clone is never silent.
        """
        voice_id, _, _ = phrase.voice_id.partition(CLEAR)
        model = await self._model(voice_id)
        if model is None:
            stream = self._guide.synthesize(phrase)
            async with closing(stream):
                async for chunk in stream:
                    yield chunk
            return
        is_clear = phrase.voice_id.endswith(CLEAR)
        first: float | None = FIRST_SECONDS
        for clause in clauses(await self._line(replace(phrase, voice_id="", pitch=1.0))):
            made = worker().stream(_job(model, clause, phrase, is_clear))
            async with closing(made):
                async for chunk in made:
                    for piece in split(chunk, NEXT_SECONDS, first):
                        yield piece
                    first = None

    async def _line(self, phrase: Phrase) -> Line:
        """What the guide says, whole: it takes some 2 ms a second of speech."""
        stream = self._guide.synthesize(phrase)
        async with closing(stream):
            return line_of([chunk async for chunk in stream])

    async def _model(self, voice_id: str) -> VoiceModel | None:
        if not voice_id:
            return None
        model = self._loaded.get(voice_id)
        if model is None:
            try:
                data = await self._voices.load(voice_id)
                model = None if data is None else await offload(_ready, data)
            except SelfsameError as error:
                log.warning("own_voice.unusable", voice_id=voice_id, code=error.code)
            if model is None:
                return None
            self._loaded[voice_id] = model
            while len(self._loaded) > _KEPT:
                self._loaded.popitem(last=False)
        self._loaded.move_to_end(voice_id)
        return model


def _ready(data: bytes) -> VoiceModel:
    """The voice of a file, with all that the first phrase would have to wait for."""
    model = from_bytes(data)
    model.prepare()
    return model


def _job(model: VoiceModel, line: Line, phrase: Phrase, is_clear: bool) -> Callable[[Emit[SpokenChunk]], None]:
    def speak(emit: Emit[SpokenChunk]) -> None:
        if is_clear:
            sound = as_loud(clear_sound(model, guide_sound(line), phrase.pitch))
            emit(replace(_as_guided(line), pcm=sound))
            return
        manner = manner_of(model, phrase.language)
        prosody = replace(manner.prosody, raised=phrase.pitch)
        emit(say(model, line, replace(manner, prosody=prosody, speed=phrase.speed)).chunk)

    return speak


def _as_guided(line: Line) -> SpokenChunk:
    """The line as the guide said it."""
    phonemes = tuple(PhonemeTime(p.ipa, p.start, p.end) for p in line.phones if p.name)
    return SpokenChunk(line.pcm, line.rate, line.text, line.words, phonemes)


@lru_cache(maxsize=1)
def worker() -> Worker:
    """The process's one thread in which cloned voices speak."""
    return Worker(PROVIDER)
