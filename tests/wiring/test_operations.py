"""The operations page of the real product: what was said shows in its figures, also after a restart."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.serving import PATIENCE, ROOT, Server
from tests.wiring.test_server import QUIET, call, until, visitor


@pytest.fixture(autouse=True)
def loop_never_blocks() -> None:
    """The product runs in another process here."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="selfsame-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        running = Server(Path(folder), QUIET).start()
        yield running
        running.stop()


def look(server: Server, path: str = "/api/operations") -> dict[str, Any]:
    token = httpx.post(server.url + "/api/sessions", json={}).json()["token"]
    answer = httpx.get(server.url + path, headers={"authorization": f"Bearer {token}"}, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.json()


def ask(server: Server, device: str, questions: list[str], *, cut: bool = False) -> list[float]:
    """Type the questions; how long each answer took, as the wire tells it. `cut` stops the last one by hand."""
    took = []
    with call(server, visitor(server, device)["token"]) as line:
        until(line, "ready")
        for number, text in enumerate(questions):
            line.send(json.dumps({"type": "text_input", "messageId": f"m{number}", "text": text}))
            turn = until(line, "response_audio")["turnId"]
            if cut and number == len(questions) - 1:
                line.send(json.dumps({"type": "interruption"}))
            else:
                line.send(json.dumps({"type": "played", "turnId": turn, "ms": 1e6, "done": True}))
            took.append(until(line, "response_end")["metrics"]["totalLatencyMs"])
    return took


def test_conversations_show_in_the_figures_and_stay_after_a_restart(server: Server) -> None:
    took = ask(server, "device-one-1234", ["do I need a graphics card", "what does it cost"])
    took += ask(server, "device-two-5678", ["how do I make a clone"], cut=True)
    seen = look(server)
    traffic, latency = seen["hour"]["traffic"], seen["hour"]["latency"]["endToEnd"]
    assert (traffic["turns"], traffic["answered"], traffic["interrupted"]) == (3, 3, 1)
    assert latency["count"] == 3 and latency["meanMs"] == pytest.approx(sum(took) / 3, abs=0.1)
    assert latency["p50Ms"] == pytest.approx(sorted(took)[1], rel=0.031)
    assert seen["conversations"]["started"] == 2 and seen["conversations"]["capacity"] == 100
    mind = next(engine for engine in seen["providers"] if engine["role"] == "llm")
    voice = next(engine for engine in seen["providers"] if engine["role"] == "tts")
    assert mind["chosen"] and mind["calls"] + voice["calls"] >= 3 and mind["failures"] == 0
    assert seen["jobs"]["workers"][0]["slots"] >= 1 and seen["resources"]["poolSize"] == 50
    assert seen["health"]["status"] == "healthy" and seen["costs"]["today"] == 0.0
    assert sum(point["turns"] for point in look(server, "/api/operations/series?minutes=60")["points"]) == 3
    assert 'selfsame_turn_latency_seconds_count{stage="endToEnd"} 3.0' in httpx.get(server.url + "/metrics").text

    server.kill()
    server.start()
    again = look(server)
    for _ in range(100):  # old turns are counted beside the first requests
        if again["hour"]["traffic"]["turns"] == 3:
            break
        again = look(server)
    after = again["hour"]["traffic"]
    assert [after[name] for name in ("turns", "answered", "interrupted")] == [3, 3, 1]
    assert again["hour"]["latency"]["endToEnd"] == latency
    assert again["conversations"]["started"] == 0


def test_visitors_do_not_see_it(server: Server) -> None:
    token = visitor(server, "device-one-1234")["token"]
    for path in ("/api/operations", "/api/operations/series"):
        answer = httpx.get(server.url + path, headers={"authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "FORBIDDEN")


def ops(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "selfsame", "ops", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def test_the_terminal_shows_the_same(server: Server) -> None:
    shown = ops("--url", server.url)
    assert shown.returncode == 0, shown.stderr
    assert "endToEnd" in shown.stdout and "workers alive" in shown.stdout and "healthy" in shown.stdout
    told = json.loads(ops("--url", server.url, "--json").stdout)
    assert told.keys() == look(server).keys()


def test_no_server_is_said_plainly() -> None:
    failed = ops("--url", "http://127.0.0.1:9")
    assert failed.returncode == 4 and "selfsame serve" in failed.stderr
