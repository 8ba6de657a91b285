"""From a script to an MP4: what is in it, how sound and mouth lie together, and how it is stopped."""

from __future__ import annotations

import io
import tracemalloc
from dataclasses import replace
from threading import Event
from typing import Any

import anyio
import av
import cv2
import numpy as np
import pytest

from selfsame.errors import BadInput, TooLarge, Unavailable
from selfsame.events.shown import Motion, still
from selfsame.events.spoken import SpokenChunk
from selfsame.kit.clock import SYSTEM
from selfsame.studio import clips
from selfsame.studio.clips import ClipTools, Script, clip_key, make_clip
from selfsame.studio.timeline import LEAD_IN, LEAD_OUT, Timeline
from tests.face.painter import DrawnFace, gone, mouth_height
from tests.studio.speakers import Loudly, Words, quiet

pytestmark = pytest.mark.anyio

HELLO = Script("Hello there my friend. This is a short clip. It has three sentences.", size=256)


def tools(voice: Any = None, painter: Any = None, **more: Any) -> ClipTools:
    return ClipTools(voice or Words(), Loudly(), painter or DrawnFace(256), quiet, SYSTEM, **more)


def read(data: bytes) -> tuple[list[np.ndarray], np.ndarray]:
    pictures, sound = [], []
    with av.open(io.BytesIO(data)) as container:
        for frame in container.decode(video=0, audio=0):
            if isinstance(frame, av.VideoFrame):
                pictures.append(frame.to_ndarray(format="bgr24"))
            else:
                sound.append(frame.to_ndarray()[0])
    return pictures, np.concatenate(sound)


async def test_the_mouth_moves_with_the_sound() -> None:
    made = await make_clip(HELLO, tools())
    pictures, sound = read(made.video)
    assert made.seconds == pytest.approx(len(pictures) / 25) and abs(len(sound) / 48_000 - made.seconds) < 0.065
    opened = [mouth_height(image) > 15 for image in pictures]
    loud = [np.abs(sound[max(0, int((k - 0.25) * 1920)) : int((k + 0.25) * 1920) + 1]).max() > 0.05 for k in
            range(len(pictures))]  # fmt: skip
    assert 0.2 < np.mean(loud) < 0.8
    for k in range(2, len(pictures) - 2):
        assert opened[k] in loud[k - 1 : k + 2], f"picture {k} is more than one from its sound"
    starts = [k for k in range(1, len(opened)) if opened[k] and not opened[k - 1]]
    onsets = [k for k in range(1, len(loud)) if loud[k] and not loud[k - 1]]
    assert len(starts) == len(onsets) >= 8
    assert max(abs(a - b) for a, b in zip(starts, onsets, strict=True)) <= 1


async def test_there_is_a_face_at_rest_before_and_after() -> None:
    pictures, sound = read((await make_clip(HELLO, tools())).video)
    heights = [mouth_height(image) for image in pictures]
    assert max(heights[:12]) < 10 and max(heights[-12:]) < 10
    assert np.abs(sound[: int((LEAD_IN - 0.03) * 48_000)]).max() < 0.01


async def test_the_other_files_and_the_timings() -> None:
    made = await make_clip(HELLO, tools(Words(delay=0.05)))
    with av.open(io.BytesIO(made.sound)) as container:
        assert [stream.type for stream in container.streams] == ["audio"]
        seconds = sum(frame.samples for frame in container.decode(audio=0)) / 48_000
    assert seconds == pytest.approx(made.seconds, abs=0.065)
    poster = cv2.imdecode(np.frombuffer(made.poster, np.uint8), cv2.IMREAD_COLOR)
    assert poster is not None and poster.shape == (256, 256, 3)
    timings = made.timings
    assert timings.tts_ms >= 150 and timings.avatar_render_ms > 0
    assert timings.total_generation_ms >= max(timings.tts_ms, timings.avatar_render_ms)


async def test_every_painted_picture_gets_its_own_sound_and_the_motion_goes_on_without_a_seam() -> None:
    painter = DrawnFace(256)
    made = await make_clip(HELLO, tools(painter=painter))
    assert painter.painted == round(made.seconds * 25)
    assert sum(map(len, painter.sounds)) == pytest.approx(made.seconds * 22_050, abs=1)


async def test_progress_rises_to_its_end() -> None:
    told: list[float] = []

    async def progress(share: float, doing: str) -> None:
        assert doing
        told.append(share)

    await make_clip(HELLO, tools(), progress)
    assert told == sorted(told) and len(told) > 5 and told[0] < 0.3 and told[-1] == 0.99


class Stopped(Exception):
    pass


async def test_whoever_takes_the_progress_may_stop_it() -> None:
    painter = DrawnFace(256)

    async def progress(share: float, _doing: str) -> None:
        if share > 0.3:
            raise Stopped

    with pytest.raises(Stopped):
        await make_clip(replace(HELLO, text=HELLO.text * 20), tools(painter=painter), progress)
    assert painter.painted < 0.5 * 25 * 60


async def test_cancelling_ends_between_two_pictures() -> None:
    with anyio.fail_after(10):
        async with anyio.create_task_group() as group:

            def stop() -> None:
                if painter.painted == 14:
                    anyio.from_thread.run_sync(group.cancel_scope.cancel)
                if painter.painted >= 14:
                    Event().wait(0.05)  # a slow renderer: the stretch would end with picture 24

            painter = DrawnFace(256, stop)
            group.start_soon(make_clip, HELLO, tools(painter=painter))
        assert 14 <= painter.painted <= 16


@pytest.mark.parametrize(
    ("script", "error"),
    [
        (Script("  \n"), BadInput),
        (Script("x" * 12_001), TooLarge),
        (Script("hello", size=511), BadInput),
    ],
)
async def test_what_cannot_be_made_is_said_before_any_work(script: Script, error: type[Exception]) -> None:
    voice = Words()
    with pytest.raises(error):
        await make_clip(script, tools(voice))
    assert not voice.phrases


async def test_too_long_a_speech_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clips, "LONGEST", 6.0)
    with pytest.raises(TooLarge, match="several clips"):
        await make_clip(replace(HELLO, text=HELLO.text * 3), tools())


async def test_failures_of_the_engines_come_through() -> None:
    class Mute(Words):
        async def synthesize(self, phrase: Any) -> Any:
            if self.phrases:
                raise Unavailable("the voice is gone", role="tts", provider="test")
            async for chunk in super().synthesize(phrase):
                yield chunk

    with pytest.raises(Unavailable, match="voice"):
        await make_clip(HELLO, tools(Mute()))
    with pytest.raises(Unavailable, match="renderer"):
        await make_clip(HELLO, tools(painter=DrawnFace(256, gone)))


async def test_a_script_without_a_sound_is_a_face_at_rest() -> None:
    made = await make_clip(Script("...", size=256), tools())
    assert made.seconds == pytest.approx(LEAD_IN + LEAD_OUT, abs=0.05)


@pytest.mark.parametrize("text", ["你好。今天天气很好。", "Buenos días. ¿Cómo estás?", "One. " * 40, "a" * 300])
async def test_any_text_makes_a_clip(text: str) -> None:
    made = await make_clip(Script(text, "ZH" if text[0] == "你" else "EN", size=256), tools(Words(gap=0.0)))
    assert made.seconds > 1.0


async def test_long_scripts_do_not_fill_the_memory() -> None:
    script = replace(HELLO, text=HELLO.text * 12)
    tracemalloc.start()
    try:
        made = await make_clip(script, tools())
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert made.seconds > 60
    pictures = made.seconds * 25 * 256 * 256 * 3
    assert most < 0.15 * pictures


def test_the_key_names_everything_that_makes_a_clip() -> None:
    base = clip_key(HELLO, ("espeak", "phonemes", "warp"), "rig1")
    assert base == clip_key(replace(HELLO, text="  " + HELLO.text.replace(" ", "\n")), ("espeak", "phonemes", "warp"),
                            "rig1")  # fmt: skip
    others = [
        clip_key(replace(HELLO, text="Bye."), ("espeak", "phonemes", "warp"), "rig1"),
        clip_key(replace(HELLO, language="ES"), ("espeak", "phonemes", "warp"), "rig1"),
        clip_key(replace(HELLO, voice_id="v"), ("espeak", "phonemes", "warp"), "rig1"),
        clip_key(replace(HELLO, size=360), ("espeak", "phonemes", "warp"), "rig1"),
        clip_key(HELLO, ("espeak", "sound", "warp"), "rig1"),
        clip_key(HELLO, ("espeak", "phonemes", "warp"), "rig2"),
    ]
    assert len({base, *others}) == 7 and len(base) == 64


@pytest.mark.parametrize("sizes", [[0.1] * 30, [3.0], [0.013] * 200, [0.25, 0.001, 1.0, 0.04]])
@pytest.mark.parametrize("fps", [20, 25, 30])
def test_a_timeline_covers_the_speech_without_gap_or_overlap(sizes: list[float], fps: int) -> None:
    rate = 22_050
    timeline, rows, sound, said = Timeline(quiet, fps, rate), 0, [], []
    for number, seconds in enumerate(sizes):
        pcm = np.full(round(seconds * rate), number + 1, np.int16)
        said.append(pcm)
        end = int(sum(map(len, said)) / rate * 30)
        first = max(0, end - 3)
        for stretch in timeline.add(SpokenChunk(pcm, rate, ""), Motion(first, still(end - first))):
            rows += len(stretch.rows)
            sound.append(stretch.sound)
    for stretch in timeline.finish(Motion(max(0, end - 3), still(18))):
        rows += len(stretch.rows)
        sound.append(stretch.sound)
    whole = np.concatenate(sound)
    assert len(whole) == round(rows / fps * rate)
    assert rows == int((LEAD_IN + timeline.seconds + LEAD_OUT) * fps)
    lead = round(LEAD_IN * rate)
    speech = np.concatenate(said)
    assert np.array_equal(whole[lead : lead + len(speech)], speech) and not whole[:lead].any()
