"""The one error tree, sorted by who must act. Every error carries a stable `code` for the wire and for logs.

SelfsameError
├── CallerError            the caller must change something; never retried
│   ├── BadInput           malformed or unacceptable input        BAD_INPUT
│   │   └── NotSaid        a consent that was not heard           CONSENT_NOT_HEARD
│   ├── TooLarge           over a size or rate limit              TOO_LARGE / RATE_LIMITED
│   ├── Unauthenticated    no valid token                         UNAUTHENTICATED
│   ├── Forbidden          valid token, not theirs                FORBIDDEN
│   ├── NotFound           no such thing, or not theirs           NOT_FOUND
│   └── ConsentMissing     no live consent record                 CONSENT_MISSING
├── ProviderError          an engine or vendor failed; code is ROLE_REASON, e.g. ASR_UNAVAILABLE
│   ├── Unavailable        down, timed out, not installed         retry elsewhere or later
│   ├── Throttled          asked to slow down                     retry later
│   ├── Refused            understood and refused                 do not retry
│   └── BadOutput          answered with something unusable       do not retry
└── Overloaded             we are full; says the expected wait    OVERLOADED

Bugs are never wrapped in these. A hang-up is an event (`events.turns.Left`), not an exception.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

Role = Literal[
    "asr", "llm", "tts", "rag", "vad", "embedding", "database", "models", "face", "files", "jobs", "video", "speaker"
]


class SelfsameError(Exception):
    """Root of all errors that Selfsame raises on purpose."""

    code = "INTERNAL"
    recoverable = True

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class CallerError(SelfsameError):
    """The caller must change something."""

    code = "BAD_REQUEST"


class BadInput(CallerError):
    """Malformed or unacceptable input."""

    code = "BAD_INPUT"


class NotSaid(BadInput):
    """A sentence that had to be said was not: `heard` is what was said instead, `missing` what it lacks."""

    code = "CONSENT_NOT_HEARD"

    def __init__(self, message: str, heard: str, missing: Sequence[str]) -> None:
        super().__init__(message)
        self.heard = heard
        self.missing = tuple(missing)


class TooLarge(CallerError):
    """Over a size, count or rate limit."""

    code = "TOO_LARGE"


class Unauthenticated(CallerError):
    """No valid token was presented."""

    code = "UNAUTHENTICATED"
    recoverable = False


class Forbidden(CallerError):
    """The token is valid, but the thing is not theirs to touch."""

    code = "FORBIDDEN"
    recoverable = False


class NotFound(CallerError):
    """No such thing, or not theirs (the two are not told apart)."""

    code = "NOT_FOUND"


class ConsentMissing(CallerError):
    """The act needs a live consent record and there is none."""

    code = "CONSENT_MISSING"


class ProviderError(SelfsameError):
    """An engine or vendor failed.

    `role` names the stage (asr, llm, tts, rag, ...), `provider` the engine; the code is `ROLE_REASON`.
    """

    reason = "FAILED"
    retryable = False

    def __init__(self, message: str, *, role: Role, provider: str) -> None:
        super().__init__(message, code=f"{role.upper()}_{self.reason}")
        self.role = role
        self.provider = provider


class Unavailable(ProviderError):
    """Down, timed out or not installed: try elsewhere or later."""

    reason = "UNAVAILABLE"
    retryable = True


class Throttled(ProviderError):
    """Asked to slow down; `retry_after` in seconds when the vendor said it."""

    reason = "THROTTLED"
    retryable = True

    def __init__(self, message: str, *, role: Role, provider: str, retry_after: float | None = None) -> None:
        super().__init__(message, role=role, provider=provider)
        self.retry_after = retry_after


class Refused(ProviderError):
    """The provider understood and refused (bad key, policy, unsupported language)."""

    reason = "REFUSED"


class BadOutput(ProviderError):
    """The provider answered with something that cannot be used."""

    reason = "BAD_OUTPUT"


class Overloaded(SelfsameError):
    """We are full. `expected_wait` is in seconds."""

    code = "OVERLOADED"

    def __init__(self, message: str, *, expected_wait: float) -> None:
        super().__init__(message)
        self.expected_wait = expected_wait
