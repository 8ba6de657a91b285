"""Reading uploads: how much comes is known before anything is taken."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request

from selfsame.errors import BadInput, TooLarge

_MEGABYTE = 1_000_000


async def read_form(request: Request, most_bytes: int, most_files: int) -> FormData:
    """The multipart form of a request whose sender is known. Files beyond a megabyte wait in unnamed files on disk.

    Raises TooLarge, or BadInput when the body has no length or is no form.
    """
    length = request.headers.get("content-length", "")
    if not length.isdigit():
        raise BadInput("say how long the upload is (Content-Length)", code="LENGTH_REQUIRED")
    if int(length) > most_bytes:
        had = int(length) // _MEGABYTE
        raise TooLarge(f"all files together may have {most_bytes // _MEGABYTE} MB; these have {had} MB")
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise BadInput("send a form (multipart/form-data)")
    try:
        return await request.form(max_files=most_files, max_fields=20)
    except HTTPException as error:
        raise BadInput(f"the form cannot be read: {error.detail}") from error
