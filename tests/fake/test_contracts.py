"""The fakes keep the contracts, and keep their promises on time."""

from __future__ import annotations

import numpy as np
import pytest

from selfsame.contracts.language_model import LanguageModelContract
from selfsame.contracts.language_model import all_of as thoughts_of
from selfsame.contracts.text_to_speech import TextToSpeechContract
from selfsame.contracts.text_to_speech import all_of as chunks_of
from selfsame.ears.port import HearingOptions
from selfsame.events.thought import Passage, Sources, ThoughtEnded, Token
from selfsame.mind.port import Manner, Prompt, Query
from selfsame.providers.fake import (
    Delays,
    FakeEmbedder,
    FakeLanguageModel,
    FakeRetriever,
    FakeSpeechToText,
    FakeTextToSpeech,
)
from selfsame.voice.port import Phrase

VOICE = (8000 * np.sin(np.arange(16000) / 8)).astype(np.int16)
SILENCE = np.zeros(16000, np.int16)


class TestFakeTextToSpeech(TextToSpeechContract):
    @pytest.fixture
    def engine(self) -> FakeTextToSpeech:
        return FakeTextToSpeech()


class TestFakeLanguageModel(LanguageModelContract):
    @pytest.fixture
    def engine(self) -> FakeLanguageModel:
        return FakeLanguageModel()


@pytest.mark.anyio
async def test_the_voice_waits_as_told_before_its_first_chunk(clock) -> None:
    engine = FakeTextToSpeech(delay=0.3, clock=clock)
    began = clock.now()
    chunks = await chunks_of(engine, Phrase("One two three."))
    assert clock.now() - began == pytest.approx(0.3)
    assert [word.text for chunk in chunks for word in chunk.words] == ["One", "two", "three."]


@pytest.mark.anyio
async def test_the_thinker_answers_from_the_first_passage_else_echoes(clock) -> None:
    engine = FakeLanguageModel({"Hi": "Hello you."}, delays=Delays(0.2, 0.05), clock=clock)
    began = clock.now()
    thoughts = await thoughts_of(engine, Prompt(Manner("A"), "Hi"))
    assert [thought.text for thought in thoughts if isinstance(thought, Token)] == ["Hello", " you."]
    assert clock.now() - began == pytest.approx(0.25)
    end = thoughts[-1]
    assert isinstance(end, ThoughtEnded) and end.first_token_seconds == pytest.approx(0.2) and end.reply_tokens == 2
    passage = Passage("p", "d", "t", "It opens at six.", 0.9)
    thoughts = await thoughts_of(engine, Prompt(Manner("A"), "When?", passages=(passage,)))
    assert thoughts[0] == Sources((passage,))
    assert "".join(t.text for t in thoughts if isinstance(t, Token)) == "It opens at six."
    thoughts = await thoughts_of(engine, Prompt(Manner("A"), "¿Qué tal?", language="ES"))
    assert "¿Qué tal" in "".join(t.text for t in thoughts if isinstance(t, Token))


@pytest.mark.anyio
async def test_the_recogniser_hears_its_script_line_by_line_and_silence_as_nothing(clock) -> None:
    engine = FakeSpeechToText(["hello there my friend", "good bye"], delay=0.1, clock=clock)
    async with engine.open(HearingOptions(language="EN")) as recognition:
        assert (await recognition.hypothesis()).text == ""
        await recognition.accept(VOICE)
        assert (await recognition.hypothesis()).text == "hello there"
        began = clock.now()
        final = await recognition.finish()
        assert final.text == "hello there my friend" and final.language == "EN" and len(final.words) == 4
        assert clock.now() - began == pytest.approx(0.1)
        await recognition.accept(SILENCE)
        assert (await recognition.finish()).text == ""
        await recognition.accept(VOICE)
        assert len((await recognition.finish()).text.split()) == 2, "without a script: 2.5 words a second"
    async with engine.open(HearingOptions()) as recognition:
        await recognition.accept(VOICE)
        assert (await recognition.finish()).text == "hello there my friend", "every session begins anew"


@pytest.mark.anyio
async def test_the_embedder_finds_likeness_and_the_retriever_the_likest() -> None:
    embedder = FakeEmbedder()
    query = await embedder.embed_query("the harbour opens at six")
    documents = await embedder.embed_documents(
        ["The harbour opens at six.", "When does the harbour open?", "Cats sleep"]
    )
    assert documents.shape == (3, 384) and documents.dtype == np.float32
    assert np.linalg.norm(documents, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)
    scores = documents @ query
    assert scores[0] == pytest.approx(1.0, abs=1e-5) and scores[0] > scores[1] > scores[2]
    assert (await embedder.embed_documents([])).shape == (0, 384)
    assert np.linalg.norm(await embedder.embed_query("...")) == pytest.approx(1.0)
    passages = [
        Passage(str(i), "d", "t", text, 0.0) for i, text in enumerate(["Cats sleep.", "The harbour opens at six."])
    ]
    found = await FakeRetriever(passages).retrieve(Query("When does the harbour open?", "c"))
    assert [passage.id for passage in found] == ["1"] and 0.2 < found[0].score < 1.0
    assert await FakeRetriever().retrieve(Query("x", "c")) == ()
