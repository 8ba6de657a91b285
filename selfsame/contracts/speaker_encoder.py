"""What every `SpeakerEncoder` must do. Subclass it, give `encoder` and `voices`, and let pytest collect it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from selfsame.errors import BadInput
from selfsame.kit.pcm import MICROPHONE_RATE, Pcm
from selfsame.voice.port import SpeakerEncoder


class SpeakerEncoderContract:
    """The contract. `voices` are two or more recordings of at least 3 s, each of another voice, with some silence."""

    tells_apart = True
    """Whether the encoder really knows voices; a small untrained one meets everything else."""

    @pytest.fixture
    def encoder(self) -> SpeakerEncoder:
        """The engine."""
        raise NotImplementedError

    @pytest.fixture
    def voices(self) -> list[Pcm]:
        """Recordings at 16 kHz."""
        raise NotImplementedError

    def test_a_print_is_a_unit_vector_of_the_stated_width(self, encoder: SpeakerEncoder, voices: list[Pcm]) -> None:
        for voice in voices:
            print_ = encoder.embed(voice)
            assert print_.shape == (encoder.abilities.width,) and print_.dtype == np.float32
            assert np.linalg.norm(print_) == pytest.approx(1, abs=1e-5)

    def test_the_same_sound_gives_the_same_print(self, encoder: SpeakerEncoder, voices: list[Pcm]) -> None:
        assert np.array_equal(encoder.embed(voices[0]), encoder.embed(voices[0].copy()))

    def test_two_halves_of_one_recording_are_nearer_than_two_people(
        self, encoder: SpeakerEncoder, voices: list[Pcm]
    ) -> None:
        if not self.tells_apart:
            pytest.skip("this encoder is not trained")
        halves = [[encoder.embed(half) for half in np.array_split(voice, 2)] for voice in voices]
        same = [float(first @ second) for first, second in halves]
        other = [float(a[0] @ b[1]) for i, a in enumerate(halves) for j, b in enumerate(halves) if i != j]
        assert min(same) > encoder.abilities.same_person
        assert max(other) < min(same)

    def test_loudness_and_silence_around_change_little(self, encoder: SpeakerEncoder, voices: list[Pcm]) -> None:
        voice = voices[0]
        quiet = np.zeros(MICROPHONE_RATE, np.int16)
        padded = np.concatenate([quiet, voice // 4, quiet])
        assert float(encoder.embed(voice) @ encoder.embed(padded)) > 0.97

    @pytest.mark.parametrize("samples", [0, 1, 479, 16_000, 160_000])
    def test_without_speech_there_is_no_print(self, encoder: SpeakerEncoder, samples: int) -> None:
        with pytest.raises(BadInput, match="no speech"):
            encoder.embed(np.zeros(samples, np.int16))

    def test_pieces_come_in_the_order_given(self, encoder: SpeakerEncoder, voices: list[Pcm]) -> None:
        size = round(encoder.abilities.piece_seconds * MICROPHONE_RATE)
        pieces = [voice[start : start + size] for voice in voices for start in (0, size // 2)] * 9
        prints = encoder.embed_pieces(pieces)
        assert prints.shape == (len(pieces), encoder.abilities.width) and prints.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(prints, axis=1), 1, atol=1e-5)
        for index in (0, 1, len(pieces) - 1):
            np.testing.assert_allclose(prints[index], encoder.embed_pieces([pieces[index]])[0], atol=1e-4)

    def test_pieces_of_any_length_are_taken(self, encoder: SpeakerEncoder, voices: list[Pcm]) -> None:
        size = round(encoder.abilities.piece_seconds * MICROPHONE_RATE)
        long, exact, short = encoder.embed_pieces([voices[0], voices[0][:size], voices[0][: size // 3]])
        np.testing.assert_allclose(long, exact, atol=1e-4)
        assert np.isfinite(short).all()
        assert np.isfinite(encoder.embed_pieces([np.zeros(0, np.int16), np.zeros(400, np.int16)])).all()
        assert encoder.embed_pieces([]).shape == (0, encoder.abilities.width)

    def test_many_threads_share_it(self, encoder: SpeakerEncoder, voices: list[Pcm]) -> None:
        alone = [encoder.embed(voice) for voice in voices]
        with ThreadPoolExecutor(4) as pool:
            together = list(pool.map(encoder.embed, voices * 3))
        for index, found in enumerate(together):
            np.testing.assert_allclose(found, alone[index % len(voices)], atol=1e-4)

    def test_the_sound_is_not_changed(self, encoder: SpeakerEncoder, voices: list[Pcm]) -> None:
        kept = voices[0].copy()
        frozen = voices[0].copy()
        frozen.setflags(write=False)
        encoder.embed(frozen)
        encoder.embed_pieces([frozen])
        assert np.array_equal(frozen, kept)
