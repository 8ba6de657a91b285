"""The fake recogniser, alone and wrapped, keeps the recognisers' contract."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from prometheus_client import CollectorRegistry

from selfsame.errors import Unavailable
from selfsame.providers.fake import FakeSpeechToText
from selfsame.providers.wrap.hearing import FallbackSpeechToText
from selfsame.providers.wrap.metered import MeteredSpeechToText

contract = pytest.importorskip("selfsame.contracts.speech_to_text", reason="the recognisers' contract is not here")


class NeverOpens:
    """A recogniser that is not installed."""

    def __init__(self) -> None:
        self.abilities = replace(FakeSpeechToText().abilities, name="absent")

    def open(self, options):
        raise Unavailable("not installed", role="asr", provider="absent")


class TestFake(contract.SpeechToTextContract):
    @asynccontextmanager
    async def engine(self):
        yield FakeSpeechToText()


class TestScripted(contract.SpeechToTextContract):
    @asynccontextmanager
    async def engine(self):
        yield FakeSpeechToText(["one two three", "four"])


class TestWrapped(contract.SpeechToTextContract):
    @asynccontextmanager
    async def engine(self):
        inner = MeteredSpeechToText(FakeSpeechToText(), registry=CollectorRegistry())
        yield FallbackSpeechToText([NeverOpens(), inner])
