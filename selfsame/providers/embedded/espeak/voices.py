"""Which of espeak-ng's voices speaks a language, and how it is asked to: data with the measurements that chose it."""

from __future__ import annotations

from selfsame.errors import Refused
from selfsame.providers.embedded.espeak.library import PROVIDER, Manner
from selfsame.voice.port import Phrase

VOICES = {"EN": "en-us", "ES": "es-419", "ZH": "cmn"}
BASE_RATE = 165
"""Words a minute at speed 1.0."""


def voice_of(language: str) -> str:
    """espeak's voice for EN, ES or ZH. Raises Refused for another language."""
    try:
        return VOICES[language.upper()]
    except KeyError:
        raise Refused("the embedded voice does not speak this language", role="tts", provider=PROVIDER) from None


def manner_of(phrase: Phrase) -> Manner:
    """`voice_id` may name an espeak voice ("en-gb") or a variant of the language's voice ("+f3")."""
    voice = voice_of(phrase.language)
    if phrase.voice_id.startswith("+"):
        voice += phrase.voice_id
    elif phrase.voice_id:
        voice = phrase.voice_id
    rate = round(min(450.0, max(80.0, BASE_RATE * phrase.speed)))
    return Manner(voice, rate, pitch=round(min(99.0, max(0.0, 50 * phrase.pitch))))
