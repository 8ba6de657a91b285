"""The process that adapts models: `python -m selfsame.providers.embedded.sphinx.builder`."""

from __future__ import annotations

from pathlib import Path

from selfsame.kit.engine_child import Inbox
from selfsame.providers.embedded.sphinx.adaptation.build import Recipe, Stock, build


def stock() -> Stock:
    """The model and dictionary inside the pocketsphinx package."""
    from pocketsphinx import get_model_path

    return Stock(Path(get_model_path("en-us/en-us.lm.bin")), Path(get_model_path("en-us/cmudict-en-us.dict")))


def main() -> None:
    """Answer `build` requests: {"texts": [...], "root": folder} gives {"folder": ...}."""
    inbox = Inbox()
    while True:
        frame = inbox.wait()
        try:
            recipe = Recipe(**frame.head.get("recipe", {}))
            folder = build(frame.head["texts"], Path(frame.head["root"]), recipe, stock())
        except (OSError, RuntimeError, ValueError) as error:  # told to the server, which serves the stock model
            inbox.refuse(frame, "build", f"{type(error).__name__}: {error}")
        else:
            inbox.answer(frame, {"folder": str(folder)})


if __name__ == "__main__":
    main()
