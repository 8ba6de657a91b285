"""Counts and the event loop's lag, for `/metrics` (Prometheus text)."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, Metric

from selfsame.kit.clock import Clock

_PROBE_EVERY = 0.1
_LAG_BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


class Metrics:
    """The channels' measures. `frames` and `frame_bytes` are plain integers because they grow 31 times a second."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.frames = 0
        self.frame_bytes = 0
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

    def collect(self) -> Iterable[Metric]:
        """What is counted without a lock."""
        yield CounterMetricFamily("selfsame_audio_frames", "Microphone frames taken.", value=self.frames)
        yield CounterMetricFamily("selfsame_audio_bytes", "Microphone bytes taken.", value=self.frame_bytes)

    async def probe(self, clock: Clock) -> None:
        """Measure the loop's lag for ever; a companion of the server."""
        while True:
            before = clock.now()
            await clock.sleep(_PROBE_EVERY)
            self.lag.observe(max(0.0, clock.now() - before - _PROBE_EVERY))

    def text(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)
