"""What conversations cost, from unit prices (COST-01 to COST-03, COST-06). Pure.

Engines that run on this machine cost nothing: only a role that a vendor serves has a price.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date

from selfsame.events.turns import TurnCosts, TurnRecord

SAMPLE_BYTES_PER_MS = 44.1
"""Reply sound as it is sent: 22.05 kHz, 16 bits."""
GIGABYTE = 1e9
ROW_BYTES = 2_000
"""About what a stored turn takes with its sources and indexes; kept for a month, it costs one unit of storage."""
MOST_SESSIONS = 10_000
UNITS = {
    "asr": "a minute of the user's speech",
    "llm": "1000 tokens, asked and answered alike",
    "tts": "1000 characters spoken",
    "lipSync": "a minute of reply sound",
    "storage": "a gigabyte kept for a month",
    "network": "a gigabyte of reply sound sent",
}


@dataclass(frozen=True, slots=True)
class Tariff:
    """Unit prices in dollars by item (see `UNITS`), and which roles a vendor serves.

    `free_models` are minds of our own, which may answer although a vendor's is preferred. Storage and network have a
    price whoever serves the roles.
    """

    prices: Mapping[str, float]
    paid_roles: frozenset[str] = frozenset()
    free_models: frozenset[str] = frozenset()

    def costs_of(self, turn: TurnRecord) -> TurnCosts:
        """What a turn cost, in dollars by item."""
        measures = turn.metrics
        # Small talk and "I do not know" are said without asking the vendor: then no tokens were asked.
        asked = measures.prompt_tokens and measures.model not in self.free_models
        return TurnCosts(
            asr=self._of("asr") * turn.user_audio_ms / 60_000,
            llm=self._of("llm") * (measures.prompt_tokens + measures.reply_tokens) / 1000 if asked else 0.0,
            tts=self._of("tts") * measures.characters / 1000,
            lip_sync=self._of("lipSync") * turn.reply_audio_ms / 60_000,
            storage=self.prices.get("storage", 0.0) * ROW_BYTES / GIGABYTE,
            network=self.prices.get("network", 0.0) * turn.reply_audio_ms * SAMPLE_BYTES_PER_MS / GIGABYTE,
        )

    def _of(self, role: str) -> float:
        return self.prices.get(role, 0.0) if role in self.paid_roles else 0.0


def added(left: TurnCosts, right: TurnCosts) -> TurnCosts:
    """Both, item by item."""
    return replace(left, **{f.name: getattr(left, f.name) + getattr(right, f.name) for f in fields(TurnCosts)})


@dataclass(frozen=True, slots=True)
class DayCosts:
    """What the turns of a day (UTC) in which `model` answered cost in dollars; `rest` is lip-sync, storage, network."""

    day: date
    model: str
    turns: int
    seconds: float
    asr: float
    llm: float
    tts: float
    rest: float

    @property
    def total(self) -> float:
        """All items."""
        return self.asr + self.llm + self.tts + self.rest


@dataclass(slots=True)
class _Account:
    costs: TurnCosts
    seconds: float = 0.0


class CostTracker:
    """Costs of the conversations of this process (COST-01); the last `MOST_SESSIONS` are kept by session."""

    def __init__(self) -> None:
        self._accounts: OrderedDict[str, _Account] = OrderedDict()
        self._by_provider: Counter[str] = Counter()
        self._total = _Account(TurnCosts())
        self._alarms: list[tuple[float, Callable[[float], None]]] = []

    def note(self, session: str, turn: TurnRecord, providers: Mapping[str, str]) -> None:
        """Add a turn; `providers` names who served each item ("llm" is named by the turn itself)."""
        costs = turn.costs
        seconds = (turn.user_audio_ms + turn.heard_ms) / 1000
        account = self._accounts.setdefault(session, _Account(TurnCosts()))
        self._accounts.move_to_end(session)
        while len(self._accounts) > MOST_SESSIONS:
            self._accounts.popitem(last=False)
        for each in (account, self._total):
            each.costs = added(each.costs, costs)
            each.seconds += seconds
        for item, amount in costs.items().items():
            if amount:
                name = (turn.metrics.model if item == "llm" else "") or providers.get(item, item)
                self._by_provider[name] += amount  # type: ignore[assignment]
        self._ring_alarms()

    def conversation_cost(self, session: str) -> TurnCosts:
        """What a conversation has cost so far, by item; nothing for one that is not known."""
        account = self._accounts.get(session)
        return account.costs if account else TurnCosts()

    def average_cost_per_minute(self) -> float:
        """Dollars a minute of talk (what users said and what they heard)."""
        return 60 * self._total.costs.total / self._total.seconds if self._total.seconds else 0.0

    def cost_by_provider(self) -> Mapping[str, float]:
        """Dollars by who was paid."""
        return dict(self._by_provider)

    @property
    def total(self) -> TurnCosts:
        """All turns, by item."""
        return self._total.costs

    def alert_on(self, threshold: float, alarm: Callable[[float], None]) -> None:
        """Call `alarm` with the total, once, when it passes `threshold` dollars."""
        self._alarms.append((threshold, alarm))
        self._ring_alarms()

    def _ring_alarms(self) -> None:
        total = self._total.costs.total
        for threshold, alarm in [each for each in self._alarms if total > each[0]]:
            self._alarms.remove((threshold, alarm))
            alarm(total)


def unpriced(tariff: Tariff) -> Collection[str]:
    """Roles that a vendor serves and that have no price: their costs are not known, not 0."""
    return sorted(role for role in tariff.paid_roles if role not in tariff.prices)
