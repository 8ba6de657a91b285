"""Transcripts as JSON: recognisers' segments, lists of turns, Telegram's export, captions of videos. Pure."""

from __future__ import annotations

from typing import Any

from selfsame.studio.persona.transcript import Said

MOST_PARTS = 100_000
_TEXTS = ("text", "transcript", "content", "message", "utterance", "sentence", "body")
_SPEAKERS = ("speaker", "from", "name", "author", "sender", "role", "speaker_id", "user")
_STARTS, _ENDS = ("start", "start_time", "begin", "from_time"), ("end", "end_time", "stop", "to_time")
_LISTS = ("segments", "utterances", "messages", "turns", "results", "items", "transcript", "conversation", "dialogue")


def json_parts(value: Any) -> tuple[Said, ...]:
    """The stretches of a JSON transcript; empty when none of the known shapes fits."""
    if isinstance(value, dict):
        if isinstance(value.get("events"), list):
            return _captions(value["events"])
        for name in _LISTS:
            if isinstance(value.get(name), list):
                found = _items(value[name])
                if found:
                    return found
        one = _text(value)
        return (Said(one),) if one else ()
    if isinstance(value, list):
        return _items(value)
    return ()


def _items(items: list[Any]) -> tuple[Said, ...]:
    found = []
    for item in items[:MOST_PARTS]:
        if isinstance(item, str):
            found.append(Said(item))
        elif isinstance(item, dict) and item.get("type", "message") not in ("service", "system"):
            text = _text(item)
            if text:
                start, end = _number(item, _STARTS), _number(item, _ENDS)
                if start is None or end is None or end < start:
                    end = None
                found.append(Said(text, _speaker(item), start, end))
    return tuple(found)


def _captions(events: list[Any]) -> tuple[Said, ...]:
    """YouTube's json3: events of segments with times in milliseconds."""
    found = []
    for event in events[:MOST_PARTS]:
        if not isinstance(event, dict) or not isinstance(event.get("segs"), list):
            continue
        pieces = [seg.get("utf8", "") for seg in event["segs"] if isinstance(seg, dict)]
        text = " ".join("".join(piece for piece in pieces if isinstance(piece, str)).split())
        start, length = _number(event, ("tStartMs",)), _number(event, ("dDurationMs",))
        if text:
            begin = None if start is None else start / 1000
            found.append(Said(text, None, begin, None if begin is None or length is None else begin + length / 1000))
    return tuple(found)


def _text(item: dict[str, Any]) -> str:
    for name in _TEXTS:
        value = item.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, list):  # Telegram: texts and objects in turn
            parts = [piece if isinstance(piece, str) else _inner(piece) for piece in value]
            joined = "".join(parts).strip()
            if joined:
                return joined
    return ""


def _inner(piece: Any) -> str:
    text = piece.get("text", "") if isinstance(piece, dict) else ""
    return text if isinstance(text, str) else ""


def _speaker(item: dict[str, Any]) -> str | None:
    for name in _SPEAKERS:
        value = item.get(name)
        if isinstance(value, bool):
            continue
        if isinstance(value, str | int) and str(value).strip():
            return str(value).strip()[:80]
    return None


def _number(item: dict[str, Any], names: tuple[str, ...]) -> float | None:
    for name in names:
        value = item.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e9:
            return float(value)
    return None
