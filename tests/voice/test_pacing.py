"""How far ahead of play-out speech is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfsame.voice.pacing import PlayOut, seconds_to_wait


@pytest.mark.parametrize(("sent", "played", "wait"), [(0, 0, 0), (2, 0, 0), (2.5, 0, 0.5), (5, 3.5, 0), (5, 1, 2)])
def test_two_seconds_ahead(sent: float, played: float, wait: float) -> None:
    assert seconds_to_wait(sent, played) == pytest.approx(wait)


def test_a_paused_client_hears_nothing_more() -> None:
    out = PlayOut(at=10.0).send(10.0, 4.0).pause(11.0, True)
    assert out.moved(20.0).played == pytest.approx(1.0)
    assert out.wait(20.0) == pytest.approx(1.0)
    assert out.pause(20.0, False).wait(21.0) == 0.0


def test_a_client_that_ran_dry_does_not_catch_up() -> None:
    out = PlayOut().send(0.0, 1.0).send(5.0, 3.0)
    assert out.played == pytest.approx(1.0)
    assert out.wait(5.0) == pytest.approx(1.0)


def test_the_client_knows_better() -> None:
    assert PlayOut().send(0.0, 5.0).heard(3.0, 1.5).wait(3.0) == pytest.approx(1.5)


@given(st.lists(st.tuples(st.floats(0, 2), st.floats(0, 1)), max_size=30))
def test_who_waits_as_told_is_never_more_than_the_lead_and_a_piece_ahead(steps: list[tuple[float, float]]) -> None:
    now, out = 0.0, PlayOut()
    for think, piece in steps:
        now += think + out.wait(now + think)
        out = out.send(now, piece)
        assert out.sent - out.played <= 2.0 + piece + 1e-6
