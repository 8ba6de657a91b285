"""A cloned voice: the person's recordings cut into half-phones, and what choosing among them needs. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
import numpy.typing as npt

from selfsame.kit.pcm import Pcm
from selfsame.voice.units.network import Network
from selfsame.voice.units.sound import CEPSTRA, HOP, Floats

GAP = 24
"""Silent frames between the recordings, which lie in one row."""

Ints = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """Half-phones, one per row; phones are numbers in the model's `phones`, number 0 being the pause.

    `first` and `last` (excluded) are frames of the recordings; `before` and `after` the phones around the whole phone.
    `final` marks a phone before a pause; `doubt` (0 good, 1 bad) how badly alignment and length fit.
    """

    phone: Ints
    half: Ints
    first: Ints
    last: Ints
    before: Ints
    after: Ints
    stress: Ints
    final: Ints
    doubt: Floats

    @classmethod
    def of(cls, rows: Iterable[Ints], doubt: Floats) -> Units:
        """From the fields in their order."""
        phone, half, first, last, before, after, stress, final = rows
        return cls(phone, half, first, last, before, after, stress, final, doubt)

    def __len__(self) -> int:
        return len(self.phone)

    def since(self, first: int) -> Units:
        """The units from number `first` on."""
        table = [getattr(self, field.name)[first:] for field in fields(self)]
        return Units.of(table[:-1], table[-1])

    def with_more(self, rows: Ints) -> Units:
        """These units and behind them others, without a doubt: `rows` (8, more) are the fields before `doubt`."""
        table = [getattr(self, field.name) for field in fields(self)]
        doubt = np.concatenate([self.doubt, np.zeros(rows.shape[1], np.float32)])
        return Units.of((np.concatenate([own, more]) for own, more in zip(table[:-1], rows, strict=True)), doubt)


@dataclass(frozen=True, slots=True, eq=False)
class ClearManner:
    """How the guide's own sound is brought near the person: band gains in dB, (BANDS,), formants moved by `warp`."""

    gains: Floats
    warp: float = 1.0


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a voice. `languages` are those recorded; `score` and `warnings` are the enrolment's."""

    seconds: float
    languages: tuple[str, ...] = ("EN",)
    score: float | None = None
    warnings: tuple[str, ...] = ()
    clear: bool = False
    """Whether the clear manner is the better choice (too little was recorded)."""


@dataclass(frozen=True, eq=False)
class VoiceModel:
    """A person's voice. Recordings at sound.RATE in one row, GAP frames of silence between and around them.

    `cepstra` (frames, CEPSTRA), `log_pitch` and `voiced` by frame; `marks` are samples of the periods. `durations` are
    the weights of plan.duration_row; `guide` and `pitch` hold mean and deviation of the guide's measures
    (2, CEPSTRA + 1) and of the person's log pitch. `tone` is the recordings' room, to fill pauses with.
    """

    facts: Facts
    phones: tuple[str, ...]
    sound: Pcm
    cepstra: Floats
    log_pitch: Floats
    voiced: Bools
    marks: npt.NDArray[np.int64]
    marks_voiced: Bools
    units: Units
    network: Network
    durations: Floats
    guide: Floats
    pitch: Floats
    tone: Pcm
    clear: ClearManner

    @cached_property
    def cache(self) -> dict:
        """Whatever selection works out once for a phone."""
        return {}

    @cached_property
    def scale(self) -> Floats:
        """By what cepstra are weighed to compare sounds: level half, the fine shape less."""
        spread = np.maximum(self.network.outputs[1][:CEPSTRA], 1e-3)
        weight = np.concatenate([[0.5], np.ones(12), np.full(CEPSTRA - 13, 0.4)])
        return (weight / spread / np.sqrt(CEPSTRA)).astype(np.float32)

    @cached_property
    def middles(self) -> Floats:
        """Each unit's weighed cepstra at three places, (units, 3 * CEPSTRA)."""
        return middles_of(self.cepstra, self.units, self.scale)

    @cached_property
    def starts(self) -> Floats:
        """Weighed cepstra where each unit begins."""
        return around(self.cepstra, self.units.first, self.scale)

    @cached_property
    def ends(self) -> Floats:
        """Weighed cepstra where each unit ends: those of `starts` of the unit that follows in the recording."""
        return around(self.cepstra, self.units.last, self.scale)

    @cached_property
    def places(self) -> dict[tuple[int, int], npt.NDArray[np.int64]]:
        """The units of each phone's halves."""
        keys = self.units.phone.astype(np.int64) * 2 + self.units.half
        order = np.argsort(keys, kind="stable")
        values, starts = np.unique(keys[order], return_index=True)
        return {(int(v) // 2, int(v) % 2): part for v, part in zip(values, np.split(order, starts[1:]), strict=True)}

    @cached_property
    def samples(self) -> Floats:
        """The recordings as floats, full scale 1."""
        return (self.sound.astype(np.float32) / 32768.0).astype(np.float32)

    def grain(self, first: int, last: int) -> Floats:
        """Samples `first` to `last` of the recordings."""
        return self.samples[first:last]

    def borrows(self, language: str) -> bool:
        """Whether the person recorded nothing in the language: sounds of the others stand in, at lower quality."""
        return language not in self.facts.languages

    def prepare(self) -> None:
        """Works out everything that is worked out once, so that the first phrase need not wait for it."""
        _ = self.scale, self.middles, self.starts, self.ends, self.places, self.samples

    @property
    def frames(self) -> int:
        """Frames of all recordings."""
        return len(self.sound) // HOP


def middles_of(cepstra: Floats, units: Units, scale: Floats) -> Floats:
    """VoiceModel.middles of some units."""
    reach = units.last - 1 - units.first
    rows = [cepstra[(units.first + share * reach).astype(np.int64)] * scale for share in (0.0, 0.5, 1.0)]
    return (np.hstack(rows) / np.sqrt(3)).astype(np.float32)


def around(cepstra: Floats, places: Ints, scale: Floats) -> Floats:
    """Weighed cepstra half way between the frames before and at each place."""
    return (0.5 * (cepstra[places - 1] + cepstra[places])) * scale
