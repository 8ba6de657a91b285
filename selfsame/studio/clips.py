"""A script becomes a clip: text, speech, motion, pictures, MP4 (CLIP-01, CLIP-02).

Everything streams: while one sentence is drawn the next one is spoken, and never more than a few pictures are held.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict, dataclass

import anyio
import numpy as np

from selfsame.errors import BadInput, TooLarge
from selfsame.events.shown import Image
from selfsame.events.spoken import SpokenChunk
from selfsame.face.encode.jpeg import JpegEncoder
from selfsame.face.encode.mp4 import Mp4Options, Mp4Writer, sound_of
from selfsame.face.port import FaceAnimator, FacePainter
from selfsame.face.show import Idle
from selfsame.kit.clock import Clock
from selfsame.kit.pipes import Pipe
from selfsame.kit.streams import closing
from selfsame.kit.tasks import background, offload
from selfsame.studio.desk import ClipTimings
from selfsame.studio.port import Progress
from selfsame.studio.timeline import Stretch, Timeline
from selfsame.voice.port import Phrase, TextToSpeech
from selfsame.voice.speak import SpeakOptions, Speech, speaking

LONGEST = 600.0
"""Seconds of speech in a clip."""
LONGEST_TEXT = 12_000
"""Characters of a script."""
SIZES = (256, 360, 512)
_VERSION = 2
"""Grows with every change of how clips are made, so that old ones in a cache are not taken for new ones."""
_SECONDS_A_CHARACTER = {"EN": 0.065, "ES": 0.065, "ZH": 0.22}
_AHEAD = 16


@dataclass(frozen=True, slots=True)
class Script:
    """What is to be said and how large it is shown. `voice_id`, `speed`, `pitch` as in `voice.port.Phrase`."""

    text: str
    language: str = "EN"
    voice_id: str = ""
    speed: float = 1.0
    pitch: float = 1.0
    size: int = 512


@dataclass(frozen=True, slots=True)
class ClipTools:
    """The engines of a clip. `painter` draws the face at the script's size and serves this clip alone meanwhile."""

    voice: TextToSpeech
    animator: FaceAnimator
    painter: FacePainter
    idle: Idle
    clock: Clock
    options: Mp4Options = Mp4Options()
    seed: int = 1


@dataclass(frozen=True, slots=True)
class MadeClip:
    """A finished clip: an MP4 file, its sound as M4A, its first picture as JPEG. `seconds` long, square."""

    video: bytes
    sound: bytes
    poster: bytes
    seconds: float
    size: int
    timings: ClipTimings


def check_script(script: Script) -> None:
    """Raises BadInput or TooLarge when no clip can be made of it, before any work is done."""
    if not script.text.strip():
        raise BadInput("The script is empty: write what is to be said.")
    if len(script.text) > LONGEST_TEXT:
        raise TooLarge(f"A script holds at most {LONGEST_TEXT} characters: make several clips of it.")
    if script.size not in SIZES:
        raise BadInput(f"A clip is {', '.join(map(str, SIZES[:-1]))} or {SIZES[-1]} pixels wide.")


def clip_key(script: Script, engines: tuple[str, ...], rig_hash: str, options: Mp4Options | None = None) -> str:
    """A name for everything that makes a clip what it is (CLIP-04): equal keys, equal clips.

    `engines` are the names (with versions where they have any) of voice, animator and renderer.
    """
    made_of = {
        "version": _VERSION,
        "script": {**asdict(script), "text": " ".join(script.text.split())},
        "engines": engines,
        "rig": rig_hash,
        "file": asdict(options or Mp4Options()),
    }
    return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()


async def nobody_asks(_share: float, _doing: str) -> None:
    """A `Progress` for those who only wait."""


async def make_clip(script: Script, tools: ClipTools, progress: Progress = nobody_asks) -> MadeClip:
    """Make the clip. Raises BadInput, TooLarge, ProviderError, and whatever `progress` raises to stop it.

    Cancelling stops the work between two pictures.
    """
    check_script(script)
    began = tools.clock.now()
    voice = _Timed(tools.voice, tools.clock)
    stretches: Pipe[Stretch] = Pipe("studio.stretches", _AHEAD, "wait")
    director = _Director(script, tools, voice, stretches)
    camera = _Camera(script, tools)
    share = 0.0
    try:
        async with background() as tasks:
            tasks.start_soon(camera.stop_when_cancelled)
            tasks.start_soon(director.run)
            async for stretch in stretches:
                await offload(camera.film, stretch)
                share = max(share, min(0.98, camera.writer.seconds / director.expected))
                await progress(share, "filming")
        if director.failure is not None:
            raise director.failure
        await progress(0.99, "writing the file")
        return await _finished(camera, voice, tools.clock, began)
    finally:
        await offload(camera.writer.close)


async def _finished(camera: _Camera, voice: _Timed, clock: Clock, began: float) -> MadeClip:
    video = await offload(camera.writer.finish)
    sound = await offload(sound_of, video)
    assert camera.first is not None
    poster = await offload(JpegEncoder("high").encode, camera.first)
    timings = ClipTimings(1000 * voice.seconds, 1000 * camera.took, 1000 * (clock.now() - began))
    return MadeClip(video, sound, poster, camera.writer.seconds, camera.size, timings)


def text_to_speech(script: Script, voice: TextToSpeech) -> AbstractAsyncContextManager[Speech]:
    """The script's speech, a piece at a time, while the block runs (CLIP-05). Iterating raises ProviderError."""
    options = SpeakOptions(script.language, script.voice_id, script.speed, script.pitch, first_phrase=0)
    return speaking(_once(script.text), voice, options)


async def _once(text: str) -> AsyncIterator[str]:
    yield text


class _Director:
    """Speech and motion, laid on the timeline; one step ahead of the camera."""

    def __init__(self, script: Script, tools: ClipTools, voice: TextToSpeech, out: Pipe[Stretch]) -> None:
        self._script = script
        self._tools = tools
        self._voice = voice
        self._out = out
        self.failure: Exception | None = None
        rate = _SECONDS_A_CHARACTER.get(script.language, 0.065)
        self.expected = 1.2 + rate * len(script.text) / script.speed

    async def run(self) -> None:
        """Fill the pipe and close it; what went wrong stands in `failure`."""
        try:
            await self._direct()
        except Exception as error:  # raised again by the reader, behind what was made before
            self.failure = error
        self._out.close()

    async def _direct(self) -> None:
        tools = self._tools
        timeline = Timeline(tools.idle, tools.options.fps, tools.voice.abilities.sample_rate)
        animation = tools.animator.open(tools.seed)
        async with text_to_speech(self._script, self._voice) as speech:
            async for chunk in _within(speech):
                for stretch in timeline.add(chunk, animation.add(chunk)):
                    await self._out.put(stretch)
                self.expected = max(self.expected, timeline.seconds + 1.2)
        for stretch in timeline.finish(animation.finish()):
            await self._out.put(stretch)
        self.expected = timeline.seconds + 1.2


async def _within(speech: Speech) -> AsyncIterator[SpokenChunk]:
    """The speech, as long as a clip may be."""
    seconds = 0.0
    async for chunk in speech:
        seconds += chunk.seconds
        if seconds > LONGEST:
            raise TooLarge(f"A clip lasts at most {LONGEST / 60:.0f} minutes: make several clips of the script.")
        yield chunk


class _Camera:
    """Draws and encodes stretches, in a thread; `took` counts its seconds."""

    def __init__(self, script: Script, tools: ClipTools) -> None:
        self.size = script.size
        self._painter = tools.painter
        self._clock = tools.clock
        self._rate = tools.voice.abilities.sample_rate
        self.writer = Mp4Writer(self.size, self.size, self._rate, tools.options)
        self.took = 0.0
        self.first: Image | None = None
        self._stopped = False

    async def stop_when_cancelled(self) -> None:
        """Live beside the work; when it is cancelled, let the thread end with the picture it is at."""
        try:
            await anyio.sleep_forever()
        finally:
            self._stopped = True

    def film(self, stretch: Stretch) -> None:
        """Draw and encode one stretch. Blocks. Raises ProviderError."""
        began = self._clock.now()
        for image in self._painter.paint(stretch.rows, stretch.sound, self._rate):
            if self._stopped:
                return
            if self.first is None:
                self.first = np.array(image)
            self.writer.picture(image)
        self.writer.sound(stretch.sound)
        self.took += self._clock.now() - began


class _Timed:
    """A synthesiser that counts the seconds it takes."""

    def __init__(self, engine: TextToSpeech, clock: Clock) -> None:
        self.abilities = engine.abilities
        self.seconds = 0.0
        self._engine = engine
        self._clock = clock

    async def synthesize(self, phrase: Phrase) -> AsyncIterator[SpokenChunk]:
        """As the engine does."""
        began = self._clock.now()
        stream = self._engine.synthesize(phrase)
        async with closing(stream):
            async for chunk in stream:
                self.seconds += self._clock.now() - began
                yield chunk
                began = self._clock.now()
        self.seconds += self._clock.now() - began
