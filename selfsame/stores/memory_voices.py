"""Voice models in memory, for tests and demonstrations: the same contract, but nothing survives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from selfsame.clones.consent import Consent, is_live, require
from selfsame.errors import NotFound
from selfsame.kit.clock import wall
from selfsame.studio.checks import check_voice
from selfsame.studio.voice.kinds import MANNER, VoiceModel, Wish

Consents = Callable[[UUID], tuple[Consent, ...]]


class MemoryVoices:
    """`VoiceModelStore` in memory. `owners` says whose clone is whose, `consents` what a user has agreed to."""

    def __init__(self, owners: Mapping[UUID, UUID], consents: Consents, now: Callable[[], datetime] = wall) -> None:
        self._owners = owners
        self._consents = consents
        self._now = now
        self._voices: dict[UUID, VoiceModel] = {}

    async def put_draft(self, voice: VoiceModel) -> VoiceModel:
        """Store a draft, or write it anew; see the port."""
        check_voice(voice)
        if self._owners.get(voice.clone_id) != voice.user_id:
            raise NotFound("there is no such clone")
        self._require(voice)
        known = self._voices.get(voice.id)
        made = self._now()
        if known is not None:
            if (known.user_id, known.clone_id, known.status) != (voice.user_id, voice.clone_id, "draft"):
                raise NotFound("there is no such draft")
            made = known.created_at or made
        self._voices[voice.id] = replace(voice, status="draft", created_at=made, details=dict(voice.details))
        return self._voices[voice.id]

    async def activate(self, voice_id: UUID, user_id: UUID) -> VoiceModel:
        """Speak with this voice from now on; see the port."""
        voice = self._theirs(voice_id, user_id)
        self._require(voice)
        for other in list(self._voices.values()):
            if other.clone_id == voice.clone_id and other.status == "active":
                self._voices[other.id] = replace(other, status="replaced")
        self._voices[voice_id] = replace(self._voices[voice_id], status="active")
        return self._voices[voice_id]

    async def set_manner(self, voice_id: UUID, user_id: UUID, wish: Wish) -> VoiceModel:
        """Store how the voice is to speak. Raises NotFound."""
        voice = self._theirs(voice_id, user_id)
        self._voices[voice_id] = replace(voice, details={**voice.details, MANNER: wish})
        return self._voices[voice_id]

    async def discard(self, voice_id: UUID, user_id: UUID) -> None:
        """Forget a model. Raises NotFound."""
        del self._voices[self._theirs(voice_id, user_id).id]

    async def active(self, clone_id: UUID, owner_id: UUID) -> VoiceModel | None:
        """The voice to speak with; None without live consent."""
        agreed = is_live(self._consents(owner_id), "voice")
        for voice in self._voices.values():
            if (voice.clone_id, voice.user_id, voice.status) == (clone_id, owner_id, "active"):
                return voice if agreed else None
        return None

    async def of(self, user_id: UUID) -> list[VoiceModel]:
        """The user's models, newest first."""
        mine = [voice for voice in self._voices.values() if voice.user_id == user_id]
        return sorted(mine, key=lambda voice: voice.created_at or self._now(), reverse=True)

    def _require(self, voice: VoiceModel) -> None:
        require(self._consents(voice.user_id), "voice")

    def _theirs(self, voice_id: UUID, user_id: UUID) -> VoiceModel:
        voice = self._voices.get(voice_id)
        if voice is None or voice.user_id != user_id:
            raise NotFound("there is no such voice")
        return voice
