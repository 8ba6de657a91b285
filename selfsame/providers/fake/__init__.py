"""Fakes good enough to demonstrate with: fixed delays, real times, no models."""

from selfsame.providers.fake.hearing import FakeSpeechToText
from selfsame.providers.fake.knowing import FakeEmbedder, FakeRetriever
from selfsame.providers.fake.speaking import FakeTextToSpeech
from selfsame.providers.fake.thinking import Delays, FakeLanguageModel

__all__ = ["Delays", "FakeEmbedder", "FakeLanguageModel", "FakeRetriever", "FakeSpeechToText", "FakeTextToSpeech"]
