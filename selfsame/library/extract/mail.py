"""E-mail files and mailboxes: who wrote to whom about what, and what. Pure. Attachments are named, not read."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage

from selfsame.errors import BadInput
from selfsame.library.extract.clean import one_line, readable
from selfsame.library.extract.html import write_html
from selfsame.library.extract.kinds import EMAIL, MAILBOX, Extracted
from selfsame.library.extract.writer import Writer

MOST_MESSAGES = 2_000
MOST_PARTS = 200
_QUOTED = re.compile(r"^\s*>")
_SIGNATURE = re.compile(r"^-- ?$")
_REPLYING = re.compile(
    r"^\s*(On .{4,200} wrote|El .{4,200} escribió|.{4,100}写道|"
    r"-{2,}\s*(Original Message|Mensaje original|原始邮件).*)\s*[:：]?\s*$"
)


def read_mail(data: bytes, content_type: str) -> Extracted:
    """A message, or all of a mailbox, each under its subject. Raises BadInput."""
    writer = Writer()
    messages = [data] if content_type == EMAIL else list(_split(data))
    attached = 0
    for number, raw in enumerate(messages, 1):
        if len(messages) > 1:
            writer.stand(f"message {number}")
        attached += _write(writer, raw)
    if attached:
        writer.note(f"{attached} attachments were not read. Upload the ones that matter as files of their own.")
    return writer.done(content_type)


def _split(data: bytes) -> Iterator[bytes]:
    """The messages of a mailbox (mboxrd: a line `From ` begins one, `>From ` is text)."""
    pieces = re.split(rb"(?:\A|\r?\n\r?\n)From [^\r\n]*\r?\n", data)
    found = [piece for piece in pieces if piece.strip()]
    if len(found) > MOST_MESSAGES:
        raise BadInput(f"The mailbox holds {len(found)} messages; at most {MOST_MESSAGES} are read. Split it.")
    for piece in found:
        yield re.sub(rb"(?m)^>(>*From )", rb"\1", piece)


def _write(writer: Writer, raw: bytes) -> int:
    """Write a message; how many attachments it has."""
    try:
        message = email.message_from_bytes(raw, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        heads = {name: one_line(str(message.get(name, "")))[:500] for name in ("Subject", "From", "To", "Date")}
        body, attached = _body(message)
    except (ValueError, TypeError, LookupError, AttributeError, IndexError, RecursionError, AssertionError) as error:
        raise BadInput("The message is damaged. Save it again from the mail program as .eml.") from error
    writer.head(1, heads["Subject"] or "Message")
    told = [f"{name}: {heads[name]}" for name in ("From", "To", "Date") if heads[name]]
    writer.body("\n".join(told))
    if body is None:
        return attached
    kind, text = body
    if kind == "html":
        title = writer.title
        write_html(writer, text, whole=True)
        writer.title = title
    else:
        for paragraph in re.split(r"\n\s*\n", _fresh(readable(text))):
            writer.paragraph(paragraph)
    return attached


def _body(message: EmailMessage) -> tuple[tuple[str, str] | None, int]:
    """The text of a message, plain before HTML, and the number of its attachments."""
    plain, rich, attached = None, None, 0
    for number, part in enumerate(message.walk()):
        if number > MOST_PARTS:
            break
        if part.is_multipart():
            continue
        if part.get_content_disposition() == "attachment" or part.get_content_maintype() != "text":
            attached += part.get_content_disposition() == "attachment"
        elif part.get_content_subtype() == "html":
            rich = rich or _text(part)
        else:
            plain = plain or _text(part)
    if plain and plain.strip():
        return ("plain", plain), attached
    return (("html", rich) if rich and rich.strip() else None), attached


def _text(part: object) -> str:
    assert isinstance(part, EmailMessage)
    try:
        return str(part.get_content())
    except (LookupError, ValueError):  # an encoding that nobody knows
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _fresh(text: str) -> str:
    """What was written in this message: quotations of earlier ones and the signature go."""
    kept: list[str] = []
    for line in text.split("\n"):
        if _SIGNATURE.match(line) or _REPLYING.match(line):
            break
        if not _QUOTED.match(line):
            kept.append(line)
    fresh = "\n".join(kept)
    return fresh if fresh.strip() else text


__all__ = ["EMAIL", "MAILBOX", "read_mail"]
