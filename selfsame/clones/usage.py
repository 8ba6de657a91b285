"""What a user's clones did in some days, and what that may have cost (COST-01 to COST-03, RATE-08). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from uuid import UUID

DAYS = (1, 366)


@dataclass(frozen=True, slots=True)
class Talked:
    """Conversations that began on a day with one clone; `minutes` from their first to their last activity."""

    day: date
    clone_id: UUID
    conversations: int
    minutes: float


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the models of some turns read and wrote. `estimated` turns are reckoned from their real texts, since the
    vendor told nothing; of `uncounted` ones, from before tokens were kept, only the seconds spoken are known."""

    prompt: int = 0
    reply: int = 0
    estimated: int = 0
    uncounted: int = 0
    uncounted_spoken: float = 0.0


@dataclass(frozen=True, slots=True)
class Turns:
    """Turns of a day with one clone, answered by one model: seconds heard and seconds spoken."""

    day: date
    clone_id: UUID
    model: str
    turns: int
    heard: float
    spoken: float
    tokens: Tokens = Tokens()


@dataclass(frozen=True, slots=True)
class Made:
    """Clips that became ready on a day."""

    day: date
    clone_id: UUID
    clips: int


@dataclass(frozen=True, slots=True)
class Storage:
    """Bytes of the user's files, as they lie on disk."""

    documents: int = 0
    voices: int = 0
    faces: int = 0
    clips: int = 0

    @property
    def total(self) -> int:
        """All together."""
        return self.documents + self.voices + self.faces + self.clips


@dataclass(frozen=True, slots=True)
class Usage:
    """What the database holds since a moment. `clones` maps ids to slugs."""

    since: datetime
    clones: Mapping[UUID, str]
    talked: Sequence[Talked] = ()
    turns: Sequence[Turns] = ()
    made: Sequence[Made] = ()


class UsageStore(Protocol):
    """Counts what the owner's clones did, with whomever."""

    async def since(self, owner: UUID, since: datetime) -> Usage:
        """The counts by day and clone, days in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class TokenPrice:
    """Dollars for a million tokens. `as_of` is when the vendor's list was read; lists change."""

    prompt: float
    reply: float
    as_of: date


_LIST = date(2026, 4, 1)
PRICES: Mapping[str, TokenPrice] = {
    "gpt-4-turbo": TokenPrice(10.00, 30.00, _LIST),
    "gpt-4o": TokenPrice(2.50, 10.00, _LIST),
    "gpt-4o-mini": TokenPrice(0.15, 0.60, _LIST),
    "gpt-4.1": TokenPrice(2.00, 8.00, _LIST),
    "gpt-4.1-mini": TokenPrice(0.40, 1.60, _LIST),
    "gpt-4.1-nano": TokenPrice(0.10, 0.40, _LIST),
    "gpt-5": TokenPrice(1.25, 10.00, _LIST),
    "gpt-5-mini": TokenPrice(0.25, 2.00, _LIST),
    "gpt-5-nano": TokenPrice(0.05, 0.40, _LIST),
}
"""OpenAI's list prices as public overviews gave them in March and April 2026: an orientation, never a bill."""
OWN_MODELS = ("embedded-answers", "fake-echo", "")
"""Answers of this machine, which cost nothing; an empty name is a turn without a thinker."""
PROMPT_TOKENS = 2000
"""Assumed of each turn from before tokens were kept: instructions, passages and history."""
TOKENS_A_SECOND = 3.5
"""Assumed of those: of reply for each second spoken, about 2.6 English words a second at 1.33 tokens each."""


@dataclass(frozen=True, slots=True)
class Cost:
    """An estimate in dollars; None where no price is known. `basis` says what it rests on."""

    provider: str
    turns: int
    dollars: float | None
    basis: str


def price_of(model: str) -> TokenPrice | None:
    """The price of a model; a dated name (gpt-4o-2024-08-06) costs what its family does."""
    fitting = [name for name in PRICES if model == name or model.startswith(name + "-20")]
    return PRICES[max(fitting, key=len)] if fitting else None


def costs(turns: Sequence[Turns], own: Sequence[str] = ()) -> list[Cost]:
    """What the models' answers may have cost, by model. `own` are further names of models on this machine."""
    by_model: dict[str, list[Turns]] = {}
    for each in turns:
        by_model.setdefault("" if each.model in (*OWN_MODELS, *own) else each.model, []).append(each)
    return [_cost(model, found) for model, found in sorted(by_model.items())]


def _cost(model: str, turns: Sequence[Turns]) -> Cost:
    count = sum(each.turns for each in turns)
    if not model:
        return Cost("embedded", count, 0.0, "made on this machine")
    price = price_of(model)
    if price is None:
        return Cost(model, count, None, "no price of this model is known here")
    tokens = [each.tokens for each in turns]
    guessed, estimated = sum(each.uncounted for each in tokens), sum(each.estimated for each in tokens)
    prompt = sum(each.prompt for each in tokens) + PROMPT_TOKENS * guessed
    reply = sum(each.reply for each in tokens) + TOKENS_A_SECOND * sum(each.uncounted_spoken for each in tokens)
    dollars = (prompt * price.prompt + reply * price.reply) / 1e6
    parts = ["tokens as the vendor counted them"] if guessed + estimated < count else []
    if estimated:
        parts.append(f"estimated from the texts of {estimated} turns, rather too much than too little")
    if guessed:
        parts.append(f"at most: {PROMPT_TOKENS} prompt tokens assumed of each of {guessed} older turns")
    return Cost(model, count, round(dollars, 4), f"{'; '.join(parts)}; list price as of {price.as_of.isoformat()}")


@dataclass(slots=True)
class Sum:
    """Counts of a day, of a clone, or of all."""

    conversations: int = 0
    minutes: float = 0.0
    turns: int = 0
    clips: int = 0
    heard: float = 0.0
    spoken: float = 0.0

    def add(self, part: Talked | Turns | Made) -> None:
        """Count a part in."""
        if isinstance(part, Talked):
            self.conversations += part.conversations
            self.minutes += part.minutes
        elif isinstance(part, Turns):
            self.turns += part.turns
            self.heard += part.heard
            self.spoken += part.spoken
        else:
            self.clips += part.clips


@dataclass(frozen=True, slots=True)
class Summary:
    """Usage added up: in all, for every day of the span (also those without any), and for every clone."""

    total: Sum
    days: Mapping[date, Sum]
    clones: Mapping[str, Sum]


def begin(now: datetime, days: int) -> datetime:
    """The first moment of the span: midnight, so that it has `days` days with today."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days - 1)


def summed(usage: Usage, days: int) -> Summary:
    """Usage of the `days` days from `usage.since`."""
    first = usage.since.date()
    by_day = {first + timedelta(days=number): Sum() for number in range(days)}
    by_clone = {slug: Sum() for slug in sorted(usage.clones.values())}
    total = Sum()
    for part in (*usage.talked, *usage.turns, *usage.made):
        total.add(part)
        by_day.setdefault(part.day, Sum()).add(part)
        slug = usage.clones.get(part.clone_id)
        if slug is not None:
            by_clone[slug].add(part)
    return Summary(total, by_day, by_clone)
