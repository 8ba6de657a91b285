"""`selfsame clone` and `selfsame clone face`, on a studio in memory with a real worker."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import anyio
import pytest

from selfsame.cli import exits
from selfsame.cli.clones.building import read_pictures
from selfsame.clones.clone import Clone
from selfsame.clones.consent import Consent
from selfsame.clones.naming import checked_slug as checked
from selfsame.clones.persona import PersonaProfile
from selfsame.errors import BadInput, TooLarge
from selfsame.jobs.clone_desk import CloneDesk
from selfsame.jobs.ingest import INGEST
from selfsame.jobs.persona_desk import PersonaDesk
from selfsame.jobs.voice_desk import VoiceDesk
from selfsame.kit.ids import new_id
from selfsame.settings import Settings
from selfsame.stores.memory_clones import MemoryClones
from selfsame.stores.memory_shelf import MemoryShelf
from selfsame.stores.memory_voices import MemoryVoices
from selfsame.studio.face.kinds import BuiltFace
from selfsame.studio.media.kinds import PHOTO_BYTES
from selfsame.wiring import product as wiring
from tests.jobs.conftest import Time
from tests.jobs.studio import StudioBench

PHOTO = b"\xff\xd8\xffpicture"


@dataclass
class FakeHouse:
    """What the commands use of the product."""

    bench: StudioBench
    store: MemoryClones
    settings: Settings | None = None

    @property
    def workshop(self) -> FakeHouse:
        return self

    @property
    def studio(self) -> FakeHouse:
        return self

    @property
    def casting(self) -> FakeHouse:
        return self

    @property
    def consents(self) -> FakeHouse:
        return self

    @property
    def owner_id(self) -> UUID:
        return self.bench.owner

    @property
    def faces(self) -> Any:
        return FacesOf(self.bench)

    async def of(self, _user: UUID) -> tuple[Consent, ...]:
        return self.bench.consents

    async def change_face_consent(self, user: UUID, granted: bool) -> None:
        self.bench.revoke()
        if granted:
            self.bench.consents += (Consent(new_id(), user, "face", self.bench.time()),)


class FacesOf:
    """The desk, with the version a clone shows."""

    def __init__(self, bench: StudioBench) -> None:
        self._bench = bench

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bench.faces, name)

    async def version(self, clone: Clone) -> str | None:
        face = await self._bench.models.active(clone.id, clone.owner_id)
        return face.rig_hash if face else None


class Workshop:
    """Finds clones."""

    def __init__(self, house: FakeHouse) -> None:
        self._house = house
        self.clones = house.store

    async def mine(self, name: str) -> Clone:
        return await self._house.store.get(name, self._house.owner_id)


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> FakeHouse:
    bench = StudioBench(Time())
    bench.consents = ()
    store = MemoryClones()
    fake = FakeHouse(bench, store)

    async def fill() -> None:
        await store.put(bench.clone, PersonaProfile(manual_overrides={"role": "a clockmaker"}))
        await store.put(Clone(new_id(), bench.owner, "vera", "Vera"))

    anyio.run(fill)
    workshop = Workshop(fake)

    @asynccontextmanager
    async def opened(settings: Settings) -> AsyncIterator[Any]:
        fake.settings = settings
        bench.bell._rung = anyio.Event()  # every command has a loop of its own
        async with bench.working():
            yield replace_workshop(fake, workshop)

    monkeypatch.setattr(wiring, "open_product", opened)
    return fake


def replace_workshop(house: FakeHouse, workshop: Workshop) -> Any:
    class Product:
        owner_id = house.owner_id
        studio = house
        casting = house
        clones = CloneDesk(
            house.store,
            PersonaDesk(house.store.personas, house.bench.files, house.bench.jobs),
            house.bench.faces,
            VoiceDesk(MemoryVoices(house.store.owners, lambda _: ()), house.bench.files, house.bench.jobs),
            MemoryShelf(house.bench.jobs, INGEST, house.store.owners),
            "vera",
        )

    Product.workshop = workshop  # type: ignore[attr-defined]
    return Product()


@pytest.fixture
def photos(tmp_path: Path) -> list[str]:
    paths = [tmp_path / "a.jpg", tmp_path / "b.jpg"]
    for path in paths:
        path.write_bytes(PHOTO)
    return [str(path) for path in paths]


def test_a_clone_is_made_listed_shown_and_deleted(selfsame: Any, house: FakeHouse) -> None:
    made = selfsame("clone", "create", "Jo Ångström", "--description", "a potter", "--language", "es", "--json")
    assert (made.code, made.json["slug"], made.json["language"]) == (0, "jo-angstrom", "ES")
    assert selfsame("clone", "create", "Jo Ångström").code == exits.BAD_INPUT
    assert [each["slug"] for each in selfsame("clone", "list", "--json").json["clones"]] == [
        "ada",
        "jo-angstrom",
        "vera",
    ]
    assert "Ada" in selfsame("clone", "list").out
    assert selfsame("clone", "show", "ada", "--json").json["persona"]["role"] == "a clockmaker"
    assert "a clockmaker" in selfsame("clone", "show", "ada").out
    assert selfsame("clone", "show", "nobody").code == exits.NOT_FOUND
    assert selfsame("clone", "delete", "ada").code == exits.FORBIDDEN, "nobody is there to ask"
    assert selfsame("clone", "delete", "vera", "--yes").code == exits.BAD_INPUT
    assert selfsame("clone", "delete", "ada", "--yes", "--json").json == {"deleted": "ada"}
    assert house.bench.clone.id not in house.store.owners


@pytest.mark.parametrize(("slug", "name", "expected"), [
    (None, "Ada", "ada"), (None, "  Dr. Ada  Lovelace! ", "dr-ada-lovelace"), ("x1", "Ada", "x1"), (None, "小明", None),
    ("-x", "Ada", None), ("A", "Ada", None), ("a/b", "Ada", None), ("a" * 65, "Ada", None), ("", "Ada", None),
    ("mine", "Ada", None),
])  # fmt: skip
def test_slugs(slug: str | None, name: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(BadInput, match="slug"):
            checked(slug, name)
    else:
        assert checked(slug, name) == expected


def test_a_face_is_added_looked_at_and_accepted(
    selfsame: Any, house: FakeHouse, photos: list[str], tmp_path: Path
) -> None:
    refused = selfsame("clone", "face", "add", "--clone", "ada", *photos)
    assert refused.code == exits.FORBIDDEN and "biometric" in refused.err and "--i-consent" in refused.err
    assert house.bench.files.held == {} and house.bench.consents == ()
    preview = tmp_path / "p.mp4"
    ran = selfsame("clone", "face", "add", "--clone", "ada", *photos, "--i-consent", "--preview", str(preview))
    assert ran.code == 0, ran.err
    assert "tier basic, quality 72 of 100" in ran.out and "lower quality" in ran.out and str(preview) in ran.out
    assert preview.read_bytes() == b"video" and "selfsame clone face accept" in ran.out
    row = selfsame("clone", "face", "list", "--json").json["faceModels"][0]
    assert (row["status"], row["clone"]) == ("ready", "ada")
    face = row["faceModelId"]
    assert "ready" in selfsame("clone", "face", "list", "--clone", "ada").out
    assert "ready" not in selfsame("clone", "face", "list", "--clone", "vera").out
    shown = selfsame("clone", "face", "show", face, "--preview", str(tmp_path / "q.mp4"), "--json").json
    assert shown["preview"] == str(tmp_path / "q.mp4") and (tmp_path / "q.mp4").is_file()
    assert selfsame("clone", "face", "accept", face).out.startswith("Accepted: ada")
    assert selfsame("clone", "list", "--json").json["clones"][0]["face"]
    assert "active" in selfsame("clone", "face", "show", face).out
    assert selfsame("clone", "face", "discard", face, "--yes", "--json").json == {"discarded": face}
    assert selfsame("clone", "face", "show", face).code == exits.NOT_FOUND
    assert house.bench.files.held == {}


def test_it_builds_itself_where_the_server_leaves_that_to_others(
    selfsame: Any, house: FakeHouse, photos: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SELFSAME_WORK_SLOTS", "0")
    ran = selfsame("clone", "face", "add", "--clone", "ada", photos[0], "--i-consent", "--accept", "--json")
    assert ran.json["status"] == "active"
    assert house.settings is not None and house.settings.work_slots == 1


def test_pictures_that_will_not_do_are_refused_with_advice_and_leave_nothing(
    selfsame: Any, house: FakeHouse, photos: list[str]
) -> None:
    async def build(*_: object) -> BuiltFace:
        raise BadInput("It is too dark. Face a window or a lamp.")

    house.bench.build = build
    ran = selfsame("clone", "face", "add", "--clone", "ada", *photos, "--i-consent", "--json")
    assert ran.code == exits.BAD_INPUT and "Face a window" in ran.json["error"]["message"]
    assert house.bench.files.held == {}
    assert selfsame("clone", "face", "list", "--json").json == {"faceModels": []}


def test_a_command_that_is_stopped_keeps_nothing(
    selfsame: Any, house: FakeHouse, photos: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def build(*_: object) -> BuiltFace:
        await anyio.sleep_forever()
        raise AssertionError

    house.bench.build = build

    real = anyio.run

    def soon(main: Any, *args: Any) -> Any:
        async def limited() -> Any:
            with anyio.move_on_after(1.0):
                return await main(*args)
            raise KeyboardInterrupt

        return real(limited)

    monkeypatch.setattr("selfsame.cli.clones.face.anyio.run", soon)
    ran = selfsame("clone", "face", "add", "--clone", "ada", *photos, "--i-consent")
    assert ran.code == exits.INTERRUPTED
    monkeypatch.undo()
    assert house.bench.files.held == {}


def test_revoking_asks_and_ends_the_consent(selfsame: Any, house: FakeHouse, photos: list[str]) -> None:
    assert selfsame("clone", "face", "add", "--clone", "ada", photos[0], "--i-consent").code == 0
    assert selfsame("clone", "face", "revoke").code == exits.FORBIDDEN
    assert selfsame("clone", "face", "revoke", "--yes", "--json").json == {"revoked": True, "facesErased": 1}
    assert house.bench.consents[-1].revoked_at is not None
    again = selfsame("clone", "face", "add", "--clone", "ada", photos[0])
    assert again.code == exits.FORBIDDEN, "it is asked for anew"


@pytest.mark.parametrize(("arguments", "code", "word"), [
    (["--clone", "nobody"], exits.NOT_FOUND, "no such clone"), ([], exits.USAGE, "--clone"),
    (["--clone", "ada", "--preview", "x.avi"], exits.BAD_INPUT, ".mp4"),
    (["--clone", "ada", "--preview", "no/folder/x.mp4"], exits.BAD_INPUT, "folder"),
])  # fmt: skip
def test_what_is_not_understood(
    selfsame: Any, house: FakeHouse, photos: list[str], arguments: list[str], code: int, word: str
) -> None:
    del house
    ran = selfsame("clone", "face", "add", photos[0], "--i-consent", *arguments)
    assert ran.code == code and word in ran.err


def test_files_are_looked_at_before_they_are_read(tmp_path: Path, photos: list[str]) -> None:
    huge = tmp_path / "huge.jpg"
    with huge.open("wb") as file:
        file.truncate(PHOTO_BYTES + 1)
    with pytest.raises(TooLarge, match="too large"):
        read_pictures((huge, Path(photos[0])))
    with pytest.raises(BadInput, match="cannot be read"):
        read_pictures((tmp_path / "none.jpg",))
    with pytest.raises(BadInput, match="cannot be read"):
        read_pictures((tmp_path,))
    with pytest.raises(BadInput, match="1 to 20"):
        read_pictures((Path(photos[0]),) * 21)


def test_ids_that_are_none_are_not_found(selfsame: Any, house: FakeHouse) -> None:
    del house
    for command in (("show",), ("accept",), ("discard", "--yes")):
        ran = selfsame("clone", "face", command[0], "123", *command[1:])
        assert ran.code == exits.NOT_FOUND and "clone face list" in ran.err
