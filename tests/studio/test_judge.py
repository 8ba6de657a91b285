"""One photo is judged at once: good and spoilt ones by the real networks; one after the other, and never too many."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from selfsame.demo.portrait import draw, encoded
from selfsame.errors import BadInput, Overloaded
from selfsame.events.shown import Image
from selfsame.face.port import FaceLandmarker, FoundFace
from selfsame.kit.tasks import offload
from selfsame.studio.face.judge import WAITING_MOST, PhotoJudge
from selfsame.studio.media import MediaReader
from selfsame.studio.media.shared import REST_AFTER

pytestmark = pytest.mark.anyio


class Blind:
    """Finds no face."""

    def find(self, image: Image, threshold: float = 0.5) -> list[FoundFace]:
        return []


class Ticks:
    """A clock that the test turns."""

    at = 0.0

    def now(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += seconds


async def portrait() -> bytes:
    return await offload(lambda: encoded(draw(512), ".jpg"))


async def test_the_drawn_portrait_passes_and_a_dark_copy_does_not(landmarker: FaceLandmarker) -> None:
    data = await portrait()
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    dark = cv2.imencode(".jpg", (image * 0.12).astype(np.uint8))[1].tobytes()
    async with PhotoJudge(landmarker) as judge:
        photo, good = await judge.judge(data)
        assert good.quality.is_valid and good.face is not None and good.looks is not None
        x, y, width, height = good.face.box
        assert x > 0 and x + width < photo.image.shape[1] and y > 0 and height > 0.25 * photo.image.shape[0]
        assert abs(good.looks.yaw) < 10
        _, bad = await judge.judge(dark)
        assert not bad.quality.is_valid and "TOO_DARK" in bad.quality.reasons


async def test_what_is_no_photo_is_told_so_and_the_next_one_is_judged() -> None:
    async with PhotoJudge(Blind()) as judge:
        with pytest.raises(BadInput, match="JPEG"):
            await judge.judge(b"no photo at all")
        _, checked = await judge.judge(await portrait())
        assert checked.quality.reasons == ("NO_FACE",)


async def test_too_many_at_once_are_sent_away() -> None:
    judge = PhotoJudge(Blind())
    async with judge:
        judge._reader._here = WAITING_MOST
        with pytest.raises(Overloaded):
            await judge.judge(b"")


async def test_the_reader_rests_when_nobody_comes_and_wakes_again() -> None:
    reader, clock = MediaReader(), Ticks()
    async with PhotoJudge(Blind(), reader, clock) as judge:
        data = await portrait()
        await judge.judge(data)
        first = reader.pid
        await judge.sweep()
        assert reader.pid == first is not None
        clock.at = REST_AFTER
        await judge.sweep()
        await judge.judge(data)
        assert reader.pid not in (None, first)
