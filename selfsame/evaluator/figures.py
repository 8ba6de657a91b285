"""Figures: percentiles, tables of percentiles, word error, and percentiles of a Prometheus histogram. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """The value at `share` (0..1) of the sorted values, interpolated; NaN for none."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def spread(values: Iterable[float]) -> dict[str, float | int | None]:
    """Count, median, 95th percentile and largest, rounded to a tenth; None where there is nothing."""
    known = [x for x in values if x == x]
    if not known:
        return {"n": 0, "p50": None, "p95": None, "max": None}
    return {
        "n": len(known),
        "p50": round(percentile(known, 0.5), 1),
        "p95": round(percentile(known, 0.95), 1),
        "max": round(max(known), 1),
    }


def table(rows: Mapping[str, Mapping[str, float | int | None]], unit: str) -> str:
    """Spreads as lines of a readable table."""
    lines = [f"{'':<24}{'n':>6}{'p50':>10}{'p95':>10}{'max':>10}   {unit}"]
    for name, row in rows.items():
        cells = ["-" if row[key] is None else f"{row[key]:g}" for key in ("n", "p50", "p95", "max")]
        lines.append(f"{name:<24}{cells[0]:>6}{cells[1]:>10}{cells[2]:>10}{cells[3]:>10}")
    return "\n".join(lines)


def words(text: str) -> list[str]:
    """Lower-case words without punctuation; Han characters one by one."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    return re.findall(r"[\u3400-\u9fff]|[^\W_]+(?:'[^\W_]+)*", plain)


def word_errors(reference: str, heard: str) -> tuple[int, int]:
    """Edits between the two texts (Levenshtein, in words) and the number of words in the reference."""
    want, got = words(reference), words(heard)
    row = list(range(len(got) + 1))
    for i, word in enumerate(want, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(got, 1):
            cost = diagonal if word == other else diagonal + 1
            diagonal, row[j] = row[j], min(cost, row[j] + 1, row[j - 1] + 1)
    return row[-1], len(want)


def histogram_percentile(text: str, name: str, share: float) -> float | None:
    """An upper bound of the percentile of a Prometheus histogram given as text; None when it is empty."""
    buckets = [
        (float(edge), float(count))
        for edge, count in re.findall(rf'^{re.escape(name)}_bucket{{le="([^"]+)"}} (\S+)$', text, re.MULTILINE)
    ]
    if not buckets or buckets[-1][1] == 0:
        return None
    return next(edge for edge, count in buckets if count >= share * buckets[-1][1])
