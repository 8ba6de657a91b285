"""The person's own voice: their recorded half-phones, chosen and joined under the guidance of the embedded synthesiser.

`engine` is the synthesiser behind `voice.port`; everything it decides is in `selfsame/voice/units`.
"""

from selfsame.providers.embedded.own_voice.engine import CLEAR, OwnVoiceTextToSpeech, Voices

__all__ = ["CLEAR", "OwnVoiceTextToSpeech", "Voices"]
