"""Making a voice of recordings, with the engines of this installation."""

from __future__ import annotations

import io
from dataclasses import asdict, dataclass
from functools import partial

import numpy as np
import soundfile

from selfsame.ears.port import HearingOptions
from selfsame.errors import Refused
from selfsame.kit.pcm import Pcm
from selfsame.kit.streams import closing
from selfsame.kit.tasks import offload
from selfsame.providers.embedded.own_voice.engine import CLEAR, OwnVoiceTextToSpeech
from selfsame.studio.port import Progress
from selfsame.studio.voice.enrol import Recording, enrol
from selfsame.studio.voice.kinds import BuiltVoice, Recordings, Take
from selfsame.studio.voice.measure import Judges, at_16k
from selfsame.studio.voice.tongues import tongues
from selfsame.studio.voice.train import ENOUGH_SECONDS
from selfsame.voice.port import Phrase, SpeakerEncoder, TextToSpeech
from selfsame.voice.units.file import to_bytes
from selfsame.voice.units.sound import RATE
from selfsame.wiring.engines import Engines
from selfsame.wiring.own_voice import VOICE_FILE
from selfsame.wiring.studio import transcribe

PREVIEWS = {
    "EN": "Hello. This is how I sound when somebody else writes what I say.",
    "ES": "Hola. Así sueno cuando otra persona escribe lo que digo.",
    "ZH": "你好。别人写下的话，由我的声音来说，就是这样。",
}


@dataclass(frozen=True, slots=True)
class Trainer:
    """Makes a voice of recordings: words where they are missing, units, the held-back test, a preview."""

    engines: Engines
    guide: TextToSpeech
    encoder: SpeakerEncoder

    async def train(self, recordings: Recordings, progress: Progress) -> BuiltVoice:
        """Raises BadInput with what to do, Refused without a guide, ProviderError, and what `progress` raises."""
        if not self.guide.abilities.phoneme_times or self.guide.abilities.sample_rate != RATE:
            raise Refused("the voice in use gives no exact times to clone by", role="tts", provider="own-voice")
        await progress(0.0, "Hearing what was said")
        heard = [await self._recording(take) for take in recordings.takes]
        spoken = [recording for recording in heard if recording is not None]
        await progress(0.3, "Learning the voice, and measuring it on sentences that were held back")
        made = await enrol(spoken, self.guide, self._judges(spoken))
        await progress(0.9, "Saying a sentence")
        quality, data = made.quality, await offload(to_bytes, made.model)
        # With so little speech words are lost in the person's own sounds: better understood than alike.
        manner = "clear" if quality.seconds < ENOUGH_SECONDS else "own"
        language = spoken[0].language
        preview = await self._preview(data, language, is_clear=manner == "clear")
        languages = {name: asdict(each) for name, each in (await tongues(made.model, self.guide)).items()}
        said = {"previewText": PREVIEWS[language], "languages": languages}
        report = {"voice": asdict(quality), "manner": manner, **said}
        notes = (*quality.warnings, *_unheard(len(heard) - len(spoken)))
        return BuiltVoice("own-voice", RATE, quality.score, {VOICE_FILE: data}, preview, report, notes)

    async def _recording(self, take: Take) -> Recording | None:
        text = take.text.strip()
        if not text:
            if take.language not in self.engines.hearing.abilities.languages:
                return None
            options = HearingOptions(language=take.language)
            text = (await transcribe(self.engines.hearing, at_16k(take.pcm, take.rate), options)).text.strip()
        return Recording(take.pcm, take.rate, text, take.language) if text else None

    def _judges(self, spoken: list[Recording]) -> Judges:
        understood = self.engines.hearing.abilities.languages
        recognise = self._recognise if all(each.language in understood for each in spoken) else None
        return Judges(self.encoder.embed, recognise)

    async def _recognise(self, pcm: Pcm, language: str) -> str:
        return (await transcribe(self.engines.hearing, pcm, HearingOptions(language=language))).text

    async def _preview(self, data: bytes, language: str, *, is_clear: bool) -> bytes:
        engine = OwnVoiceTextToSpeech(self.guide, _One(data))
        stream = engine.synthesize(Phrase(PREVIEWS[language], language, "it" + (CLEAR if is_clear else "")))
        async with closing(stream):
            pieces = [chunk.pcm async for chunk in stream]
        return await offload(partial(_wav, np.concatenate(pieces)))


@dataclass(frozen=True, slots=True)
class _One:
    data: bytes

    async def load(self, voice_id: str) -> bytes | None:
        return self.data


def _wav(pcm: Pcm) -> bytes:
    out = io.BytesIO()
    soundfile.write(out, pcm, RATE, format="WAV", subtype="PCM_16")
    return out.getvalue()


def _unheard(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    return (f"In {count} recordings no words were understood. Send the text along, or read the sentences shown.",)
