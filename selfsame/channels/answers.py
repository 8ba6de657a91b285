"""Errors as HTTP answers: `{"error": {"code", "message"}}`."""

from __future__ import annotations

import math
from typing import Any

from starlette.responses import JSONResponse

from selfsame.errors import (
    CallerError,
    Forbidden,
    NotFound,
    NotSaid,
    Overloaded,
    ProviderError,
    SelfsameError,
    TooLarge,
    Unauthenticated,
)


def status_of(error: SelfsameError) -> int:
    """The HTTP status for an error."""
    if isinstance(error, TooLarge) and error.code == "RATE_LIMITED":
        return 429
    table: tuple[tuple[type[SelfsameError], int], ...] = (
        (Unauthenticated, 401),
        (Forbidden, 403),
        (NotFound, 404),
        (TooLarge, 413),
        (CallerError, 400),
        (Overloaded, 503),
        (ProviderError, 503),
    )
    return next((status for kind, status in table if isinstance(error, kind)), 500)


def answer(error: SelfsameError) -> JSONResponse:
    """The answer to a request that failed with `error`."""
    body: dict[str, Any] = {"code": error.code, "message": error.message}
    headers = {}
    if isinstance(error, Overloaded):
        body["expectedWait"] = round(error.expected_wait, 1)
        headers["Retry-After"] = str(math.ceil(error.expected_wait))
    if isinstance(error, NotSaid):
        body["heard"], body["missing"] = error.heard, list(error.missing)
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse({"error": body}, status_of(error), headers)


def plain_answer(status: int, code: str, message: str) -> JSONResponse:
    """An error body for what is no SelfsameError."""
    return JSONResponse({"error": {"code": code, "message": message}}, status)
