"""`selfsame talk`: a turn from a file, a conversation in the terminal, and every bad file with its own sentence."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from selfsame.cli.talking.show import waterfall
from selfsame.cli.talking.sound import Lines, Player, read_question, write_answer
from selfsame.errors import BadInput, Unavailable
from selfsame.events.audio import AudioFrame
from selfsame.events.told import ReplyText, StateChanged, Trouble
from selfsame.events.turns import LanguageChosen, ModeChosen, PlayedBack, TextTyped, TurnMetrics


def tone(seconds: float, rate: int, channels: int = 1) -> np.ndarray:
    wave = 0.3 * np.sin(2 * np.pi * 220 * np.arange(int(seconds * rate)) / rate)
    return np.repeat(wave[:, None], channels, axis=1)


@pytest.fixture
def question(tmp_path: Path) -> Path:
    path = tmp_path / "question.wav"
    soundfile.write(path, tone(0.4, 16_000), 16_000)
    return path


def test_a_question_from_a_file_with_all_that_is_printed(selfsame: Any, product: Any, question: Path) -> None:
    out = question.with_name("answer.wav")
    ran = selfsame("talk", str(question), "--out", str(out))
    assert ran.code == 0, ran.err
    assert "you: how do I make a clone" in ran.out
    assert "The Guide: Read ten sentences aloud." in ran.out
    assert "[1] Guide > Voice (0.83)" in ran.out
    assert "endpointing" in ran.out and "400 ms" in ran.out
    samples, rate = soundfile.read(out, dtype="int16")
    assert rate == 22_050 and list(samples[[0, -1]]) == [500, 900] and len(samples) == 4_410
    assert product.opened[0].closed and product.stopped


def test_json_is_one_object(selfsame: Any, question: Path) -> None:
    ran = selfsame("talk", str(question), "--json")
    row = ran.json
    assert ran.code == 0 and row["transcript"] == "how do I make a clone"
    assert row["answer"] == "Read ten sentences aloud." and row["audio_seconds"] == 0.2
    assert row["metrics_ms"]["total"] == 400 and row["sources"][0]["title"] == "Guide"
    assert len(row["turns"]) == 1


def test_the_file_is_heard_as_a_microphone_would_and_what_was_heard_is_reported(
    selfsame: Any, product: Any, question: Path
) -> None:
    selfsame("talk", str(question), "--json", "--clone", "guide", "--language", "es", "--mode", "faster")
    request, received = product.requests[0], product.opened[0].received
    assert (request.clone, request.language, request.mode) == ("guide", "ES", "faster")
    assert request.user_id == product.owner_id
    frames = [event for event in received if isinstance(event, AudioFrame)]
    assert all(0 < len(frame.pcm) <= 320 for frame in frames)
    ends = np.cumsum([len(frame.pcm) for frame in frames]) / 16_000
    np.testing.assert_allclose(np.diff([frame.at for frame in frames]), np.diff(ends), atol=1e-6)
    played = [event for event in received if isinstance(event, PlayedBack)]
    assert [round(event.ms) for event in played] == [100, 200]


@pytest.mark.parametrize(("rate", "channels", "ending"), [(44_100, 2, "wav"), (8_000, 1, "flac"), (48_000, 6, "wav")])
def test_any_rate_and_channels(tmp_path: Path, rate: int, channels: int, ending: str) -> None:
    path = tmp_path / f"q.{ending}"
    soundfile.write(path, tone(1.0, rate, channels), rate)
    pcm = read_question(path)
    assert pcm.dtype == np.int16 and abs(len(pcm) - 16_000) <= 2
    assert 9_000 < np.abs(pcm).max() < 11_000


def test_silence_at_the_end_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "q.wav"
    soundfile.write(path, np.concatenate([tone(0.5, 16_000), np.zeros((48_000, 1))]), 16_000)
    assert len(read_question(path)) == pytest.approx(0.7 * 16_000, abs=20)


def _sound(samples: np.ndarray, rate: int = 8_000, **options: Any) -> bytes:
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, rate, format="WAV", **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"%PDF-1.7 this is no sound", "not a sound file"),
        (os.urandom(4096), "not a sound file"),
        (_sound(np.zeros(0)), "holds no sound"),
        (_sound(np.zeros(8_000)), "only silence"),
        (_sound(np.full(8_000, np.nan), subtype="FLOAT"), "only silence"),
        (_sound(np.zeros(601 * 8_000)), "longer than 10 minutes"),
    ],
)
def test_bad_files_are_told_apart(selfsame: Any, product: Any, tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "bad.wav"
    path.write_bytes(content)
    ran = selfsame("talk", str(path))
    assert ran.code == 3 and words in ran.err and not product.opened


def test_a_truncated_file_is_heard_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "cut.wav"
    path.write_bytes(_sound(tone(1.0, 16_000), 16_000)[:-16_000])
    assert 7_000 < len(read_question(path)) < 17_000


def test_what_is_not_there(selfsame: Any, tmp_path: Path, question: Path) -> None:
    assert selfsame("talk", str(tmp_path / "none.wav")).code == 5
    missing = selfsame("talk", str(question), "--clone", "nobody", "--json")
    assert missing.code == 5 and missing.json["error"]["code"] == "NOT_FOUND"
    assert selfsame("talk", str(question), "--out", str(tmp_path / "no" / "a.wav")).code == 2
    assert selfsame("talk", str(question), "--mode", "slowly").code == 2


def test_trouble_without_an_answer_fails_and_trouble_with_one_does_not(
    selfsame: Any, product: Any, question: Path
) -> None:
    trouble = Trouble("LLM_UNAVAILABLE", "the mind does not answer")
    answered = product.script
    product.script = [trouble, *answered]
    assert selfsame("talk", str(question)).code == 0
    product.script = [*answered[:3], trouble, StateChanged("idle")]
    ran = selfsame("talk", str(question))
    assert ran.code == 4 and "the mind does not answer" in ran.err


def test_text_without_sound_is_shown(selfsame: Any, product: Any, question: Path) -> None:
    spoken = product.script
    product.script = [*spoken[:6], ReplyText(1, "Read them."), *spoken[8:]]
    ran = selfsame("talk", str(question))
    assert ran.code == 0 and "Read them." in ran.out


def test_an_engine_that_is_missing_is_said(selfsame: Any, product: Any, question: Path) -> None:
    product.fails_with = Unavailable("no database starts", role="database", provider="postgres")
    ran = selfsame("talk", str(question), "--json")
    assert ran.code == 4 and ran.json["error"]["code"] == "DATABASE_UNAVAILABLE"


def _type(monkeypatch: pytest.MonkeyPatch, text: bytes) -> None:
    reading, writing = os.pipe()
    os.write(writing, text)
    os.close(writing)
    os.set_blocking(reading, False)
    monkeypatch.setattr("selfsame.cli.talk.Lines", lambda: Lines(reading))
    monkeypatch.setattr("selfsame.cli.talk.find_player", lambda: None)


def test_the_terminal(selfsame: Any, product: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _type(monkeypatch, b"How do I make a clone?\n\n/mode faster\n/language zh\n/what\nAgain?\n/quit\nnot read\n")
    ran = selfsame("talk")
    assert ran.code == 0 and "No player program" in ran.out
    assert ran.out.count("Read ten sentences aloud.") == 2 and "/mode faster|planning|detailed" in ran.out
    received = product.opened[0].received
    assert [e.text for e in received if isinstance(e, TextTyped)] == ["How do I make a clone?", "Again?"]
    assert len({e.message_id for e in received if isinstance(e, TextTyped)}) == 2
    assert ModeChosen("faster") in received and LanguageChosen("ZH") in received


def test_the_terminal_in_json(selfsame: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _type(monkeypatch, b"One?\nTwo, without an end of line?")
    ran = selfsame("talk", "--json")
    assert [turn["transcript"] for turn in ran.json["turns"]] == ["how do I make a clone"] * 2


@pytest.mark.anyio
async def test_lines_come_from_an_ordinary_file_too(tmp_path: Path) -> None:
    path = tmp_path / "typed"
    path.write_bytes("eins\nzwei ü".encode())
    with path.open("rb") as file:
        os.set_blocking(file.fileno(), False)
        lines = Lines(file.fileno())
        assert [await lines.next(), await lines.next(), await lines.next()] == ["eins", "zwei ü", None]


@pytest.mark.anyio
async def test_a_player_gets_all_the_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = tmp_path / "heard"
    monkeypatch.setattr("selfsame.cli.talking.sound.PLAYERS", {"tee": ["tee", str(heard)], "no": ["false"]})
    player = Player("tee")
    for value in (1, 2):
        await player.play(np.full(1_000, value, np.int16), 16_000)
    await player.finish()
    assert heard.read_bytes() == b"\1\0" * 1_000 + b"\2\0" * 1_000
    mute = Player("no")
    for _ in range(20):
        await mute.play(np.zeros(16_000, np.int16), 16_000)
    await mute.finish()
    assert mute.mute and not player.mute


def test_an_answer_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"\.wav"):
        write_answer(tmp_path / "answer.xyz", np.zeros(10, np.int16), 16_000)


def test_the_waterfall_is_aligned() -> None:
    for metrics in (TurnMetrics(700, 60, 250, 10, 130, 250), TurnMetrics(300, 200, 300, 50, 100, 80), TurnMetrics()):
        lines = waterfall(metrics).splitlines()
        assert len(lines) == 6 and len({line.index(" ms") for line in lines}) == 1
    bars = [line.index("█") for line in waterfall(TurnMetrics(700, 60, 250, 10, 130, 250)).splitlines()[:5]]
    assert bars == sorted(bars)
