"""espeak-ng, loaded at run time as its own library: speech and exact phoneme times in a hundred languages, at once.

`engine` is the synthesiser behind `voice.port`, `phonemes` turns text into IPA, `library` is the C library in Python,
`timeline` (pure) sorts its events into chunks with words and phonemes.
"""

from selfsame.providers.embedded.espeak.engine import EspeakTextToSpeech
from selfsame.providers.embedded.espeak.phonemes import phonemize

__all__ = ["EspeakTextToSpeech", "phonemize"]
