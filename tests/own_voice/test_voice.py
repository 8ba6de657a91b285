"""A voice made of a few sentences: its file, its choices, its sound."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfsame.errors import BadInput
from selfsame.voice.units import file as voice_file_module
from selfsame.voice.units.clear import clear_sound
from selfsame.voice.units.file import from_bytes, to_bytes
from selfsame.voice.units.model import VoiceModel
from selfsame.voice.units.pitch import track
from selfsame.voice.units.plan import corrections, target_of
from selfsame.voice.units.render import Prosody, render
from selfsame.voice.units.select import Chosen, Costs, select, stretches
from selfsame.voice.units.sound import HOP, RATE, cepstra_of, log_mels
from selfsame.voice.units.speak import LOUDER, Manner, as_loud, guide_sound, say
from tests.own_voice.conftest import SENTENCES, guide_line, person_says

UNSEEN = "Good morning, my friend! I have three cats and one very old dog."


def test_a_voice_survives_its_file(model: VoiceModel, voice_file: bytes) -> None:
    back = from_bytes(voice_file)
    assert back.phones == model.phones and back.facts == model.facts
    assert (back.sound == model.sound).all() and (back.units.first == model.units.first).all()
    line = guide_line(UNSEEN)
    a, b = say(model, line, Manner()).chunk, say(back, line, Manner()).chunk
    assert abs(a.seconds - b.seconds) < 0.3
    assert to_bytes(back)[:2] == b"PK"


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_files_are_told_as_such(data: st.DataObject) -> None:
    from tests.own_voice.conftest import trained

    whole = _file(trained())
    cut = data.draw(st.integers(0, len(whole)))
    broken = bytearray(whole[:cut] if data.draw(st.booleans()) else whole)
    for _ in range(data.draw(st.integers(0, 8))):
        if broken:
            broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    try:
        from_bytes(bytes(broken))
    except BadInput as error:
        assert "Make it anew" in error.message


_FILES: dict[int, bytes] = {}


def _file(model: VoiceModel) -> bytes:
    if id(model) not in _FILES:
        _FILES[id(model)] = to_bytes(model)
    return _FILES[id(model)]


def _with(data: bytes, name: str, value: np.ndarray) -> bytes:
    """The file with one array changed."""
    with np.load(io.BytesIO(data)) as stored:
        arrays = {key: stored[key] for key in stored.files}
    out = io.BytesIO()
    np.savez(out, **(arrays | {name: value}))
    return out.getvalue()


def test_contradictions_are_refused(voice_file: bytes) -> None:
    with np.load(io.BytesIO(voice_file)) as stored:
        units, sound, inputs = stored["units"].copy(), stored["sound"], stored["inputs"].copy()
    units[3, 5] = len(sound) // HOP + 10  # a unit's end beyond the recordings
    wrong_phone = units.copy()
    wrong_phone[0, 0] = 999
    inputs[0, 0] = np.nan
    for changed in (("units", units), ("units", wrong_phone), ("sound", sound[:-HOP]), ("inputs", inputs),
                    ("weight1", np.zeros((5, 5), "<f2")), ("pitch", np.array([5.0, 0.0], "<f4"))):  # fmt: skip
        with pytest.raises(BadInput):
            from_bytes(_with(voice_file, *changed))


def test_pickles_strange_names_and_bombs_are_never_unpacked(voice_file: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    evil = io.BytesIO()
    np.lib.format.write_array(evil, np.array([{}], dtype=object), allow_pickle=True)
    out = io.BytesIO(voice_file)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("more.npy", evil.getvalue())
    with pytest.raises(BadInput):
        from_bytes(out.getvalue())
    with pytest.raises(BadInput):
        from_bytes(_with(voice_file, "tone", np.array([{}], dtype=object)))
    monkeypatch.setattr(voice_file_module, "MAX_BYTES", 100_000)
    with pytest.raises(BadInput):
        from_bytes(voice_file)


def test_a_sentence_of_the_recordings_is_said_with_its_own_units(model: VoiceModel) -> None:
    said = say(model, guide_line(SENTENCES[1]), Manner())
    assert np.mean(stretches(said.chosen, model)) > 6, "long stretches of the recording are preferred"


def test_a_unit_that_goes_on_costs_no_join_and_sounds_as_recorded(model: VoiceModel) -> None:
    """Units of one stretch, at their own length, come out as the recording, sample by sample."""
    units = model.units
    start = next(n for n in range(40, len(units) - 8) if (units.first[n + 1 : n + 8] == units.last[n : n + 7]).all())
    row = [Chosen(0, int(units.half[n]), n, int(units.first[n]), int(units.last[n])) for n in range(start, start + 8)]
    target = replace(
        target_of(model, guide_line("Yes.").phones, guide_sound(guide_line("Yes.")), 1.0), log_pitch=model.log_pitch
    )
    made = render(model, target, row, Prosody()).sound
    a = int(units.first[start]) * HOP
    real = model.samples[a : a + len(made)]
    inside = slice(1500, -1500)  # without the fades
    correlation = max(
        np.corrcoef(made[inside], model.samples[a + d : a + d + len(made)][inside])[0, 1] for d in range(-130, 131)
    )
    assert correlation > 0.97
    assert np.sqrt((made**2).mean()) == pytest.approx(np.sqrt((real**2).mean()), rel=0.1)


def test_times_are_exact(model: VoiceModel) -> None:
    line = guide_line(UNSEEN)
    said = say(model, line, Manner()).chunk
    assert [p.ipa for p in said.phonemes] == [p.ipa for p in line.phones if p.name]
    assert [w.text for w in said.words] == [w.text for w in line.words]
    for before, after in zip(said.phonemes[:-1], said.phonemes[1:], strict=True):
        assert before.end <= after.start + 1e-6
    assert said.phonemes[-1].end <= said.seconds + 0.001
    for word in said.words:
        assert 0 <= word.start < word.end <= said.seconds + 0.001
    # Vowels are loud where they are said to be, pauses are quiet.
    sound = said.pcm.astype(np.float64)
    level = [np.sqrt((sound[int(p.start * RATE) : int(p.end * RATE)] ** 2).mean()) for p in said.phonemes
             if any(sign in "aeiouɑæɛɪʌəɔʊ" for sign in p.ipa)]  # fmt: skip
    gaps = [(a.end, b.start) for a, b in zip(said.phonemes[:-1], said.phonemes[1:], strict=True)
            if b.start - a.end > 0.1]  # fmt: skip
    quiet = [np.sqrt((sound[int((a + 0.02) * RATE) : int((b - 0.02) * RATE)] ** 2).mean()) for a, b in gaps]
    assert quiet and np.median(level) > 10 * np.median(quiet)


def test_it_sounds_like_the_person_and_not_like_the_guide(model: VoiceModel) -> None:
    line = guide_line(UNSEEN)
    made = say(model, line, Manner()).chunk.pcm / 32768.0
    person = person_says(UNSEEN)[0] / 32768.0

    def colour(sound: np.ndarray) -> tuple[np.ndarray, float]:
        rows = cepstra_of(log_mels(sound.astype(np.float32)))
        hertz = track(sound.astype(np.float32))
        loud = rows[:, 0] > np.percentile(rows[:, 0], 40)
        return rows[loud].mean(0)[1:], float(np.median(hertz[hertz > 0]))

    (own, own_pitch), (real, real_pitch), (guide, guide_pitch) = map(colour, (made, person, guide_sound(line)))
    assert np.linalg.norm(own - real) < 0.4 * np.linalg.norm(guide - real)
    assert abs(own_pitch - real_pitch) < 0.5 * abs(guide_pitch - real_pitch)


def test_there_are_no_clicks(model: VoiceModel) -> None:
    """No step from sample to sample is larger than the person's own."""
    made = np.diff(say(model, guide_line(UNSEEN), Manner()).chunk.pcm.astype(np.float64))
    own = np.abs(np.diff(model.sound.astype(np.float64)))
    assert np.abs(made).max() < 1.5 * LOUDER * own.max()


def test_loud_peaks_are_bent_and_quiet_sound_is_not() -> None:
    ramp = np.linspace(-2, 2, 4001).astype(np.float32)
    loud = as_loud(ramp) / 32767.0
    assert (np.diff(loud) >= 0).all() and np.abs(loud).max() <= 1.0
    quiet = np.abs(ramp) < 0.4
    assert np.abs(loud[quiet] - LOUDER * ramp[quiet]).max() < 1e-3


def test_phones_that_were_never_said_are_borrowed_and_marked(model: VoiceModel) -> None:
    line = guide_line("El perro corre rápido por la carretera.", "ES")
    said = say(model, line, Manner())
    assert any(each.borrowed for each in said.chosen)
    assert not any(each.borrowed for each in say(model, guide_line(SENTENCES[0]), Manner()).chosen)
    assert np.abs(said.chunk.pcm.astype(int)).max() > 1000
    assert model.borrows("ES") and not model.borrows("EN")
    chinese = say(model, guide_line("早上好，我有三只猫。", "ZH"), Manner(Prosody(melody=1.0, most_pitch=1.6)))
    assert len(chinese.chunk.phonemes) > 8


def test_speed_and_pitch_are_kept(model: VoiceModel) -> None:
    line = guide_line("I have three cats and one very old dog.")

    def pitch_of(raised: float) -> float:
        hertz = track((say(model, line, Manner(Prosody(raised=raised))).chunk.pcm / 32768.0).astype(np.float32))
        return float(np.median(hertz[hertz > 0]))

    assert pitch_of(1.2) == pytest.approx(1.2 * pitch_of(1.0), rel=0.06)
    slow, fast = (say(model, line, Manner(speed=speed)).chunk.seconds for speed in (0.8, 1.3))
    assert slow > fast


def test_the_clear_manner_is_the_guide_in_the_persons_pitch(model: VoiceModel) -> None:
    line = guide_line(UNSEEN)
    sound = guide_sound(line)
    made = clear_sound(model, sound)
    assert len(made) == len(sound)
    before, after = track(sound, once=True), track(made, once=True)
    wanted = float(np.exp(model.pitch[0]))
    pitch, plain = np.median(after[after > 0]), np.median(before[before > 0])
    assert pitch == pytest.approx(min(wanted, 1.4 * plain), rel=0.08)
    assert abs(pitch - wanted) < abs(plain - wanted)
    assert np.abs(made).max() < 2.0


def test_corrections_meet_at_joins_and_leave_the_rest() -> None:
    own = np.array([5.0, 5.3, 5.3]), np.array([5.1, 5.3, 5.2])
    low, high = corrections(own, own, np.array([1e4, 1e4]), np.full(3, 0.05), 1.0)
    starts, ends = own[0] + low, own[1] + high
    assert ends[0] == pytest.approx(starts[1], abs=1e-3)
    assert ends[1] == pytest.approx(starts[2], abs=1e-3)
    assert np.abs(np.concatenate([low, high])).max() < 0.25
    still = corrections(own, own, np.zeros(2), np.ones(3), 1.0)
    assert np.abs(np.concatenate(still)).max() < 1e-9


def test_an_empty_line_is_silence(model: VoiceModel) -> None:
    assert len(say(model, guide_line("..."), Manner()).chunk.pcm) == 0
    assert select(model, target_of(model, (), np.zeros(2000, np.float32), 1.0), Costs()) == []
