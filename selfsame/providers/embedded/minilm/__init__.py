"""Sentence embeddings by all-MiniLM-L6-v2 on onnxruntime: 384 numbers, English, no torch.

Method: Wang et al., "MiniLM: Deep Self-Attention Distillation for Task-Agnostic Compression of Pre-Trained
Transformers" (2020), trained for sentences as in Reimers and Gurevych, "Sentence-BERT" (2019).
"""

from selfsame.providers.embedded.minilm.embedder import MiniLmEmbedder

__all__ = ["MiniLmEmbedder"]
