"""The committed face of the demonstration clone is what `selfsame demo face` makes of the committed portrait."""

from __future__ import annotations

import gzip
import itertools
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from click.testing import CliRunner

from selfsame.cli.main import main
from selfsame.demo import DEMO
from selfsame.errors import BadInput
from selfsame.face.rig import FaceRig
from selfsame.face.rig_file import from_json
from tests.face.conftest import networks as networks
from tests.support.serving import ROOT

PIXEL = 1.0
"""How far a point may lie apart: the networks' last digits differ between processors."""
GREY = 3.0
"""Mean grey levels between two textures cut out that far apart."""


@pytest.fixture(scope="module")
def fresh(networks: object, tmp_path_factory: pytest.TempPathFactory) -> FaceRig:
    """Made anew, by the command."""
    del networks  # the command loads its own; without the files the test is skipped
    home = Path(os.environ.get("SELFSAME_HOME") or ROOT / ".selfsame")
    out = tmp_path_factory.mktemp("demo") / "vera.face.json.gz"
    ran = CliRunner().invoke(
        main, ["demo", "face", "--out", str(out)], standalone_mode=False, env={"SELFSAME_HOME": str(home)}
    )
    assert ran.exception is None, ran.exception
    assert "kB" in ran.stdout
    return from_json(gzip.decompress(out.read_bytes()))


@pytest.fixture(scope="module")
def committed() -> FaceRig:
    assert DEMO.face is not None
    return from_json(DEMO.face)


def differences(one: FaceRig, other: FaceRig) -> list[str]:
    """What differs by more than another processor's rounding explains; points and moves in pixels."""
    found = [name for name in ("shapes", "lips") if getattr(one, name) != getattr(other, name)]
    if not np.array_equal(one.triangles, other.triangles):
        found.append("triangles")
    for name, most in (("vertices", PIXEL), ("deltas", PIXEL), ("neutral", PIXEL), ("depth", PIXEL), ("pivot", PIXEL)):
        a, b = getattr(one, name), getattr(other, name)
        if a.shape != b.shape or float(np.abs(a - b).max()) > most:
            found.append(name)
    for name, most in (("closing", 0.05), ("follow", 0.05)):
        a, b = getattr(one, name), getattr(other, name)
        if a.shape != b.shape or float(np.abs(a - b).max()) > most:
            found.append(name)
    a, b = one.texture.astype(int), other.texture.astype(int)
    if a.shape != b.shape or float(np.abs(a - b).mean()) > GREY:
        found.append("texture")
    return found


def test_the_committed_face_is_made_of_the_committed_portrait(fresh: FaceRig, committed: FaceRig) -> None:
    assert differences(fresh, committed) == [], "make it anew: selfsame demo face --out selfsame/demo/vera.face.json.gz"


@pytest.mark.parametrize("change", ["vertices", "deltas", "texture", "shapes", "triangles", "lips"])
def test_another_face_would_be_noticed(committed: FaceRig, change: str) -> None:
    others: dict[str, dict[str, Any]] = {
        "vertices": {"vertices": committed.vertices + 2 * PIXEL},
        "deltas": {"deltas": committed.deltas * 1.5},
        "texture": {"texture": np.ascontiguousarray(committed.texture[:, ::-1])},
        "shapes": {"shapes": committed.shapes[::-1]},
        "triangles": {"triangles": committed.triangles[:-1]},
        "lips": {"lips": {**committed.lips, "upperOuter": committed.lips["upperInner"]}},
    }
    assert differences(committed, replace(committed, **others[change])) == [change]


def test_the_file_is_small_enough_to_travel(committed: FaceRig) -> None:
    assert committed.size == 512
    assert (ROOT / "selfsame" / "demo" / "vera.face.json.gz").stat().st_size < 1_000_000


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    ran = CliRunner().invoke(main, ["demo", "face", "--out", str(tmp_path / "face.json")], standalone_mode=False)
    assert isinstance(ran.exception, BadInput)


def test_a_strip_of_her_speaking_is_drawn(tmp_path: Path) -> None:
    out = tmp_path / "strip.png"
    ran = CliRunner().invoke(
        main, ["demo", "strip", "--out", str(out), "--text", "Five blue moons.", "--json"], standalone_mode=False
    )
    assert ran.exception is None, ran.exception
    picture = cv2.imdecode(np.frombuffer(out.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None and picture.shape == (320, 1920, 3)
    pieces = np.split(np.asarray(picture, int), 6, axis=1)
    assert all(np.abs(a - b).mean() > 0.3 for a, b in itertools.pairwise(pieces)), "the mouths differ"
