"""Whose voice it is: 256 numbers by a small recurrent network on onnxruntime, no torch.

Method: Wan et al., "Generalized End-to-End Loss for Speaker Verification" (2018), with the weights that Resemblyzer
(Resemble AI, Apache-2.0) trained on LibriSpeech-other, VoxCeleb 1 and 2.
"""

from selfsame.providers.embedded.speaker.encoder import Ge2eSpeakerEncoder

__all__ = ["Ge2eSpeakerEncoder"]
