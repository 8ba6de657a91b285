"""Build the ONNX graph of the speaker network from its checkpoint: three LSTM layers and a projection.

The same weights give the same file, byte for byte, with the same `onnx` version.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from selfsame.providers.embedded.speaker.checkpoint import Tensor, read_checkpoint
from selfsame.providers.embedded.speaker.files import CHECKPOINT, GRAPH

LAYERS = 3
OPSET = 17


def build(model_dir: Path) -> None:
    """Write the graph beside the checkpoint; the old file stays until the new one is whole. Raises ValueError.

    Input `mel` (float32, batch x frames x 40), output `voice` (float32, batch x width; none below 0, of any length).
    """
    try:
        weights = read_checkpoint(model_dir / CHECKPOINT)["model_state"]
        model = graph_of(weights)
    except (KeyError, TypeError) as fault:
        raise ValueError(f"{CHECKPOINT} does not hold the speaker network") from fault
    onnx.checker.check_model(model)
    scratch = model_dir / (GRAPH + ".new")
    scratch.write_bytes(model.SerializeToString(deterministic=True))
    os.replace(scratch, model_dir / GRAPH)


def graph_of(weights: dict[str, Tensor]) -> onnx.ModelProto:
    """The network of these weights, under the names that PyTorch gives them."""
    constants: dict[str, Tensor] = {"axis_0": np.array([0], np.int64)}
    nodes = [helper.make_node("Transpose", ["mel"], ["x0"], perm=[1, 0, 2])]
    for layer in range(LAYERS):
        names = [f"{kind}{layer}" for kind in ("w", "r", "b")]
        constants |= dict(zip(names, _lstm(weights, layer), strict=True))
        hidden = constants[names[1]].shape[-1]
        outputs = [f"y{layer}", f"last{layer}"]
        nodes.append(helper.make_node("LSTM", [f"x{layer}", *names], outputs, hidden_size=hidden))
        # (frames, directions, batch, hidden) without its one direction
        constants["axis_1"] = np.array([1], np.int64)
        nodes.append(helper.make_node("Squeeze", [f"y{layer}", "axis_1"], [f"x{layer + 1}"]))
    constants["projection"] = np.ascontiguousarray(weights["linear.weight"].T)
    constants["bias"] = weights["linear.bias"]
    nodes += [
        helper.make_node("Squeeze", [f"last{LAYERS - 1}", "axis_0"], ["last"]),
        helper.make_node("Gemm", ["last", "projection", "bias"], ["raw"]),
        helper.make_node("Relu", ["raw"], ["voice"]),
    ]
    channels, width = constants["w0"].shape[-1], len(constants["bias"])
    graph = helper.make_graph(
        nodes,
        "speaker",
        [helper.make_tensor_value_info("mel", TensorProto.FLOAT, ["batch", "frames", channels])],
        [helper.make_tensor_value_info("voice", TensorProto.FLOAT, ["batch", width])],
        [numpy_helper.from_array(np.ascontiguousarray(value), name) for name, value in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)


def _lstm(weights: dict[str, Tensor], layer: int) -> tuple[Tensor, Tensor, Tensor]:
    """One layer in ONNX's order of gates: input, output, forget, cell; PyTorch has input, forget, cell, output."""

    def ordered(name: str) -> Tensor:
        first, forget, cell, out = np.split(weights[f"lstm.{name}_l{layer}"].astype(np.float32), 4)
        return np.concatenate([first, out, forget, cell])

    bias = np.concatenate([ordered("bias_ih"), ordered("bias_hh")])
    return ordered("weight_ih")[None], ordered("weight_hh")[None], bias[None]
