"""Moonshine behind the port, on small networks with the same inputs and outputs: loading, cache, end, errors."""

from contextlib import asynccontextmanager

import numpy as np
import pytest
import tiny_moonshine

from selfsame.contracts.speech_to_text import SpeechToTextContract
from selfsame.ears.port import HearingOptions
from selfsame.errors import Refused, Unavailable
from selfsame.providers.moonshine.network import Moonshine
from selfsame.providers.moonshine.recogniser import MoonshineSpeechToText


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return tiny_moonshine.make(tmp_path_factory.mktemp("moonshine"))


class TestContract(SpeechToTextContract):
    @pytest.fixture(autouse=True)
    def _model(self, model):
        self.model = model

    @asynccontextmanager
    async def engine(self):
        async with MoonshineSpeechToText(self.model) as engine:
            yield engine


@pytest.mark.parametrize(("loudness", "text"), [(0.0, "who bought the mill"), (0.25, "the mill and why")])
def test_the_search_feeds_its_cache_back_and_stops_at_the_end(model, loudness, text):
    found = Moonshine(model).transcribe(np.full(16000, loudness, np.float32))
    assert found.text == text
    assert 0.9 < found.probability <= 1.0


def test_short_sound_gives_few_tokens(model):
    assert Moonshine(model).transcribe(np.zeros(4800, np.float32)).text == "who"


@pytest.mark.anyio
async def test_missing_or_spoilt_files_are_unavailable(tmp_path, model):
    with pytest.raises(Unavailable):
        async with MoonshineSpeechToText(tmp_path):
            pass
    for name in ("encoder_model.onnx", "decoder_model_merged.onnx", "tokenizer.json"):
        (tmp_path / name).write_bytes(b"not a model")
    with pytest.raises(Unavailable):
        async with MoonshineSpeechToText(tmp_path):
            pass
    async with MoonshineSpeechToText(model) as engine:
        with pytest.raises(Refused):
            async with engine.open(HearingOptions(language="ES")):
                pass
