"""Exit codes, and how errors become one."""

from __future__ import annotations

from selfsame.errors import (
    CallerError,
    ConsentMissing,
    Forbidden,
    NotFound,
    Overloaded,
    ProviderError,
    SelfsameError,
    Unauthenticated,
)

OK = 0
FAILED = 1
USAGE = 2
BAD_INPUT = 3
UNAVAILABLE = 4
NOT_FOUND = 5
FORBIDDEN = 6
OVERLOADED = 7
INTERRUPTED = 130

MEANINGS = {
    OK: "done; for doctor: healthy",
    FAILED: "failed; for doctor: something is missing",
    USAGE: "the command line was not understood",
    BAD_INPUT: "a file, a setting or a value cannot be used",
    UNAVAILABLE: "an engine, a model or the network is not available",
    NOT_FOUND: "no such clone, model or file",
    FORBIDDEN: "not allowed, or consent is missing",
    OVERLOADED: "at capacity",
    INTERRUPTED: "stopped with Ctrl-C",
}


def code_for(error: SelfsameError) -> int:
    """The exit code of an error of ours."""
    if isinstance(error, NotFound):
        return NOT_FOUND
    if isinstance(error, Forbidden | Unauthenticated | ConsentMissing):
        return FORBIDDEN
    if isinstance(error, CallerError):
        return BAD_INPUT
    if isinstance(error, ProviderError):
        return UNAVAILABLE
    return OVERLOADED if isinstance(error, Overloaded) else FAILED


def sole(problem: BaseException) -> BaseException:
    """The error inside groups that hold just one, as task groups raise them."""
    while isinstance(problem, BaseExceptionGroup) and len(problem.exceptions) == 1:
        problem = problem.exceptions[0]
    return problem


def table() -> str:
    """The codes and their meanings, for --help."""
    return "\n".join(f"  {code:>3}  {meaning}" for code, meaning in MEANINGS.items())
