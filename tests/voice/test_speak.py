"""Streamed text in, timed speech out."""

from __future__ import annotations

from collections.abc import AsyncIterator

import numpy as np
import pytest

from selfsame.errors import Unavailable
from selfsame.events.spoken import SpokenChunk
from selfsame.kit.clock import Clock
from selfsame.kit.pipes import Pipe
from selfsame.providers.fake import FakeTextToSpeech
from selfsame.voice.port import Phrase
from selfsame.voice.speak import SpeakOptions, speaking

pytestmark = pytest.mark.anyio
PLAIN = SpeakOptions(first_phrase=0)


class Recorded:
    """The fake synthesiser, with a note of what it was asked and whether it was stopped."""

    def __init__(self, fail_on: str = "") -> None:
        self.inner = FakeTextToSpeech()
        self.abilities = self.inner.abilities
        self.asked: list[Phrase] = []
        self.closed = 0
        self.fail_on = fail_on

    async def synthesize(self, phrase: Phrase) -> AsyncIterator[SpokenChunk]:
        self.asked.append(phrase)
        try:
            async for chunk in self.inner.synthesize(phrase):
                yield chunk
                if self.fail_on and self.fail_on in phrase.text:
                    raise Unavailable("gone", role="tts", provider="recorded")
        finally:
            self.closed += 1


async def stream(*texts: str) -> AsyncIterator[str]:
    for text in texts:
        yield text


async def say(*texts: str, engine: Recorded | None = None, options: SpeakOptions = PLAIN) -> list[SpokenChunk]:
    async with speaking(stream(*texts), engine or Recorded(), options) as speech:
        return [chunk async for chunk in speech]


async def test_tokens_become_sentences_become_sound() -> None:
    engine = Recorded()
    chunks = await say("Good mor", "ning. How are", " you", " today?", engine=engine)
    assert [phrase.text for phrase in engine.asked] == ["Good morning.", "How are you today?"]
    assert "".join(chunk.text for chunk in chunks) == "Good morning. How are you today?"
    assert [word.text for chunk in chunks for word in chunk.words] == [
        "Good",
        "morning.",
        "How",
        "are",
        "you",
        "today?",
    ]
    assert sorted({chunk.sentence for chunk in chunks}) == [0, 1]


async def test_pieces_are_short_and_the_first_is_shorter() -> None:
    chunks = await say("Extraordinarily considerate neighbours everywhere. Another sentence follows.")
    assert chunks[0].seconds <= 0.13
    assert max(chunk.seconds for chunk in chunks) <= 0.2601


async def test_a_pause_stands_between_sentences_and_not_at_the_ends() -> None:
    chunks = await say("One. Two.")
    silent = [not np.any(chunk.pcm) for chunk in chunks]
    assert not silent[0] and not silent[-1]
    pause = chunks[silent.index(True)]
    assert 0.2 <= pause.seconds <= 0.3 and pause.sentence == 1


async def test_what_was_written_is_told_and_what_it_means_is_said() -> None:
    engine = Recorded()
    chunks = await say("It is **$12.50** now. Bye.", engine=engine)
    assert engine.asked[0].text == "It is 12 dollars 50 now."
    assert "".join(chunk.text for chunk in chunks) == "It is $12.50 now. Bye."


async def test_the_first_phrase_comes_early_and_counts_as_the_same_sentence() -> None:
    engine = Recorded()
    chunks = await say(
        "When I was a very small child, we lived there. Then not.", engine=engine, options=SpeakOptions()
    )
    assert [phrase.text for phrase in engine.asked][:2] == ["When I was a very small child,", "we lived there."]
    assert [chunk.sentence for chunk in chunks if chunk.text.strip().startswith("we")] == [0]
    assert chunks[-1].sentence == 1


async def test_each_phrase_is_said_in_its_language_with_the_wanted_manner() -> None:
    engine = Recorded()
    options = SpeakOptions("EN", voice_id="v", speed=1.2, pitch=0.9, first_phrase=0)
    await say("I am fine. 你好，朋友。 ¿Cómo está usted hoy?", engine=engine, options=options)
    assert [phrase.language for phrase in engine.asked] == ["EN", "ZH", "ES"]
    assert {(phrase.voice_id, phrase.speed, phrase.pitch) for phrase in engine.asked} == {("v", 1.2, 0.9)}


async def test_it_makes_one_phrase_ahead_and_no_more() -> None:
    engine = Recorded()
    pipe: Pipe[str] = Pipe("texts", 8, "wait")
    pipe.put_now("One one. Two two. Three three. Four four. ")
    pipe.close()
    async with speaking(pipe, engine, PLAIN) as speech:
        seen = {}
        async for chunk in speech:
            await settle()
            seen.setdefault(chunk.sentence, len(engine.asked))
    assert seen == {0: 2, 1: 3, 2: 4, 3: 4}


async def test_a_failure_comes_after_the_sound_made_before_it_and_no_text_is_lost() -> None:
    engine = Recorded(fail_on="Two")
    heard = ""
    async with speaking(stream("One fish. ", "Two fish. ", "Red ", "fish."), engine, PLAIN) as speech:
        with pytest.raises(Unavailable):
            async for chunk in speech:
                heard += chunk.text
        assert heard.startswith("One fish. Two")
        assert await speech.unspoken() == "Two fish. Red fish."


async def test_a_failing_mind_is_raised_behind_what_it_had_said() -> None:
    async def failing() -> AsyncIterator[str]:
        yield "One fish. Two fi"
        raise Unavailable("gone", role="llm", provider="x")

    heard = ""
    async with speaking(failing(), Recorded(), PLAIN) as speech:
        with pytest.raises(Unavailable) as caught:
            async for chunk in speech:
                heard += chunk.text
    assert heard == "One fish." and caught.value.role == "llm"


async def test_leaving_stops_the_engine_and_closes_the_text(clock: Clock) -> None:
    closed = []

    async def endless() -> AsyncIterator[str]:
        try:
            while True:
                yield "And so on and on. "
                await clock.sleep(0.01)
        finally:
            closed.append(True)

    engine = Recorded()
    async with speaking(endless(), engine, PLAIN) as speech:
        async for _ in speech:
            break
    assert closed == [True]
    assert engine.closed == len(engine.asked)


async def test_nothing_to_say_is_silence() -> None:
    assert await say() == []
    assert await say("  ", "🎉 ", "— ") == []


async def settle() -> None:
    import anyio.lowlevel

    for _ in range(60):
        await anyio.lowlevel.checkpoint()
