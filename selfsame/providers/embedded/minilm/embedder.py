"""The embedder: text to unit vectors of 384 numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from selfsame.errors import Unavailable
from selfsame.kit.tasks import offload
from selfsame.library.port import Vectors
from selfsame.providers.embedded.minilm.files import GRAPH, TOKENIZER, WEIGHTS, WIDTH

TOKEN_LIMIT = 256
BATCH = 32
HINT = "get its files with: selfsame models pull embedding"


class MiniLmEmbedder:
    """all-MiniLM-L6-v2 behind the library's `Embedder` port. Text beyond 256 tokens is not looked at.

    Making one reads the files and warms the network up, so on an event loop take `await MiniLmEmbedder.load(dir)`.
    One instance serves any number of sessions. Inference runs in worker threads; onnxruntime releases the GIL.
    """

    model_id = "all-MiniLM-L6-v2"
    width = WIDTH

    def __init__(self, model_dir: Path, threads: int = 1) -> None:
        """Load from a folder with the tokenizer and either the graph or the weights to build it from.

        Raises Unavailable (role embedding) when files are missing or cannot be read.
        """
        if not (model_dir / TOKENIZER).is_file() or not any((model_dir / n).is_file() for n in (GRAPH, WEIGHTS)):
            raise _unavailable(f"the embedding model is not here; {HINT}")
        try:
            self._session, self._tokenizer = _open(model_dir, threads)
            self._embed(["warm up"])
        except Exception as fault:  # onnxruntime and tokenizers raise their own types, some of them plain Exception
            raise _unavailable(f"the embedding model cannot be loaded ({type(fault).__name__}); {HINT}") from fault

    @classmethod
    async def load(cls, model_dir: Path, threads: int = 1) -> MiniLmEmbedder:
        """Make one in a worker thread. Raises Unavailable."""
        return await offload(cls, model_dir, threads)

    async def embed_query(self, text: str) -> Vectors:
        """Shape (384,), length 1."""
        return (await offload(self._embed, [text]))[0]

    async def embed_documents(self, texts: list[str]) -> Vectors:
        """Shape (len(texts), 384), each of length 1, in the order given."""
        vectors = np.empty((len(texts), self.width), np.float32)
        # Texts of like length share a batch, so that little of it is padding.
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            vectors[chosen] = await offload(self._embed, [texts[i] for i in chosen])
        return vectors

    def _embed(self, texts: list[str]) -> Vectors:
        encodings = self._tokenizer.encode_batch(texts)
        length = max(len(encoding.ids) for encoding in encodings)
        ids = np.zeros((len(texts), length), np.int64)
        mask = np.zeros((len(texts), length), np.int64)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        (vectors,) = self._session.run(["embedding"], {"input_ids": ids, "attention_mask": mask})
        return vectors


def _open(model_dir: Path, threads: int) -> tuple[Any, Any]:
    """The network and its tokenizer; both libraries are imported late because they are slow to load."""
    import onnxruntime
    from tokenizers import Tokenizer

    if not (model_dir / GRAPH).is_file():
        from selfsame.providers.embedded.minilm.build import build

        build(model_dir)
    tokenizer = Tokenizer.from_file(str(model_dir / TOKENIZER))
    tokenizer.enable_truncation(TOKEN_LIMIT)
    tokenizer.no_padding()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        str(model_dir / GRAPH), sess_options=options, providers=["CPUExecutionProvider"]
    )
    return session, tokenizer


def _unavailable(message: str) -> Unavailable:
    return Unavailable(message, role="embedding", provider="minilm")
