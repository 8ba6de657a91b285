"""What the benchmarks share: questions to ask, a synthesiser to say them, a server to ask, results to print."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import anyio
import click
import numpy as np

from selfsame.errors import Unavailable
from selfsame.evaluator.questions import Question, Say, from_folder, synthesised
from selfsame.evaluator.server import ServeOptions, Server, serve
from selfsame.evaluator.sound import at_microphone_rate, load
from selfsame.kit.pcm import Pcm
from selfsame.voice.port import Phrase, TextToSpeech

F = TypeVar("F", bound=Callable[..., Any])
FLITE_VOICES = ("slt", "rms", "awb", "kal16")
RECORDED_QUESTIONS = Path(__file__).resolve().parents[3] / "tests" / "data" / "questions"


def json_option(command: F) -> F:
    """Add `--json` to a command, passed as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")(command)


def common(command: F) -> F:
    """Add `--url`, `--clone` and `--json`."""
    command = click.option("--url", help="A server that runs already; otherwise one is started.")(command)
    command = click.option("--clone", help="Which clone to talk with; otherwise the default one.")(command)
    return json_option(command)


def questions(folder: Path | None, many: int) -> list[Question]:
    """Recordings of the folder, else recorded questions of the checkout, else the guide's questions synthesised."""
    if folder is None and RECORDED_QUESTIONS.is_dir():
        folder = RECORDED_QUESTIONS
    return synthesised(sayer(), many) if folder is None else from_folder(folder, many)


def sayer() -> Say:
    """flite's voices when its program is installed, which recognisers understand best; else the product's own voice."""
    if shutil.which("flite"):
        return say_with_flite
    from selfsame.providers.embedded.espeak.engine import EspeakTextToSpeech

    engine = EspeakTextToSpeech()
    return lambda text, _number: anyio.run(say_with, engine, text)


def say_with_flite(text: str, number: int) -> Pcm:
    """A text in one of flite's voices."""
    with tempfile.TemporaryDirectory(prefix="selfsame-flite-") as folder:
        path = Path(folder) / "said.wav"
        voice = FLITE_VOICES[number % len(FLITE_VOICES)]
        done = subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(path)], capture_output=True, check=False)
        if done.returncode != 0 or not path.is_file():
            raise Unavailable("flite could not speak", role="tts", provider="flite")
        return load(path)


async def say_with(engine: TextToSpeech, text: str) -> Pcm:
    """A text by any synthesiser of the voice's port."""
    chunks = [chunk.pcm async for chunk in engine.synthesize(Phrase(text))]
    samples = np.concatenate(chunks).astype(np.float32) / 32768.0
    return at_microphone_rate(samples, engine.abilities.sample_rate)


@asynccontextmanager
async def server(url: str | None, env: Mapping[str, str] | None = None) -> AsyncIterator[Server]:
    """The server at `url`, or a fresh one. That of a url must run on this machine, to be measured."""
    if url is not None:
        yield Server(url.rstrip("/"), _pid_of(url))
        return
    async with serve(ServeOptions(env=env or {})) as started:
        yield started


def _pid_of(url: str) -> int:
    """The process that listens at the port of `url`; ours when that cannot be found out."""
    import psutil

    port = int(url.rstrip("/").rpartition(":")[2])
    for connection in psutil.net_connections("tcp"):
        if connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr[1] == port:
            return connection.pid or os.getpid()
    return os.getpid()


def show(as_json: bool, result: dict[str, Any], text: str) -> None:
    """Print the result, as one JSON object or as text."""
    if as_json:
        sys.stdout.write(json.dumps(result) + "\n")
    else:
        click.echo(text)
