"""Reports and ratings in memory, for tests: the same contract as Postgres, but nothing survives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from selfsame.clones.reports import (
    KEPT_DAYS,
    LONGEST_ANSWER,
    LONGEST_QUESTION,
    LONGEST_WORDS,
    MOST_REPORTS,
    Complaint,
    Rating,
    Report,
    Status,
    one_line,
)
from selfsame.conversation.port import SessionRecord
from selfsame.errors import NotFound
from selfsame.kit.clock import wall
from selfsame.kit.ids import new_id
from selfsame.stores.memory import MemoryConversations


class MemoryReports:
    """`ReportStore` in memory, over conversations in memory; `owners` says whose each clone is."""

    def __init__(
        self,
        conversations: MemoryConversations,
        owners: Mapping[UUID, UUID],
        now: Callable[[], datetime] = wall,
    ) -> None:
        self._conversations = conversations
        self._owners = owners
        self._now = now
        self._reports: dict[tuple[UUID, int, UUID], Report] = {}
        self._ratings: dict[tuple[UUID, UUID], Rating] = {}

    async def report(self, sender: UUID, complaint: Complaint) -> UUID:
        """Keep a report; see the port. Raises NotFound."""
        record = self._met(sender, complaint.session_id)
        question, answer = complaint.question, complaint.answer
        if one_line(question, 1) is None and one_line(answer, 1) is None:
            for turn in record.turns:
                if turn.turn == complaint.turn:
                    question, answer = turn.user, turn.clone
        key = (complaint.session_id, complaint.turn, sender)
        known = self._reports.pop(key, None)
        self._reports[key] = Report(
            known.id if known else new_id(),
            record.clone_id,
            complaint.session_id,
            complaint.turn,
            complaint.reason,
            one_line(complaint.words, LONGEST_WORDS) or "",
            one_line(question, LONGEST_QUESTION),
            one_line(answer, LONGEST_ANSWER),
            "open",
            "",
            self._now(),
        )
        of_clone = [each for each, report in self._reports.items() if report.clone_id == record.clone_id]
        for oldest in of_clone[:-MOST_REPORTS]:
            del self._reports[oldest]
        return self._reports[key].id

    async def reports(self, owner: UUID, status: Status | None = None, limit: int = 200) -> list[Report]:
        """Reports of the owner's clones, newest first."""
        mine = [each for each in reversed(self._reports.values()) if self._owners[each.clone_id] == owner]
        return [each for each in mine if status in (None, each.status)][:limit]

    async def resolve(self, owner: UUID, report_id: UUID, note: str = "") -> Report:
        """Mark a report as dealt with. Raises NotFound."""
        for key, report in self._reports.items():
            if report.id == report_id and self._owners[report.clone_id] == owner:
                said = one_line(note, LONGEST_WORDS) or ""
                self._reports[key] = replace(report, status="resolved", note=said, resolved_at=self._now())
                return self._reports[key]
        raise NotFound("there is no such report")

    async def rate(self, sender: UUID, session_id: UUID, rating: int, words: str = "") -> UUID:
        """Keep a rating; see the port. Raises NotFound."""
        record = self._met(sender, session_id)
        known = self._ratings.pop((session_id, sender), None)
        key, said = known.id if known else new_id(), one_line(words, LONGEST_WORDS) or ""
        self._ratings[session_id, sender] = Rating(key, record.clone_id, session_id, rating, said, self._now())
        return key

    async def ratings(self, owner: UUID, limit: int = 200) -> list[Rating]:
        """Ratings of the owner's clones, newest first."""
        mine = [each for each in reversed(self._ratings.values()) if self._owners[each.clone_id] == owner]
        return mine[:limit]

    async def sweep(self) -> int:
        """Forget what is old."""
        old = self._now() - timedelta(days=KEPT_DAYS)
        before = len(self._reports) + len(self._ratings)
        self._reports = {key: each for key, each in self._reports.items() if each.created_at > old}
        self._ratings = {key: each for key, each in self._ratings.items() if each.created_at > old}
        return before - len(self._reports) - len(self._ratings)

    def _met(self, sender: UUID, session_id: UUID) -> SessionRecord:
        record = self._conversations.record(session_id, sender)
        if record is None:
            raise NotFound("there is no such conversation of yours")
        return record
