"""Face models and clips: the contracts on every adapter; consent, erasing and files in Postgres."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from selfsame.clones.clone import Clone
from selfsame.clones.consent import Consent
from selfsame.contracts.clip_store import ClipBench, ClipStoreContract
from selfsame.contracts.face_model_store import FaceBench, FaceModelStoreContract
from selfsame.contracts.file_store import listed
from selfsame.contracts.job_queue import CLIP, FACE, LEASE
from selfsame.errors import ConsentMissing, NotFound
from selfsame.jobs.erase import ERASE, erasing
from selfsame.jobs.job import JobOrder, completed
from selfsame.jobs.work import Work
from selfsame.kit.clock import SYSTEM
from selfsame.kit.ids import new_id
from selfsame.kit.tasks import group
from selfsame.stores.files.local import LocalFiles
from selfsame.stores.memory_jobs import MemoryJobs
from selfsame.stores.memory_studio import MemoryClips, MemoryFaces
from selfsame.stores.postgres.clips import PostgresClips
from selfsame.stores.postgres.clones import PostgresClones
from selfsame.stores.postgres.consents import PostgresConsents
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.faces import PostgresFaces
from selfsame.stores.postgres.job_desk import PostgresJobDesk
from selfsame.stores.postgres.jobs import PostgresJobs
from selfsame.stores.postgres.users import PostgresUsers
from selfsame.studio.folders import clip_folder, face_folder
from selfsame.studio.port import ClipDraft, ClipTimings, FaceModel
from tests.stores.conftest import People, Time, settle

pytestmark = pytest.mark.anyio


class TestMemoryFaces(FaceModelStoreContract):
    @pytest.fixture
    def bench(self, time: Time) -> FaceBench:
        agreed: set[UUID] = set()

        def consents(user: UUID) -> tuple[Consent, ...]:
            return (Consent(user, user, "face", time()),) if user in agreed else ()

        async def agree(user: UUID) -> None:
            agreed.add(user)

        async def end(user: UUID) -> None:
            agreed.discard(user)

        owner, clone, other = new_id(), new_id(), new_id()
        store = MemoryFaces({clone: owner, other: owner}, consents, time)
        return FaceBench(store, owner, clone, other, new_id(), agree, end, time.pass_by)


class TestPostgresFaces(FaceModelStoreContract):
    @pytest.fixture
    async def bench(self, database: Database, time: Time) -> FaceBench:
        people, consents = await settle(database), PostgresConsents(database)

        async def agree(user: UUID) -> None:
            await consents.grant(user, "face")

        async def end(user: UUID) -> None:
            await consents.revoke(user, "face")

        store = PostgresFaces(database, time)
        clone, other = people.clone.id, people.public.id
        return FaceBench(store, people.owner, clone, other, people.visitor, agree, end, time.pass_by)


class TestMemoryClips(ClipStoreContract):
    @pytest.fixture
    def bench(self, time: Time) -> ClipBench:
        queue, clone = MemoryJobs(now=time), new_id()
        store = MemoryClips(queue, CLIP, lambda _, asked: asked == clone, time)
        return ClipBench(store, queue, new_id(), new_id(), clone, new_id(), time.pass_by)


class TestPostgresClips(ClipStoreContract):
    @pytest.fixture
    async def bench(self, database: Database, time: Time) -> ClipBench:
        people, queue = await settle(database), PostgresJobs(database)
        store = PostgresClips(database, CLIP, now=time)
        return ClipBench(store, queue, people.visitor, people.other, people.public.id, people.clone.id, time.pass_by)


class Studio:
    """Everything that is made of a person, with real files, and a hand that runs the orders to erase them."""

    def __init__(self, database: Database, root: Path, people: People) -> None:
        self.database = database
        self.people = people
        self.files = LocalFiles(root, bytes(32))
        self.faces = PostgresFaces(database)
        self.clips = PostgresClips(database, CLIP)
        self.consents = PostgresConsents(database)
        self.jobs = PostgresJobs(database)
        self.desk = PostgresJobDesk(database)

    async def face(self, clone: Clone, *, fictional: bool = False) -> FaceModel:
        """An active face with two files."""
        face_id = new_id()
        path = face_folder(clone.owner_id, face_id)
        await self.faces.put_draft(FaceModel(face_id, clone.owner_id, clone.id, path, fictional=fictional))
        for name in ("neutral_pose.jpg", "keypoints.json"):
            await self.files.put(path + name, b"biometric")
        return await self.faces.activate(face_id, clone.owner_id)

    async def clip(self, user: UUID, clone: Clone) -> None:
        """A clip with a file."""
        draft = ClipDraft(user, clone.id, clone.id.hex, "Hello.", "EN", 256, 256)
        clip, _ = await self.clips.begin(draft)
        await self.files.put(f"{clip.path}clip.mp4", b"moving pictures")
        await self.clips.finish(clip.id, user, {"video": f"{clip.path}clip.mp4"}, ClipTimings())

    async def erase(self) -> int:
        """Run the orders that are due; how many."""
        done, handler = 0, erasing(self.files)
        while claim := await self.desk.claim("w", [ERASE], LEASE):
            await handler(Work(claim, self.desk, SYSTEM))
            await self.desk.finish(claim, completed(None))
            done += 1
        return done

    async def owners_with_files(self) -> set[str]:
        """Of what purpose and user files are left."""
        return {"/".join(key.split("/")[:2]) for key in await listed(self.files)}


@pytest.fixture
async def studio(private: Database, tmp_path: Path) -> Studio:
    people = await settle(private)
    studio = Studio(private, tmp_path / "files", people)
    await studio.consents.grant(people.owner, "face")
    return studio


async def test_revoking_takes_faces_clips_and_files_at_once_and_leaves_what_is_nobodys(studio: Studio) -> None:
    people = studio.people
    demo = await PostgresClones(studio.database).put(Clone(new_id(), people.owner, "demo", "Demo", public=True))
    nobody = await studio.face(demo, fictional=True)
    await studio.face(people.clone)
    await studio.face(people.public)
    await studio.clip(people.visitor, people.public)
    await studio.clip(people.visitor, demo)
    running = await studio.jobs.enqueue(JobOrder(FACE, people.owner))
    assert await studio.desk.claim("w", [FACE], LEASE) is not None
    waiting = await studio.jobs.enqueue(JobOrder(FACE, people.owner))
    theirs = await studio.jobs.enqueue(JobOrder(FACE, people.other))

    await studio.consents.revoke(people.owner, "face")

    for clone in (people.clone, people.public):
        assert await studio.faces.active(clone.id, people.owner) is None
    assert [face.id for face in await studio.faces.of(people.owner)] == [nobody.id]
    assert (await studio.faces.active(demo.id, people.owner)) == nobody
    assert await studio.clips.find(people.visitor, people.public.id.hex) is None
    assert await studio.clips.find(people.visitor, demo.id.hex) is not None
    assert (await studio.jobs.get(waiting.id, people.owner)).state == "cancelled"
    assert (await studio.jobs.get(running.id, people.owner)).cancel_requested
    assert (await studio.jobs.get(theirs.id, people.other)).state == "pending"
    assert await studio.erase() == 3
    left = await listed(studio.files)
    assert [key for key in left if not key.startswith(nobody.model_path)] == [
        f"{(await studio.clips.find(people.visitor, demo.id.hex)).path}clip.mp4"  # type: ignore[union-attr]
    ]
    (consent,) = await studio.consents.of(people.owner)
    assert consent.revoked_at is not None  # the evidence stays


async def test_revoking_that_fails_changes_nothing(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    face = await studio.face(studio.people.clone)

    async def crash(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("selfsame.stores.postgres.consents._forget_likeness", crash)
        with pytest.raises(RuntimeError):
            await studio.consents.revoke(studio.people.owner, "face")
    assert await studio.faces.active(face.clone_id, face.user_id) == face
    assert await studio.erase() == 0


async def test_every_way_in_which_a_row_goes_takes_its_files_along(studio: Studio) -> None:
    people = studio.people
    face = await studio.face(people.public)
    await studio.clip(people.owner, people.public)
    await studio.clip(people.visitor, people.public)
    await studio.faces.discard(face.id, people.owner)
    assert await studio.erase() == 1
    assert {part.split("/")[0] for part in await studio.owners_with_files()} == {"clone-clips"}
    await PostgresClones(studio.database).delete(people.public.id, people.owner)
    assert await studio.erase() == 2
    assert await studio.owners_with_files() == set()


async def test_erasing_a_user_takes_every_file_also_those_without_a_row(studio: Studio) -> None:
    people = studio.people
    await studio.face(people.clone)
    await studio.clip(people.visitor, people.public)
    await studio.clip(people.owner, people.public)
    for user in (people.owner, people.visitor):
        await studio.files.put(face_folder(user, new_id()) + "left-behind", b"x")
        await studio.files.put(f"clone-voice-models/{user}/v/voice.bin", b"x")
    await PostgresUsers(studio.database).erase_user(people.visitor)
    await studio.erase()
    assert {part.split("/")[1] for part in await studio.owners_with_files()} == {str(people.owner)}
    await PostgresUsers(studio.database).erase_user(people.owner)
    await studio.erase()
    assert await studio.owners_with_files() == set()


async def test_what_a_late_writer_leaves_goes_with_the_second_order(studio: Studio) -> None:
    face = await studio.face(studio.people.clone)
    await studio.faces.discard(face.id, face.user_id)
    await studio.erase()
    await studio.files.put(f"{face.model_path}late.bin", b"x")
    async with studio.database.keeper() as db:
        due = text("update jobs set run_at = now() where state = 'pending' and run_at > now() + interval '4 minutes'")
        await db.execute(due)
    assert await studio.erase() == 1
    assert await studio.owners_with_files() == set()


async def test_a_clip_that_expired_is_swept_with_its_files(private: Database, tmp_path: Path, time: Time) -> None:
    people = await settle(private)
    studio = Studio(private, tmp_path, people)
    studio.clips = PostgresClips(private, CLIP, now=time)
    await studio.clip(people.visitor, people.public)
    assert await studio.clips.sweep() == 0
    time.pass_by(30 * 86_400)
    assert await studio.clips.sweep() == 1
    await studio.erase()
    assert await studio.owners_with_files() == set()


async def test_a_clip_begun_many_times_at_once_is_one_clip_with_one_job(studio: Studio) -> None:
    people, begun = studio.people, []
    draft = ClipDraft(people.visitor, people.public.id, "0" * 32, "Hello.", "EN", 256, 256)

    async def begin() -> None:
        begun.append(await studio.clips.begin(draft))

    async with group() as tasks:
        for _ in range(8):
            tasks.start_soon(begin)
    assert len({clip.id for clip, _ in begun}) == 1
    assert [fresh for _, fresh in begun].count(True) == 1
    assert len(await studio.jobs.of(people.visitor)) == 1


async def test_of_faces_activated_at_once_one_is_active(studio: Studio) -> None:
    people = studio.people
    made = [await studio.face(people.clone) for _ in range(4)]
    async with group() as tasks:
        for face in made:
            tasks.start_soon(studio.faces.activate, face.id, people.owner)
    assert [face.status for face in await studio.faces.of(people.owner)].count("active") == 1


async def test_a_draft_and_a_revocation_at_once_leave_nothing(studio: Studio) -> None:
    people = studio.people

    async def put() -> None:
        face_id = new_id()
        path = face_folder(people.owner, face_id)
        with suppress(ConsentMissing):
            await studio.faces.put_draft(FaceModel(face_id, people.owner, people.clone.id, path))

    for _ in range(4):
        await studio.consents.grant(people.owner, "face")
        async with group() as tasks:
            tasks.start_soon(put)
            tasks.start_soon(studio.consents.revoke, people.owner, "face")
            tasks.start_soon(put)
        assert await studio.faces.of(people.owner) == []


async def test_what_was_a_visitors_is_found_and_erased_as_the_accounts(studio: Studio) -> None:
    users, people = PostgresUsers(studio.database), studio.people
    account = await users.account("a@example.org", "A")
    await studio.clip(people.visitor, people.public)
    await studio.clip(account.id, people.public)
    twice = ClipDraft(people.visitor, people.public.id, "1" * 32, "Hello.", "EN", 256, 256)
    clip, _ = await studio.clips.begin(twice)
    await studio.files.put(f"{clip.path}clip.mp4", b"x")
    await users.join("device-1", account.id)
    assert (await studio.clips.get(clip.id, account.id)).path == clip_folder(people.visitor, clip.id)
    assert await studio.clips.find(account.id, people.public.id.hex) is not None
    await users.erase_user(account.id)
    await studio.erase()
    assert await studio.owners_with_files() == set()
    with pytest.raises(NotFound):
        await studio.clips.get(clip.id, account.id)
