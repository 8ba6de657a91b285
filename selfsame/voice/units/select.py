"""Which of the person's half-phones are said: the cheapest path by target and join costs. Pure.

Hunt and Black, "Unit selection in a concatenative speech synthesis system using a large speech database" (ICASSP 1996).
Units that follow each other in the recording join at no cost, so long stretches of real speech are preferred.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from selfsame.voice.units.lend import NEVER, NOTHING, Helped, Lending
from selfsame.voice.units.model import VoiceModel
from selfsame.voice.units.phones import PAUSE, distance
from selfsame.voice.units.plan import Target
from selfsame.voice.units.sound import Floats

_FEW = 12  # units of a half-phone; with fewer, other phones help out
_ALIKE = 0.3  # distance up to which they do
_DEAREST, _TRIES = 30.0, 8  # how much dearer loans may become, and in how many steps the least of it is found
_UNLIKE = 0.3  # context: any other phone costs at least so much of the worst


@dataclass(frozen=True, slots=True)
class Costs:
    """Weights of what a choice costs; `many` candidates are kept for each half-phone."""

    shape: float = 2.5
    context: float = 1.5
    far_context: float = 0.375
    length: float = 0.8
    height: float = 0.6
    stress: float = 0.15
    final: float = 0.3
    doubt: float = 2.0
    join: float = 1.6
    join_height: float = 2.0
    join_any: float = 0.25
    join_edge: float = 0.0
    borrowed: float = 1.5
    many: int = 40


@dataclass(frozen=True, slots=True)
class Chosen:
    """A half-phone of the target: of phone number `phone`, `unit` -1 in pauses; frames `first` to `last` of the target.

    `borrowed` when the person never said the phone and another one's sound stands in; `lent` when the unit is the
    guide's (the model is then a lend.Helped).
    """

    phone: int
    half: int
    unit: int
    first: int
    last: int
    borrowed: bool = False
    lent: bool = False


def select(model: VoiceModel, target: Target, costs: Costs, lending: Lending = NOTHING) -> list[Chosen]:
    """The best units, in order. Only a Helped model can lend; where it would lend too much, its price rises."""
    slots = _slots(target)
    if not slots:
        return []
    found = [_candidates(model, target, slot, costs, lending) for slot in slots]
    joins = [_joins(model, a[0], b[0], costs) for a, b in zip(found[:-1], found[1:], strict=True)]
    own = len(model.own.units) if isinstance(model, Helped) else len(model.units)
    is_loan = [units >= own for units, _, _ in found]

    def path(more: float) -> list[int]:
        return _cheapest([price + more * loan for (_, price, _), loan in zip(found, is_loan, strict=True)], joins)

    def too_much(chosen: Sequence[int]) -> bool:
        lent = sum(bool(loan[at]) for loan, at in zip(is_loan, chosen, strict=True))
        return lent > lending.most * sum(half >= 0 for _, half, _, _ in slots)

    best, low, high = path(0.0), 0.0, _DEAREST
    if too_much(best):
        for _ in range(_TRIES):
            middle = 0.5 * (low + high)
            tried = path(middle)
            low, high = (middle, high) if too_much(tried) else (low, middle)
        best = path(high)
    return [
        Chosen(phone, half, int(units[at]), a, b, bool(borrowed[at] > 0), bool(loan[at]))
        for (phone, half, a, b), (units, _, borrowed), loan, at in zip(slots, found, is_loan, best, strict=True)
    ]


def _cheapest(prices: Sequence[Floats], joins: Sequence[Floats]) -> list[int]:
    """The path of the least sum of prices and joins, by Viterbi's rule: an index into each of the prices."""
    total, back = prices[0], []
    for price, join in zip(prices[1:], joins, strict=True):
        reach = total[:, None] + join
        back.append(reach.argmin(0))
        total = reach.min(0) + price
    found = [int(total.argmin())]
    for step in back[::-1]:
        found.append(int(step[found[-1]]))
    return found[::-1]


def _slots(target: Target) -> list[tuple[int, int, int, int]]:
    """Phone, half and frames of everything to be said; pauses are one slot of half -1."""
    slots = []
    for n, phone in enumerate(target.phones):
        a, b = int(target.spans.first[n]), int(target.spans.last[n])
        if phone.name == PAUSE:
            slots.append((n, -1, a, b))
        else:
            middle = (a + b) // 2
            slots += [(n, 0, a, middle), (n, 1, middle, b)]
    return slots


def _candidates(
    model: VoiceModel, target: Target, slot: tuple[int, int, int, int], costs: Costs, lending: Lending
) -> tuple[npt.NDArray[np.int64], Floats, Floats]:
    """Units for a slot with their costs: the cheapest `many`, and behind them what the guide lends."""
    n, half, a, b = slot
    if half < 0:
        return np.array([-1]), np.zeros(1, np.float32), np.zeros(1, np.float32)
    phones, units = target.phones, model.units
    places, extra = _places(model, phones[n].name, half)
    frames = np.minimum([a, (a + b - 1) // 2, max(a, b - 1)], len(target.cepstra) - 1)
    wanted = (target.cepstra[frames] * model.scale).ravel() / np.sqrt(3)
    before = phones[n - 1].name if n else PAUSE
    after = phones[n + 1].name if n + 1 < len(phones) else PAUSE
    left, right = _context(model, before, 1)[units.before[places]], _context(model, after, 0)[units.after[places]]
    near, far = (left, right) if half == 0 else (right, left)
    length = np.abs(np.log((units.last[places] - units.first[places]) / max(1, b - a)))
    height = np.abs(model.log_pitch[units.first[places]] - target.log_pitch[a]) / model.pitch[1]
    price = (
        costs.shape * _unlike(model, wanted, places)
        + costs.context * near
        + costs.far_context * far
        + costs.length * length
        + costs.height * np.minimum(1.5, 0.5 * height)
        + costs.stress * np.abs(units.stress[places] - phones[n].stress)
        + costs.final * (units.final[places] != (after == PAUSE))
        + costs.doubt * units.doubt[places]
        + costs.borrowed * extra
    )
    if len(places) > costs.many:
        best = np.argpartition(price, costs.many)[: costs.many]
        places, price, extra = places[best], price[best], extra[best]
    if isinstance(model, Helped) and lending.price < NEVER:
        loan = np.array([model.loans[n, half]])
        places, extra = np.append(places, loan), np.append(extra, np.float32(0.0))
        price = np.append(price, lending.price + costs.shape * _unlike(model, wanted, loan))
    return places, price.astype(np.float32), extra


def _unlike(model: VoiceModel, wanted: Floats, units: npt.NDArray[np.int64]) -> Floats:
    """How far the shapes of units are from the wanted one."""
    return np.sqrt(((model.middles[units] - wanted) ** 2).sum(1))


def _places(model: VoiceModel, name: str, half: int) -> tuple[npt.NDArray[np.int64], Floats]:
    """The units of a phone's half and their unlikeness; where they are few, also those of the most alike phones."""
    key = ("places", name, half)
    if key not in model.cache:
        parts, unlike, count = [], [], 0
        for far, phone in sorted((distance(name, model.phones[p], half), p) for p, h in model.places if h == half):
            if count >= _FEW or (count and far > _ALIKE):
                break
            own = model.places[phone, half]
            count += len(own)
            parts.append(own)
            unlike.append(np.full(len(own), 0.0 if model.phones[phone] == name else 0.2 + far, np.float32))
        model.cache[key] = np.concatenate(parts), np.concatenate(unlike)
    return model.cache[key]


def _context(model: VoiceModel, name: str, half: int) -> Floats:
    """By phone of the model: how unlike its `half` (the one that is near) is to that of `name`."""
    key = ("context", name, half)
    if key not in model.cache:
        unlike = [distance(name, other, half) for other in model.phones]
        model.cache[key] = np.array([0.0 if d == 0 else min(1.0, _UNLIKE + 0.7 * d) for d in unlike], np.float32)
    return model.cache[key]


def _joins(model: VoiceModel, before: npt.NDArray[np.int64], here: npt.NDArray[np.int64], costs: Costs) -> Floats:
    """What it costs to go from each unit to each, (before, here)."""
    if before[0] < 0 or here[0] < 0:
        return np.zeros((len(before), len(here)), np.float32)
    units = model.units
    ends, starts = model.ends[before], model.starts[here]
    square = (ends**2).sum(1)[:, None] + (starts**2).sum(1) - 2 * ends @ starts.T
    last, first = units.last[before], units.first[here]
    step = np.abs(model.log_pitch[last][:, None] - model.log_pitch[first])
    both = model.voiced[last - 1][:, None] & model.voiced[first]
    edge = costs.join_edge * (units.half[here[0]] == 0)
    price = costs.join * np.sqrt(np.maximum(square, 0)) + costs.join_height * np.minimum(1.0, step) * (
        0.25 + 0.75 * both
    )
    return np.where(last[:, None] == first, 0.0, price + costs.join_any + edge)


def stretches(chosen: Sequence[Chosen], model: VoiceModel) -> list[int]:
    """How many half-phones each stretch of uninterrupted recording of the person holds."""
    found: list[int] = []
    last = -1
    for each in chosen:
        if each.unit < 0 or each.lent:
            last = -1
            continue
        if last == model.units.first[each.unit]:
            found[-1] += 1
        else:
            found.append(1)
        last = int(model.units.last[each.unit])
    return found
