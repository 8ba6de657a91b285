"""What this process and its machine use at this moment. Blocking (it reads the system's tables): offload it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import psutil


@dataclass(frozen=True, slots=True)
class Reading:
    """`cpu_seconds` of this process since it began; `rss` resident bytes; shares are 0..1.

    `children` are processes that this one started, with theirs: engines, readers of files, the private database.
    """

    cpu_seconds: float
    cores: int
    rss: int
    children: int
    children_rss: int
    memory_share: float
    disk_free: int
    disk_share: float


def look(home: Path) -> Reading:
    """Look now. `home` names the disk."""
    process = _process()
    with process.oneshot():
        times, rss = process.cpu_times(), process.memory_info().rss
    children = process.children(recursive=True)
    there = home
    while not there.exists():
        there = there.parent
    disk = shutil.disk_usage(there)
    return Reading(
        times.user + times.system,
        psutil.cpu_count() or 1,
        rss,
        len(children),
        sum(map(_rss, children)),
        psutil.virtual_memory().percent / 100,
        disk.free,
        disk.used / max(1, disk.used + disk.free),  # as `df` counts it: what only root may fill is not free
    )


@lru_cache(maxsize=1)
def _process() -> psutil.Process:
    return psutil.Process()


def _rss(child: psutil.Process) -> int:
    try:
        return child.memory_info().rss
    except psutil.Error:
        return 0  # it ended meanwhile
