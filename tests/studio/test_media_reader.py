from __future__ import annotations

import os
import random
import signal
import tempfile
from pathlib import Path

import numpy as np
import pytest

from selfsame.errors import BadInput, CallerError, Overloaded, TooLarge
from selfsame.kit.tasks import offload
from selfsame.studio.media import MediaReader
from selfsame.studio.media.kinds import PHOTO_BYTES, UTTERANCE_BYTES, VideoLimits
from selfsame.studio.media.shared import TURNS_MOST, SharedReader
from tests.face.drawn import face
from tests.library.pictures import drawn
from tests.studio.files import bomb, photo, talking, video
from tests.studio.test_recording import KINDS, record

pytestmark = pytest.mark.anyio


async def test_photos_come_through_the_process() -> None:
    async with MediaReader() as reader:
        read = await reader.photo(photo(kind="PNG"))
        assert np.array_equal(read.image, face())
        assert (read.width, read.height) == (512, 640)
        for data, kind in ((b"junk", BadInput), (bomb(), TooLarge), (bytes(PHOTO_BYTES + 1), TooLarge)):
            with pytest.raises(kind):
                await reader.photo(data)
        assert np.array_equal((await reader.photo(photo(kind="PNG"))).image, face())


async def test_a_video_s_stills_come_one_by_one_and_nothing_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    clip = video([each[::4, ::4] for each in talking(6.0)])
    async with MediaReader(VideoLimits(stills=10)) as reader:
        async with reader.video(clip) as (facts, stills):
            named = [path.name for path in await offload(lambda: list(tmp_path.iterdir()))]
            times = [still.time async for still in stills]
        assert os.name == "nt" or named == [], "a process that is killed leaves no video of anybody"
        assert facts.duration == pytest.approx(6.0, abs=0.2)
        assert len(times) == 10
        with pytest.raises(BadInput, match="MP4"):
            async with reader.video(b"junk"):
                raise AssertionError("it must not open")
    assert os.listdir(tmp_path) == []


async def test_a_file_that_kills_the_process_is_bad_input_and_the_next_one_is_read() -> None:
    async with MediaReader() as reader:
        await reader.photo(photo())
        pid = reader.pid
        assert pid is not None
        clip = video([each[::4, ::4] for each in talking(6.0)])
        with pytest.raises(BadInput, match="damaged"):
            async with reader.video(clip) as (_, stills):
                os.kill(pid, signal.SIGKILL)
                async for _ in stills:
                    pass
        assert np.array_equal((await reader.photo(photo(kind="PNG"))).image, face())


async def test_a_file_that_takes_for_ever_is_given_up() -> None:
    async with MediaReader(patience=0.0) as reader:
        with pytest.raises(BadInput, match="too long"):
            await reader.photo(photo())


def damaged(data: bytes, seed: int) -> bytes:
    """A copy with some bytes changed, and perhaps without its end."""
    dice, spoilt = random.Random(seed), bytearray(data)
    for _ in range(dice.randrange(1, 40)):
        spoilt[dice.randrange(len(spoilt))] = dice.randrange(256)
    return bytes(spoilt[: dice.randrange(1, len(spoilt) + 1)] if dice.random() < 0.4 else spoilt)


async def test_spoken_questions_come_through_the_process_whatever_is_sent() -> None:
    whole = await offload(lambda: [record(*kind) for kind in KINDS])
    async with SharedReader() as shared:
        for data in whole:
            pcm = await shared.utterance(data)
            assert pcm.dtype == np.int16 and len(pcm) / 16_000 == pytest.approx(1.0, abs=0.09)
        for bad, kind in ((b"", BadInput), (b"junk", BadInput), (bytes(UTTERANCE_BYTES + 1), TooLarge)):
            with pytest.raises(kind, match="ecord"):
                await shared.utterance(bad)
        read = 0
        for seed in range(120):
            try:
                pcm = await shared.utterance(await offload(damaged, whole[seed % len(whole)], seed))
            except CallerError as error:
                assert error.message
            else:
                read += 1
                assert 0 < len(pcm) <= 121 * 16_000
        assert read > 10, "not everything is refused"
        assert len(await shared.utterance(whole[0])) > 15_000


async def test_one_process_serves_many_and_is_exchanged_before_it_has_worked_too_long() -> None:
    inside, data = MediaReader(), await offload(drawn, "PNG", (64, 64))
    async with SharedReader(inside, waiting_most=2) as shared:
        pids = set()
        for _ in range(TURNS_MOST + 1):
            await shared.picture(data)
            pids.add(inside.pid)
        assert len(pids) == 2
        shared._here = 2
        with pytest.raises(Overloaded):
            await shared.picture(data)
