"""Choosing the recogniser: the neural ones where their files are, the embedded one as the floor."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from selfsame.ears.port import SpeechToText
from selfsame.errors import BadInput, Unavailable
from selfsame.kit.tasks import offload
from selfsame.settings import Settings
from selfsame.wiring.choices import Announcer, Choice, delay

if TYPE_CHECKING:
    from selfsame.providers.faster_whisper.recogniser import FasterWhisperSpeechToText
    from selfsame.providers.moonshine.recogniser import MoonshineSpeechToText

BETTER_EARS = "pip install faster-whisper && selfsame models pull faster-whisper-small"
Adapt = Callable[[str, str, list[str]], Awaitable[None]]
Forget = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Ears:
    """A recogniser and how it learns what a clone knows: `adapt(clone id, version, texts)`; `forget(clone id)` deletes
    what it made of that, from memory and disk."""

    engine: SpeechToText
    adapt: Adapt
    forget: Forget


async def _no_adaptation(clone_id: str, version: str, texts: list[str]) -> None:
    """For engines that do not adapt."""


async def _nothing_to_forget(clone_id: str) -> None:
    """For engines that do not adapt."""


@asynccontextmanager
async def choose_ears(settings: Settings, announcer: Announcer) -> AsyncIterator[tuple[Ears, Choice]]:
    """The recogniser in force. A neural one that is asked for by name must be there; `auto` takes what it finds."""
    if settings.asr == "fake":
        yield _fake(settings)
        return
    if settings.asr not in ("auto", "embedded", "sphinx", "faster-whisper", "moonshine"):
        raise BadInput(f"there are no ears called {settings.asr}; `selfsame providers` lists them")
    from selfsame.providers.embedded.sphinx.recogniser import Knowledge, SphinxOptions, SphinxSpeechToText
    from selfsame.providers.wrap.hearing import HEARING, FallbackSpeechToText

    async with AsyncExitStack() as stack:
        neural, why = await _neural(settings, stack)
        workers = min(2, os.cpu_count() or 1)
        options = SphinxOptions(workers=workers, prepare=False)
        floor = await stack.enter_async_context(SphinxSpeechToText(settings.home / "cache" / "hearing", options))

        async def adapt(clone_id: str, version: str, texts: list[str]) -> None:
            await floor.adapt(clone_id, Knowledge(version, texts))

        if neural is None:
            choice = Choice("asr", floor.abilities.name, "embedded", why, ("EN",), BETTER_EARS)
            yield Ears(floor, adapt, floor.forget), choice
            return
        engine = FallbackSpeechToText([neural, floor], replace(HEARING, on_fallback=announcer.fell_back))
        languages = tuple(sorted(neural.abilities.languages))
        yield Ears(engine, adapt, floor.forget), Choice("asr", neural.abilities.name, "neural", why, languages)


def _fake(settings: Settings) -> tuple[Ears, Choice]:
    from selfsame.providers.fake.hearing import FakeSpeechToText

    engine = FakeSpeechToText(delay=delay(settings.fake_delays, "asr"))
    return Ears(engine, _no_adaptation, _nothing_to_forget), Choice("asr", "fake", "fake", "asked for", ("EN",))


async def _neural(settings: Settings, stack: AsyncExitStack) -> tuple[SpeechToText | None, str]:
    """The best neural recogniser whose package and files are here, loaded, and why (not)."""
    if settings.asr in ("embedded", "sphinx"):
        return None, "asked for"
    missing: list[str] = []
    for name, make in (("faster-whisper", _whisper), ("moonshine", _moonshine)):
        if settings.asr not in ("auto", name):
            continue
        try:
            engine = await stack.enter_async_context(await offload(make, settings))
        except Unavailable as error:
            if settings.asr == name:
                raise
            missing.append(error.message)
        else:
            return engine, "its files are here" if settings.asr == "auto" else "asked for"
    return None, "no neural ears: " + "; ".join(missing)


def _folder(settings: Settings, engine: str, wanted: str) -> Path:
    """A folder as it was given, or the one that `selfsame models pull` makes. Raises Unavailable when absent."""
    given = Path(wanted).expanduser()
    folder = given if given.is_dir() else settings.models_dir / f"{engine}-{wanted}"
    if not folder.is_dir():
        raise Unavailable(f"{engine}'s files are not here", role="asr", provider=engine)
    return folder


def _whisper(settings: Settings) -> FasterWhisperSpeechToText:
    from selfsame.providers.faster_whisper.recogniser import FasterWhisperSpeechToText

    return FasterWhisperSpeechToText(str(_folder(settings, "faster-whisper", settings.whisper_model)))


def _moonshine(settings: Settings) -> MoonshineSpeechToText:
    from selfsame.providers.moonshine.recogniser import MoonshineSpeechToText

    return MoonshineSpeechToText(_folder(settings, "moonshine", settings.moonshine_model))
