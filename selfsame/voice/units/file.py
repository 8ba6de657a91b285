"""A voice as a file: a zip of numpy arrays, read without pickle, every size checked. Pure.

Format "selfsame-voice/1": the arrays of `_SHAPES` and the network's layers, and `facts`, a JSON object in bytes. Names
that are not known are an error, so that nothing unchecked is ever unpacked.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from typing import Any

import numpy as np

from selfsame.errors import BadInput
from selfsame.voice.units.model import ClearManner, Facts, Units, VoiceModel
from selfsame.voice.units.network import OUTPUTS, Network, width_of
from selfsame.voice.units.plan import EXTRA
from selfsame.voice.units.sound import BANDS, CEPSTRA, HOP, RATE

FORMAT = "selfsame-voice/1"
MAX_BYTES = 160_000_000
"""Most bytes of a file, and of all that is in it: about ten minutes of speech unpacked."""

MAX_SECONDS = 1200
MAX_UNITS, MAX_PHONES, MAX_HIDDEN, MAX_NAME = 200_000, 400, 2048, 12
_LAYERS = 3
_UNIT_FIELDS = ("phone", "half", "first", "last", "before", "after", "stress", "final")

_DTYPES = {
    "facts": "|u1", "sound": "<i2", "cepstra": "<f2", "log_pitch": "<f4", "voiced": "|u1", "marks": "<i4",
    "marks_voiced": "|u1", "units": "<i4", "doubt": "<f4", "durations": "<f4", "guide": "<f4", "pitch": "<f4",
    "tone": "<i2", "gains": "<f4", "inputs": "<f4", "outputs": "<f4",
    **{f"weight{n}": "<f2" for n in range(_LAYERS)}, **{f"bias{n}": "<f4" for n in range(_LAYERS)},
}  # fmt: skip


def to_bytes(model: VoiceModel) -> bytes:
    """The voice's file: about 2.5 MB a minute of speech."""
    facts = model.facts
    told = {
        "format": FORMAT,
        "phones": list(model.phones),
        "warp": model.clear.warp,
        "seconds": facts.seconds,
        "languages": list(facts.languages),
        "score": facts.score,
        "warnings": list(facts.warnings),
        "clear": facts.clear,
    }
    arrays: dict[str, Any] = {
        "facts": np.frombuffer(json.dumps(told).encode(), np.uint8),
        "sound": model.sound,
        "cepstra": model.cepstra,
        "log_pitch": model.log_pitch,
        "voiced": model.voiced,
        "marks": model.marks,
        "marks_voiced": model.marks_voiced,
        "units": np.stack([getattr(model.units, name) for name in _UNIT_FIELDS]),
        "doubt": model.units.doubt,
        "durations": model.durations,
        "guide": model.guide,
        "pitch": model.pitch,
        "tone": model.tone,
        "gains": model.clear.gains,
        "inputs": np.stack(model.network.inputs),
        "outputs": np.stack(model.network.outputs),
    }
    arrays |= {f"weight{n}": value for n, value in enumerate(model.network.weights)}
    arrays |= {f"bias{n}": value for n, value in enumerate(model.network.biases)}
    file = io.BytesIO()
    np.savez_compressed(file, **{name: value.astype(_DTYPES[name]) for name, value in arrays.items()})
    return file.getvalue()


def from_bytes(data: bytes) -> VoiceModel:
    """The voice of a file. Raises BadInput when it is no such file, too large, or contradicts itself."""
    if len(data) > MAX_BYTES:
        raise _bad("it is too large")
    try:
        arrays = _arrays(data)
        told = json.loads(arrays["facts"].tobytes())
    except (ValueError, OSError, EOFError, KeyError, zipfile.BadZipFile, zlib.error, RecursionError, MemoryError,
            NotImplementedError, RuntimeError):  # fmt: skip
        raise _bad("it is damaged or no voice") from None
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise _bad(f'its format is not "{FORMAT}"')
    for name, value in arrays.items():
        if value.dtype.kind == "f" and not np.isfinite(value).all():
            raise _bad(f"{name} holds no numbers")
    return _model(arrays, told)


def _arrays(data: bytes) -> dict[str, Any]:
    """The arrays, of the expected names and types. Their unpacked size is checked before they are unpacked."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if sorted(entry.filename for entry in entries) != sorted(f"{name}.npy" for name in _DTYPES):
            raise ValueError("names")
        if sum(entry.file_size for entry in entries) > MAX_BYTES:
            raise ValueError("size")
        found = {}
        for entry in entries:
            with archive.open(entry) as file:
                raw = file.read(entry.file_size + 1)
            value = np.lib.format.read_array(io.BytesIO(raw), allow_pickle=False, max_header_size=4096)
            name = entry.filename.removesuffix(".npy")
            if value.dtype.str != np.dtype(_DTYPES[name]).str:
                raise ValueError("type")
            found[name] = np.ascontiguousarray(value)
        return found


def _model(arrays: dict[str, Any], told: dict[str, Any]) -> VoiceModel:
    phones = _phones(told.get("phones"))
    frames = len(arrays["sound"]) // HOP
    _shape(arrays, "sound", (frames * HOP,))
    if not 8 <= frames <= MAX_SECONDS * RATE // HOP:
        raise _bad("its recordings are too short or too long")
    _shape(arrays, "cepstra", (frames, CEPSTRA))
    for name in ("log_pitch", "voiced"):
        _shape(arrays, name, (frames,))
    marks = arrays["marks"]
    _shape(arrays, "marks", (len(marks),))
    _shape(arrays, "marks_voiced", (len(marks),))
    if len(marks) < 4 or (np.diff(marks) <= 0).any() or marks[0] < 0 or marks[-1] >= frames * HOP:
        raise _bad("its marks are out of order")
    for name, shape in {"durations": (len(phones) + EXTRA,), "guide": (2, CEPSTRA + 1), "pitch": (2,),
                        "gains": (BANDS,)}.items():  # fmt: skip
        _shape(arrays, name, shape)
    if arrays["pitch"][1] <= 0 or not 3.0 < arrays["pitch"][0] < 7.5 or (arrays["guide"][1] <= 0).any():
        raise _bad("its pitch is impossible")
    if arrays["tone"].ndim != 1 or len(arrays["tone"]) > RATE * 2:
        raise _bad("its room tone is too long")
    return VoiceModel(
        facts=_facts(told),
        phones=phones,
        sound=arrays["sound"],
        cepstra=arrays["cepstra"].astype(np.float32),
        log_pitch=np.clip(arrays["log_pitch"], 3.0, 7.5),
        voiced=arrays["voiced"] > 0,
        marks=marks.astype(np.int64),
        marks_voiced=arrays["marks_voiced"] > 0,
        units=_units(arrays, len(phones), frames),
        network=_network(arrays, len(phones)),
        durations=arrays["durations"],
        guide=arrays["guide"],
        pitch=arrays["pitch"],
        tone=arrays["tone"],
        clear=ClearManner(np.clip(arrays["gains"], -30, 30), min(1.4, max(0.7, _number(told.get("warp"))))),
    )


def _units(arrays: dict[str, Any], phones: int, frames: int) -> Units:
    table, doubt = arrays["units"], arrays["doubt"]
    if table.ndim != 2 or len(table) != len(_UNIT_FIELDS) or not 2 <= table.shape[1] <= MAX_UNITS:
        raise _bad("it has no units, or too many")
    if doubt.shape != table.shape[1:]:
        raise _bad("its units contradict one another")
    units = Units.of(table, np.clip(doubt, 0, 1))
    names = np.stack([units.phone, units.before, units.after])
    inside = (units.first >= 1).all() and (units.last < frames).all() and (units.last > units.first).all()
    if not inside or names.min() < 0 or names.max() >= phones or not np.isin(units.half, (0, 1)).all():
        raise _bad("its units lie outside its recordings")
    if {0, 1} - set(units.half.tolist()) or not np.isin(units.stress, (0, 1, 2)).all():
        raise _bad("its units contradict one another")
    return units


def _network(arrays: dict[str, Any], phones: int) -> Network:
    width = width_of(phones)
    hidden = arrays["weight0"].shape[1] if arrays["weight0"].ndim == 2 else 0
    if not 1 <= hidden <= MAX_HIDDEN:
        raise _bad("its network is too large")
    for n, (a, b) in enumerate(((width, hidden), (hidden, hidden), (hidden, OUTPUTS))):
        _shape(arrays, f"weight{n}", (a, b))
        _shape(arrays, f"bias{n}", (b,))
    _shape(arrays, "inputs", (2, width))
    _shape(arrays, "outputs", (2, OUTPUTS))
    if (arrays["inputs"][1] <= 0).any() or (arrays["outputs"][1] <= 0).any():
        raise _bad("its network is damaged")
    return Network(
        tuple(arrays[f"weight{n}"].astype(np.float32) for n in range(_LAYERS)),
        tuple(arrays[f"bias{n}"] for n in range(_LAYERS)),
        (arrays["inputs"][0], arrays["inputs"][1]),
        (arrays["outputs"][0], arrays["outputs"][1]),
    )


def _phones(found: Any) -> tuple[str, ...]:
    if not isinstance(found, list) or not 2 <= len(found) <= MAX_PHONES or found[0] != "":
        raise _bad("its phones are missing")
    if not all(isinstance(name, str) and len(name) <= MAX_NAME for name in found) or len(set(found)) != len(found):
        raise _bad("its phones are damaged")
    return tuple(found)


def _facts(told: dict[str, Any]) -> Facts:
    languages, warnings, score = told.get("languages"), told.get("warnings"), told.get("score")
    texts = [*languages, *warnings] if isinstance(languages, list) and isinstance(warnings, list) else [None]
    if not all(isinstance(text, str) and len(text) < 500 for text in texts) or len(texts) > 100:
        raise _bad("its facts are damaged")
    return Facts(
        seconds=_number(told.get("seconds")),
        languages=tuple(languages),  # type: ignore[arg-type]
        score=None if score is None else _number(score),
        warnings=tuple(warnings),  # type: ignore[arg-type]
        clear=told.get("clear") is True,
    )


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < 1e6:
        raise _bad("its facts are damaged")
    return float(value)


def _shape(arrays: dict[str, Any], name: str, shape: tuple[int, ...]) -> None:
    if arrays[name].shape != shape:
        raise _bad(f"{name} has the wrong size")


def _bad(why: str) -> BadInput:
    return BadInput(f"This voice cannot be used: {why}. Make it anew from the recordings.")
