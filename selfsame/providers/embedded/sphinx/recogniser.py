"""The embedded recogniser, the server's side: sessions, worker processes, and adapted models per clone."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import anyio
import structlog

from selfsame.ears.port import PASSING, HearingAbilities, HearingOptions
from selfsame.errors import Refused, Unavailable
from selfsame.events.heard import HeardWord, Hypothesis
from selfsame.kit import tasks
from selfsame.kit.engine_process import EngineDied, EngineFailed, EngineProcess
from selfsame.kit.ids import short_id
from selfsame.kit.pcm import Pcm, to_bytes
from selfsame.providers.embedded.sphinx.adaptation.build import WRITTEN, Recipe, digest, is_ready
from selfsame.providers.embedded.sphinx.builder import stock
from selfsame.providers.embedded.sphinx.decoder import Beams
from selfsame.providers.embedded.sphinx.desk import Limits
from selfsame.providers.embedded.sphinx.written import as_written, sentence

log = structlog.get_logger(__name__)
NAME = "sphinx"
WORKER = "selfsame.providers.embedded.sphinx.worker"
BUILDER = "selfsame.providers.embedded.sphinx.builder"
EVERYONE = ""
"""The clone id of the model that knows small talk only: it serves until a clone's own is ready."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a clone knows, as plain texts or Markdown; `version` changes whenever the texts do."""

    version: str
    texts: list[str]


@dataclass(frozen=True, slots=True)
class SphinxOptions:
    """`workers`: processes, one core each, good for about ten people speaking at once. `patience`: seconds to wait for
    an answer before a worker counts as hung."""

    workers: int = 1
    limits: Limits = field(default_factory=Limits)
    beams: Beams = field(default_factory=Beams)
    patience: float = 20.0
    prepare: bool = True
    """Make the small-talk model in the background when the engine starts."""


@dataclass(frozen=True, slots=True)
class Model:
    """An adapted model: its folder, and how its names are written."""

    folder: str = ""
    written: Mapping[str, str] = field(default_factory=dict)
    version: str = ""


class SphinxSpeechToText:
    """pocketsphinx behind the port `SpeechToText`. Use as an async context manager; one event loop."""

    def __init__(self, cache: Path, options: SphinxOptions | None = None) -> None:
        """`cache` is a folder for adapted models (6 MB each); it is made when needed."""
        self.abilities = HearingAbilities(NAME, frozenset({"EN"}), streaming=True, word_times=True, adapts=True)
        self._cache = cache
        self._options = options or SphinxOptions()
        told = {"limits": asdict(self._options.limits), "beams": asdict(self._options.beams)}
        self.workers = [EngineProcess(WORKER, [json.dumps(told)]) for _ in range(max(1, self._options.workers))]
        self._load = [0] * len(self.workers)
        self._models: dict[str, Model] = {}
        self._forgotten: Counter[str] = Counter()

    async def __aenter__(self) -> SphinxSpeechToText:
        self._building = anyio.Lock()
        self._learning = anyio.Lock()
        await tasks.offload(shutil.rmtree, self._cache / PASSING, ignore_errors=True)
        self._stack = AsyncExitStack()
        await self._stack.__aenter__()
        for worker in self.workers:
            await self._stack.enter_async_context(worker)
        background = await self._stack.enter_async_context(tasks.background())
        if self._options.prepare:
            background.start_soon(self._prepare)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        if isinstance(error, Exception):  # the caller's own error goes on as it is, not in a group
            kind = error = trace = None
        return await self._stack.__aexit__(kind, error, trace)

    async def _prepare(self) -> None:
        try:
            for worker in self.workers:
                await worker.start()
            await self.adapt(EVERYONE, Knowledge("", []))
        except (Unavailable, EngineDied):
            log.warning("small-talk model could not be made", provider=NAME)

    @asynccontextmanager
    async def open(self, options: HearingOptions) -> AsyncIterator[SphinxRecognition]:
        """A recogniser for one session. Raises Refused for a language it does not have, Unavailable when down."""
        if options.language.lower().split("-")[0] not in ("auto", "en", ""):
            raise Refused("the embedded recogniser understands English only", role="asr", provider=NAME)
        index = self._load.index(min(self._load))
        worker = self.workers[index]
        self._load[index] += 1
        recognition = SphinxRecognition(worker, options.clone_id, self.model, self._options.patience)
        try:
            await recognition.prepare()
            yield recognition
        finally:
            self._load[index] -= 1
            with anyio.CancelScope(shield=True):
                await recognition.close()

    def model(self, clone_id: str) -> Model:
        """What serves a clone now: its own model, else the small-talk model, else the stock model."""
        return self._models.get(clone_id) or self._models.get(EVERYONE) or Model()

    async def adapt(self, clone_id: str, knowledge: Knowledge) -> None:
        """Fit the language model to a clone's knowledge; returns when new utterances use it. Raises Unavailable.

        The first time costs seconds in a process of its own; the result is kept in the cache folder. What was learnt
        before the clone was forgotten is not learnt any more.
        """
        forgotten = self._forgotten[clone_id]
        async with self._learning:
            if forgotten == self._forgotten[clone_id]:
                await self._adapt(clone_id, knowledge)

    async def _adapt(self, clone_id: str, knowledge: Knowledge) -> None:
        before = self._models.get(clone_id)
        if before is not None and before.version == knowledge.version:
            return
        root = self._folder(clone_id)
        folder = await tasks.offload(_cached, root, knowledge.texts)
        if folder is None:
            folder = await self._build(root, knowledge.texts)
        model = await tasks.offload(_read, folder, knowledge.version)
        self._models[clone_id] = model
        await self._warm(model.folder, before.folder if before else "")
        await tasks.offload(_sweep, root, folder)
        known = {"version": knowledge.version, "texts": len(knowledge.texts)}
        log.info("language model adapted", provider=NAME, clone_id=clone_id, **known)

    async def forget(self, clone_id: str) -> None:
        """Delete what was made from a clone's knowledge, from memory and disk, and what is just being made of it."""
        self._forgotten[clone_id] += 1
        async with self._learning:
            model = self._models.pop(clone_id, None)
            if model is not None:
                await self._warm(self.model(clone_id).folder, model.folder)
            await tasks.offload(shutil.rmtree, self._folder(clone_id), ignore_errors=True)

    def _folder(self, clone_id: str) -> Path:
        root = self._cache / PASSING if clone_id.startswith(PASSING) else self._cache
        return root / hashlib.sha256(clone_id.encode()).hexdigest()[:20]

    async def _build(self, root: Path, texts: list[str]) -> Path:
        async with self._building:
            try:
                async with EngineProcess(BUILDER) as builder:
                    head, _ = await builder.call({"do": "build", "texts": texts, "root": str(root)})
            except (EngineDied, EngineFailed) as error:
                raise Unavailable("the language model could not be adapted", role="asr", provider=NAME) from error
            return Path(head["folder"])

    async def _warm(self, folder: str, old: str) -> None:
        for worker in self.workers:
            try:
                await worker.call({"do": "warm", "model": folder, "old": old})
            except (EngineDied, EngineFailed):
                log.warning("model could not be loaded ahead", provider=NAME)


def _cached(root: Path, texts: list[str]) -> Path | None:
    folder = root / digest(texts, Recipe(), stock())
    return folder if is_ready(folder) else None


def _read(folder: Path, version: str) -> Model:
    return Model(str(folder), json.loads((folder / WRITTEN).read_text("utf-8")), version)


def _sweep(root: Path, keep: Path) -> None:
    """Delete models of older knowledge, and what killed builds left."""
    for other in root.iterdir():
        if other.name != keep.name:
            shutil.rmtree(other, ignore_errors=True)


class SphinxRecognition:
    """One session. Sound is sent on without waiting for its decoding; answers come when it is decoded."""

    def __init__(self, worker: EngineProcess, clone_id: str, model_of: Any, patience: float) -> None:
        self._worker, self._clone_id, self._model_of, self._patience = worker, clone_id, model_of, patience
        self._name = short_id(12)
        self._model: Model = Model()
        self._generation = -1
        self._started = False

    async def prepare(self) -> None:
        """Open the session in the worker: a new session, a new model, or a new process need it. Raises Unavailable."""
        model: Model = self._model_of(self._clone_id)
        try:
            await self._worker.start()
            if self._generation == self._worker.generation and model is self._model:
                return
            self._generation, self._model = self._worker.generation, model
            await self._worker.tell({"do": "open", "session": self._name, "model": model.folder})
        except EngineDied as error:
            raise self._down() from error

    async def accept(self, pcm: Pcm) -> None:
        """Send sound to the worker; waits only while the pipe is full. Raises Unavailable."""
        if not self._started:
            await self.prepare()
        elif self._generation != self._worker.generation or self._worker.pid is None:
            raise self._down()  # the beginning of the utterance died with the process
        self._started = True
        try:
            await self._worker.tell({"do": "accept", "session": self._name}, to_bytes(pcm))
        except EngineDied as error:
            raise self._down() from error

    async def hypothesis(self) -> Hypothesis:
        """The best guess of what has been decoded so far. Raises Unavailable."""
        if not self._started:
            return Hypothesis("", 0.0, "EN")
        return self._told(await self._ask("guess"), settled=False)

    async def finish(self) -> Hypothesis:
        """The utterance, settled when its last sound is decoded; the next begins. Raises Unavailable."""
        if not self._started:
            return Hypothesis("", 0.0, "EN")
        answer = await self._ask("finish")
        self._started = False
        return self._told(answer, settled=True)

    async def close(self) -> None:
        """Free the decoder, if the worker still has it."""
        if self._worker.pid is not None and self._generation == self._worker.generation:
            try:
                await self._worker.tell({"do": "close", "session": self._name})
            except EngineDied:
                log.debug("engine was gone before its session", provider=NAME)

    async def _ask(self, what: str) -> list[list[Any]]:
        try:
            with anyio.fail_after(self._patience):
                head, _ = await self._worker.call({"do": what, "session": self._name})
        except TimeoutError as error:
            self._worker.kill()
            raise self._down() from error
        except (EngineDied, EngineFailed) as error:
            raise self._down() from error
        return head["words"]

    def _down(self) -> Unavailable:
        self._started = False
        self._generation = -1
        return Unavailable("the recogniser's process ended", role="asr", provider=NAME)

    def _told(self, found: list[list[Any]], settled: bool) -> Hypothesis:
        forms = self._model.written
        text = sentence([w for w, *_ in found], forms, settled)
        words = tuple(HeardWord(as_written(w, forms), start, end, trust) for w, start, end, trust in found)
        trust = sum(w.confidence for w in words) / len(words) if words else 0.0
        return Hypothesis(text, trust, "EN", words)
