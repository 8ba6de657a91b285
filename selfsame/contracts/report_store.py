"""What every `ReportStore` must do. Inherit, and give the fixture `bench`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest

from selfsame.clones.reports import KEPT_DAYS, LONGEST_WORDS, Complaint, ReportStore
from selfsame.contracts.conversation_store import turn
from selfsame.conversation.port import ConversationStore, SessionRecord
from selfsame.errors import NotFound
from selfsame.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class ReportBench:
    """A fresh store over conversations, a public clone of `owner`, people who may meet it, and a moving clock."""

    store: ReportStore
    conversations: ConversationStore
    owner: UUID
    clone: UUID
    visitor: UUID
    stranger: UUID
    pass_by: Callable[[timedelta], None]

    async def talk(self, who: UUID, *, keep: bool) -> UUID:
        """A conversation of one turn with the clone; its texts are kept if `keep`."""
        self.pass_by(timedelta(seconds=1))
        record = await self.conversations.open(SessionRecord(new_id(), who, self.clone, keep_transcripts=keep))
        await self.conversations.commit(record.id, who, turn(1))
        return record.id


@pytest.mark.anyio
class ReportStoreContract:
    """Reports belong to the clone's owner, hold what was sent, and copy only what may be kept."""

    @pytest.fixture
    def bench(self) -> ReportBench:
        """To be given by the adapter's tests."""
        raise NotImplementedError

    async def test_without_consent_only_what_is_sent_is_kept(self, bench: ReportBench) -> None:
        talk = await bench.talk(bench.visitor, keep=False)
        key = await bench.store.report(bench.visitor, Complaint(talk, 1, "wrong", "  It is closed.\0 "))
        (report,) = await bench.store.reports(bench.owner)
        assert (report.id, report.clone_id, report.session_id, report.turn) == (key, bench.clone, talk, 1)
        assert (report.reason, report.words, report.status) == ("wrong", "It is closed.", "open")
        assert (report.question, report.answer) == (None, None)

    async def test_with_consent_the_turn_is_copied(self, bench: ReportBench) -> None:
        talk = await bench.talk(bench.visitor, keep=True)
        await bench.store.report(bench.visitor, Complaint(talk, 1, "made_up"))
        (report,) = await bench.store.reports(bench.owner)
        assert (report.question, report.answer) == (turn(1).user, turn(1).clone)
        bench.pass_by(timedelta(seconds=1))
        await bench.store.report(bench.visitor, Complaint(talk, 7, "other"))
        assert (await bench.store.reports(bench.owner))[0].question is None, "a turn that is not there has no text"

    async def test_what_is_sent_wins_over_what_is_kept(self, bench: ReportBench) -> None:
        talk = await bench.talk(bench.visitor, keep=True)
        await bench.store.report(bench.visitor, Complaint(talk, 1, "wrong", question="Open when?", answer="Never."))
        (report,) = await bench.store.reports(bench.owner)
        assert (report.question, report.answer) == ("Open when?", "Never.")

    async def test_the_same_turn_again_replaces_and_opens_the_report(self, bench: ReportBench) -> None:
        talk = await bench.talk(bench.visitor, keep=False)
        first = await bench.store.report(bench.visitor, Complaint(talk, 1, "wrong", "one"))
        done = await bench.store.resolve(bench.owner, first, "Corrected.")
        assert (done.status, done.note) == ("resolved", "Corrected.") and done.resolved_at is not None
        assert await bench.store.reports(bench.owner, "open") == []
        assert [each.id for each in await bench.store.reports(bench.owner, "resolved")] == [first]
        assert await bench.store.report(bench.visitor, Complaint(talk, 1, "rude", "two")) == first
        (report,) = await bench.store.reports(bench.owner, "open")
        assert (report.reason, report.words, report.note) == ("rude", "two", "")

    async def test_only_ones_own_conversation_is_reported_and_rated(self, bench: ReportBench) -> None:
        talk = await bench.talk(bench.visitor, keep=True)
        for session in (talk, new_id()):
            with pytest.raises(NotFound):
                await bench.store.report(bench.stranger, Complaint(session, 1, "wrong"))
            with pytest.raises(NotFound):
                await bench.store.rate(bench.stranger, session, 5)
        assert await bench.store.reports(bench.owner) == []

    async def test_reports_and_ratings_are_the_clones_owners_alone(self, bench: ReportBench) -> None:
        talk = await bench.talk(bench.visitor, keep=False)
        key = await bench.store.report(bench.visitor, Complaint(talk, 1, "wrong"))
        await bench.store.rate(bench.visitor, talk, 2)
        for other in (bench.visitor, bench.stranger):
            assert await bench.store.reports(other) == []
            assert await bench.store.ratings(other) == []
            with pytest.raises(NotFound):
                await bench.store.resolve(other, key)
        assert len(await bench.store.reports(bench.owner)) == 1

    async def test_a_conversation_has_one_rating_of_each_who_took_part(self, bench: ReportBench) -> None:
        talk = await bench.talk(bench.visitor, keep=False)
        first = await bench.store.rate(bench.visitor, talk, 2, "too slow")
        bench.pass_by(timedelta(seconds=1))
        assert await bench.store.rate(bench.visitor, talk, 4, "x" * (LONGEST_WORDS + 5)) == first
        bench.pass_by(timedelta(seconds=1))
        await bench.store.rate(bench.owner, await bench.talk(bench.owner, keep=False), 5)
        assert [each.rating for each in await bench.store.ratings(bench.owner)] == [5, 4]
        assert len((await bench.store.ratings(bench.owner))[1].words) == LONGEST_WORDS
        assert len(await bench.store.ratings(bench.owner, limit=1)) == 1

    async def test_newest_come_first_and_old_ones_are_forgotten(self, bench: ReportBench) -> None:
        for reason in ("wrong", "rude"):
            talk = await bench.talk(bench.visitor, keep=False)
            await bench.store.report(bench.visitor, Complaint(talk, 1, reason))  # type: ignore[arg-type]
        assert [each.reason for each in await bench.store.reports(bench.owner)] == ["rude", "wrong"]
        assert len(await bench.store.reports(bench.owner, limit=1)) == 1
        bench.pass_by(timedelta(days=KEPT_DAYS))
        assert await bench.store.sweep() == 2
        assert await bench.store.reports(bench.owner) == []
