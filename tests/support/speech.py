"""Speech for tests, made by the embedded synthesiser in this process."""

from __future__ import annotations

from functools import lru_cache

from selfsame.events.spoken import SpokenChunk
from selfsame.providers.embedded.espeak.library import shared
from selfsame.providers.embedded.espeak.timeline import Timeline
from selfsame.providers.embedded.espeak.voices import manner_of
from selfsame.voice.port import Phrase

TEXTS = {
    "EN": "Hello, my name is Vera. Maybe we could move the meeting to five, so that both of us have time.",
    "ES": "Buenos días, amigo. Tengo tres gatos y un perro muy viejo que vive en mi jardín.",
    "ZH": "早上好，朋友。我有三只猫，你们要不要一起去学校？",
}


@lru_cache(maxsize=64)
def spoken(text: str, language: str = "EN", voice_id: str = "", speed: float = 1.0) -> tuple[SpokenChunk, ...]:
    """What the engine would say, in its own chunks."""
    timeline = Timeline(text, shared().sample_rate)
    chunks: list[SpokenChunk] = []

    def take(pcm, events) -> bool:
        timeline.feed(pcm, events)
        chunks.extend(timeline.take())
        return True

    shared().speak(text, manner_of(Phrase(text, language, voice_id, speed)), take)
    return tuple(chunks + timeline.finish())
