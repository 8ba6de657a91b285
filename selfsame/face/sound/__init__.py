"""The mouth from the sound alone."""

from selfsame.face.sound.animator import SoundAnimator, SoundMouth

__all__ = ["SoundAnimator", "SoundMouth"]
