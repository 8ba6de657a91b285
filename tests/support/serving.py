"""Starts the real product as its users do: `python -m selfsame serve`, in a home of its own."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180


@dataclass
class Server:
    """A product server as a process; it can be killed and started again on the same port and home."""

    home: Path
    environment: dict[str, str] = field(default_factory=dict)
    port: int = 0
    process: subprocess.Popen[str] | None = None
    errors: Path | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Server:
        self.errors = self.home / "server.log"
        command = [sys.executable, "-m", "selfsame", "serve", "--json", "--port", str(self.port)]
        environment = os.environ | {"SELFSAME_HOME": str(self.home)} | self.environment
        with self.errors.open("a") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        line = self.process.stdout.readline() if ready else ""
        if not line:
            self.stop()
            raise RuntimeError("the server did not start:\n" + self.errors.read_text()[-4000:])
        self.port = int(json.loads(line)["url"].rsplit(":", 1)[1])
        with urlopen(self.url + "/health/ready", timeout=10) as answer:
            assert answer.status == 200
        return self

    def kill(self) -> None:
        """SIGKILL: no chance to say goodbye."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self._reap()

    def stop(self) -> None:
        """Ask it to stop, and insist after a while. Harmless when it has stopped by itself."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self._reap()
        except subprocess.TimeoutExpired:
            self.process.kill()
            self._reap()

    def _reap(self) -> None:
        assert self.process is not None and self.process.stdout is not None
        self.process.wait(20)
        self.process.stdout.close()


def link_models(home: Path) -> bool:
    """Let a fresh home share the model files of the checkout's own home; whether there are any."""
    models = Path(os.environ.get("SELFSAME_TEST_MODELS", ROOT / ".selfsame" / "models"))
    if not models.is_dir():
        return False
    home.mkdir(parents=True, exist_ok=True)
    (home / "models").symlink_to(models, target_is_directory=True)
    cache = models.parent / "cache"
    cache.mkdir(exist_ok=True)
    (home / "cache").symlink_to(cache, target_is_directory=True)
    return True
