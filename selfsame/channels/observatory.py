"""The one place where what happens is counted: turns, troubles, engines, the loop. In memory of a fixed size.

The operations page, `/metrics` and the alerts all read from here. Noting a turn costs some tens of microseconds and
happens once a turn; nothing else here is on the way of speech. Only numbers and names of engines are kept, no words and
no users. `registry` holds what the engines' own meters count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from prometheus_client import CollectorRegistry

from selfsame.conversation.costs import CostTracker
from selfsame.errors import ProviderError
from selfsame.events import told
from selfsame.events.turns import TurnRecord
from selfsame.kit.clock import wall
from selfsame.kit.ring import Ring, Window
from selfsame.kit.sketch import BINS, Sketch, bin_of

STAGES = ("endToEnd", "asr", "endpointing", "rag", "llm", "tts", "lipSync")
DISTRIBUTIONS = (*STAGES, "lag")
SUMS = (
    "turns", "answered", "interrupted", "speculated", "confidence", "spoken", "cost",  # of turns
    "overlaps", "stops", "resumed",  # of play-out: speech over the clone's, what it stopped, what went on
    "errors", "retries", "fallbacks", "started", "completed", "talkSeconds",
    "active", "cpu", "samples",  # taken once a second
)  # fmt: skip
HOUR, DAY = 3_600.0, 86_400.0
STEPS = ((15, 10), (60, 60), (360, 300), (1440, 900))
"""Minutes of a chart, and its step in seconds."""
MOST_CODES, MOST_ENGINES = 64, 32
"""Kinds of trouble and engines that are told apart; what comes beyond is counted as "OTHER"."""
_COMPONENTS = {
    "ASR": "asr",
    "VAD": "asr",
    "LLM": "llm",
    "TTS": "tts",
    "RAG": "rag",
    "EMBEDDING": "rag",
    "FACE": "lipSync",
    "VIDEO": "lipSync",
    "DATABASE": "database",
    "FILES": "files",
    "JOBS": "jobs",
}
_TRIED_AGAIN = frozenset({"asr", "database"})
"""Components whose troubles in a conversation are followed by another try: ears are opened anew, turns saved later."""


def component_of(code: str) -> str:
    """The component that an error's code speaks of; "websocket" for what is wrong with a message or a session."""
    return _COMPONENTS.get(code.partition("_")[0], "websocket")


@dataclass(slots=True)
class EngineLog:
    """How one engine did. Its ring holds an hour by the minute."""

    role: str
    name: str
    ring: Ring = field(default_factory=lambda: Ring(60, 60, ["ms"], ["calls", "failures"]))
    last_outcome: str = ""
    last_error: str | None = None
    last_message: str | None = None
    failed_at: float | None = None


class Observatory:
    """Notes and windows. `now` gives Unix seconds. Everything is called from the event loop."""

    def __init__(self, now: Callable[[], float] = lambda: wall().timestamp()) -> None:
        self.now = now
        self.began = self.since = now()
        self.registry = CollectorRegistry()
        self.costs = CostTracker()
        self.ever = np.zeros((len(STAGES), BINS), np.int64)
        self.ever_ms = np.zeros(len(STAGES))
        self.totals: Counter[str] = Counter()
        self.errors: dict[tuple[str, str], Ring] = {}
        self.engines: dict[tuple[str, str], EngineLog] = {}
        self.fallbacks: Counter[tuple[str, str, str]] = Counter()
        self.active: Callable[[], int] = lambda: 0
        self._fine = Ring(10, 360, DISTRIBUTIONS, SUMS)
        self._coarse = Ring(300, 288, DISTRIBUTIONS, SUMS)
        self._cpu: float | None = None

    # --- what happens ----------------------------------------------------------------------------------------------

    def turn(self, turn: TurnRecord, at: float | None = None) -> None:
        """A turn was stored. With `at` (Unix seconds) it is one from before this process began."""
        measures = turn.metrics
        spoken = turn.user_audio_ms > 0
        stages = {"rag": measures.rag, "llm": measures.llm, "tts": measures.tts}
        if spoken:
            stages |= {"asr": measures.asr, "endpointing": measures.endpointing}
        if measures.lip_sync > 0:
            stages["lipSync"] = measures.lip_sync
        answered = measures.total > 0
        stages = {"endToEnd": measures.total, **stages} if answered else {}
        sums = {
            "turns": 1.0,
            "answered": float(answered),
            "interrupted": float(turn.interrupted),
            "speculated": float(measures.speculated),
            "confidence": turn.confidence if spoken else 0.0,
            "spoken": float(spoken),
            "cost": turn.costs.total,
            "talkSeconds": (turn.user_audio_ms + turn.heard_ms) / 1000,
        }
        if at is not None:
            self.since = min(self.since, at)
            self._note(at, stages, sums)
            return
        for i, stage in enumerate(STAGES):
            if stage in stages:
                self.ever[i, bin_of(stages[stage])] += 1
                self.ever_ms[i] += stages[stage]
        self._add(stages, sums)

    def told(self, event: told.Told) -> None:
        """What a session tells its client; only troubles and commands to the play-out are counted."""
        if isinstance(event, told.Trouble):
            self.trouble(event.code)
        elif isinstance(event, told.PlaybackOrdered):
            self._add({}, {{"pause": "overlaps", "stop": "stops", "resume": "resumed"}[event.action]: 1.0})

    def trouble(self, code: str) -> None:
        """Something failed in a conversation. What the caller did wrong is listed, but is no error of ours."""
        component = component_of(code)
        ours = component != "websocket" or code == "INTERNAL"
        self._add({}, {"errors": float(ours), "retries": float(component in _TRIED_AGAIN)})
        key = (component, code)
        if key not in self.errors and len(self.errors) >= MOST_CODES:
            key = ("websocket", "OTHER")
        ring = self.errors.setdefault(key, Ring(60, 1440, [], ["errors"]))
        ring.note(self.now(), {}, {"errors": 1.0})
        self.totals[f"error:{key[0]}:{key[1]}"] += 1

    def conversation(self, *, started: bool) -> None:
        """A conversation began, or ended."""
        self._add({}, {"started" if started else "completed": 1.0})

    def call(self, role: str, engine: str, outcome: str, seconds: float) -> None:
        """An engine was asked: "ok", "left" (nobody waited for the end), or an error's code."""
        log = self._engine(role, engine)
        failed = outcome not in ("ok", "left")
        log.last_outcome = outcome
        log.ring.note(self.now(), {"ms": 1000 * seconds}, {"calls": 1.0, "failures": float(failed)})
        if failed:
            log.last_error, log.failed_at = outcome, self.now()

    def fell_back(self, role: str, left: str, taken: str, error: ProviderError) -> None:
        """Another engine took over."""
        self._add({}, {"fallbacks": 1.0, "retries": 1.0})
        if len(self.fallbacks) < MOST_CODES:
            self.fallbacks[role, left, taken] += 1
        log = self._engine(role, left)
        if log.last_outcome in ("", "left"):  # it was too slow: its call was left, which is its failure
            log.ring.note(self.now(), {}, {"failures": 1.0})
        log.last_error, log.last_message, log.failed_at = error.code, error.message, self.now()

    def lag(self, seconds: float) -> None:
        """How late the event loop woke."""
        self._add({"lag": 1000 * seconds}, {})

    def sample(self, cpu_seconds: float) -> None:
        """Once a second: how many conversations live, and the CPU seconds that this process has used so far."""
        used = cpu_seconds - self._cpu if self._cpu is not None else 0.0
        self._cpu = cpu_seconds
        self._add({}, {"active": float(self.active()), "cpu": max(0.0, used), "samples": 1.0})

    # --- what is read ----------------------------------------------------------------------------------------------

    def window(self, seconds: float) -> Window:
        """The last `seconds`, at most a day: in slots of 10 s within the last hour, else of 5 minutes."""
        ring = self._fine if seconds <= HOUR else self._coarse
        return ring.window(self.now(), seconds)

    def series(self, minutes: int) -> tuple[int, list[Window]]:
        """For charts, the step in seconds and the steps: 10 s up to 15 minutes, a minute up to an hour, 5 minutes up to
        6 hours, 15 minutes beyond."""
        step = next(step for limit, step in STEPS if minutes <= limit)
        ring = self._fine if minutes <= 60 else self._coarse
        return step, ring.series(self.now(), 60 * minutes, step)

    def stage_ever(self, stage: int) -> Sketch:
        """All turns since the process began."""
        return Sketch(self.ever[stage], float(self.ever_ms[stage]))

    @property
    def nbytes(self) -> int:
        """Memory of all figures."""
        logs = [log.ring for log in self.engines.values()]
        return sum(r.nbytes for r in (self._fine, self._coarse, *self.errors.values(), *logs)) + self.ever.nbytes

    def _engine(self, role: str, name: str) -> EngineLog:
        if (role, name) not in self.engines and len(self.engines) >= MOST_ENGINES:
            name = "OTHER"
        return self.engines.setdefault((role, name), EngineLog(role, name))

    def _add(self, distributions: dict[str, float], sums: dict[str, float]) -> None:
        for name, value in sums.items():
            self.totals[name] += value  # type: ignore[assignment]
        self._note(self.now(), distributions, sums)

    def _note(self, at: float, distributions: dict[str, float], sums: dict[str, float]) -> None:
        self._fine.note(at, distributions, sums)
        self._coarse.note(at, distributions, sums)
