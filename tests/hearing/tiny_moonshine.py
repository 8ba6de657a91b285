"""Networks with Moonshine's inputs and outputs, small enough to make in a test.

The encoder averages 1,600 samples a frame. The decoder's cache counts its steps, so the test sees whether it was fed
back: step n says token 3 + (n + loudness bucket of the sound) until the sound is used up.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, decoders, models

WORDS = ["<unk>", "<s>", "</s>", "▁who", "▁bought", "▁the", "▁mill", "▁and", "▁why", "▁rye"]
HEADS, SIZE = 2, 4


def _constant(name, value):
    return numpy_helper.from_array(np.array(value), name)


def _value(name, kind, shape):
    return helper.make_tensor_value_info(name, kind, shape)


def _save(path, nodes, given, made, constants):
    graph = helper.make_graph(nodes, "tiny", given, made, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def _encoder(path):
    weight = np.full((1, 1, 1600), 1 / 1600, np.float32)
    nodes = [
        helper.make_node("Abs", ["input_values"], ["loud"]),
        helper.make_node("Unsqueeze", ["loud", "one"], ["wide"]),
        helper.make_node("Conv", ["wide", "weight"], ["frames"], strides=[1600], kernel_shape=[1600]),
        helper.make_node("Transpose", ["frames"], ["last_hidden_state"], perm=[0, 2, 1]),
    ]
    given = [_value("input_values", TensorProto.FLOAT, ["batch", "samples"])]
    made = [_value("last_hidden_state", TensorProto.FLOAT, ["batch", "frames", 1])]
    _save(
        path, nodes, given, made, [_constant("one", np.array([1], np.int64)), numpy_helper.from_array(weight, "weight")]
    )


def _decoder(path):
    """logits peak at 3 + (steps + 10 * loudness) mod 6, and at the end token after four steps."""
    cache = "past_key_values.0.{}.{}"
    names = [cache.format(part, kind) for part in ("decoder", "encoder") for kind in ("key", "value")]
    shape = [1, HEADS, "past", SIZE]
    given = [
        _value("input_ids", TensorProto.INT64, [1, "tokens"]),
        _value("encoder_hidden_states", TensorProto.FLOAT, [1, "frames", 1]),
        *(_value(name, TensorProto.FLOAT, shape) for name in names),
        _value("use_cache_branch", TensorProto.BOOL, [1]),
    ]
    made = [_value("logits", TensorProto.FLOAT, [1, 1, len(WORDS)])]
    made += [_value(n.replace("past_key_values", "present"), TensorProto.FLOAT, [1, HEADS, "n", SIZE]) for n in names]
    nodes = []
    for name in names[:2]:  # the decoder's own cache grows by one a step
        present = name.replace("past_key_values", "present")
        nodes.append(helper.make_node("Concat", [name, "block"], [present], axis=2))
    for name in names[2:]:  # the encoder's cache is made in the first step and empty later, as in the real export
        present = name.replace("past_key_values", "present")
        nodes.append(helper.make_node("Not", ["use_cache_branch"], [present + ".new"]))
        nodes.append(helper.make_node("Cast", [present + ".new"], [present + ".rows"], to=TensorProto.INT64))
        nodes.append(helper.make_node("Slice", ["block", "zero", present + ".rows", "two"], [present]))
    nodes += [
        helper.make_node("Shape", [names[0]], ["past.shape"]),
        helper.make_node("Gather", ["past.shape", "two"], ["steps"]),
        helper.make_node("Cast", ["steps"], ["steps.f"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["encoder_hidden_states"], ["loud"], keepdims=0),
        helper.make_node("Mul", ["loud", "ten"], ["louder"]),
        helper.make_node("Floor", ["louder"], ["bucket"]),
        helper.make_node("Add", ["steps.f", "bucket"], ["sum"]),
        helper.make_node("Mod", ["sum", "six"], ["turn"], fmod=1),
        helper.make_node("Add", ["turn", "three"], ["word"]),
        helper.make_node("Less", ["steps.f", "four"], ["going"]),
        helper.make_node("Where", ["going", "word", "end"], ["token"]),
        helper.make_node("Sub", ["ids", "token"], ["distance"]),
        helper.make_node("Abs", ["distance"], ["far"]),
        helper.make_node("Mul", ["far", "minus"], ["near"]),
        helper.make_node("Reshape", ["near", "shape"], ["logits"]),
    ]
    numbers = {"ten": [10.0], "six": [6.0], "three": [3.0], "four": [4.0], "end": [2.0], "minus": [-5.0]}
    constants = [_constant(name, np.array(value, np.float32)) for name, value in numbers.items()]
    constants += [_constant("zero", np.array([0], np.int64)), _constant("two", np.array([2], np.int64))]
    constants += [_constant("ids", np.arange(len(WORDS), dtype=np.float32))]
    constants += [_constant("shape", np.array([1, 1, len(WORDS)], np.int64))]
    constants += [_constant("block", np.zeros((1, HEADS, 1, SIZE), np.float32))]
    _save(path, nodes, given, made, constants)


def make(folder):
    _encoder(folder / "encoder_model.onnx")
    _decoder(folder / "decoder_model_merged.onnx")
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="<unk>"))
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.Fuse()])
    tokenizer.add_special_tokens(WORDS[:3])
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder
