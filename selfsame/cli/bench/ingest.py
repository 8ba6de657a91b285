"""`selfsame bench ingest`: how fast documents are read, and how long a catalogue takes until it can be asked about."""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import click

from selfsame.cli.bench import documents
from selfsame.cli.bench.options import json_option, show
from selfsame.cli.output import read_settings
from selfsame.evaluator.figures import percentile
from selfsame.kit.clock import SYSTEM, cpu_seconds
from selfsame.kit.tasks import offload
from selfsame.library.extract.read import Wish, read
from selfsame.library.extract.reader import read_document
from selfsame.settings import Settings


@click.command()
@click.option("--pages", type=click.IntRange(1, 1000), default=100, show_default=True, help="Of each document.")
@click.option("--runs", type=click.IntRange(1, 50), default=5, show_default=True, help="Of each measurement.")
@click.option("--products", type=click.IntRange(10, 20_000), default=1000, show_default=True, help="Of the catalogue.")
@json_option
def command(pages: int, runs: int, products: int, as_json: bool) -> None:
    """Print, for each format, pages a second and how long a document takes, its own process included.

    Then a catalogue from its bytes to vectors in a fresh database: all, and by stage. A page has about 2,500 letters.
    CPU seconds are those of reading alone, the best of all runs.
    """
    result = anyio.run(_run, read_settings(quiet=True), pages, runs, products)
    show(as_json, result, readable(result))


async def _run(settings: Settings, pages: int, runs: int, products: int) -> dict[str, Any]:
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    formats = await read_all(pages, runs)
    shop = [await catalogue(settings, products) for _ in range(min(runs, 3))]
    return {
        "benchmark": "ingest",
        "load": round(load, 1),
        "pages": pages,
        "formats": formats,
        "products": products,
        "catalogue": {
            name: {"p50": percentile([run[name] for run in shop], 0.5), "max": max(run[name] for run in shop)}
            for name in shop[0]
        },
    }


# --- documents -------------------------------------------------------------------------------------------------------


async def read_all(pages: int, runs: int) -> dict[str, Any]:
    """How long a document takes in a process of its own, and the CPU seconds of reading alone, side by side."""
    content = documents.pages_of(pages)
    files = {name: (file, make(content)) for name, (file, make) in documents.FORMATS.items()}
    files = {"one line": ("a.txt", b"Words."), **files}
    walls: dict[str, list[float]] = {name: [] for name in files}
    cpus: dict[str, list[float]] = {name: [] for name in files}
    for _ in range(runs):
        for name, (file, data) in files.items():
            began = SYSTEM.now()
            await read_document(data, Wish(file))
            walls[name].append(SYSTEM.now() - began)
            used = cpu_seconds()
            await offload(read, data, Wish(file))
            cpus[name].append(cpu_seconds() - used)
    return {name: _row(0 if name == "one line" else pages, walls[name], cpus[name]) for name in files}


def _children() -> float:
    """CPU seconds of processes that ended."""
    try:
        import resource
    except ImportError:  # Windows
        return float("nan")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _row(pages: int, walls: list[float], cpus: list[float]) -> dict[str, Any]:
    return {
        "seconds": {"p50": round(percentile(walls, 0.5), 2), "p95": round(percentile(walls, 0.95), 2)},
        "cpuSeconds": round(min(cpus), 3),
        "pagesASecond": round(pages / percentile(walls, 0.5)) if pages else None,
        "pagesACpuSecond": round(pages / max(1e-6, min(cpus))) if pages else None,
    }


# --- a catalogue -----------------------------------------------------------------------------------------------------


async def catalogue(settings: Settings, count: int) -> dict[str, float]:
    """Seconds from a CSV file's bytes to vectors in a fresh database, by stage, and CPU seconds of it all."""
    from selfsame.stores.postgres.database import open_database
    from selfsame.stores.postgres.supervisor import EmbeddedPostgres

    with tempfile.TemporaryDirectory(prefix="selfsame-bench-", ignore_cleanup_errors=True) as folder:
        await offload(Path(folder).chmod, 0o755)
        server = EmbeddedPostgres(Path(folder), disposable=True)
        url = await offload(server.start)
        try:
            async with open_database(url) as database:
                return await _ingest(settings, database, count)
        finally:
            await offload(server.stop)


async def _ingest(settings: Settings, database: Any, count: int) -> dict[str, float]:
    from selfsame.clones.clone import Clone
    from selfsame.jobs.ingest import INGEST, spoken_of
    from selfsame.kit.ids import new_id
    from selfsame.library.ingest import SourceFile, described, index
    from selfsame.library.shelf import Outcome, Upload
    from selfsame.stores.postgres.clones import PostgresClones
    from selfsame.stores.postgres.knowledge import PostgresKnowledge
    from selfsame.stores.postgres.shelf import PostgresShelf
    from selfsame.stores.postgres.users import PostgresUsers
    from selfsame.wiring.engines import _embedder

    embedder, _ = await _embedder(settings)
    owner = (await PostgresUsers(database).owner()).id
    clone = await PostgresClones(database).put(Clone(new_id(), owner, "shop", "Shop"))
    shelf, knowledge = PostgresShelf(database, INGEST), PostgresKnowledge(database)
    data = documents.catalogue(count)
    began, used, children = SYSTEM.now(), cpu_seconds(), _children()
    found = await read_document(data, Wish("products.csv", products=True))
    read = SYSTEM.now()
    upload = Upload(new_id(), owner, clone.id, "products.csv", "products", "0" * 64, len(data), "clone-knowledge/x/")
    shelved, _ = await shelf.begin(upload)
    document = described(found, owner, clone.id, SourceFile("products.csv", data))
    document = replace(document, id=shelved.document.id)
    stages = _Stages(embedder)
    chunks = await index(knowledge, stages, document, found)
    await shelf.finish(owner, upload.id, Outcome({}, spoken_of(found, chunks)))
    ended = SYSTEM.now()
    return {
        "seconds": round(ended - began, 2),
        "read": round(read - began, 2),
        "embed": round(stages.ended - stages.began, 2),
        "store": round(ended - stages.ended, 2),
        "cpuSeconds": round(cpu_seconds() - used + _children() - children, 2),
        "chunks": len(chunks),
    }


class _Stages:
    """An embedder that notes when it was first asked and when it last answered."""

    def __init__(self, embedder: Any) -> None:
        self._embedder = embedder
        self.model_id, self.width = embedder.model_id, embedder.width
        self.began = self.ended = 0.0

    async def embed_query(self, text: str) -> Any:
        return await self._embedder.embed_query(text)

    async def embed_documents(self, texts: list[str]) -> Any:
        self.began = self.began or SYSTEM.now()
        found = await self._embedder.embed_documents(texts)
        self.ended = SYSTEM.now()
        return found


def readable(result: dict[str, Any]) -> str:
    """The result as two tables."""
    head = f"{result['pages']} pages".ljust(12) + "  seconds p50   p95   CPU s   pages/s   pages/CPU s"
    lines = [f"load {result['load']}", head]
    for name, row in result["formats"].items():
        seconds = row["seconds"]
        speed = f"{row['pagesASecond'] or '-':>9}{row['pagesACpuSecond'] or '-':>14}"
        lines.append(f"{name:<12}{seconds['p50']:>13}{seconds['p95']:>6}{row['cpuSeconds']:>8}{speed}")
    lines.append(f"\n{result['products']} products     p50    max")
    lines += [f"{name:<12}{row['p50']:>9}{row['max']:>7}" for name, row in result["catalogue"].items()]
    return "\n".join(lines)
