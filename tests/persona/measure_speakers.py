"""Precision and recall of the extraction by counting on the fictional speakers.

python -m tests.persona.measure_speakers
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from selfsame.studio.persona.measure import measure
from tests.persona.conftest import PLANTED, talk


@dataclass(frozen=True)
class Score:
    """Of what was planted, how much was found; of what was found, how much was planted."""

    hits: int
    found: int
    planted: int

    @property
    def precision(self) -> float:
        return self.hits / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.hits / self.planted if self.planted else 1.0

    def __add__(self, other: Score) -> Score:
        return Score(self.hits + other.hits, self.found + other.found, self.planted + other.planted)


def score(found: Iterable[str] | None, planted: Iterable[str]) -> Score:
    mine, theirs = {each.lower() for each in found or ()}, {each.lower() for each in planted}
    return Score(len(mine & theirs), len(mine), len(theirs))


def scores(name: str) -> dict[str, Score]:
    """By field, of one speaker."""
    profile, planted = measure(talk(name)).profile, PLANTED[name]
    sells = (profile["selling_approach"] or "").split(", ") if profile["selling_approach"] else []
    return {
        "fillers": score(profile["fillers"], planted["fillers"]),
        "catchphrases": score(profile["catchphrases"], planted["catchphrases"]),
        "selling": score(sells, planted["selling"]),
    }


def main() -> None:
    """A line a speaker, and the sums."""
    for held_out in (False, True):
        total: dict[str, Score] = {}
        for name in (each for each in PLANTED if PLANTED[each]["held_out"] == held_out):
            for field, value in scores(name).items():
                total[field] = total.get(field, Score(0, 0, 0)) + value
                print(f"{name:8} {field:14} precision {value.precision:.2f}  recall {value.recall:.2f}")
        for field, value in total.items():
            kind = "written beforehand" if held_out else "used to set the rules"
            told = f"{value.hits} of {value.planted} planted found, {value.found} found in all"
            print(f"{kind:22} {field:14} precision {value.precision:.2f}  recall {value.recall:.2f}  ({told})")


if __name__ == "__main__":
    main()
