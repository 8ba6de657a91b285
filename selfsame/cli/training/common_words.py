"""Makes the table of common English words and phrases that `studio.persona` compares a person with.

python -m selfsame.cli.training.common_words OUT.txt.gz

The figures are those of the recogniser's own language model of spoken English, which the package pocketsphinx brings
along. A line is `<occurrences in a hundred million words> <one to three words>`, the likeliest first.
"""

from __future__ import annotations

import gzip
import io
import sys
from importlib import resources
from pathlib import Path

import numpy as np

from selfsame.providers.embedded.sphinx.adaptation.trie import Floats, TrieModel, read_trie

WORDS, PAIRS, TRIPLES = 8000, 7000, 5000
SCALE = 1e8


def main() -> None:
    """Read the stock model and write the table."""
    stock = Path(str(resources.files("pocketsphinx"))) / "model" / "en-us" / "en-us.lm.bin"
    lines = table(read_trie(stock))
    plain = io.BytesIO()
    with gzip.GzipFile(fileobj=plain, mode="wb", mtime=0) as packed:  # equal models give equal bytes
        packed.write(("\n".join(lines) + "\n").encode())
    Path(sys.argv[1]).write_bytes(plain.getvalue())


def table(model: TrieModel) -> list[str]:
    """The likeliest words, pairs and triples as lines."""
    names = np.array(model.words, dtype=object)
    spoken = np.array([word[0].isalpha() for word in model.words])
    one = np.where(spoken, model.one, -99.0)
    pairs = one[model.two_history] + np.where(spoken[model.two_word], model.two, -99.0)
    whole = dict(zip(zip(model.two_history.tolist(), model.two_word.tolist(), strict=True), pairs, strict=True))
    before = np.array(
        [whole[a, b] for a, b in zip(model.three_first.tolist(), model.three_second.tolist(), strict=True)]
    )
    triples = before + np.where(spoken[model.three_word], model.three, -99.0)
    found: list[tuple[int, str]] = []
    for likeliest, score, columns in (
        (WORDS, one, (np.arange(len(names)),)),
        (PAIRS, pairs, (model.two_history, model.two_word)),
        (TRIPLES, triples, (model.three_first, model.three_second, model.three_word)),
    ):
        found += _best(score, likeliest, [names[column] for column in columns])
    return [f"{count} {text}" for count, text in sorted(found, key=lambda item: (-item[0], item[1]))]


def _best(score: Floats, likeliest: int, columns: list[object]) -> list[tuple[int, str]]:
    best = np.argsort(-score, kind="stable")[:likeliest]
    return [
        (round(float(10 ** score[index]) * SCALE), " ".join(column[index] for column in columns))  # type: ignore[index]
        for index in best
    ]


if __name__ == "__main__":
    main()
