"""Enrolment with the real network and real readers: the one who agreed is taken, and nobody else."""

from __future__ import annotations

import pytest

from selfsame.errors import BadInput
from selfsame.kit.pcm import Pcm
from selfsame.kit.tasks import offload
from selfsame.providers.embedded.speaker import Ge2eSpeakerEncoder
from selfsame.studio.voice.consent import SAME_VOICE
from selfsame.studio.voice.enrolment import Upload, gather
from tests.enrolment.people import wav

pytestmark = pytest.mark.anyio


async def quietly(_share: float, _doing: str) -> None:
    """No progress is shown."""


async def test_the_reader_who_agreed_is_enrolled_and_another_is_not(
    readers: dict[str, list[Pcm]], encoder: Ge2eSpeakerEncoder
) -> None:
    mine, other = readers["libri-3080"], readers["libri-2609"]
    consent = await offload(encoder.embed, mine[0])
    found = await gather([Upload(wav(pcm), "A sentence.") for pcm in mine[1:6]], encoder, consent, quietly)
    assert found.likeness > SAME_VOICE + 0.1 and found.recordings.seconds > 20
    with pytest.raises(BadInput, match="do not sound like the person who gave the consent"):
        await gather([Upload(wav(pcm), "A sentence.") for pcm in other[1:4]], encoder, consent, quietly)
