"""faster-whisper behind the port, on a model with random weights: loading, streaming, errors."""

from contextlib import asynccontextmanager

import pytest
import tiny_whisper

from selfsame.contracts.speech_to_text import SpeechToTextContract, tones
from selfsame.ears.port import HearingOptions
from selfsame.errors import Refused, Unavailable
from selfsame.providers.faster_whisper.recogniser import FasterWhisperSpeechToText, WhisperOptions

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
@pytest.mark.parametrize(("language", "heard"), [("ES", "ES"), ("zh-CN", "ZH"), ("auto", None)])
async def test_the_language_is_ours(model, language, heard):
    async with FasterWhisperSpeechToText(model, CPU) as engine:
        async with engine.open(HearingOptions(language=language)) as recognition:
            await recognition.accept(tones(1.0, 150))
            found = await recognition.finish()
        assert found.language in ({heard} if heard else {"EN", "ZH", "ES"})
        with pytest.raises(Refused):
            async with engine.open(HearingOptions(language="FR")):
                pass


@pytest.mark.anyio
async def test_a_missing_model_is_unavailable(tmp_path):
    with pytest.raises(Unavailable):
        async with FasterWhisperSpeechToText(str(tmp_path), CPU):
            pass
    with pytest.raises(Unavailable):
        async with FasterWhisperSpeechToText("tiny", CPU).open(HearingOptions()):
            pass
