"""Tokens: only what we signed, whole and in time, is believed."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfsame.clones.tokens import LIFETIME, OWNER_PERMISSIONS, Bearer, Claims, issue, verify
from selfsame.errors import Unauthenticated
from selfsame.kit.ids import stable_id

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ANN = Bearer(stable_id("test", "ann"), "ann@example.org", "pro", OWNER_PERMISSIONS)
GOOD = {
    "userId": str(ANN.user_id),
    "email": "ann@example.org",
    "subscriptionTier": "pro",
    "permissions": ["converse"],
    "iat": int(NOW.timestamp()),
    "exp": int(NOW.timestamp()) + 60,
}


def test_a_token_says_for_whom_it_was_made() -> None:
    claims = verify(issue(ANN, KEY, NOW), KEY, NOW)
    assert claims == Claims(ANN.user_id, ANN.email, "pro", OWNER_PERMISSIONS, NOW, NOW + LIFETIME)
    assert claims.may("own") and not claims.may("fly")


def test_a_visitor_may_converse_and_no_more() -> None:
    claims = verify(issue(Bearer(ANN.user_id, "v@visitor.invalid"), KEY, NOW), KEY, NOW)
    assert claims.permissions == ("converse",)
    assert not claims.may("own")


def test_the_claims_on_the_wire_have_their_agreed_names() -> None:
    body = issue(ANN, KEY, NOW).split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    assert set(claims) == {"userId", "email", "subscriptionTier", "permissions", "iat", "exp"}


@pytest.mark.parametrize(
    ("seconds", "valid"),
    [(-31, False), (-30, True), (0, True), (LIFETIME.total_seconds() - 1, True), (LIFETIME.total_seconds(), False)],
)
def test_a_token_is_valid_in_its_time_only(seconds: float, valid: bool) -> None:
    token, at = issue(ANN, KEY, NOW), NOW + timedelta(seconds=seconds)
    if valid:
        assert verify(token, KEY, at).user_id == ANN.user_id
    else:
        with pytest.raises(Unauthenticated):
            verify(token, KEY, at)


def test_another_key_is_not_ours() -> None:
    with pytest.raises(Unauthenticated):
        verify(issue(ANN, OTHER_KEY, NOW), KEY, NOW)


@pytest.mark.parametrize("algorithm", ["none", "HS512", "HS384"])
def test_other_algorithms_are_refused(algorithm: str) -> None:
    key = None if algorithm == "none" else KEY * 2
    for candidate in (KEY, KEY * 2):
        with pytest.raises(Unauthenticated):
            verify(jwt.encode(GOOD, key, algorithm=algorithm), candidate, NOW)


def test_an_unsigned_token_with_a_signing_header_is_refused() -> None:
    head, body, _ = issue(ANN, KEY, NOW).split(".")
    for forged in (f"{head}.{body}.", f"{head}.{body}"):
        with pytest.raises(Unauthenticated):
            verify(forged, KEY, NOW)


@pytest.mark.parametrize("missing", sorted(GOOD))
def test_every_claim_is_needed(missing: str) -> None:
    claims = {name: value for name, value in GOOD.items() if name != missing}
    with pytest.raises(Unauthenticated):
        verify(jwt.encode(claims, KEY, algorithm="HS256"), KEY, NOW)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("userId", "ann"),
        ("userId", 7),
        ("email", None),
        ("subscriptionTier", 3),
        ("permissions", "converse"),
        ("permissions", [1]),
        ("iat", "yesterday"),
        ("iat", True),
        ("exp", 1e30),
        ("exp", 10**30),
        ("exp", "never"),
        ("exp", None),
    ],
)
def test_claims_of_a_wrong_shape_are_refused(name: str, value: object) -> None:
    with pytest.raises(Unauthenticated):
        verify(jwt.encode(GOOD | {name: value}, KEY, algorithm="HS256"), KEY, NOW)


@given(st.text())
def test_nonsense_is_refused(token: str) -> None:
    with pytest.raises(Unauthenticated):
        verify(token, KEY, NOW)


@given(st.data())
def test_any_changed_character_is_noticed(data: st.DataObject) -> None:
    token = issue(ANN, KEY, NOW)
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("ABCabc012-_."))
    changed = token[:place] + letter + token[place + 1 :]
    try:
        claims = verify(changed, KEY, NOW)
    except Unauthenticated:
        return
    # The last letter of a base64 text carries unused bits: the signature may be the same bytes.
    assert (changed == token or place == len(token) - 1) and claims.user_id == ANN.user_id
