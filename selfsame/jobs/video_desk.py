"""Where a person is learnt from one video: how they speak, and, where they agreed, how they sound (VOICE-01)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from selfsame.clones.clone import Clone
from selfsame.errors import ConsentMissing
from selfsame.jobs.job import Job
from selfsame.jobs.persona_desk import PersonaDesk, PersonaWish
from selfsame.jobs.voice_desk import VoiceDesk, VoiceState
from selfsame.kit.ids import new_id

SPEAK_FIRST = (
    "The voice was not ordered, because nobody has agreed to it by voice. Record the consent sentence first "
    "(GET /api/consents/spoken, or `selfsame clone voice consent`), then order it again."
)


@dataclass(frozen=True, slots=True)
class VideoOrders:
    """What was ordered. `voice` is None where the consent is missing, and then `missing` says what to do."""

    persona: Job
    voice: VoiceState | None = None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class VideoDesk:
    """For owners only: whatever is not the user's is NotFound."""

    personas: PersonaDesk
    voices: VoiceDesk

    async def order(self, user_id: UUID, clone: Clone, address: str, wish: PersonaWish) -> VideoOrders:
        """Order the persona and the voice as two jobs that share what is fetched; returns at once.

        Without a live consent to the voice the persona alone. Raises NotFound, BadInput.
        """
        pair = str(new_id())
        persona = await self.personas.order_address(user_id, clone, address, wish, pair)
        try:
            voice = await self.voices.order_address(user_id, clone, address, wish.language, pair)
        except ConsentMissing:
            return VideoOrders(persona, missing=SPEAK_FIRST)
        return VideoOrders(persona, voice)
