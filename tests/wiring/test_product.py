"""The whole product in one process: real database, real demonstration clone, engines as configured."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import numpy as np
import pytest
import soundfile as sf

from selfsame import settings
from selfsame.conversation.port import LiveSession, OpenRequest
from selfsame.errors import BadInput, NotFound, Unavailable
from selfsame.events.audio import AudioFrame
from selfsame.events.told import ReplyEnded, ReplySources, ReplySpoken, StateChanged, Told, Trouble, UserHeard
from selfsame.events.turns import ConsentChanged, PlayedBack, TextTyped
from selfsame.kit.tasks import background, offload
from selfsame.wiring.product import Product, open_product
from tests.support.database import free_port
from tests.support.serving import ROOT, link_models

pytestmark = pytest.mark.anyio
QUIET = {"SELFSAME_ASR": "fake", "SELFSAME_EMBEDDER": "fake", "SELFSAME_VAD": "energy"}


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="selfsame-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@asynccontextmanager
async def product(home: Path, **environment: str) -> AsyncIterator[Product]:
    values = {"SELFSAME_HOME": str(home), **environment}
    wanted = await offload(settings.load, values, Path("/nowhere/.env"))
    async with open_product(wanted) as running:
        yield running


async def until_ended(session: LiveSession, *, play: bool = True) -> list[Told]:
    """Everything told up to the end of the turn, by a client that plays at once."""
    told: list[Told] = []
    with anyio.fail_after(30):
        while not told or not isinstance(told[-1], ReplyEnded):
            told.append(await session.told())
            last = told[-1]
            if play and isinstance(last, ReplySpoken):
                seconds = last.start + last.chunk.seconds
                session.receive(PlayedBack(session.now(), last.turn, 1000 * seconds))
    return told


async def ask(session: LiveSession, text: str) -> list[Told]:
    session.receive(TextTyped(session.now(), text, text))
    return await until_ended(session)


def answer(told: list[Told]) -> str:
    ended = told[-1]
    assert isinstance(ended, ReplyEnded)
    return ended.text


async def test_the_demonstration_clone_answers_from_its_guide_and_names_its_source(home: Path) -> None:
    async with product(home, **QUIET) as running:
        session = await running.sessions.open(OpenRequest(running.owner_id))
        told = await ask(session, "do I need a graphics card")
        assert "ordinary processor" in answer(told)
        sources = [each for each in told if isinstance(each, ReplySources)]
        assert "graphics card" in sources[0].sources[0].heading


async def test_a_conversation_is_restored_after_the_product_was_closed(home: Path) -> None:
    async with product(home, **QUIET) as running:
        session = await running.sessions.open(OpenRequest(running.owner_id))
        session.receive(ConsentChanged(True))
        await ask(session, "who are you")
        known = session.record.id
    async with product(home, **QUIET) as running:
        session = await running.sessions.open(OpenRequest(running.owner_id, session_id=known))
        assert session.resumed and session.record.next_turn == 2
        assert [turn.user for turn in session.record.turns] == ["who are you"]
        told = await ask(session, "please repeat that")
        assert "Vera" in answer(told)


async def test_a_dead_mind_is_announced_and_the_embedded_one_answers(home: Path) -> None:
    dead = {"SELFSAME_LLM_BASE_URL": f"http://127.0.0.1:{free_port()}/v1", "SELFSAME_LLM_MODEL": "gone"}
    async with product(home, **QUIET, **dead) as running:
        session = await running.sessions.open(OpenRequest(running.owner_id))
        told = await ask(session, "do I need a graphics card")
        assert "ordinary processor" in answer(told)
        notices = [each.notice for each in told if isinstance(each, StateChanged) and each.notice]
        assert any("cannot be reached" in notice for notice in notices)


async def test_a_session_is_its_users_alone(home: Path) -> None:
    async with product(home, **QUIET) as running:
        session = await running.sessions.open(OpenRequest(running.owner_id))
        stranger = await running.sessions.open(OpenRequest(running.owner_id))
        assert stranger.record.id != session.record.id
        from selfsame.kit.ids import new_id

        with pytest.raises(NotFound):
            await running.sessions.open(OpenRequest(new_id(), session_id=session.record.id))
        known = session.record.id
        await session.close()
        with pytest.raises(NotFound):
            await running.sessions.open(OpenRequest(new_id(), session_id=known))


async def test_engines_that_are_asked_for_and_not_there_are_refused(home: Path) -> None:
    with pytest.raises(BadInput):
        async with product(home, **QUIET | {"SELFSAME_TTS": "nightingale"}):
            pass
    with pytest.raises(Unavailable):
        async with product(home, **QUIET | {"SELFSAME_ASR": "moonshine"}):
            pass


@pytest.mark.parametrize("question", ["do-i-need-a-graphics-card-rms.flac"])
async def test_a_spoken_question_is_answered_by_the_embedded_engines(home: Path, question: str) -> None:
    if not link_models(home):
        pytest.skip("the model files are not here: selfsame models pull")
    sound, _ = sf.read(ROOT / "tests" / "data" / "questions" / question, dtype="int16")
    quiet = np.random.default_rng(3).normal(0, 8, 16000).astype(np.int16)
    microphone = np.concatenate([quiet, sound, quiet, quiet])
    async with product(home, SELFSAME_ASR="embedded") as running:
        session = await running.sessions.open(OpenRequest(running.owner_id))

        async def speak() -> None:
            began = session.now()
            for index, start in enumerate(range(0, len(microphone), 512), 1):
                await anyio.sleep(max(0.0, began + index * 0.032 - session.now()))
                session.receive(AudioFrame(microphone[start : start + 512], session.now()))

        async with background() as tasks:
            tasks.start_soon(speak)
            told = await until_ended(session)
    heard = [each.text for each in told if isinstance(each, UserHeard) and each.is_final]
    assert heard == ["Do I need a graphics card?"]
    assert "ordinary processor" in answer(told)
    assert not [each for each in told if isinstance(each, Trouble)]
    metrics = told[-1].metrics  # type: ignore[union-attr]
    assert metrics.speculated and 0 < metrics.total < 5000


async def test_the_how_to_makes_a_clone_that_knows_its_document(home: Path) -> None:
    """Runs the program of docs/make-a-clone.md in a process of its own, as a reader would."""
    page = (ROOT / "docs" / "make-a-clone.md").read_text()
    program = page.split("```python\n")[1].split("```")[0]
    (home / "about-me.md").write_text(
        "# Me\n\n## How many clocks do you own?\n\nI own forty two clocks, and all of them tick.\n"
    )
    environment = os.environ | {"SELFSAME_HOME": str(home), "PYTHONPATH": str(ROOT)} | QUIET
    done = await anyio.run_process([sys.executable, "-c", program], cwd=home, env=environment)
    assert b"/talk/ada" in done.stdout
    async with product(home, **QUIET) as running:
        session = await running.sessions.open(OpenRequest(running.owner_id, clone="ada"))
        assert session.clone.name == "Ada"
        assert (
            answer(await ask(session, "how many clocks do you own")) == "I own forty two clocks, and all of them tick."
        )
