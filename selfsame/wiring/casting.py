"""Clips: what they are made with, and how a built face is tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import numpy as np

from selfsame.clones.clone import Clone
from selfsame.errors import BadInput, BadOutput, ProviderError
from selfsame.evaluator.lip_sync import against_phonemes, against_sound
from selfsame.events.shown import MOTION_FPS, Frames, Image
from selfsame.events.spoken import PhonemeTime, SpokenChunk, WordTime
from selfsame.face.encode.mp4 import Mp4Options, Mp4Writer
from selfsame.face.port import FaceAnimator, FacePainter
from selfsame.face.rig_file import from_json
from selfsame.jobs.build_face import Trial
from selfsame.jobs.clip_desk import Cast
from selfsame.kit.clock import SYSTEM
from selfsame.kit.pcm import Pcm
from selfsame.kit.tasks import offload
from selfsame.studio.clips import ClipTools, Script
from selfsame.studio.face.kinds import BuiltFace
from selfsame.studio.face.validate import FaceModelValidator, Rehearsal
from selfsame.studio.media import ReferenceMedia
from selfsame.studio.port import FaceModel, Progress
from selfsame.voice.port import Phrase
from selfsame.wiring.engines import Engines
from selfsame.wiring.faces import Faces
from selfsame.wiring.filming import idle, seed_of
from selfsame.wiring.own_voice import InVoice, OwnVoices

TRIAL = "Hello. This is how my face moves when I speak: maybe, five, who, cheese."
"""Said by every face that was built: the lips close, round, spread and bite."""
WISHES = 3
"""Pieces of advice given when a face may not be used."""


@dataclass(frozen=True, slots=True)
class Casting:
    """Binds clips to engines and faces."""

    engines: Engines
    faces: Faces
    voices: OwnVoices

    async def forget(self, clone_id: UUID) -> None:
        """Let the ears, the faces and the voices forget a clone, in memory and on the disk."""
        await self.engines.unlearn(str(clone_id))
        self.faces.forget()
        forget_voices = getattr(self.voices.engine, "forget_all", None)  # only the person's own voices are kept there
        if forget_voices is not None:
            forget_voices()

    async def cast(self, clone: Clone) -> Cast:
        """What decides how the clone's clips look. Raises NotFound when it has no face to show."""
        rig_hash = await self.faces.shown(clone)
        voice = await self.voices.of(clone) or self.engines.speaking.abilities.name
        return Cast((voice, self.engines.animator.abilities.name, self.engines.renderer.abilities.name), rig_hash)

    async def stage(self, clone_id: UUID, user_id: UUID, script: Script) -> ClipTools:
        """The engines of one clip, its face opened. Raises NotFound, ProviderError."""
        clone = await self.faces.meetings.meet(str(clone_id), user_id)
        rig = await self.faces.drawn(clone)
        painter = await offload(self.engines.renderer.open, rig, script.size)
        seed = seed_of(clone.id)
        return ClipTools(
            InVoice(self.engines.speaking, await self.voices.of(clone)),
            self.engines.animator,
            painter,
            partial(idle, seed),
            SYSTEM,
            seed=seed,
        )

    async def try_face(self, face: FaceModel, built: BuiltFace, media: ReferenceMedia, progress: Progress) -> Trial:
        """Validate a built face and let it say a sentence; a failing engine costs the trial, not the face.

        Raises BadInput, with what to do, for a face that may not be used.
        """
        await progress(0.1, "Checking the face")
        report: dict[str, object] = {}
        try:
            speech = await self._speech()
            validator = FaceModelValidator(self.engines.landmarker, self._rehearsal(speech))
            validation = await validator.validate_creation(media, built)
            report["validation"] = validation.to_json()
            if not validation.is_valid:
                raise BadInput(" ".join((*validation.issues, *validation.recommendations[:WISHES])))
            await progress(0.3, "Letting the face say a sentence")
            result = await validator.test_generation(built, speech)
        except ProviderError as error:
            return Trial(report | {"testError": error.message}, None)
        return Trial(report | {"test": result.to_json()}, result.video_sample)

    async def _speech(self) -> SpokenChunk:
        chunks = [chunk async for chunk in self.engines.speaking.synthesize(Phrase(TRIAL))]
        if not chunks:
            raise BadOutput("the voice said nothing", role="tts", provider=self.engines.speaking.abilities.name)
        return joined(chunks)

    def _rehearsal(self, speech: SpokenChunk) -> Rehearsal:
        phonemes = [(p.ipa, p.start, p.end) for p in speech.phonemes]

        def score(openings: Sequence[float], fps: float, pcm: Pcm, rate: int) -> float:
            seen = np.asarray(openings, np.float64)
            lips = against_phonemes(seen, fps, phonemes) if phonemes else against_sound(seen, fps, pcm, rate)
            return lips.score

        def open_painter(rig: bytes) -> FacePainter:
            return self.engines.renderer.open(from_json(rig), 256)

        return Rehearsal(partial(motion_of, self.engines.animator), open_painter, score, encode)


def motion_of(animator: FaceAnimator, speech: SpokenChunk) -> Frames:
    """The motion of one piece of speech, exactly as long as it."""
    animation = animator.open(1)
    motion, last = animation.add(speech), animation.finish()
    frames = np.concatenate([motion.frames[: max(0, last.first - motion.first)], last.frames])
    return frames[: max(1, round(speech.seconds * MOTION_FPS))]


def encode(pictures: Sequence[Image], fps: float, pcm: Pcm, rate: int) -> bytes:
    """An MP4 file of the pictures and their sound."""
    height, width = pictures[0].shape[:2]
    writer = Mp4Writer(width, height, rate, Mp4Options(fps=round(fps)))
    try:
        for picture in pictures:
            writer.picture(picture)
        writer.sound(pcm)
        return writer.finish()
    finally:
        writer.close()


def joined(chunks: Sequence[SpokenChunk]) -> SpokenChunk:
    """Several chunks as one; times count from its first sample."""
    words: list[WordTime] = []
    phonemes: list[PhonemeTime] = []
    start = 0.0
    for chunk in chunks:
        words += [WordTime(w.text, start + w.start, start + w.end) for w in chunk.words]
        phonemes += [PhonemeTime(p.ipa, start + p.start, start + p.end) for p in chunk.phonemes]
        start += chunk.seconds
    pcm = np.concatenate([chunk.pcm for chunk in chunks])
    text = "".join(chunk.text for chunk in chunks)
    return SpokenChunk(pcm, chunks[0].sample_rate, text, tuple(words), tuple(phonemes))
