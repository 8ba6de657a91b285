"""What conversations cost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfsame.conversation.costs import MOST_SESSIONS, UNITS, CostTracker, Tariff, added, unpriced
from selfsame.events.turns import TurnCosts, TurnMetrics, TurnRecord

PRICES = {"asr": 0.006, "llm": 0.001, "tts": 0.015, "lipSync": 0.005, "storage": 0.02, "network": 0.09}
VENDORS = Tariff(PRICES, frozenset({"asr", "llm", "tts", "lipSync"}), frozenset({"own"}))


def turn(**more: Any) -> TurnRecord:
    characters = more.pop("characters", 200)
    metrics = TurnMetrics(
        model=more.pop("model", "vendor-1"),
        prompt_tokens=1500,
        reply_tokens=500,
        characters=characters,
    )
    fields = {"user_audio_ms": 30_000.0, "reply_audio_ms": 12_000.0, "heard_ms": 12_000.0} | more
    return TurnRecord(1, None, None, None, "EN", False, 1.0, metrics=metrics, **fields)


def test_every_item_has_its_unit() -> None:
    assert set(UNITS) == set(TurnCosts().items()) == set(PRICES)
    costs = VENDORS.costs_of(turn())
    assert costs.asr == pytest.approx(0.003)  # half a minute
    assert costs.llm == pytest.approx(0.002)  # two thousand tokens
    assert costs.tts == pytest.approx(0.003)
    assert costs.lip_sync == pytest.approx(0.001)
    assert costs.network == pytest.approx(0.09 * 529_200 / 1e9)
    assert costs.storage == pytest.approx(0.02 * 2_000 / 1e9)
    assert costs.total == pytest.approx(sum(costs.items().values()))


def test_what_runs_here_costs_nothing() -> None:
    costs = Tariff(PRICES).costs_of(turn())
    assert (costs.asr, costs.llm, costs.tts, costs.lip_sync) == (0, 0, 0, 0)
    assert VENDORS.costs_of(turn(model="own")).llm == 0  # our own mind stood in for the vendor's
    unasked = TurnRecord(1, None, None, None, "EN", False, 1.0, 0, 0, 0, TurnMetrics(model="vendor-1", reply_tokens=9))
    assert VENDORS.costs_of(unasked).llm == 0


def test_a_vendor_without_a_price_is_named() -> None:
    assert unpriced(Tariff({"asr": 0.1}, frozenset({"asr", "llm"}))) == ["llm"]


def test_the_tracker_knows_conversations_minutes_and_providers() -> None:
    tracker = CostTracker()
    for session in ("a", "a", "b"):
        each = turn()
        tracker.note(session, turn(costs=VENDORS.costs_of(each)), {"asr": "ears", "tts": "voice"})
    one = VENDORS.costs_of(turn())
    assert tracker.conversation_cost("a").total == pytest.approx(2 * one.total)
    assert tracker.conversation_cost("unknown") == TurnCosts()
    assert tracker.average_cost_per_minute() == pytest.approx(one.total * 60 / 42)
    assert tracker.cost_by_provider() == pytest.approx(
        {
            "ears": 3 * one.asr,
            "vendor-1": 3 * one.llm,
            "voice": 3 * one.tts,
            "lipSync": 3 * one.lip_sync,
            "storage": 3 * one.storage,
            "network": 3 * one.network,
        }
    )


def test_an_alarm_rings_once() -> None:
    tracker, rung = CostTracker(), list[float]()
    tracker.alert_on(0.02, rung.append)
    costs = TurnCosts(llm=0.015)
    for _ in range(4):
        tracker.note("a", turn(costs=costs), {})
    assert rung == [pytest.approx(0.03)]
    tracker.alert_on(0.01, rung.append)
    assert rung[1:] == [pytest.approx(0.06)]


def test_the_tracker_stays_small() -> None:
    tracker = CostTracker()
    for number in range(MOST_SESSIONS + 5):
        tracker.note(str(number), turn(costs=TurnCosts(llm=1)), {})
    assert tracker.conversation_cost("0").total == 0
    assert tracker.conversation_cost("5").total == 1
    assert tracker.total.llm == MOST_SESSIONS + 5


@given(st.lists(st.tuples(st.floats(0, 1e7), st.floats(0, 1e7), st.integers(0, 10_000)), max_size=20))
def test_costs_add_up(turns: list[tuple[float, float, int]]) -> None:
    whole = TurnCosts()
    for user, reply, characters in turns:
        each = turn(user_audio_ms=user, reply_audio_ms=reply, characters=characters)
        whole = added(whole, VENDORS.costs_of(each))
    assert whole.asr == pytest.approx(0.006 * sum(user for user, _, _ in turns) / 60_000)
    assert whole.tts == pytest.approx(0.015 * sum(n for _, _, n in turns) / 1000)
