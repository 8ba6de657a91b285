"""The embedded recogniser as a whole: real decoders, a model adapted once for the module."""

from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import anyio.lowlevel
import numpy as np
import pytest
from knowledge import QUESTIONS, TEXT, say

from selfsame.contracts.speech_to_text import SpeechToTextContract
from selfsame.ears.port import PASSING, HearingOptions
from selfsame.errors import Refused
from selfsame.kit import tasks
from selfsame.kit.engine_process import EngineProcess
from selfsame.providers.embedded.sphinx.adaptation.build import READY
from selfsame.providers.embedded.sphinx.recogniser import BUILDER, Knowledge, SphinxOptions, SphinxSpeechToText
from selfsame.providers.embedded.sphinx.written import sentence

QUIET = SphinxOptions(prepare=False)


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """A cache with one adapted clone, made once: reading the stock model takes seconds."""
    folder = tmp_path_factory.mktemp("sphinx")

    async def make():
        async with SphinxSpeechToText(folder, QUIET) as engine:
            await engine.adapt("odalys", Knowledge("1", [TEXT]))

    anyio.run(make)
    return folder


async def hear(engine, clone_id, pcm):
    async with engine.open(HearingOptions(clone_id)) as recognition:
        await recognition.accept(pcm)
        return await recognition.finish()


class TestContract(SpeechToTextContract):
    breakable = True

    @pytest.fixture(autouse=True)
    def _cache(self, cache):
        self.cache = cache

    @asynccontextmanager
    async def engine(self):
        async with SphinxSpeechToText(self.cache, QUIET) as engine:
            yield engine

    def speech(self):
        return say(QUESTIONS[0])

    def other_speech(self):
        return say(QUESTIONS[1])

    def break_engine(self, engine):
        engine.workers[0].kill()


def errors(said, heard):
    """Words that differ, by the usual edit distance."""
    a, b = said.split(), heard.split()
    row = list(range(len(b) + 1))
    for i, x in enumerate(a):
        last, row[0] = row[:], i + 1
        for j, y in enumerate(b):
            row[j + 1] = min(last[j] + (x != y), last[j + 1] + 1, row[j] + 1)
    return row[-1]


@pytest.mark.anyio
async def test_adaptation_saves_at_least_four_errors_in_ten(cache):
    counts = {}
    with anyio.fail_after(180):
        async with SphinxSpeechToText(cache, QUIET) as engine:
            await engine.adapt("odalys", Knowledge("1", [TEXT]))
            for clone in ("stranger", "odalys"):
                async with engine.open(HearingOptions(clone)) as recognition:
                    for _ in range(2):  # the first round teaches the decoder the speaker's mean
                        counts[clone] = 0
                        for question in QUESTIONS:
                            await recognition.accept(say(question))
                            heard = await recognition.finish()
                            counts[clone] += errors(question, " ".join(w.text.lower() for w in heard.words))
    # It is more than half as a rule; espeak sounds a little different after it spoke with other voices.
    assert counts["odalys"] <= 0.6 * counts["stranger"]


@pytest.mark.anyio
async def test_equal_knowledge_gives_equal_bytes_and_leftovers_of_killed_builds_go(cache, tmp_path):
    made = next(path.parent for path in cache.rglob(READY))
    async with EngineProcess(BUILDER) as builder:
        head, _ = await builder.call({"do": "build", "texts": [TEXT], "root": str(tmp_path)})
    again = Path(head["folder"])
    assert again.name == made.name
    for file in made.iterdir():
        assert file.read_bytes() == (again / file.name).read_bytes(), file.name


@pytest.mark.anyio
async def test_ready_models_are_reused_and_forgotten_on_request(cache, tmp_path):
    made = next(path.parent for path in cache.rglob(READY))
    half = made.parent / ".half-done"
    half.mkdir()
    with anyio.fail_after(60):
        async with SphinxSpeechToText(cache, QUIET) as engine:
            before = (made / READY).stat().st_mtime_ns
            await engine.adapt("odalys", Knowledge("2", [TEXT]))
            assert engine.model("odalys").folder == str(made)
            assert (made / READY).stat().st_mtime_ns == before
            assert not half.exists()
            assert engine.model("odalys").written["casimir"] == "Casimir"
        async with SphinxSpeechToText(tmp_path, QUIET) as engine:
            await engine.forget("nobody")
            assert engine.model("nobody").folder == ""


@pytest.mark.anyio
async def test_what_is_just_being_learnt_of_an_erased_clone_is_forgotten_too(tmp_path):
    async with SphinxSpeechToText(tmp_path, QUIET) as engine, tasks.group() as group:
        group.start_soon(engine.adapt, "erased", Knowledge("1", ["Odalys Casimir keeps forty clocks in Riga."]))
        group.start_soon(engine.adapt, "erased", Knowledge("2", ["Odalys Casimir keeps fifty clocks in Riga."]))
        await anyio.lowlevel.checkpoint()
        await engine.forget("erased")
    assert not list(tmp_path.iterdir())


@pytest.mark.anyio
async def test_a_passing_lesson_leaves_nothing_behind(tmp_path):
    killed = tmp_path / PASSING / "left"
    killed.mkdir(parents=True)
    (killed / "words.txt").write_text("casimir")
    with anyio.fail_after(60):
        async with SphinxSpeechToText(tmp_path, QUIET) as engine:
            assert not killed.exists()
            lesson = f"{PASSING}casimir"
            await engine.adapt(lesson, Knowledge("1", ["My name is Casimir Odalys."]))
            assert (await anyio.Path(engine.model(lesson).folder).stat()).st_mode
            async with engine.open(HearingOptions(lesson, "EN")) as recognition:
                await recognition.accept(np.zeros(16_000, np.int16))
                await recognition.finish()
            await engine.forget(lesson)
            assert engine.model(lesson).folder == ""
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"casimir" in path.read_bytes()]


@pytest.mark.anyio
async def test_other_languages_are_refused(cache):
    async with SphinxSpeechToText(cache, QUIET) as engine:
        with pytest.raises(Refused):
            async with engine.open(HearingOptions(language="ZH")):
                pass


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("what are the three tiers", "What are the three tiers?"),
        ("what a nice idea", "What a nice idea."),
        ("", ""),
        ("who is mira", "Who is Mira?"),
        ("so can i ask you something", "So can I ask you something?"),
        ("have a nice day", "Have a nice day."),
        ("have you been to lagos", "Have you been to Lagos?"),
        ("i think i'm lost", "I think I'm lost."),
        ("hello", "Hello."),
        ("tell me about mira's squid", "Tell me about Mira's squid."),
    ],
)
def test_sentences(words, written):
    forms = {"mira": "Mira", "mira's": "Mira's", "lagos": "Lagos"}
    assert sentence(words.split(), forms, settled=True) == written
