"""Whose voice and face may come in: the table of cases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from selfsame.clones.archive.likeness import CarriedConsent, Likeness, admit
from selfsame.clones.consent import EVIDENCE, PRINT, Consent
from selfsame.kit.ids import new_id

AT = datetime(2026, 3, 1, tzinfo=UTC)
ME = new_id()


def spoken(name: str = "Ada Rowe", voice: Any = (1.0, 0.0), **more: Any) -> dict[str, Any]:
    return dict.fromkeys(EVIDENCE, "x") | {"name": name, "encoder": "ge2e", PRINT: list(voice)} | more


def mine(subject: Likeness, evidence: dict[str, Any] | None = None, *, ended: bool = False) -> Consent:
    return Consent(new_id(), ME, subject, AT, AT if ended else None, evidence)


def told(subject: Likeness, evidence: dict[str, Any] | None = None) -> CarriedConsent:
    return CarriedConsent(subject, AT, evidence)


BOTH = (told("voice", spoken()), told("face", spoken()))


@pytest.mark.parametrize(
    ("own", "carried", "claim", "voice", "face"),
    [
        # by the archive's own consent
        ((), BOTH, "", False, False),
        ((), BOTH, "Ada Rowe", True, True),
        ((), BOTH, "  ada   ROWE ", True, True),
        ((), BOTH, "Ada", False, False),
        ((), BOTH[:1], "Ada Rowe", True, False),
        ((), (), "Ada Rowe", False, False),
        ((), (told("voice", None), told("face", None)), "Ada Rowe", False, True),  # a face is agreed to by a click
        ((), (told("voice", spoken(voice=())),), "Ada Rowe", False, False),
        ((), (BOTH[0], told("face", None)), "Ada Rowe", True, True),
        ((), (BOTH[0], told("face", None)), "Bob", False, False),  # the voice beside it says whose face it is
        # by the owner's
        ((mine("voice", spoken()), mine("face", spoken())), BOTH, "", True, True),
        ((mine("voice", spoken(voice=(0.0, 1.0))),), BOTH, "Ada Rowe", False, True),
        ((mine("voice", spoken(voice=(0.9, 0.4))),), BOTH, "", True, False),
        ((mine("voice", spoken(encoder="other")),), BOTH, "Ada Rowe", False, True),
        ((mine("voice", spoken(), ended=True),), BOTH, "", False, False),
        ((mine("face"),), BOTH, "", False, True),
        ((mine("face", spoken("Bob")),), BOTH, "Ada Rowe", True, False),
        ((mine("face", spoken("Bob")),), (told("face", None),), "", False, True),
    ],
)
def test_a_likeness_comes_in_by_consent_alone(own, carried, claim: str, voice: bool, face: bool) -> None:
    decided = admit(own, carried, claim)
    assert (decided.voice, decided.face) == (voice, face)
    assert decided.left_out.keys() == {name for name, ok in (("voice", voice), ("face", face)) if not ok}
    came = {name for name, ok in (("voice", voice), ("face", face)) if ok}
    assert {each.subject for each in decided.adopted} == came - {each.subject for each in own if not each.revoked_at}


@given(
    some.dictionaries(
        some.sampled_from((*EVIDENCE, PRINT, "encoder")),
        some.none() | some.text(max_size=5) | some.lists(some.floats() | some.integers() | some.text(max_size=2)),
    )
)
def test_whatever_an_archive_says_of_a_consent_is_judged(evidence: dict[str, Any]) -> None:
    for own in ((), (mine("voice", spoken()), mine("face", spoken()))):
        decided = admit(own, (told("voice", evidence), told("face", evidence)), "Ada Rowe")
        if decided.voice:
            assert all(evidence.get(name) for name in (*EVIDENCE, PRINT))
