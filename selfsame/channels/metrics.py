"""Measures for `/metrics` in Prometheus' text (MET-01 to MET-06); turns are counted by the observatory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from selfsame.channels.observatory import DAY, STAGES, Observatory
from selfsame.kit.clock import Clock, cpu_seconds
from selfsame.kit.sketch import BINS, bin_of, upper_edge

_PROBE_EVERY = 0.1
_SAMPLE_EVERY = 10
"""Probes between samples of CPU and conversations: once a second."""
_LAG_BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_EDGES = tuple(sorted({bin_of(ms) for ms in (5, 10, 20, 50, 100, 200, 350, 500, 750, 1e3, 1.5e3, 2e3, 3e3, 5e3, 1e4)}))
"""Bins after which a bucket ends; its bound is the bin's own edge, so the counts are exact."""
_TOTALS = {
    "turns": "Turns that ended and were stored.",
    "interrupted": "Turns that the user cut short.",
    "started": "Conversations that began or were resumed here.",
    "completed": "Conversations that ended.",
    "overlaps": "Times that users spoke over the clone.",
    "retries": "Times that something was tried again: another engine, the ears, the database.",
}


class Metrics:
    """The channels' measures. `frames` and its like are plain integers because they grow many times a second."""

    def __init__(self, observatory: Observatory | None = None) -> None:
        self.observatory = observatory or Observatory()
        self.registry = CollectorRegistry()
        self.frames = 0
        self.frame_bytes = 0
        self.sent_bytes = 0
        self.sockets = Gauge("selfsame_sockets", "Open sockets.", registry=self.registry)
        self.sessions = Gauge("selfsame_sessions", "Live sessions.", registry=self.registry)
        self.messages = Counter("selfsame_messages", "Messages taken.", ["type"], registry=self.registry)
        self.errors = Counter("selfsame_errors", "Errors sent to clients.", ["code"], registry=self.registry)
        self.lag = Histogram(
            "selfsame_loop_lag_seconds",
            "How late the event loop wakes a sleeper.",
            buckets=_LAG_BUCKETS,
            registry=self.registry,
        )
        self.registry.register(self)

    @property
    def traffic(self) -> tuple[int, int]:
        """Bytes of sound taken, and bytes sent over sockets."""
        return self.frame_bytes, self.sent_bytes

    def collect(self) -> Iterable[Metric]:
        """What is counted without a lock."""
        yield CounterMetricFamily("selfsame_audio_frames", "Microphone frames taken.", value=self.frames)
        yield CounterMetricFamily("selfsame_audio_bytes", "Microphone bytes taken.", value=self.frame_bytes)
        yield CounterMetricFamily("selfsame_sent_bytes", "Bytes sent over sockets.", value=self.sent_bytes)
        yield from families(self.observatory)

    async def probe(self, clock: Clock) -> None:
        """Measure the loop's lag for ever, and take samples; a companion of the server."""
        probes = 0
        while True:
            if probes % _SAMPLE_EVERY == 0:
                self.observatory.sample(cpu_seconds())
            probes += 1
            before = clock.now()
            await clock.sleep(_PROBE_EVERY)
            late = max(0.0, clock.now() - before - _PROBE_EVERY)
            self.lag.observe(late)
            self.observatory.lag(late)

    def text(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry) + generate_latest(self.observatory.registry)


def families(seen: Observatory) -> Iterator[Metric]:
    """What the observatory counted since the process began."""
    latency = HistogramMetricFamily(
        "selfsame_turn_latency_seconds", "Latency of answered turns by stage.", labels=["stage"]
    )
    for i, stage in enumerate(STAGES):
        upto = np.cumsum(seen.ever[i])
        buckets = [(f"{upper_edge(edge) / 1000:.6g}", float(upto[edge])) for edge in _EDGES]
        latency.add_metric([stage], [*buckets, ("+Inf", float(upto[BINS - 1]))], float(seen.ever_ms[i]) / 1000)
    yield latency
    for name, text in _TOTALS.items():
        yield CounterMetricFamily(f"selfsame_{name}", text, value=seen.totals[name])
    troubles = CounterMetricFamily("selfsame_troubles", "What failed in conversations.", labels=["component", "code"])
    for key, count in seen.totals.items():
        if key.startswith("error:"):
            troubles.add_metric(key.split(":")[1:], count)
    yield troubles
    changes = CounterMetricFamily("selfsame_fallbacks", "Engines left for others.", labels=["role", "left", "taken"])
    for labels, count in seen.fallbacks.items():
        changes.add_metric(labels, count)
    yield changes
    paid = CounterMetricFamily("selfsame_cost_dollars", "Paid for conversations.", labels=["provider"])
    for name, amount in seen.costs.cost_by_provider().items():
        paid.add_metric([name], amount)
    yield paid
    yield from _gauges(seen)


def _gauges(seen: Observatory) -> Iterator[Metric]:
    five, day = seen.window(300), seen.window(DAY)
    count = five.counters
    per_minute = seen.costs.average_cost_per_minute()
    values = {
        "cost_dollars_day": ("Paid for the turns of the last 24 hours.", day.counters["cost"]),
        "cost_dollars_per_minute": ("Mean cost of a minute of talk.", per_minute),
        "cpu_share": ("CPU seconds a second of this process, last five minutes.", five.mean("cpu", "samples")),
        "transcript_confidence": ("Mean confidence of the recogniser.", five.mean("confidence", "spoken")),
        "interruption_rate": ("Share of turns cut short.", five.mean("interrupted", "turns")),
        "error_rate": ("Errors over errors and answers.", _rate(count["errors"], count["answered"])),
    }
    for name, (text, value) in values.items():
        if value is not None:
            yield GaugeMetricFamily(f"selfsame_{name}", text, value=value)


def _rate(errors: float, answers: float) -> float | None:
    return errors / (errors + answers) if errors + answers else None
