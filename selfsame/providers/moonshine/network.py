"""Moonshine's two networks and the greedy search over them.

Jeffries et al., "Moonshine: Speech Recognition for Live Transcription and Voice Commands", 2024. The files are those of
the public ONNX exports: `encoder_model.onnx` (input_values: float32 (1, samples) at 16 kHz, to last_hidden_state),
`decoder_model_merged.onnx` (input_ids, encoder_hidden_states, past_key_values.*, use_cache_branch, to logits and
present.*) and `tokenizer.json`. Names, head counts and head sizes are read from the files.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from selfsame.kit.pcm import MICROPHONE_RATE, Samples

ENCODER, DECODER, TOKENIZER = "encoder_model.onnx", "decoder_model_merged.onnx", "tokenizer.json"
START, END = 1, 2
TOKENS_A_SECOND = 6.5
"""More tokens than this a second of sound are a loop, not speech (the bound its authors recommend)."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, and the mean probability of its tokens."""

    text: str
    probability: float


class Moonshine:
    """A loaded model. `transcribe` may run in several threads at once: it keeps no state."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        """Load the three files of `folder`. Raises OSError when one is missing, ValueError when one is not usable."""
        import onnxruntime
        from tokenizers import Tokenizer

        for name in (ENCODER, DECODER, TOKENIZER):
            if not (folder / name).is_file():
                raise FileNotFoundError(name)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._encoder, self._decoder = (
                onnxruntime.InferenceSession(str(folder / name), options, providers=["CPUExecutionProvider"])
                for name in (ENCODER, DECODER)
            )
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        except Exception as error:
            # onnxruntime and tokenizers raise bare exceptions of their own for a file they cannot read.
            raise ValueError("the model files are not usable") from error
        self._inputs = {given.name: given for given in self._decoder.get_inputs()}
        self._outputs = [made.name for made in self._decoder.get_outputs()]
        self._past = [name for name in self._inputs if name.startswith("past_key_values.")]
        self._encoder_input = self._encoder.get_inputs()[0].name
        self._encoder_mask = any(given.name == "attention_mask" for given in self._encoder.get_inputs())

    def transcribe(self, sound: Samples) -> Decoded:
        """Recognise mono sound at 16 kHz, shape (samples,), in [-1, 1]. Blocking; releases the GIL."""
        given: dict[str, Any] = {self._encoder_input: sound[None].astype(np.float32)}
        if self._encoder_mask:
            given["attention_mask"] = np.ones((1, len(sound)), np.int64)
        hidden: Any = self._encoder.run(None, given)[0]
        tokens, chances = self._greedy(hidden, max(1, int(len(sound) / MICROPHONE_RATE * TOKENS_A_SECOND)))
        text = self._tokenizer.decode(tokens, skip_special_tokens=True).strip()
        return Decoded(text, float(np.exp(np.mean(np.log(chances)))) if chances else 0.0)

    def _greedy(self, hidden: npt.NDArray[np.float32], most: int) -> tuple[list[int], list[float]]:
        past = {name: self._empty(name) for name in self._past}
        tokens: list[int] = []
        chances: list[float] = []
        last = START
        for step in range(most):
            given: dict[str, Any] = {"input_ids": np.array([[last]], np.int64), "encoder_hidden_states": hidden, **past}
            if "use_cache_branch" in self._inputs:
                given["use_cache_branch"] = np.array([step > 0])
            if "encoder_attention_mask" in self._inputs:
                given["encoder_attention_mask"] = np.ones(hidden.shape[:2], np.int64)
            made: dict[str, Any] = dict(zip(self._outputs, self._decoder.run(None, given), strict=True))
            self._remember(past, made, first=step == 0)
            last, chance = _best(made["logits"][0, -1])
            if last == END:
                break
            tokens.append(last)
            chances.append(chance)
        return tokens, chances

    def _empty(self, name: str) -> npt.NDArray[np.float32]:
        """No past yet: (1, heads, 0, head size)."""
        shape = self._inputs[name].shape
        return np.zeros((1, int(shape[1]), 0, int(shape[3])), np.float32)

    def _remember(self, past: dict[str, Any], made: dict[str, Any], first: bool) -> None:
        """Keys and values of the encoder are made once; later steps give an empty array for them."""
        for name in self._past:
            if first or ".encoder." not in name:
                past[name] = made[name.replace("past_key_values", "present")]


def _best(logits: npt.NDArray[np.float32]) -> tuple[int, float]:
    """The likeliest token and its probability."""
    shifted = np.exp(logits - logits.max())
    token = int(shifted.argmax())
    return token, float(shifted[token] / shifted.sum())
