"""Our own supervisor of a private Postgres, so that a laptop needs no database server.

Rules, each the answer to a crash that was tried:
- Alive means that the server answers its own protocol on its socket; a pid proves nothing.
- Users are counted by a shared `flock`, which the kernel drops when a process dies in any way; the last one stops the
  server.
- Starting and stopping hold an exclusive `flock`, so any number of programs may start at once.
- A stale `postmaster.pid` is removed only after no process has the data directory as its working directory.
- A cluster is made beside its place and renamed, so a half-made one is never opened.
- The server listens on a socket in a directory of mode 0700 and on no network port.

All functions block; call them through `kit.tasks.offload`.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import socket
import struct
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Literal
from urllib.parse import quote

import psutil
import psycopg
import structlog

from selfsame.errors import Unavailable
from selfsame.kit.clock import Clock
from selfsame.kit.tasks import offload
from selfsame.stores.postgres.places import Places, failed, find_places, make_private

log = structlog.get_logger(__name__)

MAJOR = "18"
OWNER = "selfsame"
DATABASE = "selfsame"
START_SECONDS = 60
"""How long a start may take; recovery replays the log at some 300 MB a second."""

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "port": "5432",
    "max_connections": "100",
    # Holds the vectors of 100,000 chunks and their index; memory is taken only as it is used. With 64 MB a search of a
    # clone of half that size took a third longer (docs/benchmarks.md).
    "shared_buffers": "256MB",
    "wal_compression": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Values of statements must not reach the log: they hold what people said.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
DISPOSABLE: Mapping[str, str] = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """The private server of one home directory, shared by every program that starts it.

    `settings` adds to or replaces lines of postgresql.conf; it counts only when this call starts the server.
    A `disposable` server (tests) writes nothing through and is stopped without a checkpoint.
    """

    def __init__(self, home: Path, settings: Mapping[str, str] | None = None, *, disposable: bool = False) -> None:
        self.home = Path(home)
        self.settings = {**SETTINGS, **(DISPOSABLE if disposable else {}), **(settings or {})}
        self._disposable = disposable
        self._places: Places | None = None
        self._use: IO[str] | None = None

    def start(self) -> str:
        """Start or join the server and return its URL. Safe to call again: a dead server is started anew.

        Raises Unavailable (role database) with advice when it cannot run here.
        """
        places = self._place()
        with self._guard():
            if self._use is None:
                self._use = (places.base / "use.lock").open("a")
                fcntl.flock(self._use, fcntl.LOCK_SH)
            try:
                if not self.alive():
                    self._launch(places)
                self._make_database(places)
            except BaseException:
                self._leave()
                raise
        return self.url(DATABASE)

    def stop(self) -> Literal["stopped", "shared", "not running"]:
        """Leave the server; the last user stops it."""
        if self._use is None:
            return "not running"
        places = self._place()
        with self._guard():
            try:
                fcntl.flock(self._use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._leave()
                return "shared"
            mode = "immediate" if self._disposable else "fast"
            self._run(places, "pg_ctl", "-D", places.data, "-m", mode, "-w", "-t", START_SECONDS, "stop", check=False)
            self._leave()
        return "stopped"

    def alive(self) -> bool:
        """Whether a postmaster answers on the socket: an SSLRequest gets one byte back."""
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(3)
                line.connect(str(self._socket()))
                line.sendall(struct.pack("!ii", 8, 80877103))
                return line.recv(1) in (b"N", b"S")
        except OSError:
            return False

    def url(self, database: str) -> str:
        """The URL of a database on this server, for its owner."""
        query = f"host={quote(str(self._place().run), safe='')}&port={self.settings['port']}"
        return f"postgresql://{OWNER}@/{database}?{query}"

    @property
    def data(self) -> Path:
        """The data directory."""
        return self._place().data

    def _place(self) -> Places:
        if self._places is None:
            self.home.mkdir(parents=True, exist_ok=True)
            self._places = find_places(self.home)
            self._places.base.mkdir(parents=True, exist_ok=True)
        return self._places

    def _socket(self) -> Path:
        return self._place().run / f".s.PGSQL.{self.settings['port']}"

    @contextlib.contextmanager
    def _guard(self) -> Iterator[None]:
        with (self._place().base / "start.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _leave(self) -> None:
        if self._use is not None:
            self._use.close()
            self._use = None

    def _launch(self, places: Places) -> None:
        make_private(places.run, places.account)
        if not (places.data / "PG_VERSION").exists():
            self._make_cluster(places)
        version = (places.data / "PG_VERSION").read_text().strip()
        if version != MAJOR:
            raise failed(f"{places.data} was written by Postgres {version}, the packaged one is {MAJOR}")
        self._drop_remains(places)
        self._write_settings(places)
        log_file = places.data / "server.log"
        self._run(places, "pg_ctl", "-D", places.data, "-l", log_file, "-w", "-t", START_SECONDS, "start")
        log.info("postgres started", data=str(places.data))

    def _make_cluster(self, places: Places) -> None:
        half_made = places.base / "data.new"
        for remains in (half_made, places.data):
            if remains.exists():
                shutil.rmtree(remains)
        make_private(half_made, places.account)
        options = ["--auth-local=trust", "--auth-host=scram-sha-256", "--encoding=UTF8", "--no-instructions"]
        options += ["--locale-provider=builtin", "--locale=C.UTF-8", "--builtin-locale=C.UTF-8"]
        if self._disposable:
            options.append("--no-sync")
        self._run(places, "initdb", "-D", half_made, "-U", OWNER, *options)
        half_made.rename(places.data)

    def _write_settings(self, places: Places) -> None:
        lines = {**self.settings, "unix_socket_directories": f'"{places.run}"'}
        text = "".join(f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in lines.items())
        target = places.data / "postgresql.conf"
        target.write_text("# Written by Selfsame at every start.\n" + text, encoding="utf-8")
        if places.account:
            os.chown(target, places.account.uid, places.account.gid)

    def _drop_remains(self, places: Places) -> None:
        """Remove what a killed server left, once its orphans are gone (they leave by themselves)."""
        for _ in range(500):
            if not self.holders():
                break
            time.sleep(0.02)
        else:
            raise failed(f"processes {self.holders()} still hold {places.data}")
        path = self._socket()
        for remains in (places.data / "postmaster.pid", path, path.with_name(path.name + ".lock")):
            remains.unlink(missing_ok=True)

    def holders(self) -> list[int]:
        """Processes that work in the data directory, as every Postgres process does; a zombie does not."""
        data = str(self._place().data)
        found: list[int] = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                if process.cwd() == data:
                    found.append(process.pid)
        return found

    def _make_database(self, places: Places) -> None:
        for _ in range(START_SECONDS * 20):
            try:
                with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
                    known = connection.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone()
                    if not known:
                        connection.execute(f'create database "{DATABASE}"')
                return
            except psycopg.OperationalError as error:
                # "the database system is starting up": someone else's start is replaying its log
                if not self.alive():
                    raise failed(f"the private Postgres went away while starting: {error}") from error
                time.sleep(0.05)
        raise failed(f"the private Postgres did not get ready, see {places.data / 'server.log'}")

    def _run(self, places: Places, program: str, *arguments: Any, check: bool = True) -> None:
        account = places.account
        rights: dict[str, Any] = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
        command = [str(places.binaries / program), *map(str, arguments)]
        # Output goes to a file: a pipe would stay open in the server that pg_ctl leaves behind.
        with (places.base / f"{program}.log").open("w+", encoding="utf-8", errors="replace") as output:
            try:
                done = subprocess.run(command, stdout=output, stderr=output, cwd="/", env=_environment(), **rights)
            except OSError as error:
                raise failed(f"{program} could not be run: {error}") from error
            if check and done.returncode != 0:
                output.seek(0)
                raise failed(f"{program} failed: {output.read().strip()[-600:]}")


async def keep_alive(server: EmbeddedPostgres, clock: Clock, period: float = 2.0) -> None:
    """Look every `period` seconds and start a server that died anew. Runs until cancelled."""
    while True:
        await clock.sleep(period)
        if not await offload(server.alive):
            log.error("postgres died and is started anew", data=str(server.data))
            try:
                await offload(server.start)
            except Unavailable as error:  # reported, and tried again at the next look
                log.error("postgres could not be started anew", reason=error.message)


def _environment() -> dict[str, str]:
    """No PG* variable of the user's shell may lead our tools elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}
