"""What is kept of whoever asks: see it, take it along, erase it. For owners and visitors alike, each their own."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from starlette.responses import StreamingResponse

from selfsame.channels.clone_archive import DOWNLOAD, SealedBy, download, header_passphrase
from selfsame.channels.door import Caller, OwnPage
from selfsame.channels.routing import Routes
from selfsame.clones.privacy import (
    CONFIRMATION,
    KeptConversation,
    KeptTurn,
    Overview,
    Privacy,
    Section,
    check_confirmation,
    shown_consent,
)


class _Body(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, from_attributes=True)


class SectionBody(_Body):
    """One section of the data retention policy (PRIV-07), with what there is of it now.

    `retentionDays` null: until it is deleted; 0: not kept. `keptUntil`: when the newest of it goes by itself.
    """

    stored: bool
    retention_days: int | None
    requires_consent: bool
    deletable: bool
    count: int
    bytes: int
    kept_until: datetime | None
    about: str


class ConsentRecordBody(_Body):
    """A consent that was given, and its end. `evidence` of a spoken one, without the numbers of the voice."""

    id: UUID
    subject: str
    granted_at: datetime
    revoked_at: datetime | None
    evidence: dict[str, Any] | None


class PrivacyBody(_Body):
    """What is kept of the caller. `confirmation` is the sentence that an erasure wants."""

    sections: dict[str, SectionBody]
    consents: list[ConsentRecordBody]
    confirmation: str = CONFIRMATION


class EraseBody(_Body):
    """Body of `DELETE /api/privacy`: the sentence, typed by hand."""

    confirm: Annotated[str, Field(max_length=100)]


class ErasedBody(_Body):
    """What was erased: rows by table, and files."""

    rows: dict[str, int]
    files: int


class TurnBody(_Body):
    """One turn; `user` and `clone` are null where the words were not kept."""

    turn: int
    at: datetime
    user: str | None
    clone: str | None
    language: str
    interrupted: bool


class ConversationBody(_Body):
    """A conversation: with whom, when, how many turns, and of how many the words are kept."""

    id: UUID
    clone: str
    clone_name: str
    started_at: datetime
    ended_at: datetime | None
    turns: int
    kept: int


class ConversationsBody(_Body):
    """Newest first. For older ones ask again with `before` set to the last `startedAt`."""

    conversations: list[ConversationBody]


class WholeConversationBody(ConversationBody):
    """A conversation with what was said in it."""

    said: list[TurnBody]


class PrivacyRoutes:
    """`/api/privacy` and `/api/conversations`."""

    def __init__(self, privacy: Privacy) -> None:
        self._privacy = privacy
        self.router = Routes("privacy")
        add = partial(self.router.add, response_model_exclude_unset=False)
        add("GET", "/api/privacy", self.show_privacy)
        add("DELETE", "/api/privacy", self.erase_me)
        add("GET", "/api/privacy/export", self.export_me, **DOWNLOAD)
        one = "/api/conversations/{conversation_id}"
        add("GET", "/api/conversations", self.list_conversations)
        add("GET", one, self.show_conversation)
        add("DELETE", one, self.delete_conversation, status_code=204)

    async def show_privacy(self, caller: Caller, _page: OwnPage) -> PrivacyBody:
        """What is kept of you, section by section, by whose leave and until when; and every consent you gave."""
        return shown(await self._privacy.overview(caller.user_id))

    async def export_me(self, caller: Caller, _page: OwnPage, sealed_by: SealedBy = None) -> StreamingResponse:
        """Everything of you as one archive: rows, files, and for an owner every clone as an archive that imports.

        Sealed when the header `selfsame-passphrase` has a passphrase.
        """
        user = caller.user_id
        passphrase = header_passphrase(sealed_by)
        name = f"my-data.{'selfsame' if passphrase else 'zip'}"
        return await download(self._privacy.export(user, passphrase), name)

    async def erase_me(self, caller: Caller, _page: OwnPage, body: EraseBody) -> ErasedBody:
        """Erase everything of you, at once and for good: conversations, consents, clones, voices, faces, files.

        Your conversations end, also those that others have with your clones. It cannot be undone.
        """
        user = caller.user_id
        check_confirmation(body.confirm)
        erased = await self._privacy.erase(user)
        return ErasedBody(rows=dict(erased.rows), files=erased.files)

    async def list_conversations(
        self,
        caller: Caller,
        _page: OwnPage,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        before: Annotated[AwareDatetime | None, Query()] = None,
    ) -> ConversationsBody:
        """Your conversations, newest first."""
        found = await self._privacy.conversations(caller.user_id, limit, before)
        return ConversationsBody(conversations=[_conversation(each) for each in found])

    async def show_conversation(self, caller: Caller, _page: OwnPage, conversation_id: UUID) -> WholeConversationBody:
        """One conversation, with what was said as far as you let it be kept."""
        found = await self._privacy.conversation(caller.user_id, conversation_id)
        said = [_turn(each) for each in found.said]
        return WholeConversationBody(**_conversation(found).model_dump(), said=said)

    async def delete_conversation(self, caller: Caller, _page: OwnPage, conversation_id: UUID) -> None:
        """Delete one conversation; where it still runs, it ends."""
        await self._privacy.forget(caller.user_id, conversation_id)


def shown(overview: Overview) -> PrivacyBody:
    """An overview as it is told."""
    return PrivacyBody(
        sections={section.name: _section(section) for section in overview.sections},
        consents=[ConsentRecordBody(**shown_consent(each)) for each in overview.consents],
    )


def _section(section: Section) -> SectionBody:
    names = ("stored", "retention_days", "requires_consent", "deletable", "kept_until", "about")
    told = {name: getattr(section, name) for name in names}
    return SectionBody(**told, count=section.held.count, bytes=section.held.size)


def _conversation(each: KeptConversation) -> ConversationBody:
    return ConversationBody.model_validate(each)


def _turn(each: KeptTurn) -> TurnBody:
    return TurnBody.model_validate(each)
