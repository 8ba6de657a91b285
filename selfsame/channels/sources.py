"""What an answer rests on, over HTTP: the passage in its document.

Whoever had the conversation sees the passages that their answers rest on, and nothing else of the document; the owner
of the clone sees the text around them too.
"""

from __future__ import annotations

from uuid import UUID

from selfsame.channels.api.pictures import SourcePicture
from selfsame.channels.api.sessions import SourcePassage
from selfsame.channels.deps import KnowledgeStudio
from selfsame.channels.door import Caller
from selfsame.channels.lines import Lines
from selfsame.channels.routing import Routes
from selfsame.channels.wire.mapping import source_of
from selfsame.jobs.picture_desk import told_picture


class SourceRoutes:
    """`GET /api/sessions/{session_id}/turns/{turn_id}/sources/{source_id}`."""

    def __init__(self, studio: KnowledgeStudio, lines: Lines) -> None:
        self._desk = studio.desk
        self._pictures = studio.pictures
        self._lines = lines
        self.router = Routes("conversations")
        path = "/api/sessions/{session_id}/turns/{turn_id}/sources/{source_id}"
        self.router.add("GET", path, self.show_source)

    async def show_source(self, caller: Caller, session_id: UUID, turn_id: int, source_id: UUID) -> SourcePassage:
        """The passage that an answer of this conversation rests on, as long as the conversation is open.

        NOT_FOUND when the conversation is over, or when the document has changed since. Of a product its
        pictures come along.
        """
        line = self._lines.find(session_id, caller.user_id)
        item, clone = line.source(turn_id, str(source_id)), line.session.clone
        whole = caller.user_id == clone.owner_id
        quoted = await self._desk.quoted(clone.owner_id, clone.id, source_of(item), whole=whole)
        pictures = await self._pictures.of_passage(clone, source_id)
        return SourcePassage(
            title=item.title,
            heading=item.heading,
            locator=item.locator,
            url=item.url,
            before=quoted.before,
            passage=quoted.chunk.content,
            after=quoted.after,
            pictures=[SourcePicture.model_validate(told_picture(each)) for each in pictures],
        )
