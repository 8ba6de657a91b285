"""Whether a model's files are here and whole.

A quick look compares sizes and times with `files.json`, which is written after a file's hash was checked; a thorough
one hashes every file again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from selfsame.models.fetch import sha256
from selfsame.models.manifest import Model, OwnFiles, Wheel

State = Literal["ready", "missing", "damaged"]
RECORD = "files.json"


@dataclass(frozen=True, slots=True)
class Status:
    """How a model stands. `problem` says what is wrong, empty when it is ready."""

    model: Model
    folder: Path
    state: State
    problem: str = ""


def status(model: Model, models_dir: Path, *, thorough: bool = False) -> Status:
    """Look at the files of one model below `models_dir`."""
    folder = models_dir / model.name
    if isinstance(model.source, OwnFiles):
        return _brought(model, model.source, folder)
    record = read_record(folder)
    expected = _expected(model, record)
    names = [*expected, *model.built]
    absent = [name for name in names if not (folder / name).is_file()]
    if not expected or len(absent) == len(names):
        return Status(model, folder, "missing", "not pulled yet")
    if absent:
        return Status(model, folder, "missing", "not there: " + ", ".join(absent))
    for name in names:
        known = record.get(name)
        if known is None or (name in expected and known["sha256"] != expected[name]):
            return Status(model, folder, "damaged", f"{name} was never checked")
        stat = (folder / name).stat()
        changed = (stat.st_size, stat.st_mtime_ns) != (known["size"], known["mtime_ns"])
        if (thorough or changed) and sha256(folder / name) != known["sha256"]:
            return Status(model, folder, "damaged", f"{name} does not have the expected SHA-256")
    return Status(model, folder, "ready")


def _brought(model: Model, source: OwnFiles, folder: Path) -> Status:
    """Of files that the user brings only their being there is known; the engine looks into them when it opens."""
    if any((folder / name).is_file() for name in source.names):
        return Status(model, folder, "ready")
    return Status(model, folder, "missing", f"bring your own: put {' or '.join(source.names)} into {folder}")


def read_record(folder: Path) -> dict[str, dict]:
    """What was checked before: name to sha256, size and mtime_ns; empty when there is no readable record."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return {name: dict(entry) for name, entry in record.items() if {"sha256", "size", "mtime_ns"} <= entry.keys()}
    except (OSError, ValueError, AttributeError):
        return {}


def write_record(folder: Path, hashes: dict[str, str]) -> None:
    """Note that these files (name to SHA-256) were checked just now."""
    record = {}
    for name, digest in sorted(hashes.items()):
        stat = (folder / name).stat()
        record[name] = {"sha256": digest, "size": stat.st_size, "mtime_ns": stat.st_mtime_ns}
    scratch = folder / (RECORD + ".new")
    scratch.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    scratch.replace(folder / RECORD)


def _expected(model: Model, record: dict[str, dict]) -> dict[str, str]:
    """Name to SHA-256: pinned by the manifest, or for a hub's files as they were when they came."""
    if isinstance(model.source, Wheel):
        return {file.name: file.sha256 for file in model.source.files}
    return {name: entry["sha256"] for name, entry in record.items() if name not in model.built}
