"""Quantiles within their error, and figures over time in a fixed amount of memory."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfsame.kit.ring import Ring
from selfsame.kit.sketch import ACCURACY, BINS, HIGHEST, LOWEST, Sketch, bin_of, upper_edge, value_of

VALUES = st.lists(st.floats(0, 2 * HIGHEST), min_size=1, max_size=200)
EVENTS = st.lists(st.tuples(st.floats(0, 1_999), st.floats(0, 5_000)), max_size=80)


def clamped(value: float) -> float:
    return 0.0 if value <= LOWEST else min(value, HIGHEST)


@given(VALUES, st.floats(0, 1))
def test_a_quantile_is_within_its_error(values: list[float], q: float) -> None:
    exact = clamped(sorted(values)[math.floor(q * (len(values) - 1))])
    found = Sketch.of(values).quantile(q)
    assert found is not None
    assert abs(found - exact) <= ACCURACY * exact + 1e-9


@given(VALUES, VALUES, st.floats(0, 1))
def test_merging_is_the_same_as_counting_all_at_once(left: list[float], right: list[float], q: float) -> None:
    merged, swapped = Sketch.of(left) + Sketch.of(right), Sketch.of(right) + Sketch.of(left)
    whole = Sketch.of(left + right)
    assert (merged.counts == whole.counts).all() and (swapped.counts == whole.counts).all()
    assert merged.quantile(q) == whole.quantile(q)
    assert merged.total == pytest.approx(whole.total)


@given(st.floats(0, 2 * HIGHEST))
def test_every_value_falls_into_the_bin_that_stands_for_it(value: float) -> None:
    index = bin_of(value)
    assert 0 <= index < BINS
    assert value <= upper_edge(index) * (1 + 1e-9) or index == BINS - 1
    assert abs(value_of(index) - clamped(value)) <= ACCURACY * clamped(value) + 1e-9


@pytest.mark.parametrize("odd", [float("nan"), -1.0, float("-inf")])
def test_what_is_no_duration_counts_as_nothing(odd: float) -> None:
    assert bin_of(odd) == 0


def test_nothing_has_no_quantile() -> None:
    assert Sketch.of([]).quantile(0.5) is None and Sketch.of([]).mean is None
    assert bin_of(float("inf")) == BINS - 1


def ring() -> Ring:
    return Ring(10, 60, ["latency"], ["turns"])


@given(EVENTS, st.integers(1, 60))
def test_a_window_holds_what_happened_in_it(events: list[tuple[float, float]], slots: int) -> None:
    kept = ring()
    for at, value in sorted(events):
        kept.note(at, {"latency": value}, {"turns": 1})
    now = 2_000.0
    window = kept.window(now, slots * 10)
    inside = [value for at, value in events if at // 10 > now // 10 - slots]
    assert window.counters["turns"] == len(inside) == len(window.sketches["latency"])
    assert window.sketches["latency"].total == pytest.approx(sum(inside))
    assert window.begins + window.seconds == now


@given(EVENTS, EVENTS)
def test_two_processes_add_up_to_one(left: list[tuple[float, float]], right: list[tuple[float, float]]) -> None:
    one, other, both = ring(), ring(), ring()
    for at, value in sorted(left):
        one.note(at, {"latency": value}, {"turns": 1})
    for at, value in sorted(right):
        other.note(at, {"latency": value}, {"turns": 1})
    for at, value in sorted(left + right):
        both.note(at, {"latency": value}, {"turns": 1})
    for a, b, c in zip(*(each.series(2_000, 600, 60) for each in (one, other, both)), strict=True):
        merged = a + b
        assert (merged.begins, merged.seconds, merged.counters) == (c.begins, c.seconds, c.counters)
        assert (merged.sketches["latency"].counts == c.sketches["latency"].counts).all()


@given(EVENTS, st.sampled_from([10, 20, 60]))
def test_a_series_loses_nothing_and_counts_nothing_twice(events: list[tuple[float, float]], step: int) -> None:
    kept = ring()
    for at, value in sorted(events):
        kept.note(at, {"latency": value}, {"turns": 1})
    points = kept.series(1_999, 600, step)
    assert [p.begins for p in points] == sorted({p.begins for p in points})
    assert all(b.begins == a.begins + a.seconds for a, b in zip(points, points[1:], strict=False))
    first = points[0].begins
    assert sum(p.counters["turns"] for p in points) == sum(first <= at < 2_000 for at, _ in events)


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)), max_size=300))
def test_memory_stays_as_it_was(events: list[tuple[float, float]]) -> None:
    kept = ring()
    before = kept.nbytes
    for at, value in events:  # in any order: what is too old is dropped
        kept.note(at, {"latency": value}, {"turns": 1})
    assert kept.nbytes == before == 60 * (4 * BINS + 8 + 8 + 8)
