"""Sound against picture in files really encoded: by time stamps, by known speech, by a clapper; and damaged files."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfsame.errors import BadInput, CallerError
from selfsame.evaluator.av_offset import clap_pictures, clap_sound, claps, heard_at, timing, track
from selfsame.evaluator.mp4_boxes import edits
from tests.evaluator.drawn_clips import FPS, encode
from tests.evaluator.mouths import speak

RATE = 22_050
CLAPS = [0.5, 1.0, 1.7]
FRAGMENTED = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}


def clapper(sound_late: float = 0.0, rate: int = RATE, **kwargs) -> bytes:
    return encode(
        clap_pictures(70, FPS, 64, CLAPS), clap_sound(2.2, rate, CLAPS), rate, sound_late=sound_late, **kwargs
    )


@pytest.mark.parametrize("rate", [16_000, 22_050, 48_000])
@pytest.mark.parametrize("options", [{}, FRAGMENTED], ids=["plain", "fragmented"])
@pytest.mark.parametrize("video", [{"bf": "0"}, {"bf": "2"}], ids=["in order", "reordered"])
def test_a_clapper_in_sync_is_in_sync_to_a_millisecond(rate: int, options: dict, video: dict) -> None:
    """The encoders' delays (AAC's priming, reordered pictures) must not be counted."""
    found = claps(clapper(rate=rate, options=options, video=video))
    assert len(found) == len(CLAPS)
    assert max(abs(clap.offset_ms) for clap in found) < 1.5


@pytest.mark.parametrize("late", [-0.2, -0.04, 0.02, 0.12])
def test_a_clapper_tells_how_late_the_sound_is(late: float) -> None:
    shown = [at - min(0.0, late) for at in CLAPS]
    mp4 = encode(clap_pictures(80, FPS, 64, shown), clap_sound(2.5, RATE, [at + late for at in shown]), RATE)
    # The pictures are white from the first frame at or after the clap on.
    frames = [np.ceil(at * FPS - 1e-6) / FPS for at in shown]
    for clap, flash, at in zip(claps(mp4), frames, shown, strict=True):
        assert clap.offset_ms == pytest.approx(1000 * (flash - at - late), abs=1.5)


def test_time_stamps_of_a_plain_file() -> None:
    found = timing(clapper())
    assert found.frames == 70 and found.fps == pytest.approx(FPS, rel=1e-3)
    assert found.video_start == 0.0 and abs(found.offset_ms) < 0.1
    assert found.video_end == pytest.approx(70 / FPS, abs=0.001)
    assert found.longest_gap_ms == pytest.approx(1000 / FPS, abs=0.5)


def test_what_a_player_without_edit_lists_would_make_of_it() -> None:
    """AAC begins with 1024 samples that nobody should hear; a file says so in an edit list."""
    found = timing(clapper(video={"bf": "0"}))
    assert found.offset_without_edits_ms == pytest.approx(-1000 * 1024 / RATE, abs=0.1)
    sound = next(edit for edit in found.edits if edit.kind == "soun")
    assert sound.skipped_s == pytest.approx(1024 / RATE) and sound.waited_s == 0.0
    # Pictures that are reordered wait for two frames too, so the two delays nearly make up for each other.
    assert timing(clapper(video={"bf": "2"})).offset_without_edits_ms == pytest.approx(
        1000 * (2 / FPS - 1024 / RATE), abs=0.1
    )


def test_reordered_pictures_are_in_the_edit_list() -> None:
    pictures = [edit for edit in edits(clapper(video={"bf": "2"})) if edit.kind == "vide"]
    assert pictures[0].skipped_s == pytest.approx(2 / FPS, abs=0.001)


def test_speech_is_found_in_its_file_to_a_millisecond() -> None:
    speech = speak("Maybe we could move the meeting to five.")
    pictures = list(clap_pictures(90, FPS, 64, []))
    for late in (0.0, 0.1, 0.333):
        for options in ({}, FRAGMENTED):
            mp4 = encode(pictures, speech.pcm, speech.rate, sound_late=late, options=options)
            assert heard_at(mp4, speech.pcm, speech.rate) == pytest.approx(late, abs=0.001)
    resampled = heard_at(mp4, speech.pcm[::2], speech.rate // 2)
    assert resampled == pytest.approx(0.333, abs=0.002)


def test_other_speech_is_not_found() -> None:
    speech, other = speak("Maybe we could move the meeting to five."), speak("今天我们一起去公园看花。", "ZH")
    mp4 = encode(clap_pictures(90, FPS, 64, []), speech.pcm, speech.rate)
    assert heard_at(mp4, other.pcm, other.rate) is None
    assert heard_at(mp4, np.zeros(1000, np.int16), other.rate) is None


def test_the_track_lies_on_the_files_own_time() -> None:
    sound, rate = track(clapper(sound_late=0.25))
    first = np.flatnonzero(np.abs(sound) > 0.4)[0] / rate
    assert first == pytest.approx(CLAPS[0] + 0.25, abs=0.001)


def test_files_without_a_clap_say_so() -> None:
    silent = encode(clap_pictures(30, FPS, 64, [0.5]), np.zeros(RATE, np.int16), RATE)
    with pytest.raises(BadInput, match="click"):
        claps(silent)
    with pytest.raises(BadInput, match="flash"):
        claps(encode(clap_pictures(30, FPS, 64, []), clap_sound(1, RATE, [0.5]), RATE))
    with pytest.raises(BadInput, match="no flash"):
        claps(encode(clap_pictures(60, FPS, 64, [0.3]), clap_sound(2, RATE, [1.5]), RATE))


@pytest.mark.parametrize("data", [b"", b"no film", b"\0" * 100, b"\x00\x00\x00\x08moov", b"RIFF\x24\0\0\0WAVEfmt "])
@pytest.mark.parametrize("look", [timing, track, claps])
def test_what_is_no_film_is_refused(look, data: bytes) -> None:
    with pytest.raises(BadInput):
        look(data)
    assert edits(data) == []


WHOLE = encode(clap_pictures(20, FPS, 64, [0.3]), clap_sound(0.6, RATE, [0.3]), RATE)


@settings(max_examples=120, deadline=None)
@given(
    cut=st.integers(0, len(WHOLE)),
    flips=st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(1, 255)), max_size=12),
)
def test_damaged_films_are_measured_or_refused(cut: int, flips: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE)
    for place, change in flips:
        data[place] ^= change
    edits(bytes(data[:cut]))
    for look in (timing, track):
        for film in (bytes(data), bytes(data[:cut])):
            try:
                look(film)
            except CallerError:
                continue


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_have_edit_lists_or_none(data: bytes) -> None:
    edits(data)
    edits(b"\0\0\0\x20moov" + data)
