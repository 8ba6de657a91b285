"""Sound in and out of the terminal: question files, answer files, and a player program if there is one."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from pathlib import Path

import anyio
import numpy as np
import soundfile
import soxr
from anyio.abc import Process

from selfsame.errors import BadInput, NotFound
from selfsame.kit.pcm import MICROPHONE_RATE, Pcm, from_float, to_bytes

LONGEST_SECONDS = 600
SILENCE = 10 ** (-60 / 20)
"""Peak below which a file counts as silent: -60 dB of full scale."""
TAIL_SECONDS = 0.2

PLAYERS = {
    "paplay": ["paplay", "--raw", "--rate={rate}", "--format=s16le", "--channels=1"],
    "aplay": ["aplay", "-q", "-t", "raw", "-f", "S16_LE", "-r", "{rate}", "-c", "1", "-"],
    "ffplay": ["ffplay", "-nodisp", "-autoexit", "-v", "quiet", "-f", "s16le", "-ar", "{rate}", "-ac", "1", "-i", "-"],
    "play": ["play", "-q", "-t", "raw", "-r", "{rate}", "-e", "signed", "-b", "16", "-c", "1", "-"],
}
"""Programs that play raw sound from standard input, in order of preference."""


def read_question(path: Path) -> Pcm:
    """A sound file as 16 kHz mono, the silence at its end cut to 0.2 s: any format, rate and channels libsndfile reads.

    Raises NotFound, or BadInput when it is not sound, empty, silent, or longer than ten minutes.
    """
    if not path.is_file():
        raise NotFound(f"there is no file {path}")
    try:
        info = soundfile.info(str(path))
        if info.frames > LONGEST_SECONDS * info.samplerate:
            raise BadInput(f"{path.name} is longer than {LONGEST_SECONDS // 60} minutes")
        samples, rate = soundfile.read(str(path), dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, RuntimeError) as fault:
        if path.stat().st_size == 0:
            raise BadInput(f"{path.name} is empty") from fault
        raise BadInput(f"{path.name} is not a sound file that can be read (WAV, FLAC, OGG, MP3 and others)") from fault
    if not len(samples):
        raise BadInput(f"{path.name} holds no sound")
    mono = np.nan_to_num(samples.mean(axis=1, dtype=np.float32), posinf=0.0, neginf=0.0)
    loud = np.flatnonzero(np.abs(mono) > SILENCE)
    if not len(loud):
        raise BadInput(f"{path.name} holds only silence")
    mono = mono[: int(loud[-1]) + 1 + int(TAIL_SECONDS * rate)]
    if rate != MICROPHONE_RATE:
        mono = soxr.resample(mono, rate, MICROPHONE_RATE)
    return from_float(mono)


def write_answer(path: Path, pcm: Pcm, rate: int) -> None:
    """Write a 16-bit mono sound file; the ending names the format. Raises BadInput when it cannot be written."""
    try:
        soundfile.write(str(path), pcm, rate, subtype="PCM_16")
    except (soundfile.SoundFileError, RuntimeError, OSError, ValueError, TypeError) as fault:
        raise BadInput(f"cannot write {path}: choose a name that ends in .wav in a folder that exists") from fault


def find_player() -> str | None:
    """The name of a player program on this machine, or None."""
    return next((name for name in PLAYERS if shutil.which(name)), None)


class Player:
    """Plays 16-bit mono sound through a program's standard input. A program that fails leaves it mute."""

    def __init__(self, program: str) -> None:
        self.program = program
        self.mute = False
        self._process: Process | None = None

    async def play(self, pcm: Pcm, rate: int) -> None:
        """Hand over sound; the program is started with the first piece."""
        if self.mute:
            return
        if self._process is None:
            command = [part.format(rate=rate) for part in PLAYERS[self.program]]
            self._process = await anyio.open_process(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        # A player without a sound device ends at once; the answer is still shown.
        self.mute = self._process.returncode is not None or self._process.stdin is None
        if self._process.stdin is not None and not self.mute:
            try:
                await self._process.stdin.send(to_bytes(pcm))
            except (anyio.BrokenResourceError, anyio.ClosedResourceError):
                self.mute = True

    async def finish(self) -> None:
        """Return when all of it was heard."""
        process, self._process = self._process, None
        if process is not None and process.stdin is not None:
            with contextlib.suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
                await process.stdin.aclose()
            self.mute = await process.wait() != 0 or self.mute


class Lines:
    """Lines typed on standard input, awaited without a thread, so that Ctrl-C works at once."""

    def __init__(self, descriptor: int = 0) -> None:
        self._descriptor = descriptor
        self._buffer = b""
        self._ended = False

    async def next(self) -> str | None:
        """The next line without its end, or None at the end of the input."""
        while b"\n" not in self._buffer and not self._ended:
            with contextlib.suppress(OSError, ValueError):  # an ordinary file cannot be waited for, nor need it be
                await anyio.wait_readable(self._descriptor)
            block = os.read(self._descriptor, 4096)
            self._ended = not block
            self._buffer += block
        if not self._buffer:
            return None
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.decode("utf-8", errors="replace").strip()
