"""Where owners make clones, see how far each is, change and delete them: one way for the API and the command line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import UUID

from selfsame.clones.clone import Clone
from selfsame.clones.naming import checked_name, checked_slug
from selfsame.clones.persona import Persona, PersonaProfile, checked_profile
from selfsame.errors import BadInput, NotFound
from selfsame.jobs.face_desk import FaceDesk
from selfsame.jobs.persona_desk import PersonaDesk
from selfsame.jobs.voice_desk import VoiceDesk
from selfsame.kit.ids import stable_id
from selfsame.library.shelf import DocumentShelf

LANGUAGES = ("EN", "ES", "ZH")


class CloneStore(Protocol):
    """Where clones are kept."""

    async def get(self, key: UUID | str, user_id: UUID) -> Clone:
        """The clone by id or slug, when it is the user's own or public. Raises NotFound."""
        ...

    async def list(self, user_id: UUID) -> list[Clone]:
        """The user's own clones and all public ones, by name."""
        ...

    async def put(self, clone: Clone, profile: PersonaProfile | None = None) -> Clone:
        """Create or change a clone of its owner. Raises BadInput when the slug is another clone's."""
        ...

    async def persona(self, clone: Clone) -> Persona:
        """The merged persona."""
        ...

    async def delete(self, clone_id: UUID, owner_id: UUID) -> None:
        """Delete a clone with all that hangs on it. Raises NotFound."""
        ...


@dataclass(frozen=True, slots=True)
class CloneWish:
    """A clone to be made. `description` says who it is in a few words; without a slug, one is made from the name."""

    name: str
    description: str = ""
    greeting: str = ""
    language: str = "EN"
    slug: str | None = None


@dataclass(frozen=True, slots=True)
class CloneChange:
    """What is to be different; None leaves as it is, an empty text takes away."""

    name: str | None = None
    description: str | None = None
    greeting: str | None = None
    language: str | None = None
    public: bool | None = None


@dataclass(frozen=True, slots=True)
class CloneState:
    """A clone as its owner sees it. `face` and `voice` are the ids of what it shows and speaks with; the counts are
    of its documents: all, being read, and failed."""

    clone: Clone
    persona: Persona
    face: str | None = None
    voice: str | None = None
    documents: int = 0
    reading: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class CloneDesk:
    """For owners only: whatever is not the user's is NotFound. `demo` is the slug of the clone that comes by itself;
    `forget` drops what this process made of a clone that was deleted, in memory and on the disk."""

    clones: CloneStore
    personas: PersonaDesk
    faces: FaceDesk
    voices: VoiceDesk
    shelf: DocumentShelf
    demo: str = ""
    forget: Callable[[UUID], Awaitable[None]] | None = None

    async def create(self, user_id: UUID, wish: CloneWish) -> CloneState:
        """A new clone that knows nothing yet. Raises BadInput, also when the slug is taken."""
        name = checked_name(wish.name)
        slug, language = checked_slug(wish.slug, name), _language(wish.language)
        if any(clone.slug == slug for clone in await self.clones.list(user_id)):
            raise BadInput(f"there is a clone called {slug} already; choose another slug")
        profile = {key: value for key, value in _profile(wish.description, wish.greeting).items() if value}
        clone = Clone(stable_id("clone", f"{user_id}:{slug}"), user_id, slug, name, language)
        return await self._state(await self.clones.put(clone, PersonaProfile(manual_overrides=profile)))

    async def of(self, user_id: UUID) -> list[CloneState]:
        """The user's clones, by name."""
        return [await self._state(clone) for clone in await self.own(user_id)]

    async def own(self, user_id: UUID) -> list[Clone]:
        """The same without their states."""
        return [clone for clone in await self.clones.list(user_id) if clone.owner_id == user_id]

    async def mine(self, user_id: UUID, name: str) -> Clone:
        """The user's own clone of that slug or id. Raises NotFound."""
        if not name.isprintable() or not name.isascii():
            raise NotFound("there is no such clone")  # no slug is so, and a database takes no zero bytes
        try:
            key: UUID | str = UUID(name)
        except ValueError:
            key = name
        clone = await self.clones.get(key, user_id)
        if clone.owner_id != user_id:
            raise NotFound("there is no such clone of yours")
        return clone

    async def show(self, user_id: UUID, name: str) -> CloneState:
        """One clone. Raises NotFound."""
        return await self._state(await self.mine(user_id, name))

    async def change(self, user_id: UUID, name: str, change: CloneChange) -> CloneState:
        """Change it; conversations that begin from now on follow. Raises NotFound, BadInput."""
        clone = await self.mine(user_id, name)
        changed = replace(
            clone,
            name=clone.name if change.name is None else checked_name(change.name),
            language=clone.language if change.language is None else _language(change.language),
            public=clone.public if change.public is None else change.public,
        )
        profile = _profile(change.description, change.greeting)
        if profile:
            await self.personas.edit(user_id, clone, profile)
        return await self._state(clone if changed == clone else await self.clones.put(changed))

    async def delete(self, user_id: UUID, name: str) -> Clone:
        """Delete a clone with its face, its voice, what it knows and all conversations. Raises NotFound, BadInput."""
        clone = await self.deletable(user_id, name)
        for face in await self.faces.of(user_id):
            if face.face.clone_id == clone.id:
                await self.faces.discard(user_id, face.face.id)
        for voice in await self.voices.of(user_id):
            if voice.voice.clone_id == clone.id:
                await self.voices.discard(user_id, voice.voice.id)
        await self.clones.delete(clone.id, user_id)
        if self.forget is not None:
            await self.forget(clone.id)
        return clone

    async def deletable(self, user_id: UUID, name: str) -> Clone:
        """The clone, when it may be deleted. Raises NotFound, BadInput."""
        clone = await self.mine(user_id, name)
        if clone.slug == self.demo:
            raise BadInput(f"{clone.name} is the demonstration clone and would come back; delete clones of your own")
        return clone

    async def _state(self, clone: Clone) -> CloneState:
        face = await self.faces.models.active(clone.id, clone.owner_id)
        voice = await self.voices.models.active(clone.id, clone.owner_id)
        statuses = [each.document.status for each in await self.shelf.of(clone.owner_id, clone.id)]
        return CloneState(
            clone,
            await self.clones.persona(clone),
            str(face.id) if face is not None and face.rig_hash else None,
            str(voice.id) if voice is not None else None,
            len(statuses),
            statuses.count("pending") + statuses.count("processing"),
            statuses.count("failed"),
        )


def _language(value: str) -> str:
    if value not in LANGUAGES:
        raise BadInput(f"a clone's language is one of {', '.join(LANGUAGES)}")
    return value


def _profile(description: str | None, greeting: str | None) -> dict[str, Any]:
    """The owner's words for the profile, those that were given; null where a text is empty. Raises BadInput."""
    given = {"role": description, "greeting": greeting}
    return checked_profile({key: text.strip() or None for key, text in given.items() if text is not None})
