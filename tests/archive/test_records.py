"""Lines of an archive are records or an error of the caller, whatever they hold."""

from __future__ import annotations

import base64
from contextlib import suppress

import numpy as np
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from selfsame.errors import BadInput
from selfsame.stores.archive import records as r

KINDS = (
    r.CloneRecord, r.PersonaRecord, r.ExtractionRecord, r.DocumentRecord, r.UploadRecord, r.ChunkRecord,
    r.ProductRecord, r.ProductChunkRecord, r.QuestionRecord, r.VoiceRecord, r.FaceRecord, r.ConsentRecord,
)  # fmt: skip
ANYTHING = some.recursive(
    some.none() | some.booleans() | some.integers(-(2**63), 2**63) | some.floats() | some.text(max_size=20),
    lambda x: some.lists(x, max_size=3) | some.dictionaries(some.text(max_size=5), x, max_size=3),
    max_leaves=3,
)


@pytest.mark.parametrize("kind", KINDS)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=some.data())
def test_any_line_is_a_record_or_refused(kind: type[r.Record], data: some.DataObject) -> None:
    fields = {name: data.draw(ANYTHING) for name in kind.model_fields}
    with suppress(orjson.JSONEncodeError, BadInput):
        r.parse(kind, orjson.dumps(fields))
    with pytest.raises(BadInput):
        r.parse(kind, data.draw(some.binary(max_size=50)))


def test_deep_nesting_is_refused() -> None:
    deep = b'{"auto_extracted": ' + b'{"a":' * 900 + b"1" + b"}" * 900 + b', "manual_overrides": null}'
    with suppress(BadInput):
        r.parse(r.PersonaRecord, deep)
    with pytest.raises(BadInput):
        r.parse(r.PersonaRecord, deep.replace(b'{"a":', b'{"a":' * 300))


@given(some.lists(some.floats(-60000, 60000, width=16), min_size=8, max_size=8))
def test_vectors_come_back_bit_for_bit(numbers: list[float]) -> None:
    half = np.array(numbers, "<f2")
    coded = base64.b64encode(half.tobytes()).decode()
    assert r.vector(coded, 8).tobytes() == half.tobytes()


@given(some.text(max_size=40))
def test_what_is_no_vector_is_refused(coded: str) -> None:
    with pytest.raises(BadInput):
        r.vector(coded, 384)
