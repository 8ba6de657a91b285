"""The demonstration clone: made at the first start, brought up to date when its documents change."""

from __future__ import annotations

from uuid import UUID

import structlog

from selfsame.clones.clone import Clone
from selfsame.clones.persona import PROFILE, PersonaProfile
from selfsame.demo import DEMO
from selfsame.errors import BadInput
from selfsame.kit.ids import stable_id
from selfsame.library.answers import AnswerDesk
from selfsame.library.ingest import SourceFile, ingest
from selfsame.library.port import Embedder
from selfsame.stores.postgres.clones import PostgresClones
from selfsame.stores.postgres.knowledge import PostgresKnowledge
from selfsame.stores.postgres.shelf import PostgresShelf

log = structlog.get_logger(__name__)


async def seed(
    clones: PostgresClones,
    knowledge: PostgresKnowledge,
    embedder: Embedder,
    owner: UUID,
    shelf: PostgresShelf,
    answers: AnswerDesk,
) -> Clone:
    """Make or update the demonstration clone and return it. What has not changed costs a comparison.

    What its owner added to it or answered stays.
    """
    clone = await introduce(clones, owner)
    try:
        await _shelve(knowledge, embedder, clone, shelf)
    except BadInput as error:
        # Another embedding model built the collection: its vectors cannot be mixed with ours, so it is built anew.
        log.info("the demonstration clone's knowledge is indexed again", reason=error.code)
        kept = await answers.answers(owner, clone.id)
        for each in await shelf.of(owner, clone.id):
            if each.upload is None:
                await knowledge.delete(owner, each.document.id)
        await shelf.reindex(owner, clone.id)
        await _shelve(knowledge, embedder, clone, shelf)
        for answer in reversed(kept):
            await answers.correct(owner, clone.id, answer.question, answer.answer)
    return await clones.get(clone.id, owner)


async def introduce(clones: PostgresClones, owner: UUID) -> Clone:
    """The demonstration clone without its knowledge: who it is and how it speaks."""
    wanted = Clone(stable_id("demo", f"{owner}:{DEMO.slug}"), owner, DEMO.slug, DEMO.name, public=True)
    kept = await clones.profile(wanted)  # what the owner wrote, or had extracted, outlives a new start
    extracted = kept.auto_extracted if kept.auto_extracted.keys() >= set(PROFILE) else DEMO.persona
    return await clones.put(wanted, PersonaProfile(extracted, kept.manual_overrides))


async def _shelve(knowledge: PostgresKnowledge, embedder: Embedder, clone: Clone, shelf: PostgresShelf) -> None:
    names = set()
    for filename, text, language in DEMO.documents:
        names.add(filename)
        file = SourceFile(filename, text.encode(), language=language)
        await ingest(knowledge, embedder, clone.owner_id, clone.id, file)
    for each in await shelf.of(clone.owner_id, clone.id):
        document = each.document
        if each.upload is None and document.filename not in names and document.kind != "correction":
            await knowledge.delete(clone.owner_id, document.id)


def spoken_knowledge() -> list[str]:
    """The English texts of the guide, for the ears to adapt to."""
    return [text for _, text, language in DEMO.documents if language == "EN"]
