"""Which figures are alarming: a table of limits, each just below and just above."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfsame.channels.alerts import Vitals, alerts

TABLE: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({}, []),
    ({"down": {"llm": "no answer"}}, [("critical", "COMPONENT_DOWN")]),
    ({"down": {"gpu": ""}}, [("critical", "COMPONENT_DOWN")]),
    ({"down": {"database": "no answer in time"}}, [("critical", "DATABASE_DOWN")]),
    ({"degraded": {"websocket": "all places are taken"}}, [("warning", "COMPONENT_DEGRADED")]),
    ({"resting": ("gpt-4o",)}, [("warning", "ENGINE_RESTS")]),
    ({"turns": 100, "error_rate": 0.02}, []),
    ({"turns": 100, "error_rate": 0.021}, [("warning", "ERROR_RATE")]),
    ({"turns": 100, "error_rate": 0.05}, [("warning", "ERROR_RATE")]),
    ({"turns": 100, "error_rate": 0.051}, [("critical", "ERROR_RATE")]),
    ({"turns": 9, "error_rate": 1.0}, []),
    ({"turns": 10, "p95_ms": 2_500}, []),
    ({"turns": 10, "p95_ms": 2_501}, [("warning", "LATENCY")]),
    ({"turns": 10, "p95_ms": 3_001}, [("critical", "LATENCY")]),
    ({"turns": 9, "p95_ms": 9_000}, []),
    ({"active": 80, "capacity": 100}, []),
    ({"active": 81, "capacity": 100}, [("warning", "CAPACITY")]),
    ({"pool_share": 0.9}, []),
    ({"pool_share": 0.91}, [("warning", "DATABASE_POOL")]),
    ({"disk_share": 0.8}, []),
    ({"disk_share": 0.81}, [("warning", "DISK")]),
    ({"cost_today": 1.5, "cost_usual": 1.0}, []),
    ({"cost_today": 1.51, "cost_usual": 1.0}, [("warning", "COST")]),
    ({"cost_today": 0.09, "cost_usual": 0.01}, []),
    ({"cost_today": 9.0, "cost_usual": 0.0}, []),
    ({"cost_month": 100, "budget": 100}, []),
    ({"cost_month": 101, "budget": 100}, [("warning", "BUDGET")]),
    ({"unpriced": ("llm",)}, [("info", "PRICE_UNKNOWN")]),
    ({"workers": 0, "jobs_waiting": 1}, [("critical", "NO_WORKERS")]),
    ({"workers": 0}, []),
    ({"workers": None, "jobs_waiting": 1}, []),
    ({"fallbacks": 1}, [("info", "FALLBACK")]),
    ({"cache_lookups": 100, "cache_misses": 50}, []),
    ({"cache_lookups": 100, "cache_misses": 51}, [("info", "CACHE_MISSES")]),
    ({"cache_lookups": 9, "cache_misses": 9}, []),
    ({"turns_hour": 90, "turns_usual": 30}, []),
    ({"turns_hour": 91, "turns_usual": 30}, [("info", "TRAFFIC")]),
    ({"turns_hour": 29, "turns_usual": 0.0}, []),
    ({"newcomers": 30, "newcomers_usual": 10.0}, []),
    ({"newcomers": 31, "newcomers_usual": 10.0}, [("info", "SIGN_UPS")]),
    ({"newcomers": 9, "newcomers_usual": 0.0}, []),
]


@pytest.mark.parametrize(("figures", "expected"), TABLE)
def test_limits(figures: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert [(a.level, a.code) for a in alerts(Vitals(**figures))] == expected


def test_the_worst_comes_first_and_each_says_what_to_do() -> None:
    found = alerts(
        Vitals({"llm": "gone"}, turns=50, error_rate=0.03, p95_ms=2_700, disk_share=0.95, fallbacks=3, resting=("x",))
    )
    assert [a.level for a in found] == ["critical", "warning", "warning", "warning", "warning", "info"]
    assert all(a.what.endswith(".") and len(a.action) > 20 for a in found)


@given(st.floats(0, 1), st.floats(0, 1), st.integers(0, 50), st.integers(0, 50))
def test_worse_figures_never_make_it_quieter(low: float, more: float, active: int, added: int) -> None:
    before = alerts(Vitals(turns=10, error_rate=low, disk_share=low, active=active, capacity=60))
    after = alerts(
        Vitals(
            turns=10,
            error_rate=min(1.0, low + more),
            disk_share=min(1.0, low + more),
            active=active + added,
            capacity=60,
        )
    )
    assert {a.code for a in before} <= {a.code for a in after}
