"""What the sentences to read cover: most sounds early, all of a language's usual ones in the end."""

from __future__ import annotations

import pytest

from selfsame.errors import BadInput
from selfsame.providers.embedded.espeak.phonemes import phonemize
from selfsame.studio.voice.sentences import chosen, diphones, sentences

COVERED = {"EN": (780, 80), "ES": (455, 40), "ZH": (525, 85)}
"""Diphones and sounds in all forty, by espeak's phonemes."""


@pytest.mark.parametrize("language", sorted(COVERED))
def test_forty_sentences_cover_the_sounds_of_the_language(language: str) -> None:
    texts = sentences(language)
    assert len(texts) == len(set(texts)) == 40
    pairs = [diphones(text, language, phonemize) for text in texts]
    every = frozenset().union(*pairs)
    sounds = {sound for pair in every for sound in pair}
    assert len(every) >= COVERED[language][0], len(every)
    assert len(sounds) >= COVERED[language][1], (len(sounds), sorted(sounds))
    assert len(frozenset().union(*pairs[:10])) > 0.38 * len(every)
    assert len(frozenset().union(*pairs[:20])) > 0.65 * len(every)


@pytest.mark.parametrize("language", sorted(COVERED))
def test_they_stand_in_the_order_of_their_worth(language: str) -> None:
    assert list(sentences(language)) == chosen(sorted(sentences(language)), language, phonemize)


def test_other_languages_have_none() -> None:
    with pytest.raises(BadInput):
        sentences("FR")
