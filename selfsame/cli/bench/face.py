"""`selfsame bench face`: what drawing and encoding the face costs, and how well live pictures keep up."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from typing import Any

import anyio
import click
import numpy as np

from selfsame.cli.bench.options import json_option, show
from selfsame.cli.output import read_settings
from selfsame.evaluator.figures import percentile, spread
from selfsame.events.shown import Frames, Image
from selfsame.events.spoken import SpokenChunk
from selfsame.events.told import ReplyMoved, ReplyShown, ReplySpoken, ReplyStarted, Told
from selfsame.events.turns import VideoChosen
from selfsame.face.port import FacePainter
from selfsame.kit.clock import SYSTEM, cpu_seconds
from selfsame.kit.tasks import background, offload
from selfsame.settings import Settings
from selfsame.wiring import filming
from selfsame.wiring.filming import FilmSet

SIZES = (256, 360, 512)
SCRIPT = (
    "Hello, and welcome. I am a clone, made from one photo and a voice. Everything that you see now was drawn on an "
    "ordinary computer, without a graphics card."
)
"""About ten seconds."""
_WARM = 5
_LIVE_SECONDS = 6.0


@click.command()
@click.option("--clone", help="Whose face; default: the demonstration clone's.")
@click.option("--pictures", type=click.IntRange(20, 2000), default=150, show_default=True, help="Measured per size.")
@click.option("--from-start", is_flag=True, help="Also run `selfsame render` as a program of its own, three times.")
@json_option
def command(clone: str | None, pictures: int, from_start: bool, as_json: bool) -> None:
    """Print CPU ms per picture for drawing alone, with JPEG, with H.264, beside the floor: one remap of the same size.

    Then a script of about ten seconds to MP4, wall and CPU, and a live reply in real time: how long after the first
    sound the first picture comes, and how far pictures lie from their sound. All in one process, drawing in one thread.
    """
    result = anyio.run(_run, read_settings(quiet=True), clone, pictures)
    result["started"] = started(clone) if from_start else None
    result["load"] = round(os.getloadavg()[0], 1)
    show(as_json, result, readable(result))


async def _run(settings: Settings, clone: str | None, pictures: int) -> dict[str, Any]:
    async with filming.open_film_set(settings, clone) as scene:
        sizes = {str(size): await offload(measure, scene, size, pictures) for size in SIZES}
        return {
            "benchmark": "face",
            "renderer": scene.renderer,
            "sizes": sizes,
            "motion": await motion(scene),
            "clip": await clip(scene),
            "live": {form: await live(scene, form) for form in ("jpeg", "h264")},
        }


# --- a picture -------------------------------------------------------------------------------------------------------


def measure(scene: FilmSet, size: int, pictures: int) -> dict[str, Any]:
    """CPU ms per picture at one size; `realTime` is how many times faster than 25 pictures a second H.264 files are."""
    from selfsame.face.encode.h264 import H264Stream
    from selfsame.face.encode.jpeg import JpegEncoder
    from selfsame.face.encode.mp4 import Mp4Writer

    painter, rows = scene.open_painter(size), moving(pictures)
    stream, jpeg, file = H264Stream(size, 25), JpegEncoder("auto"), Mp4Writer(size, size, 16_000)
    bent = Mp4Writer(size, size, 16_000)
    ways: dict[str, Callable[[Image], object]] = {
        "draw": lambda image: None,
        "draw + jpeg": jpeg.encode,
        "draw + h264 live": stream.encode,
        "draw + h264 file": file.picture,
    }
    costs: dict[str, list[float]] = {name: [] for name in ("floor", "floor + h264 file", *ways)}
    floor = remap(paint(painter, rows[:1][0]))
    for row in rows:  # side by side, so that a busy moment falls on all of them alike
        costs["floor"].append(timed(floor))
        costs["floor + h264 file"].append(timed(lambda: bent.picture(floor())))
        for name, encode in ways.items():
            costs[name].append(timed(lambda row=row, encode=encode: encode(paint(painter, row))))
    file.close()
    bent.close()
    figures = {name: spread_ms(values[_WARM:]) for name, values in costs.items()}
    base = figures["floor"]["p50"]
    return {
        "cpuMs": figures,
        "ratio": {name: round(row["p50"] / base, 1) for name, row in figures.items()},
        "realTime": round(40.0 / float(np.mean(costs["draw + h264 file"][_WARM:]) * 1000), 1),
    }


def remap(image: Image) -> Callable[[], Image]:
    """One bilinear remap of a picture, which sways: what any warp must do at least."""
    import cv2

    size, count = len(image), itertools.count()
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    ways = [
        (x + 2.5 * np.sin(y / 20 + turn), y + 2.5 * np.cos(x / 20 + turn))
        for turn in np.linspace(0, 2 * np.pi, 25, endpoint=False, dtype=np.float32)
    ]

    def bend() -> Image:
        return np.asarray(cv2.remap(image, *ways[next(count) % len(ways)], cv2.INTER_LINEAR), np.uint8)

    return bend


def moving(count: int) -> Frames:
    """Motion of everything that costs something: jaw, lips, lids, brows and head."""
    from selfsame.events.shown import CHANNELS, still

    rows = still(count)
    time = np.arange(count) / 25
    for name, height, hertz in (
        ("jawOpen", 0.35, 2.3),
        ("mouthFunnel", 0.25, 1.1),
        ("mouthSmileLeft", 0.15, 0.3),
        ("browInnerUp", 0.2, 0.4),
        ("eyeBlinkLeft", 0.5, 0.5),
        ("eyeBlinkRight", 0.5, 0.5),
        ("headYaw", 4.0, 0.2),
    ):
        rows[:, CHANNELS.index(name)] = height * (1 + np.sin(2 * np.pi * hertz * time))
    return rows


def paint(painter: FacePainter, row: Frames) -> Image:
    """One picture."""
    return next(iter(painter.paint(row[None, :], np.zeros(640, np.int16), 16_000)))


def timed(call: Callable[[], object]) -> float:
    """CPU seconds of a call."""
    began = cpu_seconds()
    call()
    return cpu_seconds() - began


def spread_ms(seconds: list[float]) -> dict[str, float]:
    """Median and 95th percentile in ms."""
    return {"p50": round(1000 * percentile(seconds, 0.5), 3), "p95": round(1000 * percentile(seconds, 0.95), 3)}


# --- a clip and a reply ----------------------------------------------------------------------------------------------


async def motion(scene: FilmSet) -> dict[str, float]:
    """What speech and its motion cost, in CPU ms for each second of speech; the best of three times."""
    from selfsame.studio.clips import Script, text_to_speech

    speaking, moving_ = [], []
    chunks: list[SpokenChunk] = []
    for _ in range(3):
        began = cpu_seconds()
        async with text_to_speech(Script(SCRIPT), scene.voice) as speech:
            chunks = [chunk async for chunk in speech]
        speaking.append(cpu_seconds() - began)
        moving_.append(await offload(timed, lambda chunks=chunks: animate(scene, chunks)))
    seconds = sum(chunk.seconds for chunk in chunks)
    return {
        "seconds": round(seconds, 2),
        "chunks": len(chunks),
        "speechCpuMsPerSecond": round(1000 * min(speaking) / seconds, 2),
        "cpuMsPerSecond": round(1000 * min(moving_) / seconds, 2),
    }


def animate(scene: FilmSet, chunks: list[SpokenChunk]) -> None:
    """The motion of a reply, chunk by chunk as it comes."""
    animation = scene.animator.open(1)
    for chunk in chunks:
        animation.add(chunk)
    animation.finish()


def started(clone: str | None) -> dict[str, float]:
    """`selfsame render` from its start to its end, the best of three: wall and CPU seconds, the program's own."""
    walls, cpus = [], []
    with tempfile.TemporaryDirectory(prefix="selfsame-bench-") as folder:
        words = ["--text", SCRIPT, "--out", f"{folder}/clip.mp4", *(["--clone", clone] if clone else [])]
        for _ in range(3):
            began, cpu = SYSTEM.now(), os.times()
            subprocess.run([sys.executable, "-m", "selfsame", "render", *words], check=True, stdout=subprocess.DEVNULL)
            after = os.times()
            walls.append(SYSTEM.now() - began)
            cpus.append(after.children_user + after.children_system - cpu.children_user - cpu.children_system)
    return {"wallSeconds": round(min(walls), 2), "cpuSeconds": round(min(cpus), 2)}


async def clip(scene: FilmSet) -> dict[str, Any]:
    """A script to an MP4 at 512 px."""
    from selfsame.studio.clips import ClipTools, Script, make_clip

    painter = await offload(scene.open_painter, 512)
    tools = ClipTools(scene.voice, scene.animator, painter, scene.idle, SYSTEM)
    began, cpu = SYSTEM.now(), cpu_seconds()
    made = await make_clip(Script(SCRIPT), tools)
    return {
        "seconds": round(made.seconds, 2),
        "wallSeconds": round(SYSTEM.now() - began, 2),
        "cpuSeconds": round(cpu_seconds() - cpu, 2),
        "ttsMs": round(made.timings.tts_ms, 1),
        "renderMs": round(made.timings.avatar_render_ms, 1),
        "kilobytes": round(len(made.video) / 1000),
    }


async def live(scene: FilmSet, form: str) -> dict[str, Any]:
    """A reply in real time: pictures against the sound, by the play-out that the client is taken to have."""
    from selfsame.conversation.rooms import Show
    from selfsame.conversation.showing import Showing
    from selfsame.studio.clips import Script, text_to_speech

    shown: list[tuple[float, ReplyShown]] = []

    def tell(told: Told) -> None:
        if isinstance(told, ReplyShown):
            shown.append((SYSTEM.now(), told))

    showing = Showing(Show(scene.open_painter, scene.idle), tell, SYSTEM.now, lambda: True)
    showing.choose(VideoChosen(form, "auto"))  # type: ignore[arg-type]
    async with background() as tasks:
        tasks.start_soon(showing.run)
        with anyio.move_on_after(5):
            while not shown:
                await SYSTEM.sleep(0.02)
        cpu, began, animation, spoken = cpu_seconds(), 0.0, scene.animator.open(1), 0.0
        async with text_to_speech(Script(SCRIPT), scene.voice) as speech:
            showing.note(ReplyStarted(1, scene.voice.abilities.sample_rate))
            async for chunk in speech:
                began = began or SYSTEM.now()
                showing.note(ReplyMoved(1, 0, animation.add(chunk)))
                showing.note(ReplySpoken(1, 0, spoken, chunk))
                spoken += chunk.seconds
                await SYSTEM.sleep(began + spoken - 2.0 - SYSTEM.now())
                if spoken > _LIVE_SECONDS + 2.0:
                    break
        await SYSTEM.sleep(began + _LIVE_SECONDS - SYSTEM.now())
        cpu = cpu_seconds() - cpu
    pictures = [(at, told) for at, told in shown if told.turn == 1]
    lateness = [1000 * (at - began - told.frame.audio_timestamp) for at, told in pictures]
    return {
        "pictures": len(pictures),
        "perSecond": round(len(pictures) / _LIVE_SECONDS, 1),
        "size": pictures[-1][1].frame.width if pictures else 0,
        "firstAfterSoundMs": round(1000 * (pictures[0][0] - began), 1) if pictures else None,
        "behindSoundMs": spread(lateness),
        "kilobitsPerSecond": round(sum(len(told.frame.data) for _, told in pictures) * 8e-3 / _LIVE_SECONDS),
        "cpuShare": round(cpu / _LIVE_SECONDS, 3),
    }


def readable(result: dict[str, Any]) -> str:
    """The figures as tables."""
    lines = [
        f"renderer {result['renderer']}, load {result['load']}; CPU ms per picture, p50 / p95 (times the floor)",
        "",
    ]
    for size, row in result["sizes"].items():
        for name, figures in row["cpuMs"].items():
            ratio = row["ratio"][name]
            lines.append(f"{size:>4} px  {name:<18}{figures['p50']:8.2f} /{figures['p95']:7.2f}   ({ratio:g}x)")
        lines.append(f"{size:>4} px  a file is made {row['realTime']:g} times faster than it plays, on one core")
    made = result["clip"]
    lines += [
        "",
        f"clip of {made['seconds']} s at 512 px: {made['wallSeconds']} s, {made['cpuSeconds']} s of CPU "
        f"(speech {made['ttsMs']} ms, pictures {made['renderMs']} ms), {made['kilobytes']} kB",
        f"speech costs {result['motion']['speechCpuMsPerSecond']} ms of CPU a second, its motion "
        f"{result['motion']['cpuMsPerSecond']} ms",
    ]
    if result["started"] is not None:
        program = result["started"]
        lines.append(
            f"the same by `selfsame render`, from its start: {program['wallSeconds']} s, {program['cpuSeconds']} s CPU"
        )
    for form, row in result["live"].items():
        behind = row["behindSoundMs"]
        lines.append(
            f"live {form:<5} {row['perSecond']} a second at {row['size']} px, {row['kilobitsPerSecond']} kbit/s, "
            f"{100 * row['cpuShare']:.0f} % of a core; first picture {row['firstAfterSoundMs']} ms after the sound; "
            f"behind their sound {behind['p50']} ms (p50), {behind['p95']} (p95), {behind['max']} (max)"
        )
    return "\n".join(lines)
