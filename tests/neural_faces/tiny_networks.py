"""Networks with the inputs and outputs of LivePortrait and Wav2Lip, small enough to make in a test.

They answer so that a test can see what they were asked: the motion extractor's yaw is where the picture's light lies,
the picture's brightness is how far the lips were told to move, a spoken face is as bright as its sound is loud.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

KEYPOINTS = 21
YAW_SIGN = -1.0
"""The tiny extractor counts yaw against our convention, which the painter has to find out."""
LIP_KEYPOINT, LID_KEYPOINT = 19, 11


def constant(name, value):
    return numpy_helper.from_array(np.asarray(value, np.float32), name)


def save(path, nodes, given, made, constants, opset=16):
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        "tiny",
        [value(name, TensorProto.FLOAT, shape) for name, shape in given.items()],
        [value(name, TensorProto.FLOAT, shape) for name, shape in made.items()],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def save_liveportrait(folder: Path) -> None:
    """All six files."""
    folder.mkdir(parents=True, exist_ok=True)
    _appearance(folder / "appearance_feature_extractor.onnx")
    _motion(folder / "motion_extractor.onnx")
    _warping(folder / "warping_spade.onnx")
    _linear(folder / "stitching.onnx", np.zeros((126, 65)))
    lips = np.zeros((65, 63))
    lips[63, 3 * LIP_KEYPOINT + 1], lips[64, 3 * LIP_KEYPOINT + 1] = -1, 1
    _linear(folder / "stitching_lip.onnx", lips)
    eyes = np.zeros((66, 63))
    eyes[63:65, 3 * LID_KEYPOINT + 1], eyes[65, 3 * LID_KEYPOINT + 1] = -0.5, 1
    _linear(folder / "stitching_eye.onnx", eyes)


def _linear(path, weights):
    node = helper.make_node("MatMul", ["input", "weights"], ["output"])
    save(path, [node], {"input": [1, len(weights)]}, {"output": [1, weights.shape[1]]}, [constant("weights", weights)])


def _appearance(path):
    node = helper.make_node("AveragePool", ["img"], ["output"], kernel_shape=[4, 4], strides=[4, 4])
    save(path, [node], {"img": [1, 3, 256, 256]}, {"output": [1, 3, 64, 64]}, [])


def _motion(path):
    ramp = np.broadcast_to(np.linspace(-1, 1, 256), (1, 3, 256, 256)) * (YAW_SIGN * 200.0 / (3 * 256))
    points = np.random.default_rng(5).normal(0, 0.2, (1, 63))
    nodes = [
        helper.make_node("Mul", ["img", "ramp"], ["leaning"]),
        helper.make_node("ReduceSum", ["leaning", "axes"], ["lean"], keepdims=0),
        helper.make_node("Reshape", ["lean", "one"], ["yaw"]),
        helper.make_node("Identity", ["none"], ["pitch"]),
        helper.make_node("Identity", ["none"], ["roll"]),
        helper.make_node("Identity", ["still"], ["t"]),
        helper.make_node("Identity", ["flat"], ["exp"]),
        helper.make_node("Identity", ["whole"], ["scale"]),
        helper.make_node("Identity", ["points"], ["kp"]),
    ]
    constants = [
        constant("ramp", ramp),
        numpy_helper.from_array(np.array([1, 2, 3]), "axes"),
        numpy_helper.from_array(np.array([1, 1]), "one"),
        constant("none", [[0]]),
        constant("still", [[0, 0, 0]]),
        constant("flat", np.zeros((1, 63))),
        constant("whole", [[1]]),
        constant("points", points),
    ]
    made = {"pitch": [1, 1], "yaw": [1, 1], "roll": [1, 1], "t": [1, 3], "exp": [1, 63], "scale": [1, 1], "kp": [1, 63]}
    save(path, nodes, {"img": [1, 3, 256, 256]}, made, constants)


def _warping(path):
    pick = np.zeros((KEYPOINTS, 3))
    pick[LIP_KEYPOINT, 1] = 1
    nodes = [
        helper.make_node("Resize", ["feature_3d", "", "sizes"], ["big"], mode="nearest"),
        helper.make_node("Sub", ["kp_driving", "kp_source"], ["moved"]),
        helper.make_node("Mul", ["moved", "pick"], ["lip"]),
        helper.make_node("ReduceSum", ["lip", "axes"], ["brightness"], keepdims=0),
        helper.make_node("Add", ["big", "brightness"], ["out"]),
    ]
    constants = [
        constant("sizes", [1, 1, 8, 8]),
        constant("pick", pick),
        numpy_helper.from_array(np.array([0, 1, 2]), "axes"),
    ]
    points = [1, KEYPOINTS, 3]
    given = {"feature_3d": [1, 3, 64, 64], "kp_driving": points, "kp_source": points}
    save(path, nodes, given, {"out": [1, 3, 512, 512]}, constants)


def save_wav2lip(path: Path, edge: int = 96) -> None:
    """A face as bright as its sound: the mean of the mel columns, from -4..4 to 0..1, on every pixel."""
    path.parent.mkdir(parents=True, exist_ok=True)
    nodes = [
        helper.make_node("ReduceMean", ["mel_spectrogram"], ["loud"], axes=[1, 2, 3], keepdims=1),
        helper.make_node("Mul", ["loud", "eighth"], ["spread"]),
        helper.make_node("Add", ["spread", "half"], ["bright"]),
        helper.make_node("Slice", ["video_frames", "from", "to", "axis"], ["seen"]),
        helper.make_node("Mul", ["seen", "nothing"], ["black"]),
        helper.make_node("Add", ["black", "bright"], ["out"]),
    ]
    integers = {"from": [3], "to": [6], "axis": [1]}
    constants = [constant("eighth", [0.125]), constant("half", [0.5]), constant("nothing", [0.0])]
    constants += [numpy_helper.from_array(np.array(value), name) for name, value in integers.items()]
    given = {"mel_spectrogram": ["n", 1, 80, 16], "video_frames": ["n", 6, edge, edge]}
    save(path, nodes, given, {"out": ["n", 3, edge, edge]}, constants)
