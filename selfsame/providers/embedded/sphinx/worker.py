"""The engine process: `python -m selfsame.providers.embedded.sphinx.worker LIMITS_JSON`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from selfsame.kit.engine_child import Inbox
from selfsame.kit.engine_frames import Frame
from selfsame.providers.embedded.sphinx.decoder import Beams, Said, SphinxDecoder
from selfsame.providers.embedded.sphinx.desk import Desk, Limits


class Worker:
    """Frames to desk and back."""

    def __init__(self, inbox: Inbox, limits: Limits, beams: Beams) -> None:
        self._inbox = inbox
        self._desk = Desk(lambda folder: load(folder, beams), limits)

    def run(self) -> None:
        """Work until the server goes away."""
        while True:
            frame = self._inbox.poll()
            if frame is not None:
                self._take(frame)
            elif not self._desk.step():
                self._take(self._inbox.wait())

    def _take(self, frame: Frame) -> None:
        head = frame.head
        name = str(head.get("session", ""))
        match head.get("do"):
            case "accept":
                self._desk.accept(name, frame.payload)
            case "open":
                self._desk.open(name, str(head.get("model", "")))
            case "close":
                self._desk.close(name)
            case "warm":
                self._warm(frame, str(head.get("model", "")), str(head.get("old", "")))
            case "guess" | "finish" if not self._desk.knows(name):
                self._inbox.refuse(frame, "unknown", "no such session here")
            case "guess":
                self._desk.guess(name, lambda words: self._inbox.answer(frame, said(words)))
            case "finish":
                self._desk.finish(name, lambda words: self._inbox.answer(frame, said(words)))
            case _:
                self._inbox.refuse(frame, "unknown", "no such request")

    def _warm(self, frame: Frame, model: str, old: str) -> None:
        self._desk.pool.warm(model)
        if old != model:
            self._desk.pool.forget(old)
        self._inbox.answer(frame, {"loaded": self._desk.pool.loaded})


def load(folder: str, beams: Beams) -> SphinxDecoder:
    """The model of a folder; the stock model when there is none or it is spoilt (deleted under us, for one)."""
    if folder:
        try:
            return SphinxDecoder(Path(folder), beams)
        except OSError:
            print("an adapted model could not be loaded; the stock model serves", file=sys.stderr)
    return SphinxDecoder(None, beams)


def said(words: list[Said]) -> dict[str, list[list[object]]]:
    """Words as the wire has them."""
    return {"words": [[w.word, round(w.start, 3), round(w.end, 3), round(w.confidence, 3)] for w in words]}


def main() -> None:
    """Read the limits from the arguments and work."""
    given = json.loads(sys.argv[1]) if len(sys.argv) > 1 else {}
    Worker(Inbox(), Limits(**given.get("limits", {})), Beams(**given.get("beams", {}))).run()


if __name__ == "__main__":
    main()
