"""In the assembled product: what is extracted is how the clone speaks, and both halves outlive a new start."""

from __future__ import annotations

import io
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import numpy as np
import pytest
import soundfile

from selfsame import settings
from selfsame.errors import BadInput
from selfsame.jobs.persona_desk import PersonaWish
from selfsame.kit.clock import SYSTEM
from selfsame.kit.tasks import offload
from selfsame.wiring.personas import ask, read_sound, reader_of
from selfsame.wiring.product import Product, open_product
from tests.mind.support import Parrot
from tests.persona.workshop import TALK

pytestmark = pytest.mark.anyio
QUIET = {"SELFSAME_ASR": "fake", "SELFSAME_EMBEDDER": "fake", "SELFSAME_VAD": "energy"}


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="selfsame-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@asynccontextmanager
async def product(home: Path) -> AsyncIterator[Product]:
    wanted = await offload(settings.load, {"SELFSAME_HOME": str(home), **QUIET}, Path("/nowhere/.env"))
    async with open_product(wanted) as running:
        yield running


async def test_what_is_extracted_is_how_the_clone_speaks_and_both_halves_stay(home: Path) -> None:
    async with product(home) as running:
        clone = await running.casting.faces.meetings.meet(None, running.owner_id)
        await running.personas.edit(running.owner_id, clone, {"role": "a baker", "closing": None})
        wish = PersonaWish(language="EN")
        job = await running.personas.order_file(running.owner_id, clone, TALK.encode(), "talk.txt", wish)
        with anyio.fail_after(60):
            while (job := await running.personas.job(running.owner_id, job.id)).state in ("pending", "running"):
                await SYSTEM.sleep(0.05)
        assert job.state == "completed", job.error_message
        persona = await running.workshop.clones.persona(clone)
        assert persona.fillers == ("so", "you know", "I mean") and persona.role == "a baker" and persona.closing == ""
    async with product(home) as again:
        halves, history = await again.personas.profile(again.owner_id, clone)
        assert halves.manual_overrides == {"role": "a baker", "closing": None}
        assert halves.auto_extracted["catchphrases"] and [record.id for record in history] == [job.id]


def test_a_reader_is_there_only_where_a_model_is_configured() -> None:
    bare = settings.load({}, Path("/nowhere/.env"))
    assert reader_of(bare) is None
    told = settings.load(
        {"SELFSAME_LLM_BASE_URL": "http://127.0.0.1:9/v1", "SELFSAME_LLM_MODEL": "m"}, Path("/no/.env")
    )
    reader = reader_of(told)
    assert reader is not None and reader.name == "m"


async def test_a_model_is_asked_with_the_instructions_alone() -> None:
    model = Parrot(('{"tone": ', "null}"))
    assert await ask(model, "Read this.", "Bread is bread.") == '{"tone": null}'
    [prompt] = model.prompts
    assert (prompt.instructions, prompt.query, prompt.temperature) == ("Read this.", "Bread is bread.", 0.0)


async def test_recordings_are_read_in_a_process_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a stranger's file was opened in the server's process")

    monkeypatch.setattr("av.open", never)
    monkeypatch.setattr("selfsame.studio.recording.decode_recording", never)
    tone = (8000 * np.sin(np.arange(44_100 * 3) * 0.05)).astype(np.int16)
    written = io.BytesIO()
    soundfile.write(written, tone, 44_100, format="FLAC", subtype="PCM_16")
    pcm = await read_sound(written.getvalue())
    assert pcm.dtype == np.int16 and abs(len(pcm) - 48_000) < 400 and int(np.abs(pcm).max()) > 6000
    for junk in (b"", b"RIFF\xff\xff\xff\xffWAVEjunk", b"#EXTM3U\nfile:///etc/passwd\n"):
        with pytest.raises(BadInput):
            await read_sound(junk)
