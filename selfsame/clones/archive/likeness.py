"""Whose voice and face may come in with an archive (no biometrics without consent; decision 34). Pure.

A likeness comes in for two reasons only. Either the owner who imports has a live consent of their own, and what the
archive says of the voice that agreed is the same voice; or the archive carries the live consent of the person, and the
owner says to be that person, by the name in it. Otherwise voice and face are left out, and it is said why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import isfinite, sqrt
from typing import Any, Literal

from selfsame.clones.consent import EVIDENCE, PRINT, Consent, is_live
from selfsame.kit.words import fold

Likeness = Literal["voice", "face"]
SAME_VOICE = 0.75
"""Likeness of two voice prints of the built-in encoder from which they are one person's (`SpeakerAbilities`)."""


@dataclass(frozen=True, slots=True)
class CarriedConsent:
    """A live consent as an archive tells it."""

    subject: Likeness
    granted_at: datetime
    evidence: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Admission:
    """What may come in. `adopted` are to be recorded as the owner's; `left_out` says why something may not."""

    voice: bool = False
    face: bool = False
    adopted: tuple[CarriedConsent, ...] = ()
    left_out: Mapping[Likeness, str] = field(default_factory=dict)


Told = Mapping[Likeness, CarriedConsent]
Rule = Callable[[tuple[Consent, ...], CarriedConsent, str, Told], str | None]
"""Why a likeness may not come in; None when it may."""


def admit(own: tuple[Consent, ...], carried: Sequence[CarriedConsent], claim: str = "") -> Admission:
    """Decide. `own` are the records of the owner who imports, `claim` the name by which they say "this is me"."""
    adopted: list[CarriedConsent] = []
    left_out: dict[Likeness, str] = {}
    told: dict[Likeness, CarriedConsent] = {consent.subject: consent for consent in carried}
    rules: tuple[tuple[Likeness, Rule], ...] = (("voice", _voice), ("face", _face))
    for subject, decide in rules:
        consent = told.get(subject)
        problem = "the archive holds no consent to it" if consent is None else decide(own, consent, claim, told)
        if problem:
            left_out[subject] = problem
        elif consent is not None and not is_live(own, subject):
            adopted.append(consent)
    return Admission("voice" not in left_out, "face" not in left_out, tuple(adopted), left_out)


def _voice(own: tuple[Consent, ...], consent: CarriedConsent, claim: str, told: Told) -> str | None:
    evidence = consent.evidence or {}
    if not all(evidence.get(name) for name in (*EVIDENCE, PRINT)) or _numbers(evidence.get(PRINT)) is None:
        return "the archive's consent to the voice was not spoken"
    mine = [each for each in own if each.subject == "voice" and each.revoked_at is None and each.evidence]
    if mine:
        last = mine[-1].evidence or {}
        if last.get("encoder") != evidence.get("encoder") or _alike(last.get(PRINT), evidence.get(PRINT)) < SAME_VOICE:
            return "it is not the voice that agreed here"
        return None
    return _claimed(claim, evidence, "voice")


def _face(own: tuple[Consent, ...], consent: CarriedConsent, claim: str, told: Told) -> str | None:
    mine = [each for each in own if each.subject == "face" and each.revoked_at is None]
    evidence = consent.evidence
    if mine:
        spoken = (mine[-1].evidence or {}).get("name")
        if spoken and evidence and evidence.get("name") and not _same_name(str(spoken), str(evidence["name"])):
            return "it is the face of somebody else than the one who agreed here"
        return None
    if evidence is None and "voice" in told:
        evidence = told["voice"].evidence  # a consent by a click has no name; the voice beside it has
    return _claimed(claim, evidence or {}, "face")


def _claimed(claim: str, evidence: Mapping[str, Any], what: str) -> str | None:
    name = evidence.get("name")
    if not claim:
        return (
            f"there is no live consent to a {what} here; give one first, or say that you are the person in the archive"
        )
    if isinstance(name, str) and not _same_name(claim, name):
        return f"the consent in the archive is not that of {claim}"
    return None


def _same_name(one: str, other: str) -> bool:
    return fold(" ".join(one.split())) == fold(" ".join(other.split()))


def _numbers(value: Any) -> list[float] | None:
    if not isinstance(value, list) or not 0 < len(value) <= 4096:
        return None
    if not all(isinstance(n, int | float) and not isinstance(n, bool) and abs(n) < 1e6 and isfinite(n) for n in value):
        return None
    return [float(n) for n in value]


def _alike(one: Any, other: Any) -> float:
    """The cosine of two voice prints; 0 where they cannot be compared."""
    a, b = _numbers(one), _numbers(other)
    if a is None or b is None or len(a) != len(b):
        return 0.0
    size = sqrt(sum(n * n for n in a) * sum(n * n for n in b))
    return sum(x * y for x, y in zip(a, b, strict=True)) / size if size else 0.0
