"""XTTS behind the port, on a tiny network of its real architecture with random weights: loading, speaking, errors."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from selfsame import settings
from selfsame.contracts.text_to_speech import TextToSpeechContract, all_of
from selfsame.errors import BadInput, Refused, Unavailable
from selfsame.kit.clock import SYSTEM
from selfsame.kit.pcm import Pcm
from selfsame.kit.tasks import offload
from selfsame.providers.embedded.espeak import EspeakTextToSpeech
from selfsame.providers.wrap.word_times import EstimatedWordTimes
from selfsame.providers.xtts.network import RATE, XttsNetwork
from selfsame.providers.xtts.speaking import XttsTextToSpeech, open_xtts
from selfsame.stores.files.local import LocalFiles
from selfsame.voice.port import Phrase, TextToSpeech
from selfsame.voice.units.file import to_bytes
from selfsame.wiring.choices import Announcer
from selfsame.wiring.own_voice import VOICE_FILE, InVoice, with_own_voices
from tests.own_voice.conftest import trained
from tests.xtts.tiny_xtts import write_model

pytest.importorskip("torch", reason="XTTS is optional: pip install 'selfsame[xtts]'")
pytest.importorskip("TTS.tts.models.xtts", reason="XTTS is optional: pip install 'selfsame[xtts]'", exc_type=Exception)
pytestmark = [pytest.mark.anyio, pytest.mark.filterwarnings("ignore")]


class Shelf:
    """Two persons' recordings: noise, of which one is brighter. `asked` counts."""

    def __init__(self) -> None:
        noise = np.random.default_rng(3).standard_normal(22_050 * 4)
        self.voices = {"anna": noise, "bert": np.convolve(noise, np.ones(32) / 8, "same")}
        self.asked: list[str] = []

    async def recordings(self, voice_id: str) -> tuple[Pcm, int] | None:
        self.asked.append(voice_id)
        if voice_id == "broken":
            raise BadInput("the file is damaged")
        sound = self.voices.get(voice_id)
        return None if sound is None else ((sound * 3000).astype(np.int16), 22_050)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("xtts")
    write_model(made)
    return made


@pytest.fixture(scope="module")
def network(folder: Path) -> XttsNetwork:
    return XttsNetwork.load_model(folder, "cpu")


@pytest.fixture
def engine(network: XttsNetwork) -> XttsTextToSpeech:
    return XttsTextToSpeech(network, Shelf())


class TestContract(TextToSpeechContract):
    @pytest.fixture
    def engine(self, network: XttsNetwork) -> TextToSpeech:
        return EstimatedWordTimes(InVoice(XttsTextToSpeech(network, Shelf()), "anna"))


async def test_it_says_of_itself_what_it_can(engine: XttsTextToSpeech) -> None:
    able = engine.abilities
    assert (able.sample_rate, able.clones_voices, able.stock_voices, able.phoneme_times) == (RATE, True, False, False)
    assert not engine.on_gpu


async def test_a_person_is_listened_to_once_and_again_when_forgotten(engine: XttsTextToSpeech) -> None:
    for voice in ("anna", "anna#clear", "bert"):
        assert await all_of(engine, Phrase("Yes.", voice_id=voice))
    assert engine._voices.asked == ["anna", "bert"]  # type: ignore[attr-defined]
    assert engine.loaded == ("anna", "bert")
    engine.forget("anna")
    assert engine.loaded == ("bert",)
    await all_of(engine, Phrase("Yes.", voice_id="anna"))
    assert engine._voices.asked == ["anna", "bert", "anna"]  # type: ignore[attr-defined]
    engine.forget_all()
    assert engine.loaded == ()


async def test_what_is_kept_of_a_person_is_theirs(network: XttsNetwork) -> None:
    anna, bert = ((Shelf().voices[name] * 3000).astype(np.int16) for name in ("anna", "bert"))
    one, again, other = (network.train_speaker([pcm], 22_050) for pcm in (anna, anna, bert))
    assert one.timbre.equal(again.timbre) and one.manner.equal(again.manner)
    assert not one.timbre.equal(other.timbre) and not one.manner.equal(other.manner)
    assert float((one.timbre**2).sum()) == pytest.approx(1.0, abs=1e-4)
    in_two = network.train_speaker([anna[:40_000], anna[40_000:]], 22_050)
    assert in_two.timbre.shape == one.timbre.shape and in_two.manner.shape == one.manner.shape


async def test_too_little_of_a_person_is_an_error_of_the_engine(network: XttsNetwork) -> None:
    with pytest.raises(Unavailable):
        network.train_speaker([np.zeros(100, np.int16)], 22_050)


@pytest.mark.parametrize(
    ("phrase", "error"),
    [
        (Phrase("Hello."), Refused),
        (Phrase("Hello.", voice_id="nobody"), Refused),
        (Phrase("Bonjour.", "FR", "anna"), Refused),
        (Phrase("Hello.", voice_id="broken"), Unavailable),
    ],
)
async def test_what_it_does_not_say(engine: XttsTextToSpeech, phrase: Phrase, error: type[Exception]) -> None:
    with pytest.raises(error):
        await all_of(engine, phrase)


async def test_a_long_text_is_said_in_pieces(engine: XttsTextToSpeech) -> None:
    short = sum(chunk.seconds for chunk in await all_of(engine, Phrase("Yes.", voice_id="anna")))
    long = sum(chunk.seconds for chunk in await all_of(engine, Phrase("Yes, " * 60, voice_id="anna")))
    assert long == pytest.approx(2 * short, rel=0.01), "the tiny network says each piece in the same time"


@pytest.mark.parametrize("harm", ["missing", "cut", "nonsense", "other"])
async def test_a_folder_that_is_no_model_is_unavailable(folder: Path, tmp_path: Path, harm: str) -> None:
    shutil.copytree(folder, tmp_path / "model")
    weights = tmp_path / "model" / "model.pth"
    if harm == "missing":
        weights.unlink()
    elif harm == "cut":
        weights.write_bytes(weights.read_bytes()[:100_000])
    elif harm == "nonsense":
        (tmp_path / "model" / "config.json").write_text("{]")
    else:
        weights.write_bytes(_pickled())
    with pytest.raises(Unavailable):
        await open_xtts(tmp_path / "model", Shelf())


def _home(home: Path, model: Path) -> settings.Settings:
    wanted = settings.load({"SELFSAME_HOME": str(home), "SELFSAME_TTS": "xtts-v2"}, Path("/nowhere/.env"))
    wanted.models_dir.mkdir(parents=True)
    (wanted.models_dir / "xtts-v2").symlink_to(model)
    return wanted


def _pickled() -> bytes:
    """A pickle that would run something if it were trusted."""
    import pickle

    return pickle.dumps(_Bomb())


class _Bomb:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (_explode, ("it was run",))


def _explode(text: str) -> None:
    raise AssertionError(text)


async def test_a_clone_of_the_product_speaks_by_it_and_by_its_embedded_voice_where_it_fails(
    folder: Path, tmp_path: Path
) -> None:
    wanted = await offload(_home, tmp_path, folder)
    files = LocalFiles(tmp_path / "files", bytes(32))
    await files.put("voices/owner/anna/" + VOICE_FILE, await offload(lambda: to_bytes(trained())))
    said = await with_own_voices(wanted, Announcer(SYSTEM), await offload(EspeakTextToSpeech), files)
    anna = Phrase("Hello, it is me.", voice_id="voices/owner/anna/")
    for phrase, by_network in ((anna, True), (Phrase("Hello."), False), (replace(anna, voice_id="nobody"), False)):
        chunks = await all_of(said.engine, phrase)
        assert {chunk.sample_rate for chunk in chunks} == {RATE}
        assert bool([p for chunk in chunks for p in chunk.phonemes]) is not by_network
        assert "".join(word.text for chunk in chunks for word in chunk.words)
    assert [memory.loaded for memory in said.memories] == [("voices/owner/anna/",), ()]
