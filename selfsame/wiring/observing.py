"""Binding what is counted to where it happens: stored turns, engines, their breakers, the database's pool."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import anyio.lowlevel
import structlog

from selfsame.channels.deps import Breaker, ChannelDeps, OperationsDesk, PoolUse
from selfsame.channels.observatory import DAY, Observatory
from selfsame.conversation.costs import Tariff
from selfsame.conversation.port import ConversationStore, SessionRecord
from selfsame.errors import ProviderError, Role, SelfsameError
from selfsame.events.turns import TurnRecord
from selfsame.jobs.bell import Bell
from selfsame.kit.clock import SYSTEM
from selfsame.mind.port import LanguageModel
from selfsame.providers.wrap.ladder import Ladder
from selfsame.providers.wrap.metered import MeteredLanguageModel, MeteredSpeechToText, MeteredTextToSpeech, meters
from selfsame.settings import Settings
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.job_desk import PostgresJobDesk
from selfsame.stores.postgres.jobs import PostgresJobs
from selfsame.stores.postgres.operations import PostgresOperations
from selfsame.wiring.choices import Announcer, Choice
from selfsame.wiring.engines import Engines

log = structlog.get_logger(__name__)
AT_ONCE = 100
"""Old turns counted before others may go on."""


@dataclass(frozen=True, slots=True)
class ObservedConversations:
    """A `ConversationStore` that prices each turn before it is stored, and counts it once it is.

    So the figures of this process and those of the database are of the same turns; one that comes twice counts once.
    """

    store: ConversationStore
    observatory: Observatory
    settings: Settings
    report: Callable[[], Sequence[Choice]]

    async def open(self, session: SessionRecord) -> SessionRecord:
        """As the store does."""
        return await self.store.open(session)

    async def commit(self, session_id: UUID, user_id: UUID, turn: TurnRecord) -> bool:
        """As the store does."""
        report = self.report()  # the mind may have been chosen anew
        priced = replace(turn, costs=tariff_of(self.settings, report).costs_of(turn))
        stored = await self.store.commit(session_id, user_id, priced)
        if stored:
            self.observatory.turn(priced)
            self.observatory.costs.note(str(session_id), priced, providers_of(report))
        return stored

    async def close(self, session_id: UUID, user_id: UUID) -> None:
        """As the store does."""
        await self.store.close(session_id, user_id)


def tariff_of(settings: Settings, report: Sequence[Choice]) -> Tariff:
    """Prices of the roles that a vendor serves; minds of our own, which may stand in for a vendor's, are free."""
    roles = {"asr": "asr", "llm": "llm", "tts": "tts", "face": "lipSync"}
    paid = frozenset(roles[c.role] for c in report if c.role in roles and c.tier == "cloud")
    return Tariff(settings.unit_prices, paid)


def providers_of(report: Sequence[Choice]) -> dict[str, str]:
    """Who serves each item that costs."""
    return {choice.role: choice.name for choice in report} | {"storage": "storage", "network": "network"}


def metered(engines: Engines, observatory: Observatory) -> Engines:
    """The engines, counted. Where several stand behind one another, each is counted by itself."""
    chosen = {choice.role: choice.name for choice in engines.report}
    registry, call = observatory.registry, observatory.call
    meters(registry)

    def thinker(model: LanguageModel, choice: Choice) -> LanguageModel:
        def meter(engine: Any) -> MeteredLanguageModel:
            known = engine.abilities
            name = known.model if known.model == choice.name else known.name
            return MeteredLanguageModel(engine, SYSTEM, registry, call, name)

        return _each(model, meter)

    def hearing(engine: Any) -> MeteredSpeechToText:
        return MeteredSpeechToText(engine, SYSTEM, registry, call)

    def speaking(engine: Any) -> MeteredTextToSpeech:
        plain = getattr(engine, "plain_name", chosen["tts"])
        return MeteredTextToSpeech(engine, SYSTEM, registry, call, plain)

    ears = engines.ears
    engines.thinker.metered_by(thinker)
    return replace(
        engines,
        ears=replace(ears, engine=_each(ears.engine, hearing)),
        speaking=_each(engines.speaking, speaking),
    )


def _each(engine: Any, meter: Callable[[Any], Any]) -> Any:
    """The engine metered, or each rung of its ladder."""
    ladder = getattr(engine, "ladder", None)
    if not isinstance(ladder, Ladder):
        return meter(engine)
    ladder.rungs = tuple(replace(rung, engine=meter(rung.engine)) for rung in ladder.rungs)
    return engine


def breakers_of(engines: Engines) -> list[Breaker]:
    """The breakers of engines that stand behind one another."""
    found = []
    for engine in (engines.thinker, engines.ears.engine, engines.speaking):
        ladder = getattr(engine, "ladder", None)
        if isinstance(ladder, Ladder):
            for rung in ladder.rungs:
                name = getattr(rung.engine, "label", rung.name)
                found.append(Breaker(ladder.role, name, rung.breaker.state, rung.breaker.failure_count))
    return found


def named_by(engines: Engines, observatory: Observatory) -> Callable[[Role, str, str, ProviderError], None]:
    """A listener to fallbacks that calls engines by the names under which they are counted."""

    def fell_back(role: Role, left: str, taken: str, error: ProviderError) -> None:
        engine = {"llm": engines.thinker, "asr": engines.ears.engine, "tts": engines.speaking}.get(role)
        rungs = getattr(getattr(engine, "ladder", None), "rungs", ())
        names = {rung.name: getattr(rung.engine, "label", rung.name) for rung in rungs}
        observatory.fell_back(role, names.get(left, left), names.get(taken, taken), error)

    return fell_back


async def remember_turns(past: PostgresOperations, observatory: Observatory) -> None:
    """Count the turns of the last day that were stored before this process began."""
    try:
        turns = await past.turns(DAY)
    except SelfsameError as error:
        log.warning("turns from before the start are not counted", code=error.code)
        return
    for number, (at, turn) in enumerate(turns):
        if at.timestamp() < observatory.began:
            observatory.turn(turn, at.timestamp())
        if number % AT_ONCE == 0:
            await anyio.lowlevel.checkpoint()


@dataclass(frozen=True, slots=True)
class Observing:
    """What counts, and the engines that are counted."""

    observatory: Observatory
    engines: Engines
    settings: Settings

    @classmethod
    def begin(cls, settings: Settings, announcer: Announcer, engines: Engines) -> Observing:
        """Count these engines from now on."""
        observatory = Observatory()
        counted = metered(engines, observatory)
        announcer.watchers.append(named_by(counted, observatory))
        return cls(observatory, counted, settings)

    def stored(self, store: ConversationStore) -> ObservedConversations:
        """The store whose turns are counted."""
        return ObservedConversations(store, self.observatory, self.settings, lambda: self.engines.report)

    async def remember(self, database: Database) -> None:
        """Count what was stored before."""
        await remember_turns(PostgresOperations(database), self.observatory)

    def shown(self, deps: ChannelDeps, database: Database, bell: Bell) -> ChannelDeps:
        """The channels with the operations page's side."""
        engines, settings = self.engines, self.settings
        desk = OperationsDesk(
            PostgresJobs(database, bell=bell),
            PostgresJobDesk(database),
            PostgresOperations(database),
            lambda: PoolUse(*database.connections),
            lambda: breakers_of(engines),
            lambda: tariff_of(settings, engines.report),
            float(settings.monthly_budget),
            settings.home,
        )
        return replace(deps, observatory=self.observatory, operations=desk)
