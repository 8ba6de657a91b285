"""faster-whisper behind the port, on a model with random weights: loading, streaming, errors."""

from contextlib import asynccontextmanager

import pytest
import tiny_whisper

from selfsame.contracts.speech_to_text import SpeechToTextContract, tones
from selfsame.ears.port import HearingOptions
from selfsame.errors import Refused, Unavailable
from selfsame.providers.faster_whisper.recogniser import FasterWhisperSpeechToText, WhisperOptions
from selfsame.providers.redecode import LocalAgreement

pytest.importorskip("faster_whisper", reason="the neural ears are optional")
CPU = WhisperOptions(device="cpu", compute_type="float32", threads=1)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return str(tiny_whisper.make(tmp_path_factory.mktemp("whisper")))


class TestContract(SpeechToTextContract):
    @pytest.fixture(autouse=True)
    def _model(self, model):
        self.model = model

    @asynccontextmanager
    async def engine(self):
        async with FasterWhisperSpeechToText(self.model, CPU) as engine:
            yield engine


@pytest.mark.anyio
async def test_a_model_without_our_language_refuses_it(model):
    async with FasterWhisperSpeechToText(model, CPU) as engine:
        assert engine.abilities.languages == {"EN"}
        async with engine.open(HearingOptions(language="en-US")) as recognition:
            await recognition.accept(tones(1.0, 150))
            assert (await recognition.finish()).language == "EN"
        with pytest.raises(Refused):
            async with engine.open(HearingOptions(language="ES")):
                pass


def test_agreement_is_not_taken_back():
    agreement = LocalAgreement()
    shown = [agreement.take(t) for t in ("who", "who bought", "Who bought the mail", "who sold the mill in", "who")]
    assert shown == ["who", "who bought", "Who bought the mail", "Who bought the mill in", "Who bought"]


@pytest.mark.anyio
async def test_a_missing_model_is_unavailable(tmp_path):
    with pytest.raises(Unavailable):
        async with FasterWhisperSpeechToText(str(tmp_path), CPU):
            pass
    with pytest.raises(Unavailable):
        async with FasterWhisperSpeechToText("tiny", CPU).open(HearingOptions()):
            pass
