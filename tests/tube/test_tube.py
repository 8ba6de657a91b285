"""Videos of YouTube: which addresses, what is refused, that nothing stays behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfsame.errors import BadInput, Refused, SelfsameError, Unavailable
from selfsame.kit.clock import SYSTEM
from selfsame.kit.tasks import background
from selfsame.studio.port import Cancelled
from selfsame.studio.tube import TubeOptions, VideoFetcher, video_address
from selfsame.studio.tube.complaints import complaint
from selfsame.studio.tube.fetch import PREFIX, forget_leftovers
from tests.tube.conftest import FACTS, ID, MakeFetcher


async def quiet(_share: float, _doing: str) -> None:
    """A progress that nobody sees."""


@pytest.mark.parametrize(
    "text",
    [
        f"https://www.youtube.com/watch?v={ID}", f"http://youtube.com/watch?v={ID}&t=42s", f"youtu.be/{ID}?si=x",
        f"https://m.youtube.com/watch?list=PLx&v={ID}", f"https://www.youtube.com/shorts/{ID}",
        f"https://www.youtube.com/live/{ID}/", f" https://music.youtube.com/watch?v={ID} ",
        f"HTTPS://WWW.YOUTUBE.COM/watch?v={ID}",
    ],
)  # fmt: skip
def test_addresses_of_videos(text: str) -> None:
    assert video_address(text).url == f"https://www.youtube.com/watch?v={ID}"


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "https://www.youtube.com/", "https://www.youtube.com/watch?v=short", "file:///etc/passwd",
        f"https://youtube.com.evil.example/watch?v={ID}", f"https://evil.example/youtu.be/{ID}",
        f"https://user@www.youtube.com/watch?v={ID}", f"https://www.youtube.com:8443/watch?v={ID}",
        f"https://www.youtube.com\\@evil.example/watch?v={ID}", f"ftp://www.youtube.com/watch?v={ID}",
        "https://www.youtube.com/playlist?list=PL123", "https://www.youtube.com/@dana", "https://vimeo.com/123456",
        f"https://www.youtube.com/watch?v={ID} --exec=id", "--exec=id", f"https://www.youtube.com/watch?v={ID}/../x",
        "https://[::1/watch", f"https://www.youtube.com/watch?v={ID}\u202e", "https://127.0.0.1/watch?v=" + ID,
    ],
)  # fmt: skip
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        video_address(text)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80) | st.text("htps:/youbecmw.?v=@#&dQw4XcQ-_ []\\", max_size=80))
def test_any_text_is_a_video_or_bad_input(text: str) -> None:
    try:
        assert len(video_address(text).id) == 11
    except BadInput:
        return


COMPLAINTS = [
    ("[youtube] x: Private video. Sign in if you've been granted access to this video", BadInput, "private"),
    ("[youtube] x: Sign in to confirm your age. This video may be inappropriate for some users.", BadInput, "age"),
    ("[youtube] x: Video unavailable. This video has been removed by the uploader", BadInput, "removed"),
    ("[youtube] x: Join this channel to get access to members-only content", BadInput, "members"),
    ("[youtube] x: The uploader has not made this video available in your country", BadInput, "country"),
    ("[youtube] x: This live event will begin in 3 hours.", BadInput, "live"),
    ("[youtube] x: Sign in to confirm you’re not a bot.", Refused, "refuses"),
    ("unable to download video data: HTTP Error 403: Forbidden", Refused, "Update"),
    ("[youtube] x: Requested format is not available. Use --list-formats", Refused, "Update"),
    ("[youtube] x: Unable to download API page: [Errno -2] Name or service not known (caused by ...)", Unavailable,
     "no network"),
    ("[youtube] x: Unable to download webpage: The read operation timed out", Unavailable, "reached"),
    ("[youtube] x: A sentence that nobody foresaw", Unavailable, "nobody foresaw"),
]  # fmt: skip


@pytest.mark.anyio
@pytest.mark.parametrize(("line", "kind", "word"), COMPLAINTS, ids=[row[2] for row in COMPLAINTS])
@pytest.mark.parametrize("stage", ["facts", "sound"])
async def test_complaints_say_what_to_do(
    line: str, kind: type[SelfsameError], word: str, stage: str, fetcher: MakeFetcher, tmp_path: Path
) -> None:
    with pytest.raises(kind, match=word):
        await fetcher(fails_at=stage, error=f"ERROR: {line}").fetch(video_address(ID_URL), "job", quiet)
    assert list((tmp_path / "work").iterdir()) == []


ID_URL = f"https://youtu.be/{ID}"


@pytest.mark.anyio
async def test_the_sound_is_fetched_and_nothing_stays(fetcher: MakeFetcher, tmp_path: Path) -> None:
    shown: list[tuple[float, str]] = []

    async def show(share: float, doing: str) -> None:
        shown.append((share, doing))

    trace = tmp_path / "trace"
    video = await fetcher(sound=4000, trace=str(trace)).fetch(video_address(ID_URL), "job-1", show)
    assert (video.title, video.author, video.seconds, video.language) == ("How to bake", "Dana", 120.0, "EN")
    assert video.data == b"s" * 4000 and not video.is_captions
    shares = [share for share, _ in shown]
    assert shares == sorted(shares) and shares[-1] == 1.0 and len(shares) >= 6
    assert list((tmp_path / "work").iterdir()) == []
    calls = [json.loads(line)["arguments"] for line in trace.read_text().splitlines()]
    assert len(calls) == 2
    for arguments in calls:
        assert arguments[-2:] == ["--", f"https://www.youtube.com/watch?v={ID}"]
        assert {"--ignore-config", "--no-playlist"} <= set(arguments) and "--exec" not in " ".join(arguments)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("facts", "word"),
    [({"duration": 7200}, "120 minutes"), ({"is_live": True}, "live"), ({"live_status": "is_upcoming"}, "live"),
     ({"duration": None}, "how long"), ({"duration": True}, "how long"), ({"duration": -1}, "how long")],
)  # fmt: skip
async def test_what_is_too_long_or_live_is_refused_before_it_is_loaded(
    facts: dict[str, object], word: str, fetcher: MakeFetcher, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    with pytest.raises(BadInput, match=word):
        await fetcher(facts=FACTS | facts, trace=str(trace)).fetch(video_address(ID_URL), "job", quiet)
    assert len(trace.read_text().splitlines()) == 1


@pytest.mark.anyio
async def test_what_is_too_large_is_refused(fetcher: MakeFetcher) -> None:
    for lies in (False, True):
        with pytest.raises(BadInput, match="too large"):
            await fetcher({"most_bytes": 500}, sound=4000, lies=lies).fetch(video_address(ID_URL), "job", quiet)


@pytest.mark.anyio
@pytest.mark.parametrize("facts", ["not json", "[1]", "{}", "", '{"id": "another____"}', "[" * 100_000])
async def test_facts_that_are_none_are_told(facts: str, fetcher: MakeFetcher) -> None:
    with pytest.raises(Unavailable, match="understood"):
        await fetcher(facts=facts).fetch(video_address(ID_URL), "job", quiet)


@pytest.mark.anyio
async def test_captions_that_a_person_wrote_may_be_taken(fetcher: MakeFetcher) -> None:
    vtt = "WEBVTT\n\n00:00.000 --> 00:02.000\nTrust the dough.\n"
    facts = FACTS | {"subtitles": {"live_chat": [], "fr": [], "en-GB": []}, "automatic_captions": {"en": []}}
    video = await fetcher(facts=facts, captions=vtt).fetch(video_address(ID_URL), "job", quiet, captions=True)
    assert video.is_captions and video.data.decode() == vtt
    for other in (FACTS, facts | {"subtitles": {"fr": []}}):  # those of a machine are never taken
        video = await fetcher(facts=other, captions=vtt).fetch(video_address(ID_URL), "job", quiet, captions=True)
        assert not video.is_captions
    video = await fetcher(facts=facts).fetch(video_address(ID_URL), "job", quiet, captions=True)
    assert not video.is_captions  # they were promised and did not come


def alive(pid: int) -> bool:
    """Whether a process runs (one that is dead and not yet buried does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def gone(pid: int) -> None:
    with anyio.fail_after(20):
        while alive(pid):
            await SYSTEM.sleep(0.02)


async def pid_in(trace: Path, line: int) -> int:
    """The process id that the stand-in wrote."""
    with anyio.fail_after(20):
        while len(lines_of(trace)) <= line:
            await SYSTEM.sleep(0.02)
    return json.loads(lines_of(trace)[line])["pid"]


def lines_of(trace: Path) -> list[str]:
    return trace.read_text().splitlines() if trace.exists() else []


@pytest.mark.anyio
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
@pytest.mark.parametrize(("stage", "line"), [("facts", 0), ("sound", 1)])
async def test_cancelling_ends_the_program_and_erases_its_files(
    stage: str, line: int, fetcher: MakeFetcher, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    async with background() as tasks:
        tasks.start_soon(fetcher(hangs_at=stage, trace=str(trace)).fetch, video_address(ID_URL), "job", quiet)
        pid = await pid_in(trace, line)
        assert alive(pid)
    await gone(pid)
    assert list((tmp_path / "work").iterdir()) == []


@pytest.mark.anyio
async def test_a_progress_that_stops_the_work_stops_the_program(fetcher: MakeFetcher, tmp_path: Path) -> None:
    async def stop(share: float, _doing: str) -> None:
        if share > 0.2:
            raise Cancelled

    with pytest.raises(Cancelled):
        await fetcher(sound=4000).fetch(video_address(ID_URL), "job", stop)
    assert list((tmp_path / "work").iterdir()) == []


@pytest.mark.anyio
@pytest.mark.parametrize("stage", ["facts", "sound"])
async def test_a_program_that_hangs_is_given_up(stage: str, fetcher: MakeFetcher) -> None:
    with pytest.raises(Unavailable, match="in time"):
        options = {"patience": 0.5 if stage == "facts" else 30.0, "loading": 0.5}
        await fetcher(options, hangs_at=stage).fetch(video_address(ID_URL), "job", quiet)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
@pytest.mark.anyio
async def test_when_the_server_is_killed_the_program_dies_and_the_next_try_erases_its_files(
    fetcher: MakeFetcher, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    plan = {"facts": FACTS, "hangs_at": "sound", "trace": str(trace)}
    code = (
        "import anyio, sys, pathlib\n"
        "from selfsame.studio.tube import *\n"
        "async def quiet(*_): pass\n"
        "options = TubeOptions(program=(sys.executable, sys.argv[1]), folder=pathlib.Path(sys.argv[2]))\n"
        f"anyio.run(VideoFetcher(options).fetch, video_address('{ID_URL}'), 'job', quiet)\n"
    )
    program = [sys.executable, "-c", code, str(Path(__file__).with_name("fake_yt_dlp.py")), str(tmp_path / "work")]
    server = await anyio.open_process(program, env=os.environ | {"FAKE_TUBE": json.dumps(plan)})
    pid = await pid_in(trace, 1)
    server.send_signal(signal.SIGKILL)
    await server.wait()
    await gone(pid)
    assert len(list((tmp_path / "work").iterdir())) == 1
    await fetcher().fetch(video_address(ID_URL), "job", quiet)
    assert list((tmp_path / "work").iterdir()) == []


def test_leftovers_are_forgotten_when_they_are_old(tmp_path: Path) -> None:
    folder = tmp_path / f"{PREFIX}x"
    folder.mkdir()
    (folder / "sound.m4a").write_bytes(b"x")
    other = tmp_path / "other"
    other.mkdir()
    now = folder.stat().st_mtime
    assert forget_leftovers(tmp_path, now + 100) == 0 and folder.exists()
    assert forget_leftovers(tmp_path, now + 4000) == 1 and not folder.exists() and other.exists()


@pytest.mark.anyio
async def test_a_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    for program in (("/nowhere/yt-dlp",), (sys.executable, "-m", "no_such_yt_dlp")):
        with pytest.raises(Unavailable):
            await VideoFetcher(TubeOptions(program, folder=tmp_path)).fetch(video_address(ID_URL), "job", quiet)
    assert "not installed" in complaint("No module named yt_dlp", 1).message


@pytest.mark.anyio
async def test_the_real_program_understands_our_command_line_and_says_that_there_is_no_network(tmp_path: Path) -> None:
    pytest.importorskip("yt_dlp")
    with socket.socket() as taken:  # a proxy that nobody answers at: no packet leaves this machine
        taken.bind(("127.0.0.1", 0))
        proxy = f"http://127.0.0.1:{taken.getsockname()[1]}"
        names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
        environment = dict.fromkeys(names, proxy) | {"NO_PROXY": "", "no_proxy": ""}
        options = TubeOptions(folder=tmp_path, environment=environment)
        with pytest.raises(Unavailable, match="cannot be reached"):
            await VideoFetcher(options).fetch(video_address(ID_URL), "job", quiet)


def test_the_real_program_knows_every_option() -> None:
    pytest.importorskip("yt_dlp")
    from selfsame.studio.tube.fetch import _ORDINARY

    more = ["--skip-download", "--dump-json", "--write-subs", "--no-write-auto-subs", "--sub-langs", "en"]
    more += ["--sub-format", "vtt", "--fixup", "never", "--max-filesize", "5", "--newline", "--progress", "--no-mtime"]
    done = subprocess.run(
        [sys.executable, "-m", "yt_dlp", *_ORDINARY, *more, "--version"], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0 and done.stdout.strip() and "no such option" not in done.stderr
