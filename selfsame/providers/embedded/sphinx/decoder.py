"""One pocketsphinx decoder as the desk sees it. Runs in the worker's process only: it holds the GIL."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

FRAME = 0.01
"""Seconds a decoder frame."""
FRESH_MEAN = "45.4,1.5,1.3,5.2,-1.3,0.4,-5.8,0.6,-2.3,-0.9,-1.1,-1.6,1.1"
"""Cepstral mean to begin a speaker with: the average of nine recorded people at normal level."""
CONFIDENCE = (0.101, 0.420, 0.601, 1.379)
"""Bias and weights of acoustic score a frame, language score, and log duration; see `confidence`."""


@dataclass(frozen=True, slots=True)
class Said:
    """One recognised word: seconds from the utterance's first sample, confidence 0..1."""

    word: str
    start: float
    end: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Beams:
    """How wide the search is. Log beams as pocketsphinx takes them; `active` is the most HMMs a frame."""

    beam: float = 1e-48
    word: float = 7e-29
    phone: float = 1e-48
    active: int = 30_000
    language_weight: float = 7.5


class SphinxDecoder:
    """A loaded decoder: begin, feed, guess, end; then begin again."""

    def __init__(self, folder: Path | None, beams: Beams | None = None) -> None:
        """Load the model of `folder` (see `adaptation.build`), or the stock model. 30 to 300 ms. Raises OSError."""
        from pocketsphinx import Decoder

        beams = beams or Beams()
        settings = {
            "loglevel": "FATAL",
            "fwdflat": False,  # one pass: the last interim guess is the final one, and nothing is left to do at the end
            "bestpath": False,
            "beam": beams.beam,
            "wbeam": beams.word,
            "pbeam": beams.phone,
            "maxhmmpf": beams.active,
            "lw": beams.language_weight,
        }
        if folder is not None:
            settings |= {"lm": str(folder / "model.lm.bin"), "dict": str(folder / "words.dict")}
        try:
            self._decoder = Decoder(**settings)
        except RuntimeError as error:
            raise OSError("the model could not be loaded") from error

    def begin(self, mean: str) -> None:
        """Begin an utterance of a speaker whose cepstral mean so far is `mean`."""
        self._decoder.set_cmn(mean)
        self._decoder.start_stream()
        self._decoder.start_utt()

    def feed(self, pcm: bytes) -> None:
        """Search further: 16-bit little-endian mono at 16 kHz."""
        self._decoder.process_raw(pcm, no_search=False, full_utt=False)

    def end(self) -> str:
        """End the utterance; returns the speaker's cepstral mean for the next."""
        self._decoder.end_utt()
        return self._decoder.get_cmn(False)

    def guess(self) -> list[Said]:
        """The words so far, without silences and noises."""
        if self._decoder.n_frames() == 0:
            return []
        words: list[Said] = []
        for part in self._decoder.seg() or ():
            word = part.word.partition("(")[0]
            if not word or word[0] in "<[+":
                continue
            frames = part.end_frame - part.start_frame + 1
            trust = confidence(part.ascore, part.lscore, frames)
            words += apart(Said(word, part.start_frame * FRAME, (part.end_frame + 1) * FRAME, trust))
        return words


def apart(said: Said) -> list[Said]:
    """The words of an entry like "who_are_you", which share its time evenly."""
    words = said.word.split("_")
    each = (said.end - said.start) / len(words)
    return [Said(w, said.start + i * each, said.start + (i + 1) * each, said.confidence) for i, w in enumerate(words)]


def confidence(acoustic: float, language: float, frames: int) -> float:
    """How likely a word is right, 0..1: a logistic fit on 2,219 recognised words of two knowledge texts.

    `acoustic` and `language` are the scores that pocketsphinx gives a word (below 1, nearer to 1 is better). A
    posterior would need a pass over the word lattice, which we leave out.
    """
    bias, a, b, c = CONFIDENCE
    per_frame = 1000.0 * math.log(max(acoustic, 1e-9)) / max(1, frames)
    wording = 100.0 * math.log(max(language, 1e-9))
    return 1.0 / (1.0 + math.exp(-(bias + a * per_frame + b * wording + c * math.log(max(1, frames)))))
