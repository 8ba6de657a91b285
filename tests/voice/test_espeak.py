"""The embedded synthesiser: the contract, exact times, and that it never holds the loop."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator

import numpy as np
import pytest
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st

from selfsame.contracts.text_to_speech import TextToSpeechContract, all_of
from selfsame.errors import Refused
from selfsame.events.spoken import SpokenChunk
from selfsame.kit.streams import close
from selfsame.kit.wordspans import split_words
from selfsame.providers.embedded.espeak import EspeakTextToSpeech, phonemize
from selfsame.providers.embedded.espeak.library import shared
from selfsame.providers.embedded.espeak.timeline import Timeline
from selfsame.providers.embedded.espeak.voices import manner_of
from selfsame.voice.port import Phrase
from selfsame.voice.speak import SpeakOptions, speaking
from tests.support.serving import ROOT


class TestEspeakContract(TextToSpeechContract):
    @pytest.fixture
    def engine(self) -> EspeakTextToSpeech:
        return EspeakTextToSpeech()


def spoken(text: str, language: str = "EN") -> list[SpokenChunk]:
    """What the engine would say, without a loop."""
    timeline = Timeline(text, shared().sample_rate)
    chunks: list[SpokenChunk] = []

    def take(pcm, events) -> bool:
        timeline.feed(pcm, events)
        chunks.extend(timeline.take())
        return True

    shared().speak(text, manner_of(Phrase(text, language)), take)
    return chunks + timeline.finish()


def on_one_line(chunks: list[SpokenChunk]) -> tuple[np.ndarray, list[tuple[str, float, float]]]:
    """The whole sound, and (word, start, end) from its first sample."""
    origin, words = 0.0, []
    for chunk in chunks:
        words += [(word.text, origin + word.start, origin + word.end) for word in chunk.words]
        origin += chunk.seconds
    return np.concatenate([chunk.pcm for chunk in chunks]), words


PIECES = ["hello", "of the", "I am", "98.6", "Dr. Wu", "it's", "don't", "3,000", "well-known", "NASA", "a", "(maybe)",
          "—", "...", "wait,", "so;", "e.g.", "100%", "$5", "10:30", "café", "你好", "x", "?!", "<b>", "[[a]]",
          "&amp;", "http://a.io/b", "aaaaaaaaaaaaaa", "1990s", "😀", "\u200b", "#1", "@you"]  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(parts=st.lists(st.sampled_from(PIECES), min_size=1, max_size=14), language=st.sampled_from(["EN", "ES", "ZH"]))
def test_words_cover_any_text_in_order_and_their_times_go_forward(parts: list[str], language: str) -> None:
    text = " ".join(parts)
    chunks = spoken(text, language)
    sound, words = on_one_line(chunks)
    total = len(sound) / shared().sample_rate
    assert [word for word, _, _ in words] == [word.text for word in split_words(text)]
    assert not words or "".join(chunk.text for chunk in chunks) == text
    before = 0.0
    for _, start, end in words:
        assert before - 1e-6 <= start <= end <= total + 1e-6
        before = start
    for chunk in chunks[:-1]:
        assert all(0 <= word.start < chunk.seconds for word in chunk.words)
        assert all(0 <= phoneme.start < chunk.seconds for phoneme in chunk.phonemes)


def test_sound_begins_at_once_and_each_phoneme_has_a_time() -> None:
    for text in ("Ten people took part.", "Please come in.", "Hello."):
        chunks = spoken(text)
        sound, words = on_one_line(chunks)
        loud = np.abs(sound.astype(int)) > 300
        assert np.argmax(loud) / shared().sample_rate < 0.02
        assert words[0][1] < 0.02
    phonemes = [phoneme.ipa for chunk in spoken("Ten people.") for phoneme in chunk.phonemes]
    assert phonemes[0] == "t" and "p" in phonemes and "n" in phonemes
    assert 0.09 <= spoken("Hello there, my friend.")[0].seconds <= 0.11


def test_phonemize() -> None:
    assert phonemize("Hello, of the world.", "EN") == ["h", "ə", "l", "ˈoʊ", "ʌ", "v", "ð", "ə", "w", "ˈɜː", "l", "d"]
    assert phonemize("¿Qué tal?", "ES") == ["k", "ˈe", "t", "ˈa", "l"]
    assert len(phonemize("你好世界。", "ZH")) == 8
    assert phonemize("...", "EN") == []


@pytest.mark.anyio
async def test_leaving_early_stops_the_library() -> None:
    engine = EspeakTextToSpeech()
    stream = engine.synthesize(Phrase("And so it goes on and on. " * 60))
    first = await anext(aiter(stream))
    assert first.text.startswith("And")
    await close(stream)
    # The next one has its turn at once: the long text does not run to its end in the library's one thread.
    assert "".join([chunk.text for chunk in await all_of(engine, Phrase("Short."))]) == "Short."


@pytest.mark.anyio
async def test_an_unknown_language_is_refused_and_an_unknown_voice_is_the_default_one() -> None:
    engine = EspeakTextToSpeech()
    with pytest.raises(Refused):
        await all_of(engine, Phrase("Hello.", "KLINGON"))
    default, unknown, british = [
        [
            phoneme
            for chunk in await all_of(engine, Phrase("Hello there.", voice_id=voice))
            for phoneme in chunk.phonemes
        ]
        for voice in ("", "no-such-voice", "en-gb-x-rp")
    ]
    assert default == unknown
    assert default != british


@pytest.mark.anyio
async def test_the_loop_goes_on_while_it_speaks() -> None:
    from blockbuster import blockbuster_ctx

    with blockbuster_ctx("selfsame"):
        chunks = await all_of(EspeakTextToSpeech(), Phrase("The loop goes on. " * 20))
    assert sum(chunk.seconds for chunk in chunks) > 10


@pytest.mark.anyio
async def test_a_whole_reply_in_three_languages_keeps_its_text_and_its_times() -> None:
    text = (
        "Well, **that** costs $12.50 & 5% more: https://www.example.org/a. 你好，我很好，5%吗？ ¿Cómo está usted? Bye."
    )

    async def tokens() -> AsyncIterator[str]:
        for start in range(0, len(text), 3):
            yield text[start : start + 3]

    async with speaking(tokens(), EspeakTextToSpeech(), SpeakOptions(first_phrase=0)) as speech:
        chunks = [chunk async for chunk in speech]
    sound, words = on_one_line(chunks)
    assert "".join(chunk.text for chunk in chunks) == text.replace("**", "")
    assert "".join([word for word, _, _ in words]).replace(" ", "") == text.replace("**", "").replace(" ", "")
    assert {"$12.50", "5%", "https://www.example.org/a."} <= {word for word, _, _ in words}
    starts = [start for _, start, _ in words]
    assert starts == sorted(starts)
    assert all(end <= len(sound) / shared().sample_rate + 1e-6 for _, _, end in words)
    assert chunks[0].seconds < 0.13 and max(chunk.seconds for chunk in chunks) < 0.2501
    assert [chunk.sentence for chunk in chunks if chunk.text.strip().startswith(("Well", "你", "¿", "Bye"))] == [
        0,
        1,
        2,
        3,
    ]


def heard(sound: np.ndarray, text: str) -> list[tuple[str, float, float]]:
    """pocketsphinx's own alignment of the known words to the sound: (word, start, end)."""
    from pocketsphinx import Decoder

    decoder = Decoder(loglevel="FATAL")
    samples = soxr.resample(sound.astype(np.float32) / 32768, shared().sample_rate, 16000)
    padded = np.concatenate([np.zeros(3200), samples, np.zeros(3200)])
    padded = padded + 3e-4 * np.random.RandomState(0).randn(len(padded))
    decoder.set_align_text(text.lower())
    decoder.start_utt()
    decoder.process_raw((np.clip(padded, -1, 1) * 32767).astype(np.int16).tobytes(), full_utt=True)
    decoder.end_utt()
    found = [seg for seg in decoder.seg() if not seg.word.startswith(("<", "["))]
    return [(seg.word.split("(")[0], seg.start_frame / 100 - 0.2, (seg.end_frame + 1) / 100 - 0.2) for seg in found]


@pytest.mark.parametrize(
    "text",
    [
        "hello how are you doing today",
        "you can make a clone from a few minutes of your voice",
        "the first step is to record your voice in a quiet room",
        "one of the best ways to learn is to ask a question",
    ],
)
def test_a_recogniser_hears_each_word_where_its_time_says(text: str) -> None:
    """History is cut by these times: a recogniser's own alignment must agree to within a short syllable."""
    sound, words = on_one_line(spoken(text + "."))
    found = heard(sound, text)
    assert [word for word, _, _ in found] == text.split()
    differences = [abs(end - theirs) for (_, _, end), (_, _, theirs) in zip(words, found, strict=True)]
    assert float(np.median(differences)) < 0.06
    assert max(differences) < 0.2


def test_two_processes_say_the_same_sound() -> None:
    program = (
        "import hashlib, sys; from tests.voice.test_espeak import spoken;"
        "print(*(hashlib.sha256(chunk.pcm.tobytes()).hexdigest() for text in sys.argv[1:] for chunk in spoken(text)))"
    )
    command = [sys.executable, "-c", program, "Sixty-six fishes hiss.", "Who are you?"]
    first, second = (subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout for _ in range(2))
    assert first == second and len(first.split()) > 1
