"""Taking a clone from one running product to another, and erasing a person in one that runs."""

from __future__ import annotations

import io
from pathlib import Path

import anyio
import pytest

from selfsame.clones.archive.kinds import ImportWish
from selfsame.conversation.port import OpenRequest
from selfsame.errors import NotFound
from selfsame.kit.pipes import PipeClosed
from tests.wiring.test_product import QUIET, answer, ask, home, product

pytestmark = pytest.mark.anyio
__all__ = ["home"]
PROFILE = {"role": "a clockmaker", "greeting": "Hello, I am Ada."}
ABOUT = "# Me\n\n## How many clocks do you own?\n\nI own forty two clocks, and all of them tick.\n"


async def test_a_clone_answers_the_same_in_another_home(home: Path) -> None:
    (home / "about.md").write_text(ABOUT)
    for name in ("one", "two"):
        (home / name).mkdir()
    async with product(home / "one", **QUIET) as running:
        clone = await running.workshop.make_clone("ada", "Ada", PROFILE, [home / "about.md"])
        pieces = running.belongings.archives.export(running.owner_id, clone, "winter in riga")
        archive = b"".join([piece async for piece in pieces])
        look = await running.library.retriever.look(clone.id, "how many clocks")
        session = await running.sessions.open(OpenRequest(running.owner_id, clone="ada"))
        said = answer(await ask(session, "how many clocks do you own"))
    async with product(home / "two", **QUIET) as running:
        wish = ImportWish("ada-again", "winter in riga")
        came = await running.belongings.archives.bring(running.owner_id, io.BytesIO(archive), wish)
        found = await running.library.retriever.look(came.clone.id, "how many clocks")
        assert [judged.hit.why for judged in found.judged] == [judged.hit.why for judged in look.judged] != []
        session = await running.sessions.open(OpenRequest(running.owner_id, clone="ada-again"))
        assert answer(await ask(session, "how many clocks do you own")) == said == ABOUT.splitlines()[-1]
        cards = (await running.workshop.clones.persona(came.clone)).greeting
        assert cards == "Hello, I am Ada."


async def test_an_erased_owner_begins_anew(home: Path) -> None:
    (home / "about.md").write_text(ABOUT)
    async with product(home, **QUIET) as running:
        clone = await running.workshop.make_clone("ada", "Ada", PROFILE, [home / "about.md"])
        mine = await running.sessions.open(OpenRequest(running.owner_id, clone="ada"))
        await ask(mine, "how many clocks do you own")
        erased = await running.belongings.privacy.erase(running.owner_id)
        assert erased.rows["clones"] == 2 and erased.files > 0
        with pytest.raises(PipeClosed), anyio.fail_after(5):
            while True:
                await mine.told()
        with pytest.raises(NotFound):
            await running.sessions.open(OpenRequest(running.owner_id, clone="ada"))
        with pytest.raises(NotFound):
            await running.workshop.clones.get(clone.id, running.owner_id)
        assert await running.belongings.privacy.conversations(running.owner_id, 10, None) == []
        guide = await running.sessions.open(OpenRequest(running.owner_id))  # the demonstration clone is there again
        assert "ordinary processor" in answer(await ask(guide, "do I need a graphics card"))
