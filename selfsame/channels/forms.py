"""Reading uploads: how much comes is known before anything is taken, and no more than that is taken."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

from python_multipart.exceptions import FormParserError
from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from selfsame.errors import BadInput, TooLarge

_MEGABYTE = 1_000_000
BROKEN_OFF = "the upload broke off, or is no form; try it again"


@asynccontextmanager
async def open_form(
    request: Request, most_bytes: int, most_files: int, most_fields: int = 20
) -> AsyncIterator[FormData]:
    """The multipart form of a request whose sender is known; its files are closed when the block ends.

    Files beyond a megabyte wait in unnamed files on disk. Raises TooLarge, or BadInput when the body has no length, is
    no form, or broke off.
    """
    length = request.headers.get("content-length", "")
    if not length.isdecimal():
        raise BadInput("say how long the upload is (Content-Length)", code="LENGTH_REQUIRED")
    if int(length[:12]) > most_bytes:
        raise _too_large(most_bytes)
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise BadInput("send a form (multipart/form-data)")
    parser = _Parser(request.headers, request.stream(), max_files=most_files, max_fields=most_fields)
    parser.stream = _bounded(parser, request.stream(), most_bytes)
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise BadInput(f"the form cannot be read: {error.message}") from error
    except (FormParserError, LookupError, ValueError) as error:  # what strange headers of its parts raise
        raise BadInput("the form cannot be read") from error
    except ClientDisconnect as error:
        raise BadInput(BROKEN_OFF) from error
    try:
        yield form
    finally:
        await form.close()


class _Parser(MultiPartParser):
    """Knows whether it saw the end of the form."""

    ended = False

    def on_end(self) -> None:
        """The last boundary was read."""
        self.ended = True


async def _bounded(parser: _Parser, body: AsyncGenerator[bytes, None], most_bytes: int) -> AsyncGenerator[bytes, None]:
    """The body, whatever length its sender claimed for it. What is raised here makes the parser close its files."""
    had = 0
    async for piece in body:
        had += len(piece)
        if had > most_bytes:
            raise _too_large(most_bytes)
        yield piece
    if not parser.ended:
        raise BadInput(BROKEN_OFF)


def _too_large(most_bytes: int) -> TooLarge:
    return TooLarge(f"all files together may have {most_bytes // _MEGABYTE} MB: make the video shorter or smaller")
