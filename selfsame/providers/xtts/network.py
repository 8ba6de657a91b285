"""The network itself, as the package `coqui-tts` builds it. Calls block; one at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from selfsame.errors import BadOutput, Unavailable
from selfsame.kit.pcm import Pcm, to_float

NAME = "xtts-v2"
RATE = 24_000
"""Samples a second of what it says."""
FILES = ("config.json", "model.pth", "vocab.json")
HEARD_SECONDS = 30
"""Of a person's recordings, the longest stretch that the manner of speaking is taken from; the timbre is of all."""
STRETCH_SECONDS = 6
CODES_A_CHUNK = 12
"""Each stands for 1024 samples at 22.05 kHz, so a chunk is half a second."""

_LANGUAGES = {"EN": "en", "ES": "es", "ZH": "zh-cn"}
_FAILURES = (RuntimeError, MemoryError, OSError)
_NONSENSE = (ValueError, IndexError, KeyError, AssertionError)


@dataclass(frozen=True, slots=True, eq=False)
class Speaker:
    """What the network knows of one person: how they speak (1, width, 32) and their timbre (1, 512, 1), tensors."""

    manner: Any
    timbre: Any


class XttsNetwork:
    """A loaded network."""

    def __init__(self, model: Any) -> None:
        self._model = model

    @property
    def on_gpu(self) -> bool:
        """Whether it computes on a graphics processor."""
        return self._model.device.type != "cpu"

    @classmethod
    def load_model(cls, folder: Path, device: str = "auto") -> XttsNetwork:
        """The network of a folder that holds FILES; `device` is auto, cpu or cuda. Raises Unavailable.

        Checkpoints are read as weights alone: nothing in the file is run.
        """
        missing = [name for name in FILES if not (folder / name).is_file()]
        if missing:
            why = f"XTTS's files are not here ({', '.join(missing)}); get them with: selfsame models pull xtts-v2"
            raise Unavailable(why, role="tts", provider=NAME)
        try:
            torch = import_module("torch")
            configs, models = import_module("TTS.tts.configs.xtts_config"), import_module("TTS.tts.models.xtts")
        except (ImportError, OSError) as error:  # OSError: libraries that belong to another build of PyTorch
            why = "coqui-tts cannot be loaded (pip install 'selfsame[xtts]')"
            raise Unavailable(why, role="tts", provider=NAME) from error
        if device == "auto":
            device = "cuda" if torch.cuda.is_available() else "cpu"
        if device == "cpu":
            torch.set_num_threads(max(1, (os.cpu_count() or 2) - 1))  # the conversation needs a core too
        try:
            config = configs.XttsConfig()
            config.load_json(str(folder / "config.json"))
            model = models.Xtts.init_from_config(config)
            model.load_checkpoint(config, checkpoint_dir=str(folder), eval=True)
            model.to(device)
        except Exception as error:  # the package, PyTorch and the tokenizer each have their own errors for a bad file
            raise Unavailable("the XTTS model could not be loaded", role="tts", provider=NAME) from error
        return cls(model)

    def train_speaker(self, samples: Sequence[Pcm], rate: int) -> Speaker:
        """What the network needs of a person, from recordings of theirs at `rate`, a third of a second or more in all.

        Nothing is learnt: the recordings go once through the encoders. Raises ProviderError.
        """
        torch = import_module("torch")
        heard = [torch.from_numpy(to_float(pcm)).unsqueeze(0).to(self._model.device) for pcm in samples if len(pcm)]
        try:
            longest = HEARD_SECONDS * rate
            timbres = [self._model.get_speaker_embedding(sound[:, :longest], rate) for sound in heard]
            manner = self._model.get_gpt_cond_latents(
                torch.cat(heard, dim=-1), rate, length=HEARD_SECONDS, chunk_length=STRETCH_SECONDS
            )
            return Speaker(manner, torch.stack(timbres).mean(dim=0))
        except _FAILURES as error:
            raise Unavailable("XTTS could not listen to the recordings", role="tts", provider=NAME) from error
        except _NONSENSE as error:
            raise BadOutput("XTTS made nothing of the recordings", role="tts", provider=NAME) from error

    def synthesize_streaming(self, text: str, speaker: Speaker, language: str, speed: float = 1.0) -> Iterator[Pcm]:
        """The text (at most `pieces.LONGEST`) as sound at RATE, half a second at a time. Raises ProviderError."""
        torch = import_module("torch")
        settings = self._model.config
        try:
            chunks = self._model.inference_stream(
                text,
                _LANGUAGES[language],
                speaker.manner,
                speaker.timbre,
                stream_chunk_size=CODES_A_CHUNK,
                speed=speed,
                temperature=settings.temperature,
                length_penalty=settings.length_penalty,
                repetition_penalty=settings.repetition_penalty,
                top_k=settings.top_k,
                top_p=settings.top_p,
            )
            for chunk in chunks:
                sound = chunk.detach().to(torch.float32).cpu().numpy().reshape(-1)
                if not np.isfinite(sound).all():
                    raise BadOutput("XTTS made no sound", role="tts", provider=NAME)
                yield np.round(np.clip(sound, -1.0, 1.0) * 32767.0).astype(np.int16)
        except _FAILURES as error:
            raise Unavailable("XTTS failed", role="tts", provider=NAME) from error
        except _NONSENSE as error:
            raise BadOutput("XTTS made nothing usable", role="tts", provider=NAME) from error
