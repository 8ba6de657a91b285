"""Builds the folder that a decoder loads: `model.lm.bin`, `words.dict`, `written.json`, and `ready.json` at last.

The folder's name holds a digest of everything that goes in, so equal knowledge gives the same folder with the same
bytes. It is made under a temporary name and renamed, so a build that is killed leaves nothing half-done and the next
one starts over.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from selfsame.providers.embedded.sphinx.adaptation import pronounce, questions, spoken, weigh
from selfsame.providers.embedded.sphinx.adaptation.ngrams import END, START, NGrams, prune
from selfsame.providers.embedded.sphinx.adaptation.trie import read_trie

FORMAT = 3
"""Raise when the same input must give another result."""
MODEL, WORDS, WRITTEN, READY = "model.lm.bin", "words.dict", "written.json", "ready.json"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is made. `likeliest`: stock words kept; `threshold`: what pruning drops."""

    likeliest: int = 10_000
    threshold: float = 1e-7
    trust: weigh.Trust = field(default_factory=weigh.Trust)
    mixture: questions.Mixture = field(default_factory=questions.Mixture)


@dataclass(frozen=True, slots=True)
class Stock:
    """Where the stock model and dictionary are."""

    language_model: Path
    dictionary: Path


def digest(texts: Sequence[str], recipe: Recipe, stock: Stock) -> str:
    """A name for the result of building `texts`: 24 hexadecimal digits."""
    talk = [*questions.small_talk(), *questions.first_words(), *questions.openings()]
    sizes = [stock.language_model.stat().st_size, stock.dictionary.stat().st_size]
    told = json.dumps([FORMAT, asdict(recipe), sizes, talk, pronounce.TOGETHER, list(texts)], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:24]


def is_ready(folder: Path) -> bool:
    """Whether a build of this folder was finished."""
    return (folder / READY).is_file()


def build(texts: Sequence[str], root: Path, recipe: Recipe, stock: Stock) -> Path:
    """Build the model for `texts` below `root` unless it is there; returns its folder. Blocking, seconds of CPU."""
    target = root / digest(texts, recipe, stock)
    if is_ready(target):
        return target
    root.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=root))
    try:
        _make(texts, work, recipe, stock)
        if target.exists() and not is_ready(target):
            shutil.rmtree(target)
        try:
            os.replace(work, target)
        except OSError:
            if not is_ready(target):  # anything but another builder that was faster is a fault
                raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return target


def _make(texts: Sequence[str], work: Path, recipe: Recipe, stock: Stock) -> None:
    sentences = [s for text in texts for s in spoken.sentences(text)]
    written = spoken.written_forms(texts)
    counts = weigh.count(questions.material(sentences, recipe.mixture))
    model = prune(read_trie(stock.language_model), recipe.likeliest, counts.one.keys(), recipe.threshold)
    lexicon = pronounce.read_dictionary(stock.dictionary)
    weigh.adapt(model, counts, recipe.trust)
    entries, invented = _dictionary(model, lexicon, written)
    _write_model(model, work)
    (work / WORDS).write_text(pronounce.write_dictionary(entries), "utf-8")
    (work / WRITTEN).write_text(json.dumps(written, sort_keys=True), "utf-8")
    told = {"words": len(model.one), "bigrams": len(model.two), "trigrams": len(model.three), "invented": invented}
    (work / READY).write_text(json.dumps({**told, "sentences": len(sentences)}), "utf-8")


def _dictionary(
    model: NGrams, lexicon: dict[str, list[str]], written: dict[str, str]
) -> tuple[list[tuple[str, list[str]]], int]:
    """Entries for the model's words, and how many pronunciations had to be invented."""
    speller: pronounce.Speller | None = None
    entries: list[tuple[str, list[str]]] = []
    invented = 0
    for word in sorted(model.one):
        if word in (START, END) or word.startswith("<"):
            continue
        said = pronounce.TOGETHER.get(word) or lexicon.get(word)
        if said is None:
            speller = speller or pronounce.Speller()
            said = speller.variants(word, written.get(word, ""))
            invented += 1
        if said:
            entries.append((word, said))
    return entries, invented


def _write_model(model: NGrams, work: Path) -> None:
    """Through the ARPA text, which the library reads, to its binary form, which loads quickest."""
    from pocketsphinx import Config, LogMath, NGramModel

    arpa = work / "model.lm"
    arpa.write_text(model.arpa(), "utf-8")
    NGramModel(Config(loglevel="FATAL"), LogMath(), str(arpa)).write(str(work / MODEL))
    arpa.unlink()
