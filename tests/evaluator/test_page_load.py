"""The figures of loading a page, from what a browser told."""

from __future__ import annotations

import pytest

from selfsame.cli.bench.page import readable, within
from selfsame.evaluator.page_load import Seen, medians, row

SIZES = (("/talk", 900), ("/assets/a.js", 90_000), ("/api/sessions", 700), ("/api/clones/vera/face.json", 400_000))


@pytest.mark.parametrize(
    ("tasks", "interactive", "tbt"),
    [
        ([], 800.0, 0.0),
        ([(100.0, 150.0)], 800.0, 100.0),
        ([(700.0, 300.0)], 1000.0, 250.0),
        ([(10.0, 60.0)], 800.0, 0.0),
        ([(900.0, 80.0)], 800.0, 30.0),
    ],
    ids=["quiet", "early", "over the moment", "before the first paint", "after"],
)
def test_interactive_waits_for_long_tasks(tasks: list[tuple[float, float]], interactive: float, tbt: float) -> None:
    found = row(Seen(fcp=200.0, lcp=300.0, cls=0.01, usable=800.0, face=1200.0, tasks=tasks, sizes=SIZES))
    assert (found["interactive"], found["tbt"]) == (interactive, tbt)
    assert (found["pageBytes"], found["faceBytes"], found["requests"]) == (90_900, 400_000, 4)


def test_medians_and_budgets() -> None:
    rows = [row(Seen(100.0, 200.0, 0.0, usable, 0.0, (), SIZES)) for usable in (900.0, 1000.0, 5000.0)]
    of = medians(rows)
    assert of["interactive"] == 1000.0 and within(of)
    assert not within(of | {"interactive": 1501.0}) and not within(of | {"pageBytes": 250_001.0})
    text = readable({"load": [0.1, 0.2], "slowdown": 4.0, "runs": rows, "medians": of})
    assert "interactive 1000 ms (slowest 5000" in text and "90.9 kB" in text and "not yet drawn" in text
