"""The process that reads one document: `python -m selfsame.library.extract.worker`.

It has limits of its own on memory, CPU time and files, so that what a hostile document can do is to end it.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from selfsame.errors import CallerError
from selfsame.kit.engine_child import Inbox
from selfsame.kit.engine_frames import Frame
from selfsame.library.extract.kinds import Extracted
from selfsame.library.extract.read import Wish, read

MEMORY = 1_500_000_000
"""Bytes of address space; documents of a thousand pages take less than 0.2 GB."""
CPU_SECONDS = 60


def work(inbox: Inbox) -> None:
    """Answer requests until the server goes away."""
    while True:
        request = inbox.wait()
        try:
            answer = to_bytes(read(request.payload, _wish(request)))
        except CallerError as fault:
            inbox.refuse(request, type(fault).__name__, fault.message)
        except MemoryError:
            inbox.refuse(request, "TooLarge", "The file needs too much memory to be read. Split it into smaller ones.")
        except Exception as fault:  # a parser's own surprise at a damaged file must not look like our server's
            inbox.refuse(request, "Odd", f"{type(fault).__name__}")
        else:
            inbox.answer(request, {}, answer)


def _wish(request: Frame) -> Wish:
    head = request.head
    return Wish(str(head.get("name", "")), bool(head.get("products")), bool(head.get("pairs")))


def to_bytes(found: Extracted) -> bytes:
    """What was extracted, as JSON."""
    return json.dumps(asdict(found), default=str, ensure_ascii=False).encode("utf-8", "replace")


def bound(memory: int = MEMORY, seconds: int = CPU_SECONDS) -> None:
    """Let the system end this process rather than let it eat the machine (not on Windows)."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main() -> None:
    """Read the limits from the arguments and work."""
    given: dict[str, Any] = json.loads(sys.argv[1]) if len(sys.argv) > 1 else {}
    bound(**given)
    work(Inbox())


if __name__ == "__main__":
    main()
