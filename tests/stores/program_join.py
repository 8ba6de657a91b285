"""Run by the crash tests: starts the server, prints its postmaster's pid, waits for a line, stops and says how."""

from __future__ import annotations

import sys
from pathlib import Path

from selfsame.stores.postgres.supervisor import EmbeddedPostgres


def join(home: Path) -> None:
    server = EmbeddedPostgres(home, disposable=True)
    server.start()
    print((server.data / "postmaster.pid").read_text().splitlines()[0], flush=True)
    sys.stdin.readline()
    print(server.stop(), flush=True)


if __name__ == "__main__":
    join(Path(sys.argv[1]))
