"""Our side of the reading process: a file's bytes in, its text out; a time limit on every file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import anyio
import structlog

from selfsame.errors import BadInput, BadOutput, CallerError, SelfsameError, TooLarge, Unavailable
from selfsame.kit.engine_frames import Head
from selfsame.kit.engine_process import EngineDied, EngineFailed, EngineProcess
from selfsame.kit.tasks import offload
from selfsame.library.extract.kinds import Extracted
from selfsame.library.extract.read import ANY, Wish, check_size
from selfsame.library.products import Product
from selfsame.library.split import Section

log = structlog.get_logger(__name__)
PATIENCE = 180.0
"""Seconds for one file, also on a busy machine; then it counts as hostile. The process has CPU limits of its own."""
_KINDS: dict[str, type[CallerError]] = {"BadInput": BadInput, "TooLarge": TooLarge}
SLOW = "The file takes too long to read. Save it smaller or simpler, or split it, and try again."
FATAL = (
    "The file cannot be read: it is damaged, or far more complicated than a document. Open it in the program that made "
    "it, save it anew, and try again."
)


@dataclass(frozen=True, slots=True)
class ReaderLimits:
    """Of the process that reads one file: bytes of memory, CPU seconds, and seconds until it is given up."""

    memory: int = 1_500_000_000
    seconds: int = 60
    patience: float = PATIENCE


USUAL = ReaderLimits()


async def read_document(data: bytes, wish: Wish = ANY, limits: ReaderLimits = USUAL) -> Extracted:
    """The text of a file, read in a process of its own that ends with it.

    Raises BadInput or TooLarge with words for the file's owner, Unavailable when no process can be started.
    """
    check_size(data)
    arguments = [json.dumps({"memory": limits.memory, "seconds": limits.seconds})]
    head = {"name": wish.name, "products": wish.products, "pairs": wish.pairs}
    # Faults are raised outside the block: its end waits for the process, and may say that an error is dealt with.
    async with EngineProcess("selfsame.library.extract.worker", arguments) as engine:
        answer = await _ask(engine, head, data, limits.patience)
    if isinstance(answer, SelfsameError):
        raise answer
    return await offload(from_bytes, answer)


async def _ask(engine: EngineProcess, head: Head, data: bytes, patience: float) -> bytes | SelfsameError:
    try:
        await engine.start()
    except EngineDied:
        return Unavailable("no process can be started to read files", role="files", provider="extract")
    try:
        with anyio.fail_after(patience):
            _, answer = await engine.call(head, data)
    except TimeoutError:
        engine.kill()
        return BadInput(SLOW)
    except EngineDied:
        return BadInput(FATAL)
    except EngineFailed as fault:
        kind = _KINDS.get(fault.kind)
        if kind is None:
            log.warning("a reader was surprised by a file", kind=str(fault))
        return BadInput(FATAL) if kind is None else kind(str(fault))
    return answer


def from_bytes(data: bytes) -> Extracted:
    """What the process extracted, checked. Raises BadOutput."""
    try:
        found = json.loads(data)
        sections = [Section(**section) for section in found["sections"]]
        length = len(found["text"])
        if not sections or not all(0 <= each.start < each.end <= length for each in sections):
            raise ValueError("sections lie outside the text")
        return Extracted(
            text=found["text"],
            sections=sections,
            title=found["title"],
            places=[(int(start), str(name)) for start, name in found["places"]],
            notes=tuple(found["notes"]),
            products=tuple(_product(each) for each in found["products"]),
            content_type=found["content_type"],
            language=found["language"],
        )
    except (ValueError, TypeError, KeyError, ArithmeticError) as error:
        raise BadOutput("the text of a document was damaged on its way", role="files", provider="extract") from error


def _product(found: Mapping[str, Any]) -> Product:
    price = found["price"]
    return Product(**{**found, "price": None if price is None else Decimal(price)})
