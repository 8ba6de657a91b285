"""From uploaded recordings to what a voice is trained on: read, judged, one person's, the person's who agreed, cut.

The shell (`gather`) reports progress between recordings, where it can be cancelled, and never blocks the loop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from selfsame.errors import BadInput, CallerError
from selfsame.kit.pcm import Pcm
from selfsame.kit.tasks import offload
from selfsame.studio.media import MediaReader, Sound
from selfsame.studio.port import Progress
from selfsame.studio.voice.cleaning import Span, at_level, speech_spans, utterances
from selfsame.studio.voice.consent import SAME_VOICE, likeness
from selfsame.studio.voice.kinds import Recordings, Take
from selfsame.studio.voice.measures import measure
from selfsame.studio.voice.quality import ADVICE, REFUSED, VoiceQuality, at_microphone_rate, judge
from selfsame.studio.voice.speakers import Speakers, find_speakers
from selfsame.voice.port import SpeakerEncoder, VoicePrint

RECORDINGS_MOST = 120
LONGEST_TEXT = 500
SPEECH_LEAST, SPEECH_GOOD = 20.0, 120.0
"""Seconds in all. With less than 70 s words were lost in every voice that was tried; from 120 s on hardly any."""
ONE_RECORDING = SAME_VOICE - 0.05
"""Likeness to the consent under which one recording is left out: a single sentence says less than all of them."""
STRANGER = (
    "These recordings do not sound like the person who gave the consent (likeness {found:.2f}, at least {least:.2f}). "
    "Only your own voice can be cloned: record it yourself, or give the consent again with the same microphone."
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A recording as it came. With `text` it is one sentence, read aloud; without, it may be a long talk or a video."""

    data: bytes
    text: str = ""
    language: str = "EN"


@dataclass(slots=True)
class Gathered:
    """What is left to train on, the judgement of every recording in order, likeness to the consent, and notes."""

    takes: list[Take] = field(default_factory=list)
    quality: list[VoiceQuality | None] = field(default_factory=list)
    prints: list[VoicePrint] = field(default_factory=list)
    likeness: float = 0.0
    notes: list[str] = field(default_factory=list)

    @property
    def recordings(self) -> Recordings:
        """For training."""
        return Recordings(tuple(self.takes))

    @property
    def score(self) -> float:
        """The mean quality of the recordings that are used, 0..1."""
        scores = [each.score for each in self.quality if each is not None and each.is_valid]
        return float(np.mean(scores)) if scores else 0.0


async def gather(
    uploads: Sequence[Upload],
    encoder: SpeakerEncoder,
    consent: VoicePrint,
    progress: Progress,
    reader: Callable[[], MediaReader] = MediaReader,
) -> Gathered:
    """What can be used of the recordings; `consent` is the voice that agreed.

    Raises BadInput with what to do when too little is left or it is another's voice, ProviderError when an engine
    fails, and whatever `progress` raises when the work was cancelled.
    """
    check_uploads(uploads)
    gathered = Gathered()
    async with reader() as opened:
        for number, upload in enumerate(uploads):
            await progress(number / len(uploads), f"Listening to recording {number + 1} of {len(uploads)}")
            try:
                sound = await opened.sound(upload.data)
            except CallerError as refusal:
                if len(uploads) == 1:
                    raise
                gathered.quality.append(None)
                gathered.notes.append(f"Recording {number + 1} was left out. {refusal.message}")
                continue
            gathered.notes += [f"Recording {number + 1}: {note}" for note in sound.facts.notes]
            await offload(_add, gathered, number, (sound, upload), encoder, consent)
    _require(gathered, consent)
    return gathered


def check_uploads(uploads: Sequence[Upload]) -> None:
    """Raise BadInput on none, too many, empty ones, and texts that nobody can have read aloud."""
    if not 1 <= len(uploads) <= RECORDINGS_MOST:
        raise BadInput(f"Upload 1 to {RECORDINGS_MOST} recordings; two minutes of speech in all are good.")
    for upload in uploads:
        if not upload.data:
            raise BadInput("One of the recordings is empty. Choose it again.")
        if len(upload.text) > LONGEST_TEXT or "\0" in upload.text or upload.language not in ("EN", "ES", "ZH"):
            raise BadInput(f"A recording's text has up to {LONGEST_TEXT} characters, its language is EN, ES or ZH.")


def _add(
    gathered: Gathered, number: int, came: tuple[Sound, Upload], encoder: SpeakerEncoder, consent: VoicePrint
) -> None:
    """Judge one recording and take what is good of it."""
    sound, upload = came
    heard = at_microphone_rate(sound.pcm, sound.rate)
    speakers = find_speakers(heard, encoder)
    quality = judge(measure(sound.pcm, sound.rate), speakers)
    # In a long recording others may speak: the main speaker's part is taken. A sentence is one person's or nobody's.
    spans = _of_main(speakers) if not upload.text and len(speakers.shares) > 1 else speech_spans(sound.pcm, sound.rate)
    refused = [problem for problem in quality.problems if problem in REFUSED and (problem != "OTHERS" or upload.text)]
    gathered.quality.append(quality)
    if refused or not spans:
        advice = quality.advice[quality.problems.index(refused[0])] if refused else ADVICE["NO_SPEECH"]
        gathered.notes.append(f"Recording {number + 1} was left out. {advice}")
        return
    try:
        voice = encoder.embed(np.concatenate([span.of(heard, 16_000) for span in spans]))
    except BadInput as refusal:
        gathered.notes.append(f"Recording {number + 1} was left out. {refusal.message}")
        return
    if float(voice @ consent) < ONE_RECORDING:
        gathered.notes.append(f"Recording {number + 1} was left out. It does not sound like the person who agreed.")
        gathered.likeness = max(gathered.likeness, float(voice @ consent))
        return
    gathered.prints.append(voice)
    gathered.takes += _takes(sound, upload, spans)
    if quality.advice:
        gathered.notes.append(f"Recording {number + 1}: {quality.advice[0]}")


def _of_main(speakers: Speakers) -> list[Span]:
    return [span for span in speakers.spans(0) if span.seconds >= 0.5]


def _takes(sound: Sound, upload: Upload, spans: list[Span]) -> list[Take]:
    """One take from a sentence that was read; the utterances of a talk."""
    parts = [Span(spans[0].start, spans[-1].end)] if upload.text else utterances(spans)
    return [_take(part.of(sound.pcm, sound.rate), sound.rate, upload) for part in parts]


def _take(pcm: Pcm, rate: int, upload: Upload) -> Take:
    return Take(at_level(pcm, rate), rate, " ".join(upload.text.split()), upload.language)


def _require(gathered: Gathered, consent: VoicePrint) -> None:
    """Raise BadInput unless there is enough of the voice that agreed."""
    if gathered.prints:
        gathered.likeness = likeness(consent, gathered.prints)
    if (not gathered.prints and gathered.likeness > 0) or 0 < gathered.likeness < SAME_VOICE:
        raise BadInput(STRANGER.format(found=gathered.likeness, least=SAME_VOICE), code="NOT_THE_CONSENTING_VOICE")
    seconds = gathered.recordings.seconds
    if seconds < SPEECH_LEAST:
        first = gathered.notes[0] if gathered.notes else "Read more of the sentences aloud."
        raise BadInput(
            f"Only {seconds:.0f} s of good speech are left, at least {SPEECH_LEAST:.0f} s are needed. {first}"
        )
    if seconds < SPEECH_GOOD:
        gathered.notes.append(
            f"Made of {seconds:.0f} s of speech. With two minutes and more the voice is clearer and more like you."
        )
