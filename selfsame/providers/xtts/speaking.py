"""XTTS-v2 behind the voice's port: says what clones with a voice of their own say."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from selfsame.errors import Refused, SelfsameError, Unavailable
from selfsame.events.spoken import SpokenChunk
from selfsame.kit import tasks
from selfsame.kit.pcm import Pcm
from selfsame.kit.streams import closing
from selfsame.kit.worker import Emit, Worker
from selfsame.providers.xtts.network import NAME, RATE, Speaker, XttsNetwork
from selfsame.providers.xtts.pieces import pieces
from selfsame.voice.port import Phrase, SpeakingAbilities

KEPT = 32
"""Speakers in memory, some 130 kB each."""


class Recordings(Protocol):
    """Where people's recordings lie."""

    async def recordings(self, voice_id: str) -> tuple[Pcm, int] | None:
        """The recordings that a voice was made of, in a row, and their rate; None when there is no such voice."""
        ...


@dataclass(frozen=True, slots=True)
class XttsOptions:
    """`device`: auto, cpu or cuda. `seconds` of a person's recordings that are listened to."""

    device: str = "auto"
    seconds: float = 60.0


class XttsTextToSpeech:
    """Speaks in the voice that a phrase's `voice_id` names; refuses a phrase without one.

    Any number of sessions share one instance; the network works in one thread, a phrase at a time. There are no word
    or phoneme times. Languages are recorded in none of them: the network speaks all three as the same person.
    """

    def __init__(self, network: XttsNetwork, voices: Recordings, options: XttsOptions | None = None) -> None:
        """`network` is loaded; see `open_xtts`."""
        self.abilities = SpeakingAbilities(
            NAME, RATE, frozenset({"EN", "ZH", "ES"}), clones_voices=True, stock_voices=False
        )
        self._network = network
        self._voices = voices
        self._options = options or XttsOptions()
        self._speakers: OrderedDict[str, Speaker] = OrderedDict()
        self._worker = Worker(NAME)

    @property
    def loaded(self) -> tuple[str, ...]:
        """The voices in memory."""
        return tuple(self._speakers)

    @property
    def on_gpu(self) -> bool:
        """Whether the network computes on a graphics processor."""
        return self._network.on_gpu

    def forget(self, voice_id: str) -> None:
        """Listen to the recordings anew when the voice is next needed (it was made again, or erased)."""
        self._speakers.pop(voice_id, None)

    def forget_all(self) -> None:
        """Drop every voice at hand, as when somebody is erased."""
        self._speakers.clear()

    async def synthesize(self, phrase: Phrase) -> AsyncIterator[SpokenChunk]:
        """Chunks of half a second. The manner of a voice (what follows a #) means nothing here.

        Raises Refused without a voice or for another language, Unavailable or BadOutput.
        """
        if phrase.language not in self.abilities.languages:
            raise Refused("XTTS does not speak that language here", role="tts", provider=NAME)
        texts = pieces(phrase.text, phrase.language)
        if not texts:
            return
        speaker = await self._speaker(phrase.voice_id.partition("#")[0])

        def speak(emit: Emit[Pcm]) -> None:
            for text in texts:
                for pcm in self._network.synthesize_streaming(text, speaker, phrase.language, phrase.speed):
                    if not emit(pcm):
                        return

        told = phrase.text  # with the first sound: which word it ends with is not known
        made = self._worker.stream(speak)
        async with closing(made):
            async for pcm in made:
                yield SpokenChunk(pcm, RATE, told)
                told = ""

    async def _speaker(self, voice_id: str) -> Speaker:
        found = self._speakers.get(voice_id)
        if found is None:
            found = await self._listen(voice_id)
            self._speakers[voice_id] = found
            while len(self._speakers) > KEPT:
                self._speakers.popitem(last=False)
        self._speakers.move_to_end(voice_id)
        return found

    async def _listen(self, voice_id: str) -> Speaker:
        try:
            recorded = await self._voices.recordings(voice_id) if voice_id else None
        except SelfsameError as error:
            raise Unavailable("the voice's recordings cannot be read", role="tts", provider=NAME) from error
        if recorded is None:
            raise Refused("XTTS speaks as clones with a voice of their own only", role="tts", provider=NAME)
        pcm, rate = recorded
        stretches = _stretches(pcm[: int(self._options.seconds * rate)], rate)

        def listen(emit: Emit[Speaker]) -> None:
            emit(self._network.train_speaker(stretches, rate))

        made = self._worker.stream(listen)
        async with closing(made):
            return await anext(made)


def _stretches(pcm: Pcm, rate: int) -> list[Pcm]:
    """The recordings in stretches of 15 s, whose timbres are averaged; at least one, a third of a second or more."""
    size = 15 * rate
    if len(pcm) < rate // 2:
        pcm = np.pad(pcm, (0, rate // 2 - len(pcm)))
    cuts = range(0, max(1, len(pcm) - rate), size)
    return [pcm[start : start + size] for start in cuts]


async def open_xtts(folder: Path, voices: Recordings, options: XttsOptions | None = None) -> XttsTextToSpeech:
    """The engine, its network loaded (seconds, and 2 to 3 GB of memory). Raises Unavailable."""
    chosen = options or XttsOptions()
    network = await tasks.offload(XttsNetwork.load_model, folder, chosen.device)
    return XttsTextToSpeech(network, voices, chosen)
