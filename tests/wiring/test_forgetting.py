"""A clone that is deleted leaves nothing of what the ears were taught of it: not in the home folder, not in memory."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from selfsame.errors import NotFound
from selfsame.kit.tasks import offload
from selfsame.providers.embedded.sphinx.recogniser import SphinxSpeechToText
from selfsame.wiring.product import Product
from tests.wiring.test_product import QUIET, home, product
from tests.wiring.test_watching import command, until

pytestmark = pytest.mark.anyio
__all__ = ["home"]
EARS = QUIET | {"SELFSAME_ASR": "embedded"}
NAME = "marzipanowski"
ABOUT = f"# Me\n\n## Who is your neighbour?\n\nMy neighbour is called {NAME.title()}, and keeps zebras.\n"


def leftovers(home: Path, clone_id: str) -> list[str]:
    """Files outside of the database that are called after the clone, or hold a word that only it knew."""
    folder = hashlib.sha256(clone_id.encode()).hexdigest()[:20]
    found = []
    for path in home.rglob("*"):
        told = path.relative_to(home).as_posix()
        if told.startswith(("postgres", "models")) or not path.is_file() or path.suffix == ".log":
            continue
        if folder in told or clone_id in told or NAME.encode() in path.read_bytes().lower():
            found.append(told)
    return found


async def taught(running: Product, home: Path) -> str:
    """A clone whose ears know its neighbour's name."""
    (home / "about.md").write_text(ABOUT)
    clone = await running.workshop.make_clone("ada", "Ada", {"role": "a zoologist"}, [home / "about.md"])
    (home / "about.md").unlink()
    there = await offload(leftovers, home, str(clone.id))
    assert there and all(each.startswith("cache/hearing/") for each in there)
    assert str(clone.id) in ears_of(running)._models
    return str(clone.id)


def ears_of(running: Product) -> SphinxSpeechToText:
    return running.workshop.engines.ears.forget.__self__  # type: ignore[attr-defined]


async def test_deleting_a_clone_forgets_what_its_ears_were_taught(home: Path) -> None:
    async with product(home, **EARS) as running:
        clone_id = await taught(running, home)
        await running.clones.delete(running.owner_id, "ada")
        assert await offload(leftovers, home, clone_id) == []
        assert clone_id not in ears_of(running)._models
        with pytest.raises(NotFound):
            await running.clones.show(running.owner_id, "ada")


async def test_a_server_forgets_a_clone_that_a_command_deleted(home: Path) -> None:
    async with product(home, **EARS) as running:
        clone_id = await taught(running, home)
        await command(home, "clone", "delete", "ada", "--yes")

        async def forgotten() -> bool:
            return clone_id not in ears_of(running)._models and not await offload(leftovers, home, clone_id)

        await until(forgotten)
        assert all(str(each) != clone_id for each in running.workshop.learnt)


async def test_a_clone_that_goes_while_its_ears_learn_is_not_learnt(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with product(home, **EARS) as running:
        clone_id = await taught(running, home)
        clone = await running.workshop.mine("ada")
        read = running.workshop.knowledge.texts

        async def gone_meanwhile(*asked: object) -> list[str]:
            texts = await read(*asked)  # type: ignore[arg-type]
            await running.clones.delete(running.owner_id, "ada")
            return texts

        monkeypatch.setattr(running.workshop.knowledge, "texts", gone_meanwhile)
        running.workshop.learnt.clear()
        await running.workshop.learn(clone)
        assert await offload(leftovers, home, clone_id) == [] and clone_id not in ears_of(running)._models
