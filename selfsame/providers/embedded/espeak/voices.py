"""Which of espeak-ng's voices speaks a language, and how it is asked to.

The variant klatt4 at 165 words a minute was among the clearest of some thirty settings to a recogniser, far clearer
than espeak's own voice (figures in docs/decisions/0012-embedded-voice.md). All languages share it, so that a change of
language is no change of person. Volumes bring the three to the same loudness, about -20 dBFS, without clipping.
"""

from __future__ import annotations

from dataclasses import dataclass

from selfsame.errors import Refused
from selfsame.providers.embedded.espeak.library import PROVIDER, Manner
from selfsame.voice.port import Phrase


@dataclass(frozen=True, slots=True)
class Speaker:
    """espeak's name for the language, and the volume (100 is espeak's own) at which it is as loud as the others."""

    voice: str
    volume: int


SPEAKERS = {"EN": Speaker("en-us", 88), "ES": Speaker("es-419", 74), "ZH": Speaker("cmn", 64)}
VARIANT = "+klatt4"
BASE_RATE = 165
"""Words a minute at speed 1.0."""


def speaker_of(language: str) -> Speaker:
    """The speaker of EN, ES or ZH. Raises Refused for another language."""
    try:
        return SPEAKERS[language.upper()]
    except KeyError:
        raise Refused("the embedded voice does not speak this language", role="tts", provider=PROVIDER) from None


def manner_of(phrase: Phrase) -> Manner:
    """`voice_id` may be a variant of the language's voice ("+f2") or one of espeak's voices ("en-gb", "en-gb+f2")."""
    speaker = speaker_of(phrase.language)
    voice = speaker.voice + VARIANT
    if phrase.voice_id:
        voice = speaker.voice + phrase.voice_id if phrase.voice_id.startswith("+") else phrase.voice_id
    rate = round(min(450.0, max(80.0, BASE_RATE * phrase.speed)))
    return Manner(voice, rate, pitch=round(min(99.0, max(0.0, 50 * phrase.pitch))), volume=speaker.volume)
