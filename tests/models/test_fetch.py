"""Downloads: resumed after a break, retried, refused when the hash differs, never half under the final name."""

from __future__ import annotations

import errno
import hashlib
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selfsame.errors import BadOutput, Unavailable
from selfsame.models.fetch import TRIES, Wanted, disk_message, fetch, open_client

CONTENT = bytes(range(256)) * 4096
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def get(web: Any, target: Path, **changes: Any) -> Path:
    web.files.setdefault("/big.bin", CONTENT)
    wanted = Wanted(**{"url": web.url + "/big.bin", "target": target, "digest": DIGEST, **changes})
    with open_client() as client:
        return fetch(client, wanted, pause=lambda _seconds: None)


def test_it_comes_whole(web: Any, tmp_path: Path) -> None:
    assert get(web, tmp_path / "new" / "big.bin").read_bytes() == CONTENT
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["big.bin"]


def test_broken_connections_are_resumed_where_they_broke(web: Any, tmp_path: Path) -> None:
    web.cuts = [300_000, 200_000]
    assert get(web, tmp_path / "big.bin", size=len(CONTENT)).read_bytes() == CONTENT
    ranges = [wanted for _, wanted in web.asked]
    assert ranges[0] is None and len(ranges) == 3
    assert ranges[1:] == ["bytes=300000-", "bytes=500000-"]


def test_a_later_call_goes_on_from_the_part(web: Any, tmp_path: Path) -> None:
    (tmp_path / "big.bin.part").write_bytes(CONTENT[:1000])
    assert get(web, tmp_path / "big.bin").read_bytes() == CONTENT
    assert web.asked == [("/big.bin", "bytes=1000-")]


def test_a_server_without_ranges_starts_over(web: Any, tmp_path: Path) -> None:
    web.ranges = False
    (tmp_path / "big.bin.part").write_bytes(b"x" * 1000)
    assert get(web, tmp_path / "big.bin").read_bytes() == CONTENT


def test_a_part_that_is_longer_than_the_file_starts_over(web: Any, tmp_path: Path) -> None:
    (tmp_path / "big.bin.part").write_bytes(b"x" * (len(CONTENT) + 7))
    assert get(web, tmp_path / "big.bin").read_bytes() == CONTENT


def test_a_whole_part_is_not_asked_for_again(web: Any, tmp_path: Path) -> None:
    (tmp_path / "big.bin.part").write_bytes(CONTENT)
    get(web, tmp_path / "big.bin", size=len(CONTENT))
    assert web.asked == []


def test_a_wrong_hash_is_refused_and_thrown_away(web: Any, tmp_path: Path) -> None:
    with pytest.raises(BadOutput, match="SHA-256"):
        get(web, tmp_path / "big.bin", digest="0" * 64)
    assert list(tmp_path.iterdir()) == []


def test_a_passing_server_error_is_retried(web: Any, tmp_path: Path) -> None:
    web.statuses = [503, 429]
    assert get(web, tmp_path / "big.bin").read_bytes() == CONTENT


def test_a_lasting_break_gives_up_and_keeps_the_part(web: Any, tmp_path: Path) -> None:
    web.cuts = [10] * TRIES
    with pytest.raises(Unavailable, match="goes on where it stopped"):
        get(web, tmp_path / "big.bin", size=len(CONTENT))
    assert (tmp_path / "big.bin.part").stat().st_size == 10 * TRIES
    assert not (tmp_path / "big.bin").exists()


@pytest.mark.parametrize(("status", "words"), [(404, "does not have"), (403, "refused access"), (410, "HTTP 410")])
def test_a_refusal_is_said_at_once(web: Any, tmp_path: Path, status: int, words: str) -> None:
    web.statuses = [status]
    with pytest.raises(Unavailable, match=words):
        get(web, tmp_path / "big.bin")
    assert len(web.asked) == 1


def test_no_network_is_said(tmp_path: Path, unused_tcp_port: int) -> None:
    wanted = Wanted(f"http://127.0.0.1:{unused_tcp_port}/x", tmp_path / "x")
    with open_client() as client, pytest.raises(Unavailable, match=r"cannot reach 127\.0\.0\.1"):
        fetch(client, wanted, pause=lambda _seconds: None)


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    fault = OSError(errno.ENOSPC, "No space left on device")
    assert "is full" in disk_message(fault, tmp_path / "x")


def test_a_full_disk_in_mid_download_is_unavailable(web: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(httpx.Response, "iter_raw", full)
    with pytest.raises(Unavailable, match="is full"):
        get(web, tmp_path / "big.bin")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(0, len(CONTENT)), max_size=TRIES - 1))
def test_whatever_breaks_the_bytes_are_right(web: Any, tmp_path: Path, cuts: list[int]) -> None:
    web.cuts = list(cuts)
    assert get(web, tmp_path / "big.bin", size=len(CONTENT)).read_bytes() == CONTENT
    (tmp_path / "big.bin").unlink()
