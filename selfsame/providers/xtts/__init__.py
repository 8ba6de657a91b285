"""XTTS-v2: a neural network that speaks as a person after seconds of their recordings, in English, Chinese and Spanish.

Casanova et al., "XTTS: a Massively Multilingual Zero-Shot Text-to-Speech Model" (Interspeech 2024), by the package
`coqui-tts` and PyTorch. Best with a GPU; its weights are for non-commercial use.
"""

from selfsame.providers.xtts.speaking import XttsOptions, XttsTextToSpeech, open_xtts

__all__ = ["XttsOptions", "XttsTextToSpeech", "open_xtts"]
