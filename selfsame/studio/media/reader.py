"""Our side of the worker process: bytes in, pictures out, with a time limit on every answer."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

import anyio
import numpy as np

from selfsame.errors import BadInput, CallerError, TooLarge, Unavailable
from selfsame.events.shown import Image
from selfsame.kit.engine_frames import Head
from selfsame.kit.engine_process import EngineDied, EngineFailed, EngineProcess
from selfsame.kit.pcm import Pcm, from_bytes
from selfsame.kit.tasks import offload
from selfsame.studio.media.kinds import (
    PHOTO_BYTES,
    PHOTO_TOO_HEAVY,
    PICTURE_BYTES,
    PICTURE_TOO_HEAVY,
    SOUND_BYTES,
    UTTERANCE_BYTES,
    VIDEO_BYTES,
    CleanPicture,
    Photo,
    Sound,
    SoundFacts,
    SoundLimits,
    VideoFacts,
    VideoLimits,
    VideoStill,
)

PATIENCE = 60.0
"""Seconds for one answer, also on a busy machine; then the file counts as hostile."""
_KINDS: dict[str, type[CallerError]] = {"BadInput": BadInput, "TooLarge": TooLarge}


class MediaReader:
    """Reads uploads in a process of its own. Enter it, then read one thing at a time."""

    def __init__(self, limits: VideoLimits | None = None, patience: float = PATIENCE) -> None:
        arguments = [json.dumps(asdict(limits))] if limits else []
        self._engine = EngineProcess("selfsame.studio.media.worker", arguments)
        self._patience = patience

    async def __aenter__(self) -> MediaReader:
        await self._engine.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._engine.__aexit__(kind, error, trace)

    @property
    def pid(self) -> int | None:
        """Process id of the worker while it runs."""
        return self._engine.pid

    async def rest(self) -> None:
        """Let the worker go; the next thing to read starts another. Only while nothing is being read."""
        await self._engine.rest()

    async def photo(self, data: bytes) -> Photo:
        """The photo. Raises TooLarge or BadInput with what to do, Unavailable when no process can be started."""
        if len(data) > PHOTO_BYTES:
            raise TooLarge(PHOTO_TOO_HEAVY)
        head, payload = await self._ask({"do": "photo"}, data)
        return Photo(_image(head, payload), head["width"], head["height"], tuple(head["notes"]))

    async def picture(self, data: bytes) -> CleanPicture:
        """A picture of a thing, clean. Raises as `photo` does."""
        if len(data) > PICTURE_BYTES:
            raise TooLarge(PICTURE_TOO_HEAVY)
        head, payload = await self._ask({"do": "picture"}, data)
        first = head["first"]
        return CleanPicture(payload[:first], payload[first:], head["width"], head["height"])

    async def check_picture(self, data: bytes) -> None:
        """Whether a file is one that `picture` could have made. Raises as `photo` does."""
        if len(data) > PICTURE_BYTES:
            raise TooLarge(PICTURE_TOO_HEAVY)
        await self._ask({"do": "check"}, data)

    async def utterance(self, data: bytes) -> Pcm:
        """A spoken question as 16-bit mono sound at 16 kHz; see `studio.recording`. Raises as `photo` does."""
        if len(data) > UTTERANCE_BYTES:
            raise TooLarge(f"A recording holds at most {UTTERANCE_BYTES // 2**20} MB.")
        _, payload = await self._ask({"do": "utter"}, data)
        return from_bytes(payload)

    @asynccontextmanager
    async def video(self, data: bytes) -> AsyncIterator[tuple[VideoFacts, AsyncIterator[VideoStill]]]:
        """The facts of a video and its stills, in order. Raises as `photo` does, the stills' iterator too."""
        if len(data) > VIDEO_BYTES:
            raise TooLarge(f"The video has more than {VIDEO_BYTES // 1_000_000} MB. Upload 30 to 60 seconds in 1080p.")
        path = await offload(_kept, data)
        try:
            head, _ = await self._ask({"do": "open", "path": str(path)})
            with suppress(OSError):  # the worker has it open; where that holds the name, it goes in the end
                await offload(path.unlink)
            facts = VideoFacts(head["duration"], head["width"], head["height"], head["frames"], tuple(head["notes"]))
            yield facts, self._stills()
        finally:
            with anyio.CancelScope(shield=True):
                await offload(path.unlink, missing_ok=True)

    async def sound(self, data: bytes, limits: SoundLimits | None = None) -> Sound:
        """The sound of a recording or a video. Raises TooLarge or BadInput with what to do, Unavailable."""
        if len(data) > SOUND_BYTES:
            raise TooLarge(f"The recording has more than {SOUND_BYTES // 1_000_000} MB. Upload 2 to 10 minutes of it.")
        if not data:
            raise BadInput("The recording is empty: record it again.")
        limits = limits or SoundLimits()
        path = await offload(_kept, data)
        parts: list[bytes] = []
        try:
            head, _ = await self._ask({"do": "hear", "path": str(path), "limits": asdict(limits)})
            while True:
                more, payload = await self._ask({"do": "more"})
                parts.append(payload)
                if more.get("end"):
                    break
        finally:
            with anyio.CancelScope(shield=True):
                await offload(path.unlink, missing_ok=True)
        facts = SoundFacts(head["duration"], head["rate"], head["channels"], tuple(head["notes"]))
        return Sound(from_bytes(b"".join(parts)), limits.rate, facts)

    async def _stills(self) -> AsyncIterator[VideoStill]:
        while True:
            head, payload = await self._ask({"do": "next"})
            if head.get("end"):
                return
            yield VideoStill(_image(head, payload), head["time"])

    async def _ask(self, head: Head, payload: bytes = b"") -> tuple[dict[str, Any], bytes]:
        try:
            await self._engine.start()
        except EngineDied as fault:
            raise Unavailable("the media reader could not be started", role="face", provider="media") from fault
        try:
            with anyio.fail_after(self._patience):
                return await self._engine.call(head, payload)
        except TimeoutError as fault:
            self._engine.kill()
            raise BadInput(
                "The file takes too long to read. Save it smaller, as JPEG, MP4 or MP3, and try again."
            ) from fault
        except EngineDied as fault:
            raise BadInput(
                "The file is damaged so badly that it cannot be read. Save it again as JPEG, MP4 or MP3."
            ) from fault
        except EngineFailed as fault:
            raise _KINDS[fault.kind](str(fault)) from fault


def _image(head: dict[str, Any], payload: bytes) -> Image:
    height, width = head["size"]
    return np.frombuffer(payload, np.uint8).reshape(height, width, 3)


def _kept(data: bytes) -> Path:
    """The file on the disk, readable by us alone, until it is read."""
    handle, name = tempfile.mkstemp(prefix="selfsame-media-")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    return Path(name)
