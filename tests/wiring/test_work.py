"""`selfsame work` as a process, and a command on the same home beside it: one database, stopped by the last."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.serving import PATIENCE, ROOT
from tests.wiring.test_product import QUIET


@pytest.fixture(autouse=True)
def loop_never_blocks() -> None:
    """The product runs in other processes here."""


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="selfsame-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def start(home: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = os.environ | QUIET | {"SELFSAME_HOME": str(home), "SELFSAME_TTS": "fake"}
    command = [sys.executable, "-m", "selfsame", *arguments]
    with (home / f"{arguments[0]}.log").open("a") as log:
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_shares_the_home_and_stops_when_it_is_told(home: Path, how: signal.Signals) -> None:
    worker = start(home, "work", "--slots", "2", "--json")
    try:
        assert worker.stdout is not None
        ready, _, _ = select.select([worker.stdout], [], [], PATIENCE)
        line = worker.stdout.readline() if ready else ""
        assert line, (home / "work.log").read_text()[-2000:]
        told = json.loads(line)
        assert (told["event"], told["slots"]) == ("working", 2)
        assert set(told["kinds"]) == {
            "build-face",
            "render-clip",
            "erase-files",
            "ingest",
            "extract-persona",
            "enrol-voice",
        }
        beside = start(home, "clone", "create", "Ada", "--json")
        out, _ = beside.communicate(timeout=PATIENCE)
        assert beside.returncode == 0 and json.loads(out)["slug"] == "ada", (home / "clone.log").read_text()[-2000:]
        assert worker.poll() is None, "the database it shares is still there"
        worker.send_signal(how)
        assert worker.wait(60) == 0, (home / "work.log").read_text()[-2000:]
    finally:
        worker.kill()
        worker.communicate()
    assert "Traceback" not in (home / "work.log").read_text()
