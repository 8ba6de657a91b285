"""Reads the trie language model that comes with pocketsphinx into numpy arrays.

The file is what the sphinxbase `ngram_model_trie` writes: a header, quantisation tables, unigrams, then bit-packed
bigrams and trigrams. Reading the bits with numpy takes about a second for two million n-grams.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
MAGIC = b"Trie Language Model"
BINS = 65536
"""Quantisation levels of a table (16 bits)."""


@dataclass(frozen=True, slots=True)
class TrieModel:
    """A trigram model. Words are indices into `words`; probabilities and back-offs are log10.

    `one`, `one_backoff`: shape (V,). `two_*`: bigrams (history, word). `three_*`: trigrams (first, second, word).
    """

    words: list[str]
    one: Floats
    one_backoff: Floats
    two_history: Ints
    two_word: Ints
    two: Floats
    two_backoff: Floats
    three_first: Ints
    three_second: Ints
    three_word: Ints
    three: Floats


def _bits(memory: npt.NDArray[np.uint8], start: Ints, width: int) -> Ints:
    """The unsigned little-endian field of `width` (at most 32) bits at each bit offset of `start`."""
    byte = start >> 3
    value = np.zeros(len(start), np.uint64)
    for j in range(5):
        value |= memory[byte + j].astype(np.uint64) << np.uint64(8 * j)
    shifted = value >> (start & 7).astype(np.uint64)
    return (shifted & np.uint64((1 << width) - 1)).astype(np.int64)


def read_trie(path: Path) -> TrieModel:
    """Read a binary trigram model. Raises ValueError when the file is something else."""
    raw = path.read_bytes()
    at = len(MAGIC)
    if raw[:at] != MAGIC or raw[at] != 3:
        raise ValueError("not a binary trigram model")
    counts = np.frombuffer(raw, "<u4", 3, at + 1).astype(int)
    at += 1 + 4 * 3 + 4
    tables = np.frombuffer(raw, "<f4", BINS * 3, at).reshape(3, BINS).astype(np.float64)
    at += 4 * BINS * 3
    record = np.dtype([("p", "<f4"), ("backoff", "<f4"), ("next", "<u4")])
    one = np.frombuffer(raw, record, counts[0] + 1, at)
    at += one.nbytes
    return _grams(raw, at, counts, tables, one)


def _grams(raw: bytes, at: int, counts: Any, tables: Floats, one: Any) -> TrieModel:
    """The bit-packed part: (word, back-off, probability, next) records, then (word, probability) records."""
    word_bits, next_bits = int(counts[0]).bit_length(), int(counts[2]).bit_length()
    middle, leaf = word_bits + 32 + next_bits, word_bits + 16
    middle_size = ((1 + int(counts[1])) * middle + 7) // 8 + 8
    leaf_size = ((1 + int(counts[2])) * leaf + 7) // 8 + 8
    two = np.frombuffer(raw, "u1", middle_size, at)
    three = np.frombuffer(raw, "u1", leaf_size, at + middle_size)
    at += middle_size + leaf_size
    size = int(np.frombuffer(raw, "<u4", 1, at)[0])
    words = [w.decode("latin-1") for w in raw[at + 4 : at + 4 + size].split(b"\0")[: counts[0]]]
    linked = int(one["next"][-1])  # the header counts a few more than are linked
    where = np.arange(linked + 1, dtype=np.int64) * middle
    first = _bits(two, where[:-1], word_bits)
    following = _bits(two, where + word_bits + 32, next_bits)
    second = np.repeat(np.arange(counts[0]), np.diff(one["next"].astype(np.int64)))
    leaves = np.arange(int(following[-1]), dtype=np.int64) * leaf
    owner = np.repeat(np.arange(linked), np.diff(following))
    unit = math.log10(1.0001) if one["p"].min() < -100 else 1.0
    return TrieModel(
        words=words,
        one=one["p"][:-1].astype(np.float64) * unit,
        one_backoff=one["backoff"][:-1].astype(np.float64) * unit,
        two_history=first,
        two_word=second,
        two=tables[0][_bits(two, where[:-1] + word_bits + 16, 16)] * unit,
        two_backoff=tables[1][_bits(two, where[:-1] + word_bits, 16)] * unit,
        three_first=_bits(three, leaves, word_bits),
        three_second=first[owner],
        three_word=second[owner],
        three=tables[2][_bits(three, leaves + word_bits, 16)] * unit,
    )
