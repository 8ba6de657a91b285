"""MiniLM with its real weights, which `selfsame models pull` brings (and `./dev test` pulls by itself)."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import numpy as np
import pytest

from selfsame.errors import Unavailable
from selfsame.models.check import status
from selfsame.models.manifest import MINILM
from selfsame.providers.embedded.minilm import MiniLmEmbedder
from selfsame.providers.embedded.minilm.build import build
from selfsame.settings import load

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def model_dir() -> Path:
    found = status(MINILM, load().models_dir)
    if found.state != "ready":
        pytest.skip(f"MiniLM is not here ({found.problem}); get it with: selfsame models pull embedding")
    return found.folder


@pytest.fixture
async def embedder(model_dir: Path) -> MiniLmEmbedder:
    return await MiniLmEmbedder.load(model_dir)


TEXTS = [
    "How do I make a clone of my voice?",
    "Making a voice clone",
    "It rained all day in Lisbon.",
    "",
    "word " * 2_000,
    "¿Dónde está la biblioteca? 你好",
]


async def test_unit_vectors_in_order(embedder: MiniLmEmbedder) -> None:
    vectors = await embedder.embed_documents(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.width) and vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


async def test_a_batch_equals_single_texts(embedder: MiniLmEmbedder) -> None:
    many = TEXTS * 7  # more than one batch, of mixed lengths
    batch = await embedder.embed_documents(many)
    for index in (0, 1, 2, 5, 37, 41):
        np.testing.assert_allclose(batch[index], await embedder.embed_query(many[index]), atol=1e-5)


async def test_the_same_text_gives_the_same_vector(embedder: MiniLmEmbedder) -> None:
    first, second = await embedder.embed_query(TEXTS[0]), await embedder.embed_query(TEXTS[0])
    assert np.array_equal(first, second)


async def test_like_texts_are_near_and_unlike_ones_far(embedder: MiniLmEmbedder) -> None:
    question, like, unlike = await embedder.embed_documents(TEXTS[:3])
    assert question @ like > 0.6 > 0.3 > question @ unlike


async def test_text_beyond_the_limit_is_not_looked_at(embedder: MiniLmEmbedder) -> None:
    long = "word " * 400
    assert np.array_equal(await embedder.embed_query(long + "cat"), await embedder.embed_query(long + "volcano"))


async def test_nothing_to_embed(embedder: MiniLmEmbedder) -> None:
    assert (await embedder.embed_documents([])).shape == (0, embedder.width)


async def test_missing_files_are_unavailable_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="selfsame models pull") as caught:
        await MiniLmEmbedder.load(tmp_path)
    assert caught.value.code == "EMBEDDING_UNAVAILABLE"


async def test_damaged_files_are_unavailable(tmp_path: Path, model_dir: Path) -> None:
    shutil.copy(model_dir / "tokenizer.json", tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"not a graph")
    with pytest.raises(Unavailable, match="cannot be loaded"):
        await MiniLmEmbedder.load(tmp_path)


def test_the_graph_is_built_the_same_every_time(tmp_path: Path, model_dir: Path) -> None:
    (tmp_path / "model.safetensors").symlink_to(model_dir / "model.safetensors")
    build(tmp_path)
    first = hashlib.sha256((tmp_path / "model.onnx").read_bytes()).hexdigest()
    build(tmp_path)
    assert hashlib.sha256((tmp_path / "model.onnx").read_bytes()).hexdigest() == first
    assert not (tmp_path / "model.onnx.new").exists()
