"""Finds faces and their landmarks with the face networks, as little code as a test needs."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

FILES = ("face_detection_full_range_sparse", "face_landmark")


class Networks:
    """The detector (192 px, full range) and the mesh of 468 landmarks."""

    def __init__(self, folder: Path) -> None:
        from ai_edge_litert.interpreter import Interpreter

        self._nets = [Interpreter(str(folder / f"{name}.tflite"), num_threads=1) for name in FILES]
        for net in self._nets:
            net.allocate_tensors()

    def _run(self, which: int, pixels: np.ndarray) -> list[np.ndarray]:
        net = self._nets[which]
        net.set_tensor(net.get_input_details()[0]["index"], pixels[None].astype(np.float32))
        net.invoke()
        return [net.get_tensor(out["index"]) for out in net.get_output_details()]

    def faces(self, picture: np.ndarray, least: float = 0.4) -> list[tuple[float, np.ndarray]]:
        """(score, box as x, y, width, height in pixels) of every face of a square BGR picture, overlaps dropped."""
        size = picture.shape[0]
        small = cv2.resize(picture, (192, 192), interpolation=cv2.INTER_AREA)[..., ::-1]
        outs = self._run(0, small / 127.5 - 1)
        boxes = next(out for out in outs if out.shape[-1] == 16).reshape(-1, 16)[:, :4] / 192
        raw = next(out for out in outs if out.size == len(boxes)).ravel()
        scores = 1 / (1 + np.exp(-np.clip(raw, -50, 50)))
        grid = (np.arange(48) + 0.5) / 48
        boxes[:, :2] += np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2) - boxes[:, 2:] / 2
        kept: list[tuple[float, np.ndarray]] = []
        for i in np.argsort(-scores):
            if scores[i] < least:
                break
            if all(_overlap(boxes[i] * size, box) < 0.3 for _, box in kept):
                kept.append((float(scores[i]), boxes[i] * size))
        return kept

    def mesh(self, picture: np.ndarray, box: np.ndarray) -> tuple[float, np.ndarray]:
        """How sure it is of a face, 0..1, and the landmarks in pixels, (468, 2)."""
        middle, side = box[:2] + box[2:] / 2, float(max(box[2:])) * 1.5
        for _ in range(2):
            corner = middle - side / 2
            place = np.array([[192 / side, 0, -corner[0] * 192 / side], [0, 192 / side, -corner[1] * 192 / side]])
            crop = cv2.warpAffine(picture, place, (192, 192), flags=cv2.INTER_AREA)[..., ::-1] / 255
            outs = self._run(1, crop)
            points = next(out for out in outs if out.size == 1404).reshape(468, 3)[:, :2] * side / 192 + corner
            raw = next(out for out in outs if out.size == 1).item()
            middle, side = (points.min(0) + points.max(0)) / 2, float(np.ptp(points, axis=0).max()) * 1.5
        return 1 / (1 + float(np.exp(-raw))), points


def _overlap(one: np.ndarray, two: np.ndarray) -> float:
    low, high = np.maximum(one[:2], two[:2]), np.minimum(one[:2] + one[2:], two[:2] + two[2:])
    shared = float(np.prod(np.clip(high - low, 0, None)))
    return shared / (float(np.prod(one[2:])) + float(np.prod(two[2:])) - shared)
