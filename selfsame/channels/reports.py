"""What people say of answers, what the clones did, and the log, over HTTP.

Whoever took part in a conversation may report an answer and rate it; the rest is the owner's alone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from starlette.responses import StreamingResponse

from selfsame.channels.account_models import (
    Amounts,
    AuditAnswer,
    AuditItem,
    CloneItem,
    CostItem,
    CostSum,
    DayItem,
    RatingBody,
    RatingItem,
    RatingsAnswer,
    ReportBody,
    ReportItem,
    ReportsAnswer,
    ResolveBody,
    StorageItem,
    Taken,
    UsageAnswer,
)
from selfsame.channels.account_port import Account
from selfsame.channels.audit_export import Format, exported, file_name
from selfsame.channels.door import Admin, Caller, Owner, OwnPage
from selfsame.channels.identity import Identity
from selfsame.channels.limits import Buckets
from selfsame.channels.peers import Peer
from selfsame.channels.routing import Routes, gives
from selfsame.clones.audit import AuditLog
from selfsame.clones.reports import Complaint, Report, Status
from selfsame.clones.usage import DAYS, Sum, begin, costs, summed
from selfsame.errors import TooLarge
from selfsame.kit.clock import Clock

SENT_AN_HOUR, SENT_AT_ONCE = 30.0, 10.0
"""Reports and ratings of one user, and of one address."""


class ReportRoutes:
    """`/api/reports`, `/api/feedback`, `/api/usage`, `/api/audit`."""

    def __init__(self, account: Account, clock: Clock, now: Callable[[], datetime]) -> None:
        self._account = account
        self._clock = clock
        self._now = now
        self._sent = Buckets(SENT_AN_HOUR / 3600, SENT_AT_ONCE)
        self.router = Routes("account")
        add = partial(self.router.add, response_model_exclude_unset=False)
        add("POST", "/api/reports", self.report_answer, status_code=201)
        add("GET", "/api/reports", self.list_reports)
        add("POST", "/api/reports/{report_id}/resolve", self.resolve_report)
        add("POST", "/api/feedback", self.rate_conversation, status_code=201)
        add("GET", "/api/feedback", self.list_ratings)
        add("GET", "/api/usage", self.show_usage)
        add("GET", "/api/audit", self.show_audit_log)
        file = gives("application/x-ndjson", "text/csv", schema={"type": "string"})
        self.router.add("GET", "/api/audit/export", self.export_audit_log, response_class=Response, **file)
        everybody = "/api/operations/audit/export"
        self.router.add("GET", everybody, self.export_everybodys_log, response_class=Response, **file)

    async def report_answer(self, caller: Caller, peer: OwnPage, body: ReportBody) -> Taken:
        """Report an answer of one's own conversation to the owner of the clone; the same turn again replaces it.

        Without consent to keep transcripts, only what is sent here is kept.
        """
        user = self._sender(caller, peer)
        sent = Complaint(body.session_id, body.turn_id, body.reason, body.words, body.question, body.answer)
        return Taken(id=await self._account.reports.report(user, sent))

    async def list_reports(
        self, owner: Owner, status: Status | None = None, limit: Annotated[int, Query(ge=1, le=1000)] = 200
    ) -> ReportsAnswer:
        """Reports of the owner's clones, newest first. A report with a question is corrected by the clone's corrections
        (`POST /api/clones/{slug}/corrections`), then resolved."""
        names = await self._names(owner)
        found = await self._account.reports.reports(owner, status, limit)
        return ReportsAnswer(reports=[_report(each, names) for each in found])

    async def resolve_report(self, owner: Owner, report_id: UUID, body: ResolveBody) -> ReportItem:
        """Mark a report as dealt with."""
        return _report(await self._account.reports.resolve(owner, report_id, body.note), await self._names(owner))

    async def rate_conversation(self, caller: Caller, peer: OwnPage, body: RatingBody) -> Taken:
        """Rate one's own conversation from 1 (bad) to 5 (good); again replaces it."""
        user = self._sender(caller, peer)
        return Taken(id=await self._account.reports.rate(user, body.session_id, body.rating, body.words))

    async def list_ratings(self, owner: Owner, limit: Annotated[int, Query(ge=1, le=1000)] = 200) -> RatingsAnswer:
        """Ratings of the owner's clones, newest first."""
        names = await self._names(owner)
        found = await self._account.reports.ratings(owner, limit)
        items = [
            RatingItem(
                clone=names.get(each.clone_id),
                session_id=each.session_id,
                rating=each.rating,
                words=each.words,
                rated_at=each.created_at,
            )
            for each in found
        ]
        average = round(sum(each.rating for each in found) / len(found), 2) if found else None
        return RatingsAnswer(average=average, count=len(found), ratings=items)

    async def show_usage(self, owner: Owner, days: Annotated[int, Query(ge=DAYS[0], le=DAYS[1])] = 30) -> UsageAnswer:
        """What the owner's clones did in the last days, by day and by clone, what is stored, and what it may have cost.

        Costs are estimates: the embedded engines cost nothing, and a language model is reckoned by its list price.
        """
        found = await self._account.usage.since(owner, begin(self._now(), days))
        summary = summed(found, days)
        storage = await self._account.storage(owner)
        kept = {name: getattr(storage, name) for name in StorageItem.model_fields}
        parts = costs(found.turns, self._account.own_models())
        return UsageAnswer(
            days=days,
            since=found.since,
            total=Amounts(**_amounts(summary.total)),
            per_day=[DayItem(day=day, **_amounts(each)) for day, each in sorted(summary.days.items())],
            per_clone=[CloneItem(clone=slug, **_amounts(each)) for slug, each in summary.clones.items()],
            storage=StorageItem(**kept),
            costs=[CostItem(provider=c.provider, turns=c.turns, dollars=c.dollars, basis=c.basis) for c in parts],
            cost=_cost([part.dollars for part in parts], summary.total.minutes),
        )

    async def show_audit_log(
        self,
        owner: Owner,
        action: Annotated[str | None, Query(max_length=50, pattern=r"^[a-z_]+$")] = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    ) -> AuditAnswer:
        """Who signed in, changed, uploaded and deleted what, newest first; kept 90 days."""
        entries = []
        for line in await self._account.audit.read(owner, limit, action):
            entry = line.entry
            entries.append(
                AuditItem(
                    timestamp=line.at,
                    user_id=entry.user_id,
                    action=entry.action,
                    resource=entry.resource,
                    result=entry.result,
                    ip_address=entry.ip_address,
                    user_agent=entry.user_agent,
                    metadata=dict(entry.details),
                )
            )
        return AuditAnswer(entries=entries)

    async def export_audit_log(self, caller: Caller, _page: OwnPage, format: Format = "jsonl") -> Response:
        """The caller's whole log as a file: lines of JSON, which BigQuery loads as they are, or CSV."""
        return _file(self._account.audit, format, caller.user_id)

    async def export_everybodys_log(self, _admin: Admin, format: Format = "jsonl") -> Response:
        """The same of all users of this server, for whoever runs it."""
        return _file(self._account.audit, format, None)

    def _sender(self, caller: Identity, peer: Peer) -> UUID:
        """Whoever may send now. Raises TooLarge (RATE_LIMITED); the person at this machine is not limited."""
        user, now = caller.user_id, self._clock.now()
        if not peer.is_local and not (self._sent.take(str(user), now) and self._sent.take(peer.address, now)):
            raise TooLarge("too many reports and ratings; wait some minutes", code="RATE_LIMITED")
        return user

    async def _names(self, owner: UUID) -> dict[UUID, str]:
        return dict((await self._account.usage.since(owner, self._now())).clones)


def _file(log: AuditLog, form: Format, user: UUID | None) -> Response:
    headers = {
        "content-disposition": f'attachment; filename="{file_name(form, user)}"',
        "cache-control": "private, no-store",
    }
    kind = "text/csv; charset=utf-8" if form == "csv" else "application/x-ndjson"
    return StreamingResponse(exported(log, form, user), media_type=kind, headers=headers)


def _amounts(found: Sum) -> dict[str, Any]:
    return {
        "conversations": found.conversations,
        "minutes": round(found.minutes, 2),
        "turns": found.turns,
        "clips": found.clips,
        "heard_seconds": round(found.heard, 1),
        "spoken_seconds": round(found.spoken, 1),
    }


def _cost(parts: list[float | None], minutes: float) -> CostSum:
    """The models' part is the whole: all else runs on this machine in this version."""
    known = [part for part in parts if part is not None]
    whole = round(sum(known), 4) if len(known) == len(parts) else None
    return CostSum(
        asr_cost=0.0,
        llm_cost=whole,
        tts_cost=0.0,
        lip_sync_cost=0.0,
        storage_cost=0.0,
        network_cost=0.0,
        total_cost=whole,
        average_per_minute=None if whole is None or not minutes else round(whole / minutes, 6),
    )


def _report(report: Report, names: dict[UUID, str]) -> ReportItem:
    return ReportItem(
        id=report.id,
        clone=names.get(report.clone_id),
        session_id=report.session_id,
        turn_id=report.turn,
        reason=report.reason,
        words=report.words,
        question=report.question,
        answer=report.answer,
        status=report.status,
        note=report.note,
        reported_at=report.created_at,
        resolved_at=report.resolved_at,
    )
