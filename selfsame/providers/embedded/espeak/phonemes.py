"""Text to IPA by espeak-ng's rules and dictionaries: the front end for other synthesisers and pronunciations."""

from __future__ import annotations

import re

from selfsame.providers.embedded.espeak.library import shared
from selfsame.providers.embedded.espeak.voices import speaker_of

_LANGUAGE_SWITCH = re.compile(r"\([a-z-]+\)")


def phonemize(text: str, language: str) -> list[str]:
    """The phonemes of `text` in `language` (EN, ES, ZH) as IPA, stress marks on their vowel; pauses are left out.

    Takes well under a millisecond a sentence; blocks while the library speaks. Raises Unavailable, Refused.
    """
    written = _LANGUAGE_SWITCH.sub("", shared().ipa(text, speaker_of(language).voice))
    return [phoneme for phoneme in re.split(r"[\s_]+", written) if any(map(str.isalpha, phoneme))]
