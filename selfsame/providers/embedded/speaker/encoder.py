"""The encoder: a recording to a unit vector of 256 numbers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from selfsame.errors import BadInput, BadOutput, Unavailable
from selfsame.kit.pcm import MICROPHONE_RATE, Pcm, Samples, to_float
from selfsame.kit.tasks import offload
from selfsame.providers.embedded.speaker.files import CHECKPOINT, GRAPH
from selfsame.providers.embedded.speaker.mel import BANDS, HOP, mel_spectrogram
from selfsame.providers.embedded.speaker.sound import levelled, voiced
from selfsame.voice.port import SpeakerAbilities, VoicePrint

FRAMES = 160
"""Of 10 ms, in one piece: the network was trained on pieces of 1.6 s."""
STEP = round(MICROPHONE_RATE / 1.3 / HOP)
"""Frames from one piece of a longer recording to the next: 1.3 pieces a second, so that they overlap by half."""
COVERED = 0.75
"""A last piece with less sound than this share of it is left out."""
BATCH = 16
LEAST = MICROPHONE_RATE // 3
"""Samples of speech under which nothing can be said about a voice."""
SAME_PERSON = 0.75
HINT = "get its files with: selfsame models pull speaker"


class Ge2eSpeakerEncoder:
    """The network behind the voice's `SpeakerEncoder` port.

    Making one reads the files, so on an event loop take `await Ge2eSpeakerEncoder.load(dir)`. One instance serves any
    number of threads; onnxruntime releases the GIL.
    """

    def __init__(self, model_dir: Path, threads: int = 1) -> None:
        """Load from a folder with the graph, or with the checkpoint to build it from.

        Raises Unavailable (role speaker) when files are missing or cannot be read.
        """
        if not any((model_dir / name).is_file() for name in (GRAPH, CHECKPOINT)):
            raise _unavailable(f"the speaker network is not here; {HINT}")
        try:
            self._session = _open(model_dir, threads)
            width = self._session.get_outputs()[0].shape[-1]
            self.abilities = SpeakerAbilities("ge2e", width, SAME_PERSON, FRAMES * HOP / MICROPHONE_RATE)
            self._run(np.zeros((1, FRAMES, BANDS), np.float32))
        except Exception as fault:  # onnxruntime raises its own types, some of them plain Exception
            raise _unavailable(f"the speaker network cannot be loaded ({type(fault).__name__}); {HINT}") from fault

    @classmethod
    async def load(cls, model_dir: Path, threads: int = 1) -> Ge2eSpeakerEncoder:
        """Make one in a worker thread. Raises Unavailable."""
        return await offload(cls, model_dir, threads)

    def embed(self, pcm: Pcm) -> VoicePrint:
        """The mean over pieces of 1.6 s, of length 1. Raises BadInput under a third of a second of speech."""
        speech = levelled(voiced(levelled(to_float(pcm))))
        if len(speech) < LEAST:
            raise BadInput("There is no speech in the recording. Record it again, closer to the microphone.")
        starts = _starts(len(speech))
        mel = mel_spectrogram(np.pad(speech, (0, max(0, (starts[-1] + FRAMES) * HOP - len(speech)))))
        prints = self._run(np.stack([mel[start : start + FRAMES] for start in starts]))
        return _unit(prints.mean(axis=0))

    def embed_pieces(self, pieces: Sequence[Pcm]) -> np.ndarray:
        """Each piece at one level, filled up with silence to 1.6 s. Shape (len(pieces), width)."""
        if not pieces:
            return np.zeros((0, self.abilities.width), np.float32)
        return self._run(np.stack([_piece(to_float(pcm[: FRAMES * HOP])) for pcm in pieces]))

    def _run(self, mels: Samples) -> np.ndarray:
        """Unit vectors of pieces, shape (pieces, 160, 40)."""
        found = []
        for start in range(0, len(mels), BATCH):
            try:
                found.append(np.asarray(self._session.run(["voice"], {"mel": mels[start : start + BATCH]})[0]))
            except Exception as fault:  # as above
                raise BadOutput("the speaker network failed", role="speaker", provider="ge2e") from fault
        return _unit(np.concatenate(found))


def _piece(sound: Samples) -> Samples:
    padded = np.pad(levelled(sound), (0, FRAMES * HOP - len(sound)))
    return mel_spectrogram(padded)[:FRAMES]


def _starts(samples: int) -> list[int]:
    """First frames of the pieces that cover so many samples."""
    frames = -(-(samples + 1) // HOP)
    starts = list(range(0, max(1, frames - FRAMES + STEP + 1), STEP))
    if len(starts) > 1 and (samples - starts[-1] * HOP) / (FRAMES * HOP) < COVERED:
        starts.pop()
    return starts


def _unit(vectors: np.ndarray) -> np.ndarray:
    """Scaled to length 1 along the last axis; where there is nothing, all numbers are alike."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    flat = np.full(vectors.shape, 1 / np.sqrt(vectors.shape[-1]), np.float32)
    return np.where(lengths > 1e-9, vectors / np.maximum(lengths, 1e-9), flat).astype(np.float32)


def _open(model_dir: Path, threads: int) -> Any:
    """The network; onnxruntime is imported late because it is slow to load."""
    import onnxruntime

    if not (model_dir / GRAPH).is_file():
        from selfsame.providers.embedded.speaker.build import build

        build(model_dir)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        str(model_dir / GRAPH), sess_options=options, providers=["CPUExecutionProvider"]
    )


def _unavailable(message: str) -> Unavailable:
    return Unavailable(message, role="speaker", provider="ge2e")
