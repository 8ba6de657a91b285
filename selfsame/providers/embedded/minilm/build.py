"""Build the ONNX graph of all-MiniLM-L6-v2 from its safetensors: no torch, no transformers, one second.

The network is BERT (Devlin et al., 2019) with 6 layers of 12 heads, width 384, exact GELU, then the mean over the
tokens and division by the length. The same weights give the same file, byte for byte, with the same `onnx` version.
"""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

from selfsame.providers.embedded.minilm.files import GRAPH, WEIGHTS, WIDTH

LAYERS = 6
HEADS = 12
OPSET = 17


def build(model_dir: Path) -> None:
    """Write `model.onnx` beside `model.safetensors`; the old file stays until the new one is whole.

    Inputs `input_ids` and `attention_mask` (int64, batch x tokens), output `embedding` (float32, batch x 384, unit).
    """
    model = _Graph(load_file(model_dir / WEIGHTS)).model()
    onnx.checker.check_model(model)
    scratch = model_dir / (GRAPH + ".new")
    scratch.write_bytes(model.SerializeToString(deterministic=True))
    os.replace(scratch, model_dir / GRAPH)


class _Graph:
    """Nodes and constants as they are laid down; names count up, so the order alone decides them."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self._weights = weights
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}

    def model(self) -> onnx.ModelProto:
        mask = self._node("Cast", ["attention_mask"], to=TensorProto.FLOAT)
        hidden = self._embed()
        bias = self._attention_bias(mask)
        for layer in range(LAYERS):
            hidden = self._layer(hidden, bias, f"encoder.layer.{layer}.")
        self._pool(hidden, mask)
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
            for name in ("input_ids", "attention_mask")
        ]
        output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", WIDTH])
        graph = helper.make_graph(self._nodes, "minilm", inputs, [output], list(self._constants.values()))
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)

    def _embed(self) -> str:
        """Word, position and (constant) segment embeddings, normalised."""
        words = self._node("Gather", [self._weight("embeddings.word_embeddings.weight"), "input_ids"], axis=0)
        length = self._node("Shape", ["input_ids"], start=1, end=2)
        # Slice, not Range and Gather: onnxruntime's GatherToSlice fusion fails on the latter.
        table = self._weight("embeddings.position_embeddings.weight")
        zero = self._constant("zero", np.array([0], np.int64))
        positions = self._node("Slice", [table, zero, length, zero])
        segment = self._constant("segment", self._weights["embeddings.token_type_embeddings.weight"][0])
        total = self._node("Add", [self._node("Add", [words, positions]), segment])
        return self._norm(total, "embeddings.LayerNorm")

    def _attention_bias(self, mask: str) -> str:
        """0 where there is a token, a huge negative number where there is padding; (batch, 1, 1, tokens)."""
        wide = self._node("Unsqueeze", [mask, self._constant("axes_1_2", np.array([1, 2], np.int64))])
        absent = self._node("Sub", [self._scalar("one", 1.0), wide])
        return self._node("Mul", [absent, self._scalar("minus_huge", -1e9)])

    def _layer(self, hidden: str, bias: str, prefix: str) -> str:
        context = self._attend(hidden, bias, prefix + "attention.self.")
        projected = self._linear(context, prefix + "attention.output.dense")
        hidden = self._norm(self._node("Add", [projected, hidden]), prefix + "attention.output.LayerNorm")
        inner = self._gelu(self._linear(hidden, prefix + "intermediate.dense"))
        projected = self._linear(inner, prefix + "output.dense")
        return self._norm(self._node("Add", [projected, hidden]), prefix + "output.LayerNorm")

    def _attend(self, hidden: str, bias: str, prefix: str) -> str:
        """Scaled dot-product attention over all heads."""
        split = self._constant("split_heads", np.array([0, 0, HEADS, WIDTH // HEADS], np.int64))
        join = self._constant("join_heads", np.array([0, 0, WIDTH], np.int64))

        def heads(name: str, order: list[int]) -> str:
            return self._node(
                "Transpose", [self._node("Reshape", [self._linear(hidden, prefix + name), split])], perm=order
            )

        query, key, value = heads("query", [0, 2, 1, 3]), heads("key", [0, 2, 3, 1]), heads("value", [0, 2, 1, 3])
        scale = self._scalar("scale", 1 / math.sqrt(WIDTH // HEADS))
        scores = self._node("Mul", [self._node("MatMul", [query, key]), scale])
        attention = self._node("Softmax", [self._node("Add", [scores, bias])], axis=-1)
        mixed = self._node("Transpose", [self._node("MatMul", [attention, value])], perm=[0, 2, 1, 3])
        return self._node("Reshape", [mixed, join])

    def _gelu(self, x: str) -> str:
        """x/2 (1 + erf(x/sqrt 2))."""
        erf = self._node("Erf", [self._node("Div", [x, self._scalar("root_two", math.sqrt(2))])])
        half = self._node("Mul", [x, self._scalar("half", 0.5)])
        return self._node("Mul", [half, self._node("Add", [erf, self._scalar("one", 1.0)])])

    def _pool(self, hidden: str, mask: str) -> None:
        """The mean over real tokens, scaled to length 1."""
        weights = self._node("Unsqueeze", [mask, self._constant("axis_2", np.array([2], np.int64))])
        axis = self._constant("axis_1", np.array([1], np.int64))
        total = self._node("ReduceSum", [self._node("Mul", [hidden, weights]), axis], keepdims=0)
        count = self._node("ReduceSum", [weights, axis], keepdims=0)
        mean = self._node("Div", [total, count])
        self._nodes.append(helper.make_node("LpNormalization", [mean], ["embedding"], axis=-1, p=2))

    def _linear(self, x: str, name: str) -> str:
        weight = self._constant(name + ".transposed", self._weights[name + ".weight"].T)
        return self._node("Add", [self._node("MatMul", [x, weight]), self._weight(name + ".bias")])

    def _norm(self, x: str, name: str) -> str:
        return self._node(
            "LayerNormalization",
            [x, self._weight(name + ".weight"), self._weight(name + ".bias")],
            axis=-1,
            epsilon=1e-12,
        )

    def _weight(self, name: str) -> str:
        return self._constant(name, self._weights[name])

    def _scalar(self, name: str, value: float) -> str:
        return self._constant(name, np.array(value, np.float32))

    def _constant(self, name: str, value: np.ndarray) -> str:
        if name not in self._constants:
            self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def _node(self, operator: str, inputs: list[str], **attributes: Any) -> str:
        output = f"{operator}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output
