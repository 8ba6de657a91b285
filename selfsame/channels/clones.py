"""Clones over HTTP, for their owner: make, list, show, change, delete."""

from __future__ import annotations

from selfsame.channels.api.clones import CloneEdit, DocumentCounts, NewClone, OwnClone, OwnCloneList
from selfsame.channels.door import Owner
from selfsame.channels.routing import Routes
from selfsame.jobs.clone_desk import CloneChange, CloneDesk, CloneState, CloneWish


class CloneRoutes:
    """`/api/clones/mine`, `POST /api/clones` and `/api/clones/{slug}`; {slug} may be the id as well."""

    def __init__(self, desk: CloneDesk) -> None:
        self._desk = desk
        self.router = Routes("clones")
        add, one = self.router.add, "/api/clones/{slug}"
        add("GET", "/api/clones/mine", self.list_own_clones)
        add("POST", "/api/clones", self.create_clone, status_code=201)
        add("GET", one, self.show_clone)
        add("PATCH", one, self.change_clone)
        add("DELETE", one, self.delete_clone, status_code=204)

    async def list_own_clones(self, owner: Owner) -> OwnCloneList:
        """The owner's clones, and how far each is."""
        return OwnCloneList(clones=[self._shown(state) for state in await self._desk.of(owner)])

    async def create_clone(self, owner: Owner, body: NewClone) -> OwnClone:
        """Make a clone. It knows nothing yet, has the built-in voice and no face; only its owner meets it."""
        wish = CloneWish(body.name, body.description, body.greeting, body.language, body.slug)
        return self._shown(await self._desk.create(owner, wish))

    async def show_clone(self, owner: Owner, slug: str) -> OwnClone:
        """One clone of the owner."""
        return self._shown(await self._desk.show(owner, slug))

    async def change_clone(self, owner: Owner, slug: str, body: CloneEdit) -> OwnClone:
        """Change its profile, or who may meet it; conversations that begin from now on follow."""
        change = CloneChange(body.name, body.description, body.greeting, body.language, body.public)
        return self._shown(await self._desk.change(owner, slug, change))

    async def delete_clone(self, owner: Owner, slug: str) -> None:
        """Delete it with its face, its voice, what it knows, its clips and all conversations with it."""
        await self._desk.delete(owner, slug)

    def _shown(self, state: CloneState) -> OwnClone:
        clone = state.clone
        return OwnClone.model_validate(
            {
                "id": clone.id,
                "slug": clone.slug,
                "name": clone.name,
                "description": state.persona.role,
                "greeting": state.persona.greeting,
                "language": clone.language,
                "public": clone.public,
                "demonstration": clone.slug == self._desk.demo,
                "adherence": clone.adherence,
                "knowledge_version": clone.knowledge_version,
                "has_face": state.face is not None,
                "has_voice": state.voice is not None,
                "face_model_id": state.face,
                "voice_model_id": state.voice,
                "documents": DocumentCounts(total=state.documents, reading=state.reading, failed=state.failed),
                "created_at": clone.created_at.isoformat() if clone.created_at else None,
            }
        )
