"""Health (HLTH-01 to HLTH-04): one answer from many components. Pure but for asking them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from selfsame.channels.deps import ComponentHealth
from selfsame.kit.clock import wall

Overall = Literal["healthy", "degraded", "unhealthy"]
VITAL = frozenset({"websocket", "asr", "llm", "tts", "database"})
COMPONENTS = ("websocket", "asr", "rag", "llm", "tts", "lipSync", "database", "cache")


def overall(components: Mapping[str, ComponentHealth]) -> Overall:
    """Unhealthy when something vital is down, degraded when anything is not up."""
    if any(x.status == "down" and name in VITAL for name, x in components.items()):
        return "unhealthy"
    return "healthy" if all(x.status == "up" for x in components.values()) else "degraded"


def report(components: Mapping[str, ComponentHealth]) -> dict[str, Any]:
    """The `HealthCheck` body."""
    return {
        "status": overall(components),
        "components": {name: _component(x) for name, x in components.items()},
        "timestamp": wall().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }


def _component(health: ComponentHealth) -> dict[str, Any]:
    fields = {
        "status": health.status,
        "latency": health.latency,
        "errorRate": health.error_rate,
        "message": health.message,
    }
    return {name: value for name, value in fields.items() if value is not None}
