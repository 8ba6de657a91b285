"""Sounds that the guide lends where the person recorded none that fits. Pure.

The guide's reading of a clause, moved to the person's pitch and by a filter towards the cepstra that the acoustic model
expects of them, is cut into half-phones and laid behind the person's recordings, so that selection can weigh each
against the person's own, at a price, and rendering joins both alike. Words stay whole where the recordings lack them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
import numpy.typing as npt

from selfsame.voice.units.clear import repitched
from selfsame.voice.units.line import Phone
from selfsame.voice.units.model import GAP, Units, VoiceModel, around, middles_of
from selfsame.voice.units.network import nearest
from selfsame.voice.units.phones import PAUSE
from selfsame.voice.units.pitch import filled
from selfsame.voice.units.plan import Target
from selfsame.voice.units.shape import Shaping, shaped
from selfsame.voice.units.sound import FRAMES, HOP, Floats, cepstra_of, log_mels

NEVER = float("inf")
"""The price at which nothing is lent."""

_FILTER = Shaping(colour=0.7, level=0.5, smooth=5, most=1.5)
_MOST_PITCH = 2.0


@dataclass(frozen=True, slots=True)
class Lending:
    """What a lent half-phone costs, and the largest share of a clause's half-phones that is lent."""

    price: float = NEVER
    most: float = 1.0

    @classmethod
    def learnt_from(cls, seconds: float) -> Lending:
        """What a voice of so much speech bears: the less there is the more would be lent, and loans cost likeness."""
        price = float(np.interp(seconds, (30.0, 65.0, 120.0), (2.8, 2.6, 2.4)))
        return cls(price, float(np.interp(seconds, (20.0, 32.0, 120.0), (0.1, 0.2, 0.4))))


NOTHING = Lending()
"""Only the person's own sounds."""


@dataclass(frozen=True, eq=False)
class Helped(VoiceModel):
    """A voice with one clause of the guide behind its recordings, which are those of `own`.

    `lent` is the guide's sound, which begins where the recordings end; `loans` is the unit of the guide for each half
    (0 or 1) of a phone of the clause, by (phone's number, half).
    """

    own: VoiceModel
    lent: Floats
    loans: Mapping[tuple[int, int], int]

    @cached_property
    def cache(self) -> dict:
        return self.own.cache

    @cached_property
    def scale(self) -> Floats:
        return self.own.scale

    @cached_property
    def places(self) -> dict[tuple[int, int], npt.NDArray[np.int64]]:
        return self.own.places

    @cached_property
    def middles(self) -> Floats:
        return np.vstack([self.own.middles, middles_of(self.cepstra, self._guide, self.scale)])

    @cached_property
    def starts(self) -> Floats:
        return np.vstack([self.own.starts, around(self.cepstra, self._guide.first, self.scale)])

    @cached_property
    def ends(self) -> Floats:
        return np.vstack([self.own.ends, around(self.cepstra, self._guide.last, self.scale)])

    @cached_property
    def _guide(self) -> Units:
        return self.units.since(len(self.own.units))

    def grain(self, first: int, last: int) -> Floats:
        """Samples of the recordings or of the guide; GAP frames of silence lie between them."""
        start = len(self.own.sound)
        return self.own.grain(first, last) if first < start else self.lent[first - start : last - start]


def lend(model: VoiceModel, target: Target, sound: Floats, hertz: Floats) -> Helped:
    """The voice with the guide's reading of the target's phones.

    `sound` is the guide's, level as in training, `hertz` its pitch by frame (0: none).
    """
    edges = np.array([*(phone.start for phone in target.phones), target.phones[-1].end])
    moved = repitched(model, sound, hertz, most=_MOST_PITCH)
    silence, quiet = np.zeros(GAP * HOP, np.float32), np.zeros(GAP, np.float32)
    spoken = shaped(moved.sound, edges, target, _FILTER)
    lent = np.concatenate([silence, spoken, np.zeros(-len(spoken) % HOP, np.float32), silence])
    pitch = np.concatenate([quiet, moved.hertz, quiet])
    start = len(model.cepstra)
    rows, loans = _cut(model, target.phones, _frames(edges) + start + GAP)
    whole = {field.name: getattr(model, field.name) for field in fields(VoiceModel)}
    whole |= {
        "cepstra": np.vstack([model.cepstra, cepstra_of(log_mels(lent))]),
        "log_pitch": np.concatenate([model.log_pitch, filled(pitch)]),
        "voiced": np.concatenate([model.voiced, pitch > 0]),
        "marks": np.concatenate([model.marks, moved.marks + (start + GAP) * HOP]),
        "marks_voiced": np.concatenate([model.marks_voiced, moved.voiced]),
        "units": model.units.with_more(rows),
    }
    return Helped(**whole, own=model, lent=lent, loans=loans)


def _frames(edges: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Edges in frames, two at least for each phone."""
    steps = 2 * np.arange(len(edges))
    return np.maximum.accumulate(np.round(edges * FRAMES).astype(np.int64) - steps) + steps


def _cut(
    model: VoiceModel, phones: Sequence[Phone], edges: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int32], dict[tuple[int, int], int]]:
    """The guide's half-phones as rows of units, (fields, units), and where each went."""
    names = [nearest(model.phones, phone.name) for phone in phones]
    rows: list[tuple[int, ...]] = []
    loans = {}
    for n, (phone, a, b) in enumerate(zip(phones, edges[:-1], edges[1:], strict=True)):
        if phone.name == PAUSE:
            continue
        before, after = (names[k] if 0 <= k < len(names) else 0 for k in (n - 1, n + 1))
        middle = int(a + b) // 2
        for half, first, last in ((0, int(a), middle), (1, middle, int(b))):
            loans[n, half] = len(model.units) + len(rows)
            rows.append((names[n], half, first, last, before, after, phone.stress, int(after == 0)))
    return np.array(rows, np.int32).reshape(-1, 8).T, loans
