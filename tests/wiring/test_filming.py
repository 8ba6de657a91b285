"""What films a clone without the rest of the product: the real Vera, said, filmed, looked at and scored."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from selfsame import settings
from selfsame.errors import NotFound, Unavailable
from selfsame.evaluator.clip_run import run_scenario
from selfsame.evaluator.scenarios import SCENARIOS
from selfsame.events.spoken import PhonemeTime, SpokenChunk
from selfsame.kit.tasks import offload
from selfsame.settings import Settings
from selfsame.wiring.evaluation import Overhearing, open_evaluator
from selfsame.wiring.filming import open_film_set
from selfsame.wiring.product import open_product
from tests.studio.speakers import Loudly
from tests.support.serving import link_models

pytestmark = pytest.mark.anyio
SWITCH = next(one for one in SCENARIOS if one.name == "EN_ZH_ES_switch")


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="selfsame-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        link_models(Path(folder))
        yield Path(folder)


async def loaded(home: Path) -> Settings:
    quiet = {"SELFSAME_ASR": "fake", "SELFSAME_EMBEDDER": "fake", "SELFSAME_VAD": "energy"}
    return await offload(settings.load, {"SELFSAME_HOME": str(home), **quiet}, Path("/nowhere/.env"))


async def test_vera_is_filmed_from_nothing_and_the_product_then_opens_in_the_same_home(home: Path) -> None:
    wanted = await loaded(home)
    async with open_film_set(wanted, None) as scene:
        assert (scene.clone, scene.renderer) == ("vera", "warp")
        painter = await offload(scene.open_painter, 256)
        assert next(iter(painter.paint(scene.idle(0, 1), np.zeros(0, np.int16), 16_000))).shape == (256, 256, 3)
        version = scene.rig_hash
    with pytest.raises(NotFound):
        async with open_film_set(wanted, "nobody"):
            pass
    async with open_product(wanted) as product:
        clone = await product.casting.faces.meetings.meet(None, product.owner_id)
        assert await product.casting.faces.shown(clone) == version
        assert clone.knowledge_version > 0, "the film set made her without her knowledge; the product brings it"


async def test_a_real_clip_in_three_languages_stands_out_from_its_controls(home: Path) -> None:
    async with open_evaluator(await loaded(home), None) as studio:
        try:
            found = await run_scenario(SWITCH, replace(studio, controls=True))
        except Unavailable as error:
            pytest.skip(error.message)
        if "Face" in found.null_because.get("lip_sync_coherence_0_1", "") and "models" in str(found.null_because):
            pytest.skip("the landmark networks are not here")
        assert found.error is None and set(studio.engines) == {"tts", "animator", "renderer", "rig"}
        assert found.details["clip"]["speech_heard_after_ms"] == pytest.approx(500, abs=1), "half a second of lead-in"
        assert abs(found.details["clip"]["encoder_delay_ms"]) < 40, "in time even where edit lists are ignored"
        wrong, lips = found.details["controls"], found.details["lip_sync"]
        assert lips["basis"] == "phonemes" and abs(lips["av_offset_ms"]) < 40
        assert wrong["early"] < 0.05 and wrong["late"] < 0.05 and wrong["margin"] > 0.25
        assert lips["closure_rate"] > 0.8 and lips["closure_rate"] > wrong["closure_shuffled"]


async def test_what_is_animated_is_overheard_and_forgotten_with_the_next_clip() -> None:
    ears = Overhearing(Loudly())
    said = SpokenChunk(np.full(1600, 900, np.int16), 16_000, "a", (), (PhonemeTime("a", 0.0, 0.1),))
    plain = Loudly().open(1)
    first = ears.open(1)
    assert (first.add(said).frames == plain.add(said).frames).all()
    assert (first.finish().frames == plain.finish().frames).all()
    assert ears.chunks == [said] and ears.abilities.name == "loudly"
    ears.open(2)
    assert ears.chunks == []
