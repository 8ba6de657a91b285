"""A clone that was given a voice speaks with it, in conversations and clips, and stops when the consent ends."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from selfsame.clones.clone import Clone
from selfsame.errors import Unavailable
from selfsame.kit.ids import new_id
from selfsame.providers.embedded.own_voice import CLEAR, OwnVoiceTextToSpeech
from selfsame.studio.clips import Script
from selfsame.studio.folders import voice_folder
from selfsame.studio.voice.kinds import VoiceModel
from selfsame.voice.port import Phrase
from selfsame.voice.units.file import to_bytes
from selfsame.wiring.own_voice import VOICE_FILE, InVoice
from selfsame.wiring.product import Product
from tests.own_voice.conftest import trained
from tests.stores.test_voices import EVIDENCE
from tests.wiring.test_product import QUIET, home, product

pytestmark = pytest.mark.anyio
__all__ = ["home"]
TEXT = "Maybe we could move the meeting to five."


async def give_voice(running: Product, clone: Clone) -> VoiceModel:
    """A voice of its own for the clone, accepted."""
    models, files = running.voices.models, running.casting.faces.files
    await running.voices.studio.consents.book.grant(running.owner_id, "voice", EVIDENCE)
    voice_id = new_id()
    folder = voice_folder(running.owner_id, voice_id)
    draft = VoiceModel(voice_id, running.owner_id, clone.id, folder, "own-voice", 22_050)
    draft = await models.put_draft(draft)
    await files.put(draft.model_path + VOICE_FILE, to_bytes(trained()))
    return await models.activate(draft.id, running.owner_id)


async def sound_of(engine: InVoice) -> np.ndarray:
    return np.concatenate([chunk.pcm async for chunk in engine.synthesize(Phrase(TEXT))])


async def test_a_clone_speaks_in_its_own_voice_as_long_as_its_person_agrees(home: Path) -> None:
    async with product(home, **QUIET) as running:
        clone = await running.casting.faces.meetings.meet(None, running.owner_id)
        casting, engine = running.casting, running.casting.voices.engine
        assert isinstance(engine, OwnVoiceTextToSpeech)
        assert await casting.voices.of(clone) == ""
        before = await casting.cast(clone)
        plain = await sound_of(InVoice(engine, ""))
        voice = await give_voice(running, clone)
        assert await casting.voices.of(clone) == voice.model_path
        desk = running.voices.studio.desk
        await desk.set_manner(running.owner_id, voice.id, "clear")
        assert await casting.voices.of(clone) == voice.model_path + CLEAR
        await desk.set_manner(running.owner_id, voice.id, "automatic")
        assert await casting.cast(clone) != before, "clips in another voice are other clips"
        tools = await casting.stage(clone.id, running.owner_id, Script(TEXT, size=256))
        assert isinstance(tools.voice, InVoice)
        own = await sound_of(tools.voice)
        assert len(own) != len(plain) or not np.array_equal(own, plain), "it still speaks as the guide does"
        assert engine.loaded == (voice.model_path,) and await casting.voices.sweep() == 0
        await running.voices.studio.revoke(running.owner_id)
        assert await casting.voices.of(clone) == ""
        assert engine.loaded == (), "the voice is still in memory"


async def test_a_network_that_is_asked_for_and_not_here_is_said_at_the_start(home: Path) -> None:
    with pytest.raises(Unavailable, match="XTTS's files are not here"):
        async with product(home, **QUIET, SELFSAME_TTS="xtts-v2"):
            pass
