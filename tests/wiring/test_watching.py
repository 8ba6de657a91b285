"""What one process changes in a clone reaches another that is talking as it."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import anyio
import pytest

from selfsame import settings
from selfsame.clones.clone import Clone
from selfsame.conversation.port import LiveSession, OpenRequest
from selfsame.demo import DEMO
from selfsame.errors import Unavailable
from selfsame.events.turns import TextTyped
from selfsame.kit.clock import SYSTEM
from selfsame.kit.ids import new_id
from selfsame.kit.tasks import background, offload
from selfsame.stores.postgres.clones import CloneSigns
from selfsame.studio.folders import face_folder
from selfsame.studio.port import FaceModel
from selfsame.wiring.faces import RIG, rig_hash
from selfsame.wiring.product import Product, open_product
from selfsame.wiring.watching import Watch
from tests.conftest import VirtualClock
from tests.support.serving import ROOT
from tests.wiring.test_product import answer, until_ended

pytestmark = pytest.mark.anyio
QUIET = {"SELFSAME_ASR": "fake", "SELFSAME_EMBEDDER": "fake", "SELFSAME_VAD": "energy"}
ZEBRAS = "# What colour is the marzipan zebra?\n\nThe marzipan zebra is turquoise with a silver tail.\n"


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="selfsame-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@asynccontextmanager
async def product(home: Path) -> AsyncIterator[Product]:
    wanted = await offload(settings.load, {"SELFSAME_HOME": str(home), **QUIET}, Path("/nowhere/.env"))
    async with open_product(wanted) as running:
        yield running


async def say(session: LiveSession, text: str) -> str:
    """The answer to a typed question, which may be asked again."""
    session.receive(TextTyped(session.now(), text, str(new_id())))
    return answer(await until_ended(session))


async def until(done: Callable[[], Awaitable[bool]]) -> None:
    with anyio.fail_after(60):
        while not await done():
            await SYSTEM.sleep(0.1)


async def command(home: Path, *words: str) -> str:
    """A command of the product, in a process of its own, beside the server."""
    environment = {"SELFSAME_HOME": str(home), "PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", **QUIET}
    with anyio.fail_after(120):
        run = await anyio.run_process(
            [sys.executable, "-m", "selfsame", *words], env=environment, check=False, cwd=home
        )
    assert run.returncode == 0, run.stderr.decode()[-2000:]
    return run.stdout.decode()


async def test_what_a_command_adds_is_heard_and_said_by_a_server_that_runs(home: Path) -> None:
    async with product(home) as server:
        clone = await server.casting.faces.meetings.meet(None, server.owner_id)
        workshop = server.workshop

        async def learnt(version: int) -> bool:
            return workshop.learnt.get(clone.id, 0) >= version

        session = await server.sessions.open(OpenRequest(server.owner_id))
        assert "turquoise" not in await say(session, "what colour is the marzipan zebra")
        await until(lambda: learnt(clone.knowledge_version))
        note = home / "zebras.md"
        await anyio.Path(note).write_text(ZEBRAS)
        await command(home, "clone", "knowledge", "add", str(note), "--clone", clone.slug)
        # The same question of the same session: what was remembered of it is void by the other process' commit.
        assert "turquoise" in await say(session, "what colour is the marzipan zebra")
        await until(lambda: learnt(clone.knowledge_version + 1))


async def test_a_persona_that_another_process_changes_is_the_live_session_s(home: Path) -> None:
    async with product(home) as server, product(home) as other:
        clone = await server.casting.faces.meetings.meet(None, server.owner_id)
        session = await server.sessions.open(OpenRequest(server.owner_id))
        assert "papers are silent" not in await say(session, "who won the race on the ninth moon")
        await other.library.set_answering(clone.id, other.owner_id, "strict", {"EN": "My papers are silent on that."})

        async def says_so() -> bool:
            return "papers are silent" in await say(session, "who won the race on the ninth moon")

        await until(says_so)


async def give_face(server: Product, clone: Clone) -> None:
    """A face of its own for the clone, consented to and accepted."""
    await server.voices.studio.consents.book.grant(server.owner_id, "face")
    models, face_id = server.casting.faces.models, new_id()
    folder, version = face_folder(server.owner_id, face_id), rig_hash(DEMO.face or b"")
    await models.put_draft(FaceModel(face_id, server.owner_id, clone.id, folder, "warp", 1024, 0.9, version, {}))
    await server.casting.faces.files.put(folder + RIG, DEMO.face or b"")
    await models.activate(face_id, server.owner_id)


class Book:
    """Signs as a store has them; `down` makes it fail."""

    def __init__(self) -> None:
        self.signs_of: dict[UUID, tuple[int, str] | tuple[int, str, tuple[UUID | None, UUID | None]]] = {}
        self.down = False

    async def signs(self, owner_id: UUID) -> list[CloneSigns]:
        if self.down:
            raise Unavailable("away", role="database", provider="x")
        return [CloneSigns(clone, *signs) for clone, signs in self.signs_of.items()]


async def test_each_change_is_told_once_and_none_is_lost_while_the_store_is_away(clock: VirtualClock) -> None:
    book, owner, one, two = Book(), new_id(), new_id(), new_id()
    knew, spoke, went = list[UUID](), list[UUID](), list[UUID]()
    fails = [True]

    async def speaks(_owner: UUID, clone: UUID) -> None:
        if fails and fails.pop():
            raise Unavailable("away", role="database", provider="x")
        spoke.append(clone)

    async def gone(clone: UUID) -> None:
        if not went:
            went.append(new_id())
            raise Unavailable("away", role="asr", provider="x")
        went.append(clone)

    watch = Watch(book, owner, lambda _owner, clone: knew.append(clone), speaks, gone, gone, clock)
    book.signs_of = {one: (1, "a")}
    with pytest.raises(Unavailable):
        await watch.look()
    await watch.look()
    await watch.look()
    assert set(knew) == {one} and spoke == [one]
    knew.clear()
    spoke.clear()
    book.signs_of = {one: (2, "a"), two: (1, "a")}
    await watch.look()
    assert knew == [one, two] and spoke == [two]
    knew.clear()
    spoke.clear()
    async with background() as tasks:
        book.down = True
        book.signs_of = {one: (2, "b")}
        tasks.start_soon(watch.run)
        await clock.sleep(5)
        assert knew == spoke == []
        book.down = False
        await clock.sleep(5)
        assert knew == [] and spoke == [one]
        assert went[1:] == [two], "once, and again after it failed"
    book.signs_of = {one: (2, "b"), two: (1, "a")}  # it came back: that is new again
    await watch.look()
    assert knew == [two]


async def test_a_clone_that_loses_its_face_or_voice_is_told_of_and_no_other(clock: VirtualClock) -> None:
    book, one, face, voice, other = Book(), new_id(), new_id(), new_id(), new_id()
    stripped = list[UUID]()

    async def quiet(*_: UUID) -> None: ...

    async def strips(clone: UUID) -> None:
        stripped.append(clone)

    watch = Watch(book, new_id(), lambda *_: None, quiet, quiet, strips, clock)
    steps = [
        ((None, None), 0),  # it has none
        ((face, None), 0),
        ((face, voice), 0),
        ((other, voice), 0),  # another face: what is shown may still be shown
        ((None, voice), 1),
        ((None, voice), 1),
        ((face, voice), 1),
        ((face, None), 2),
        ((None, None), 3),
    ]
    for likeness, times in steps:
        book.signs_of = {one: (1, "a", likeness)}
        await watch.look()
        assert stripped == [one] * times, likeness


async def test_a_conversation_under_way_shows_no_face_whose_consent_was_taken_back(home: Path) -> None:
    async with product(home) as server:
        clone = await server.casting.faces.meetings.meet(None, server.owner_id)
        await give_face(server, clone)
        session = await server.sessions.open(OpenRequest(server.owner_id))
        await say(session, "hello")
        known = session.record.id
        await command(home, "clone", "face", "revoke", "--yes")

        async def over() -> bool:
            return server.sessions.find(known, server.owner_id) is None

        await until(over)
        again = await server.sessions.open(OpenRequest(server.owner_id, session_id=known))
        assert again.resumed and again.record.id == known, "it goes on where it was"
        assert await server.casting.faces.version(clone) is None
        assert await say(again, "hello")
