"""Voices bound: the speaker network, the ears that hear a consent, the desks, and the job that makes a voice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock
from uuid import UUID

import anyio
import numpy as np

from selfsame.channels.deps import VoiceStudio
from selfsame.clones.consent import Consent
from selfsame.ears.port import PASSING, HearingOptions
from selfsame.errors import Refused
from selfsame.events.heard import Hypothesis
from selfsame.jobs.enrol_voice import ENROL_VOICE, VoiceWorkshop, enrolling
from selfsame.jobs.job import JobKind
from selfsame.jobs.port import JobQueue
from selfsame.jobs.shared_video import SharedVideo
from selfsame.jobs.voice_desk import ConsentDesk, Silence, VoiceDesk
from selfsame.jobs.worker import Handler
from selfsame.kit.clock import wall
from selfsame.kit.ids import new_id
from selfsame.kit.pcm import Pcm
from selfsame.stores.postgres.consents import PostgresConsents
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.voices import PostgresVoices
from selfsame.studio.port import FileStore, Progress
from selfsame.studio.voice.consent import Statement, lessons
from selfsame.studio.voice.enrolment import Gathered, Upload, gather
from selfsame.studio.voice.kinds import TrainVoice
from selfsame.voice.port import SpeakerAbilities, SpeakerEncoder, VoicePrint
from selfsame.wiring.engines import Engines
from selfsame.wiring.people import Meetings
from selfsame.wiring.studio import transcribe


class LateSpeakerEncoder:
    """Implements `SpeakerEncoder`; the network is loaded when the first voice is listened to.

    Without its files that raises Unavailable, and the next try looks for them again.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._found: SpeakerEncoder | None = None
        self._loading = Lock()

    @property
    def abilities(self) -> SpeakerAbilities:
        """Those of the network, which is loaded for it."""
        return self._network().abilities

    def embed(self, pcm: Pcm) -> VoicePrint:
        """The voice of a recording; see the port."""
        return self._network().embed(pcm)

    def embed_pieces(self, pieces: Sequence[Pcm]) -> np.ndarray:
        """The voices of pieces; see the port."""
        return self._network().embed_pieces(pieces)

    def _network(self) -> SpeakerEncoder:
        with self._loading:
            if self._found is None:
                from selfsame.providers.embedded.speaker import Ge2eSpeakerEncoder

                self._found = Ge2eSpeakerEncoder(self._folder)
            return self._found


@dataclass(frozen=True, slots=True)
class ConsentEars:
    """Hears a statement with the recogniser in force, which is taught it first where it can be taught.

    What it was taught is forgotten when the statement has been heard."""

    engines: Engines

    async def hear(self, pcm: Pcm, wanted: Statement) -> Hypothesis:
        """The words. Raises Refused for a language without a recogniser, ProviderError."""
        if wanted.language not in self.engines.hearing.abilities.languages:
            raise Refused(
                f"The ears of this installation do not understand {wanted.language}. Give the consent in English, or "
                "install neural ears (see `selfsame doctor`).",
                role="asr",
                provider=self.engines.hearing.abilities.name,
            )
        lesson = f"{PASSING}consent-{new_id()}"
        try:
            await self.engines.adapt(lesson, "1", lessons(wanted))
            return await transcribe(self.engines.hearing, pcm, HearingOptions(lesson, wanted.language))
        finally:
            # The lesson holds the person's name: it is not kept, neither in memory nor on the disk.
            with anyio.CancelScope(shield=True):
                await self.engines.unlearn(lesson)


@dataclass(frozen=True, slots=True)
class VoiceParts:
    """What voices are bound to. `train` makes a voice of recordings; `silence` takes voices that are no more out of
    the memory of whoever speaks."""

    database: Database
    engines: Engines
    files: FileStore
    jobs: JobQueue
    meetings: Meetings
    encoder: SpeakerEncoder
    train: TrainVoice
    videos: SharedVideo
    silence: Silence


@dataclass(frozen=True, slots=True)
class Voices:
    """`studio` for the channels, `handlers` for workers, `models` for whoever speaks."""

    studio: VoiceStudio
    handlers: Mapping[JobKind, Handler]
    models: PostgresVoices


def open_voices(parts: VoiceParts) -> Voices:
    """Everything about voices; nothing runs yet."""
    models, book = PostgresVoices(parts.database), PostgresConsents(parts.database)

    async def collect(uploads: Sequence[Upload], consent: VoicePrint, progress: Progress) -> Gathered:
        return await gather(uploads, parts.encoder, consent, progress)

    async def revoke(user_id: UUID) -> tuple[Consent, ...]:
        await book.revoke(user_id, "voice")
        await book.revoke(user_id, "face")
        await parts.silence()
        return await book.of(user_id)

    def today() -> date:
        return wall().date()

    desk = VoiceDesk(models, parts.files, parts.jobs, parts.silence)
    consents = ConsentDesk(book, parts.encoder, ConsentEars(parts.engines).hear, today)
    shop = VoiceWorkshop(models, parts.files, book.of, collect, parts.train, parts.videos)
    studio = VoiceStudio(desk, consents, parts.meetings.meet, revoke)
    return Voices(studio, {ENROL_VOICE: enrolling(shop)}, models)
