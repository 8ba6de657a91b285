"""What the product's own ears make of what a page has played."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import anyio
import jiwer
import numpy as np
import soxr

from selfsame.ears.port import HearingOptions
from selfsame.kit.pcm import from_float
from selfsame.providers.embedded.sphinx.recogniser import Knowledge, SphinxOptions, SphinxSpeechToText


def recognised(samples: np.ndarray, rate: int, home: Path, texts: list[str]) -> str:
    """The words, by ears that are adapted to what the clone knows. `home`: where models and cache are linked."""
    loud = np.flatnonzero(np.abs(samples) > 0.003)
    around = slice(max(0, loud[0] - rate // 4), loud[-1] + rate // 4)
    pcm = from_float(soxr.resample(samples[around], rate, 16_000))

    async def hear() -> str:
        async with SphinxSpeechToText(home / "cache" / "hearing", SphinxOptions(patience=180.0, prepare=False)) as ears:
            await ears.adapt("test", Knowledge("test", texts))
            async with ears.open(HearingOptions("test", "EN")) as recognition:
                for start in range(0, len(pcm), 1600):
                    await recognition.accept(pcm[start : start + 1600])
                return (await recognition.finish()).text

    with ThreadPoolExecutor(1) as aside:  # in this thread the browser's driver has a loop of its own
        return aside.submit(anyio.run, hear).result()


def word_errors(said: str, heard: str) -> float:
    """The share of words that differ, punctuation and case aside."""
    return float(jiwer.wer(_plain(said), _plain(heard)))


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^a-z' ]+", " ", text.lower()).split())
