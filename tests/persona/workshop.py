"""A workshop in memory: what a persona's job needs, made of stand-ins that keep a record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from selfsame.clones.clone import Clone
from selfsame.errors import BadInput, SelfsameError
from selfsame.events.heard import Hypothesis
from selfsame.jobs.extract_persona import PersonaWorkshop
from selfsame.jobs.persona_desk import PersonaDesk
from selfsame.jobs.shared_video import SharedVideo
from selfsame.jobs.video_desk import VideoDesk
from selfsame.jobs.voice_desk import VoiceDesk
from selfsame.kit.ids import new_id
from selfsame.kit.pcm import Pcm
from selfsame.stores.files.memory import MemoryFiles
from selfsame.stores.memory_jobs import MemoryJobs
from selfsame.stores.memory_personas import MemoryPersonas
from selfsame.stores.memory_voices import MemoryVoices
from selfsame.studio.persona.extract import Reader
from selfsame.studio.port import Progress
from selfsame.studio.tube import FetchedVideo, VideoAddress
from tests.persona.conftest import SPEAKERS

RATE = 16_000
TALK = (SPEAKERS / "dana.txt").read_text(encoding="utf-8")
SENTENCES = [line.strip() for line in TALK.replace("?", ".").replace("!", ".").split(".") if line.strip()]
WAV = b"RIFF\x00\x00\x00\x00WAVE" + b"x" * 40


def recording(count: int = 36) -> Pcm:
    """Noise for each sentence with silence between: 4 s of "speech", 1 s of nothing."""
    rng = np.random.default_rng(3)
    quiet = rng.normal(0, 3, RATE)
    return np.concatenate([np.append(rng.normal(0, 2500, 4 * RATE), quiet) for _ in range(count)]).astype(np.int16)


def _mark(pcm: Pcm) -> bytes:
    """What tells one stretch of noise from another: its first loud samples."""
    first = int(np.argmax(np.abs(pcm) > 200))
    return pcm[first : first + 20].tobytes()


@dataclass
class Workshop:
    """Everything in memory. `heard` counts how often each stretch was listened to, by its number."""

    reader: Reader | None = None
    fails: SelfsameError | None = None
    captions: bytes = b""
    count: int = 36
    heard: list[int] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    languages: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.owner = new_id()
        self.clone = Clone(new_id(), self.owner, "dana", "Dana")
        self.files, self.jobs = MemoryFiles(), MemoryJobs()
        self.personas = MemoryPersonas({self.clone.id: self.owner})
        self.desk = PersonaDesk(self.personas, self.files, self.jobs)
        self.videos = SharedVideo(self._fetch, self.files, self.jobs)
        voices = MemoryVoices({self.clone.id: self.owner}, lambda _user: ())  # nobody has agreed
        self.videos_desk = VideoDesk(self.desk, VoiceDesk(voices, self.files, self.jobs))
        self._pcm = recording(self.count)
        self._blocks = {_mark(self._pcm[5 * RATE * n : 5 * RATE * (n + 1)]): n for n in range(self.count)}

    @property
    def shop(self) -> PersonaWorkshop:
        return PersonaWorkshop(
            self.personas, self.files, self.videos, self._read, self._main_speaker, self._hear, self.reader
        )

    async def left(self) -> list[str]:
        """The keys of all files that are still there."""
        return [key async for key in self.files.keys("")]

    async def _fetch(
        self, address: VideoAddress, name: str, progress: Progress, *, captions: bool = False
    ) -> FetchedVideo:
        self.fetched.append(name)
        await progress(0.5, "Fetching")
        if self.fails is not None:
            raise self.fails
        own = bool(captions and self.captions)
        return FetchedVideo("Bread", "Dana", 180.0, "EN", self.captions if own else WAV, own)

    async def _read(self, data: bytes) -> Pcm:
        if data != WAV:
            raise BadInput("The recording cannot be read.")
        return self._pcm

    async def _main_speaker(self, pcm: Pcm) -> Sequence[tuple[float, float]]:
        return [(0.0, len(pcm) / RATE)]

    async def _hear(self, pcm: Pcm, language: str) -> Hypothesis:
        if self.fails is not None:
            raise self.fails
        self.languages.add(language)
        number = self._blocks[_mark(pcm)]
        self.heard.append(number)
        return Hypothesis(SENTENCES[number % len(SENTENCES)], 0.9, "EN")


def of(job: Any, *names: str) -> dict[str, Any]:
    """Some fields of a job."""
    return {name: getattr(job, name) for name in names}
