"""Choosing the recogniser: the neural ones where their files are, the embedded one as the floor."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from selfsame.ears.port import SpeechToText
from selfsame.errors import BadInput, Unavailable
from selfsame.kit.tasks import offload
from selfsame.settings import Settings
from selfsame.wiring.choices import Choice, delay

BETTER_EARS = "pip install faster-whisper && selfsame models pull faster-whisper-small"
Adapt = Callable[[str, str, list[str]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Ears:
    """A recogniser and how it learns what a clone knows: `adapt(clone id, version, texts)`."""

    engine: SpeechToText
    adapt: Adapt


async def _no_adaptation(clone_id: str, version: str, texts: list[str]) -> None:
    """For engines that do not adapt."""


@asynccontextmanager
async def choose_ears(settings: Settings) -> AsyncIterator[tuple[Ears, Choice]]:
    """The recogniser in force. A neural one that is asked for by name must be there; `auto` takes what it finds."""
    if settings.asr == "fake":
        yield _fake(settings)
        return
    if settings.asr not in ("auto", "embedded", "sphinx", "faster-whisper", "moonshine"):
        raise BadInput(f"there are no ears called {settings.asr}; `selfsame providers` lists them")
    from selfsame.providers.embedded.sphinx.recogniser import Knowledge, SphinxSpeechToText
    from selfsame.providers.wrap.hearing import FallbackSpeechToText

    neural, why = await _neural(settings)
    async with SphinxSpeechToText(settings.home / "cache" / "hearing") as floor:

        async def adapt(clone_id: str, version: str, texts: list[str]) -> None:
            await floor.adapt(clone_id, Knowledge(version, texts))

        if neural is None:
            choice = Choice("asr", floor.abilities.name, "embedded", why, ("EN",), BETTER_EARS)
            yield Ears(floor, adapt), choice
            return
        engine = FallbackSpeechToText([neural, floor])
        languages = tuple(sorted(neural.abilities.languages))
        yield Ears(engine, adapt), Choice("asr", neural.abilities.name, "neural", why, languages)


def _fake(settings: Settings) -> tuple[Ears, Choice]:
    from selfsame.providers.fake.hearing import FakeSpeechToText

    engine = FakeSpeechToText(delay=delay(settings.fake_delays, "asr"))
    return Ears(engine, _no_adaptation), Choice("asr", "fake", "fake", "asked for", ("EN",))


async def _neural(settings: Settings) -> tuple[SpeechToText | None, str]:
    """The best neural recogniser whose package and files are here, and why (not)."""
    if settings.asr in ("embedded", "sphinx"):
        return None, "asked for"
    missing: list[str] = []
    for name, load in (("faster-whisper", _whisper), ("moonshine", _moonshine)):
        if settings.asr not in ("auto", name):
            continue
        try:
            return await offload(load, settings), "its files are here" if settings.asr == "auto" else "asked for"
        except Unavailable as error:
            if settings.asr == name:
                raise
            missing.append(error.message)
    return None, "no neural ears: " + "; ".join(missing)


def _model(settings: Settings, wanted: str, prefix: str) -> Path | str:
    """A folder as it was given, or the one that `selfsame models pull` makes for that name."""
    given = Path(wanted).expanduser()
    return given if given.is_dir() else settings.models_dir / f"{prefix}-{wanted}"


def _whisper(settings: Settings) -> SpeechToText:
    from selfsame.providers.faster_whisper import FasterWhisperSpeechToText

    return FasterWhisperSpeechToText(_model(settings, settings.whisper_model, "faster-whisper"))


def _moonshine(settings: Settings) -> SpeechToText:
    from selfsame.providers.moonshine import MoonshineSpeechToText

    return MoonshineSpeechToText(Path(_model(settings, settings.moonshine_model, "moonshine")))
