"""The job: from a transcript, a recording or a video to a stored profile, whatever happens in between."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest

from selfsame.errors import BadInput, NotFound, Refused, TooLarge, Unavailable
from selfsame.jobs.extract_persona import EXTRACT_PERSONA, extracting
from selfsame.jobs.job import Job
from selfsame.jobs.persona_desk import PersonaWish, told
from selfsame.jobs.port import Claim
from selfsame.jobs.work import Work
from selfsame.jobs.worker import WorkerOptions, run_worker
from selfsame.kit.clock import SYSTEM
from selfsame.kit.ids import new_id
from selfsame.kit.tasks import background
from selfsame.studio.persona.extract import Reader
from tests.persona.workshop import TALK, WAV, Workshop

pytestmark = pytest.mark.anyio
WISH = PersonaWish()
ADDRESS = "https://youtu.be/dQw4w9WgXcQ"
VTT = "WEBVTT\n\n" + "\n\n".join(
    f"00:{n // 60:02d}:{n % 60:02d}.000 --> 00:{n // 60:02d}:{n % 60:02d}.900\n{line.strip()}."
    for n, line in enumerate(TALK.replace("!", ".").split(".")) if line.strip()
)  # fmt: skip


@asynccontextmanager
async def working(shop: Workshop) -> AsyncIterator[None]:
    """A worker that does the jobs."""
    async with background() as tasks:
        options = WorkerOptions(slots=1, lease=5, beat=0.02, poll=0.01)
        tasks.start_soon(run_worker, shop.jobs, {EXTRACT_PERSONA: extracting(shop.shop)}, options)
        yield


async def done(shop: Workshop, job: Job) -> Job:
    with anyio.fail_after(30):
        async with working(shop):
            while (found := await shop.jobs.get(job.id, shop.owner)).state not in ("completed", "failed", "cancelled"):
                await SYSTEM.sleep(0.01)
    return found


async def test_a_transcript_becomes_a_profile() -> None:
    shop = Workshop()
    job = await done(shop, await shop.desk.order_file(shop.owner, shop.clone, TALK.encode(), "talk.txt", WISH))
    assert (job.state, job.progress, job.error_message) == ("completed", 1.0, None)
    assert job.result["engine"] == "statistics" and "catchphrases" in job.result["known"]
    halves, history = await shop.desk.profile(shop.owner, shop.clone)
    assert halves.auto_extracted["fillers"] == ["so", "you know", "I mean"] and halves.manual_overrides is None
    assert [record.id for record in history] == [job.id] and history[0].source == "talk.txt"
    assert await shop.left() == []


async def test_a_recording_is_heard_stretch_by_stretch() -> None:
    shop = Workshop()
    wish = PersonaWish(language="EN")
    job = await done(shop, await shop.desk.order_file(shop.owner, shop.clone, WAV, "talk.wav", wish))
    assert job.state == "completed" and shop.languages == {"EN"}
    assert len(shop.heard) == 36
    halves, [record] = await shop.desk.profile(shop.owner, shop.clone)
    assert "bread doesn't bite" in halves.auto_extracted["catchphrases"]
    assert record.figures["wordsPerMinute"] and record.figures["loudnessSwingDb"] is not None
    assert halves.auto_extracted["energy"] is not None
    assert await shop.left() == []


async def test_a_video_is_fetched_and_its_own_captions_may_be_read() -> None:
    shop = Workshop()
    job = await done(shop, await shop.desk.order_address(shop.owner, shop.clone, ADDRESS, WISH))
    assert job.state == "completed" and shop.fetched == [str(job.id)] and shop.heard
    _, [record] = await shop.desk.profile(shop.owner, shop.clone)
    assert record.source == "Bread (Dana)"
    assert await shop.left() == []
    shop = Workshop(captions=VTT.encode())
    wish = PersonaWish(captions=True)
    job = await done(shop, await shop.desk.order_address(shop.owner, shop.clone, ADDRESS, wish))
    assert job.state == "completed" and shop.heard == []


async def test_a_failure_is_told_and_erases_what_there_was() -> None:
    for fails, word in (
        (BadInput("This video is private."), "private"),
        (Refused("the embedded recogniser understands English only", role="asr", provider="x"), "upload a transcript"),
    ):
        shop = Workshop(fails=fails)
        order = shop.desk.order_address if word == "private" else shop.desk.order_file
        given: Any = (ADDRESS, WISH) if word == "private" else (WAV, "x.wav", WISH)
        job = await done(shop, await order(shop.owner, shop.clone, *given))
        assert job.state == "failed" and word in (job.error_message or "")
        assert await shop.left() == []
        halves, history = await shop.desk.profile(shop.owner, shop.clone)
        assert halves.auto_extracted == {} and history == []


async def test_no_network_is_tried_again_and_then_told() -> None:
    shop = Workshop(fails=Unavailable("YouTube cannot be reached", role="video", provider="yt-dlp"))
    order = await shop.desk.order_address(shop.owner, shop.clone, ADDRESS, WISH)
    async with working(shop):
        with anyio.fail_after(20):
            while not shop.fetched:
                await SYSTEM.sleep(0.01)
            while (job := await shop.jobs.get(order.id, shop.owner)).state == "running":
                await SYSTEM.sleep(0.01)
    assert job.state == "pending"  # it waits for another try


async def test_too_little_speech_is_no_profile_and_loses_none() -> None:
    shop = Workshop()
    await done(shop, await shop.desk.order_file(shop.owner, shop.clone, TALK.encode(), "talk.txt", WISH))
    job = await done(shop, await shop.desk.order_file(shop.owner, shop.clone, b"Hello there.", "x.txt", WISH))
    assert job.state == "failed" and "too little" in (job.error_message or "")
    halves, history = await shop.desk.profile(shop.owner, shop.clone)
    assert halves.auto_extracted["fillers"] and len(history) == 1


async def test_extracting_again_keeps_the_owners_words() -> None:
    shop = Workshop()
    await shop.desk.edit(shop.owner, shop.clone, {"tone": "dry", "fillers": ["indeed"], "closing": None})
    for _ in range(2):
        await done(shop, await shop.desk.order_file(shop.owner, shop.clone, TALK.encode(), "talk.txt", WISH))
    shown = told(shop.clone, *await shop.desk.profile(shop.owner, shop.clone))
    rows = {row["field"]: row for row in shown["fields"]}
    assert rows["fillers"] == {
        "field": "fillers", "auto": ["so", "you know", "I mean"], "mine": ["indeed"], "overridden": True,
        "merged": ["indeed"],
    }  # fmt: skip
    assert rows["closing"]["auto"] and rows["closing"]["overridden"] and rows["closing"]["merged"] is None
    assert rows["catchphrases"]["merged"] == rows["catchphrases"]["auto"] and not rows["catchphrases"]["overridden"]
    assert shown["merged"]["tone"] == "dry" and shown["merged"]["closing"] == ""
    assert len(shown["history"]) == 2 and shown["evidence"]["fillers"][0]["quotes"]
    assert json.dumps(shown, ensure_ascii=False)


async def test_a_model_reads_where_there_is_one() -> None:
    async def ask(_instructions: str, _text: str) -> str:
        return json.dumps({"role": {"value": "a baker", "quotes": ["welcome back to my kitchen"]}})

    shop = Workshop(reader=Reader("some-model", ask))
    await done(shop, await shop.desk.order_file(shop.owner, shop.clone, TALK.encode(), "talk.txt", WISH))
    halves, [record] = await shop.desk.profile(shop.owner, shop.clone)
    assert halves.auto_extracted["role"] == "a baker" and record.engine == "some-model and statistics"
    assert record.measured["role"] is None


class Killed(BaseException):
    """The process ends here."""


class DyingDesk:
    """Keeps the steps, and dies at the `at`-th of them, before or after it was remembered."""

    def __init__(self, at: int, after: bool) -> None:
        self.steps: dict[str, Any] = {}
        self.at, self.after, self.count = at, after, 0

    async def remember(self, _claim: Claim, step: str, result: Any) -> None:
        self.count += 1
        if self.count == self.at and not self.after:
            raise Killed
        self.steps[step] = result
        if self.count == self.at:
            raise Killed

    async def progress(self, _claim: Claim, _share: float, _message: str) -> None:
        """Nobody looks."""


async def steps_of(kind: str) -> int:
    desk = DyingDesk(0, False)
    shop = Workshop(count=36)
    await attempt(shop, await order_of(shop, kind), desk)
    return desk.count


async def order_of(shop: Workshop, kind: str) -> Job:
    if kind == "address":
        return await shop.desk.order_address(shop.owner, shop.clone, ADDRESS, WISH)
    data = WAV if kind == "sound" else TALK.encode()
    return await shop.desk.order_file(shop.owner, shop.clone, data, f"talk.{kind}", WISH)


async def attempt(shop: Workshop, job: Job, desk: DyingDesk) -> Any:
    claim = Claim(job, "worker", 1, 1, dict(desk.steps))
    return await extracting(shop.shop)(Work(claim, desk, SYSTEM))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["transcript", "sound", "address"])
async def test_killed_at_any_step_it_goes_on(kind: str) -> None:
    whole = Workshop()
    await attempt(whole, await order_of(whole, kind), DyingDesk(0, False))
    wanted, _ = await whole.desk.profile(whole.owner, whole.clone)
    count = await steps_of(kind)
    assert count >= (2 if kind == "transcript" else 6)
    for at in range(1, count + 1):
        for after in (False, True):
            shop = Workshop()
            job = await order_of(shop, kind)
            desk = DyingDesk(at, after)
            try:
                await attempt(shop, job, desk)
                died = False
            except Killed:
                died = True
            assert died
            await attempt(shop, job, desk)
            halves, history = await shop.desk.profile(shop.owner, shop.clone)
            assert len(history) == 1 and await shop.left() == []
            assert halves == wanted
            if kind != "transcript":  # what was remembered is not heard again
                assert set(shop.heard) == set(range(36)) and len(shop.heard) <= (36 if after else 36 + 13)


async def test_cancelling_stops_it_and_erases_the_source() -> None:
    shop = Workshop()
    job = await shop.desk.order_file(shop.owner, shop.clone, WAV, "x.wav", WISH)
    assert len(await shop.left()) == 1
    assert (await shop.desk.cancel(shop.owner, job.id)).state == "cancelled"
    assert await shop.left() == []
    assert (await shop.desk.cancel(shop.owner, job.id)).state == "cancelled"


async def test_what_is_not_theirs_is_not_found() -> None:
    shop, stranger = Workshop(), new_id()
    job = await shop.desk.order_file(shop.owner, shop.clone, TALK.encode(), "x.txt", WISH)
    with pytest.raises(NotFound):
        await shop.desk.order_file(stranger, shop.clone, TALK.encode(), "x.txt", WISH)
    with pytest.raises(NotFound):
        await shop.desk.order_address(stranger, shop.clone, ADDRESS, WISH)
    for act in (shop.desk.job, shop.desk.cancel):
        with pytest.raises(NotFound):
            await act(stranger, job.id)
    for act in (shop.desk.profile, shop.desk.forget):
        with pytest.raises(NotFound):
            await act(stranger, shop.clone)
    with pytest.raises(NotFound):
        await shop.desk.edit(stranger, shop.clone, {"tone": "x"})


@pytest.mark.parametrize(
    ("data", "wish", "kind"),
    [
        (b"", WISH, BadInput),
        (b"\x00\x01\x02" * 99, WISH, BadInput),
        (b"Ada: hello\nBob: hi\nAda: bye", PersonaWish(speaker="Zoe"), BadInput),
        (TALK.encode(), PersonaWish(language="FR"), BadInput),
        (TALK.encode(), PersonaWish(speaker="x" * 90), BadInput),
        (b"a" * 6_000_000, WISH, TooLarge),
    ],
)
async def test_what_cannot_be_learnt_from_is_refused_at_once(data: bytes, wish: PersonaWish, kind: Any) -> None:
    shop = Workshop()
    with pytest.raises(kind):
        await shop.desk.order_file(shop.owner, shop.clone, data, "x.txt", wish)
    assert await shop.left() == [] and await shop.jobs.of(shop.owner) == []
