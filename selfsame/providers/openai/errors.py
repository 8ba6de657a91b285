"""The SDK's exceptions in our terms. Imported only after the SDK itself, since that takes half a second."""

from __future__ import annotations

import httpx2
import openai

from selfsame.errors import BadOutput, ProviderError, Refused, Throttled, Unavailable

TRANSLATED: tuple[type[Exception], ...] = (
    openai.OpenAIError,
    httpx2.HTTPError,
    httpx2.StreamError,
    ValueError,
    OSError,
)
"""What the SDK may raise while it opens or reads a stream."""

_BAD_OUTPUT = (
    openai.APIResponseValidationError,
    openai.LengthFinishReasonError,
    openai.InvalidWebhookSignatureError,
    ValueError,  # a line that is not JSON
)


def translated(error: Exception, provider: str) -> ProviderError:
    """Our error for one of `TRANSLATED`. The message holds the vendor's words, never the key or the prompt."""
    if isinstance(error, openai.APIStatusError):
        return _by_status(error, provider)
    if isinstance(error, openai.ContentFilterFinishReasonError):
        return Refused("the language model's filter refused to answer", role="llm", provider=provider)
    if isinstance(error, openai.APITimeoutError | httpx2.TimeoutException):
        return Unavailable("the language model did not answer in time", role="llm", provider=provider)
    if isinstance(error, _BAD_OUTPUT):
        return BadOutput("the language model's answer is malformed", role="llm", provider=provider)
    if isinstance(error, openai.APIConnectionError | httpx2.HTTPError | httpx2.StreamError | OSError):
        return Unavailable("the language model cannot be reached", role="llm", provider=provider)
    if isinstance(error, openai.APIError):  # an error reported inside the stream
        return Unavailable(f"the language model failed: {error.message}"[:200], role="llm", provider=provider)
    if isinstance(error, openai.WebSocketConnectionClosedError | openai.WebSocketQueueFullError):
        return Unavailable("the language model's connection closed", role="llm", provider=provider)
    return Refused(f"the language model's client refuses: {type(error).__name__}", role="llm", provider=provider)


def _by_status(error: openai.APIStatusError, provider: str) -> ProviderError:
    status = error.status_code
    if status == 429:
        wait = _seconds(error.response.headers.get("retry-after"))
        return Throttled("the language model asks to slow down", role="llm", provider=provider, retry_after=wait)
    if status >= 500 or status in (408, 409, 425):
        return Unavailable(f"the language model's server failed ({status})", role="llm", provider=provider)
    if status in (401, 403):
        return Refused(f"the language model's server refuses the key ({status})", role="llm", provider=provider)
    if status == 404:
        return Refused(
            "the language model's server knows no such model or address (404)", role="llm", provider=provider
        )
    return Refused(f"the language model's server refuses the request ({status})", role="llm", provider=provider)


def _seconds(header: str | None) -> float | None:
    """The number of seconds in a Retry-After header; None for a date or nonsense."""
    try:
        return max(0.0, float(header)) if header else None
    except ValueError:
        return None
