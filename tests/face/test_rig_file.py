"""The rig's file: it comes back as it went, and no bytes crash its reader."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfsame.errors import BadInput
from selfsame.face.rig import FaceRig
from selfsame.face.rig_file import MAX_BYTES, from_json, to_json
from selfsame.face.rigging import build_rig
from tests.face.canonical import canonical_points, drawing


def _rig(size: int = 256) -> FaceRig:
    points = canonical_points()
    return build_rig(drawing(points), points, size)


RIG = _rig()
FILE = to_json(RIG)
KEYS = [
    (key, None) if not isinstance(value, dict) else (key, inner)
    for key, value in json.loads(FILE).items()
    for inner in (value if isinstance(value, dict) else [None])
]


def test_it_comes_back_as_it_went() -> None:
    back = from_json(FILE)
    for name in ("vertices", "triangles", "neutral", "closing", "depth", "follow"):
        assert np.array_equal(getattr(back, name), getattr(RIG, name)), name
    assert back.shapes == RIG.shapes and back.lips == RIG.lips and back.size == RIG.size
    assert np.allclose(back.deltas, RIG.deltas, atol=1e-3), "the rig's moves are already what the file can hold"
    assert np.allclose(back.pivot, RIG.pivot, atol=1e-3)
    assert np.abs(back.texture.astype(int) - RIG.texture).mean() < 3
    for name in ("cavity", "tongue", "lower", "upper"):
        assert np.array_equal(getattr(back.mouth, name).pixels, getattr(RIG.mouth, name).pixels)
    for side in ("left", "right"):
        old, new = getattr(RIG, side), getattr(back, side)
        assert (old.x, old.y, len(old.patches)) == (new.x, new.y, len(new.patches))
        assert all(np.abs(a.astype(int) - b).mean() < 4 for a, b in zip(old.patches, new.patches, strict=True))


def test_it_is_small() -> None:
    data = to_json(_rig(512))
    assert len(data) < 300_000 and len(gzip.compress(data)) < 190_000


@pytest.mark.parametrize(("key", "inner"), KEYS)
def test_every_key_is_needed_and_checked(key: str, inner: str | None) -> None:
    for wrong in (None, "", [], {}, -1, 1e99, True, "AAAA", ["x"], [1e9, 1e9], "\u0000"):
        data = json.loads(FILE)
        if inner is None:
            data[key] = wrong
        else:
            data[key][inner] = wrong
        with pytest.raises(BadInput, match="face file"):
            from_json(json.dumps(data).encode())
    data = json.loads(FILE)
    del (data if inner is None else data[key])[key if inner is None else inner]
    with pytest.raises(BadInput):
        from_json(json.dumps(data).encode())


@given(st.binary(max_size=300))
def test_no_bytes_crash_it(data: bytes) -> None:
    with pytest.raises(BadInput):
        from_json(data)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(FILE) - 1), st.binary(min_size=1, max_size=8), st.booleans())
def test_damage_is_refused_or_harmless(at: int, junk: bytes, cut: bool) -> None:
    damaged = FILE[:at] + junk + (b"" if cut else FILE[at + len(junk) :])
    try:
        rig = from_json(damaged)
    except BadInput:
        return
    assert np.isfinite(rig.vertices).all() and rig.triangles.max() < len(rig.vertices)


def _with(**changes: Any) -> bytes:
    return json.dumps({**json.loads(FILE), **changes}).encode()


def test_numbers_that_are_none_are_refused() -> None:
    for bad in (np.nan, np.inf, 1e9):
        values = RIG.vertices.copy()
        values[5, 1] = bad
        with pytest.raises(BadInput, match="vertices"):
            from_json(_with(vertices=base64.b64encode(values.tobytes()).decode()))
    far = np.full((2, 3), 60_000, np.uint16)
    with pytest.raises(BadInput, match="triangles"):
        from_json(_with(triangles=base64.b64encode(far.tobytes()).decode()))
    with pytest.raises(BadInput):
        from_json(FILE.replace(b'"width":', b'"width":NaN,"w":', 1))


def test_a_picture_of_another_size_is_refused_before_it_is_unpacked() -> None:
    header = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (60_000).to_bytes(4, "big") * 2
    mouth = {**json.loads(FILE)["mouth"], "upper": base64.b64encode(header).decode()}
    with pytest.raises(BadInput, match=r"mouth\.upper"):
        from_json(_with(mouth=mouth))
    with pytest.raises(BadInput):
        from_json(_with(size=128))


def test_too_much_is_refused_unread() -> None:
    with pytest.raises(BadInput, match="8 MB"):
        from_json(b" " * (MAX_BYTES + 1))


def test_unknown_keys_are_ignored() -> None:
    assert from_json(_with(future=[1, 2, 3])).size == RIG.size
