"""What models' answers may have cost: from the tokens that were counted, or estimated, and it is said which."""

from __future__ import annotations

from datetime import date

import pytest

from selfsame.clones.usage import PROMPT_TOKENS, TOKENS_A_SECOND, Tokens, Turns, costs
from selfsame.kit.ids import new_id

DAY = date(2026, 3, 1)


def turns(tokens: Tokens, count: int = 10, model: str = "gpt-4o") -> Turns:
    return Turns(DAY, new_id(), model, count, 30.0, 50.0, tokens)


@pytest.mark.parametrize(
    ("tokens", "dollars", "said"),
    [
        (Tokens(8000, 400), (8000 * 2.5 + 400 * 10) / 1e6, "tokens as the vendor counted them; list price"),
        (Tokens(8000, 400, 10), (8000 * 2.5 + 400 * 10) / 1e6, "estimated from the texts of 10 turns"),
        (Tokens(8000, 400, 4), (8000 * 2.5 + 400 * 10) / 1e6, "counted them; estimated from the texts of 4 turns"),
        (
            Tokens(0, 0, 0, 10, 50.0),
            (10 * PROMPT_TOKENS * 2.5 + 50 * TOKENS_A_SECOND * 10) / 1e6,
            "at most: 2000 prompt tokens assumed of each of 10 older turns",
        ),
        (Tokens(), 0.0, "tokens as the vendor counted them"),
    ],
)
def test_a_price_says_what_it_rests_on(tokens: Tokens, dollars: float, said: str) -> None:
    (cost,) = costs([turns(tokens)])
    assert cost.dollars == pytest.approx(dollars, abs=1e-4) and said in cost.basis
    assert ("estimated" in cost.basis) is (tokens.estimated > 0)
    assert ("assumed" in cost.basis) is (tokens.uncounted > 0)


def test_models_are_added_up_by_name_and_unknown_ones_have_no_price() -> None:
    found = costs(
        [turns(Tokens(10**6)), turns(Tokens(10**6)), turns(Tokens(5), model="mystery"), turns(Tokens(), 3, "")]
    )
    assert [(each.provider, each.turns, each.dollars) for each in found] == [
        ("embedded", 3, 0.0), ("gpt-4o", 20, 5.0), ("mystery", 10, None),
    ]  # fmt: skip
