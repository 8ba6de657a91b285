"""Binding the four rooms to engines, for one clone."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import cast
from uuid import UUID

import structlog

from selfsame.clones.clone import Clone
from selfsame.conversation.rooms import Asked, Rooms, Show, Speaking
from selfsame.ears.listen import ListenEngines, ListenOptions, listen
from selfsame.ears.port import HearingOptions
from selfsame.ears.turn_detector import TextTurnDetector
from selfsame.errors import SelfsameError
from selfsame.events.audio import ChangeHearing, Sound
from selfsame.events.heard import Heard
from selfsame.events.thought import Thought
from selfsame.kit.clock import Clock
from selfsame.kit.languages import detect
from selfsame.kit.pipes import Pipe
from selfsame.mind.port import Retriever
from selfsame.mind.think import Question, Thinking, think
from selfsame.voice.speak import SpeakOptions, speaking
from selfsame.wiring.engines import Engines
from selfsame.wiring.faces import Faces
from selfsame.wiring.filming import idle, seed_of
from selfsame.wiring.watching import LiveClones

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RoomBinder:
    """Makes the rooms of a session."""

    engines: Engines
    retriever: Retriever
    living: LiveClones
    clock: Clock
    faces: Faces

    async def bind(self, clone: Clone, user_id: UUID) -> Rooms:
        """The rooms for one conversation with `clone`."""
        await self.living.open(clone)
        thinking = Thinking(self.retriever, self.engines.thinker, self.clock)
        clone_id = str(clone.id)

        async def hear(sound: Pipe[Sound], wishes: ChangeHearing, emit: Callable[[Heard], None]) -> None:
            ears = ListenEngines(self.engines.hearing, self.engines.detectors.open(), TextTurnDetector(), self.clock)
            hearing = HearingOptions(clone_id, wishes.language or "auto")
            sensitivity = 0.5 if wishes.sensitivity is None else wishes.sensitivity
            await listen(sound, ears, ListenOptions(hearing, wishes.talk_mode or "hands_free", sensitivity), emit)

        def ponder(asked: Asked) -> AsyncGenerator[Thought, None]:
            question = Question(
                asked.text,
                clone_id,
                self.living.manner(clone),
                asked.language,
                asked.mode,
                asked.history,
                asked.context,
                asked.turn,
            )
            return cast("AsyncGenerator[Thought, None]", think(question, thinking))

        @asynccontextmanager
        async def say(text: AsyncGenerator[str, None], language: str) -> AsyncIterator[Speaking]:
            options = SpeakOptions(language, await self.living.voice(clone))
            async with speaking(text, self.engines.speaking, options) as speech:
                yield speech

        rate = self.engines.speaking.abilities.sample_rate
        if await self.faces.version(clone) is None:
            return Rooms(hear, ponder, say, rate, detect)
        show = await self._show(clone)
        return Rooms(hear, ponder, say, rate, detect, animate=self.engines.animator.open, show=show)

    async def _show(self, clone: Clone) -> Show | None:
        """How to draw the clone for clients that cannot; the rig is read once and kept for all sessions."""
        try:
            rig = await self.faces.drawn(clone)
        except SelfsameError as error:
            log.warning("the clone's face cannot be drawn here", code=error.code)
            return None
        return Show(partial(self.engines.renderer.open, rig), partial(idle, seed_of(clone.id)), rig.texture)
