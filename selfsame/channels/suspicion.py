"""What in the audit log is suspicious, by plain rules (AUDL-03), and what to do about it. Pure: entries in, alerts out.

A device is an address with what its browser calls itself; it is new while the log knows it for less than a day, though
the log itself is older. The person at this machine (a loopback address) is never new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address

from selfsame.channels.alerts import Alert
from selfsame.clones.audit import ACCESS, CODE_MADE, DELETION, KEY_CHANGED, REFUSED, SIGN_IN, Entry, Logged

ENTRIES = 1000
"""The newest entries, which are looked at."""
QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
FAILURES, MANY_FAILURES = 5, 20
"""Sign-ins that fail within a quarter of an hour: people mistype once or twice."""
REFUSALS = 10
"""Requests of one address in an hour for what is not theirs; a stale page asks two or three times."""
DELETIONS = 20
TAKEN = ("/export", "/file")
"""How the paths end by which data leaves: clones, a whole person, documents."""


def suspicions(lines: Sequence[Logged], now: datetime) -> list[Alert]:
    """What is suspicious in a log (newest first) at this time."""
    return [*_sign_ins(lines, now), *_refusals(lines, now), *_new_devices(lines, now), *_deletions(lines, now)]


def _since(lines: Sequence[Logged], now: datetime, span: timedelta) -> Iterator[Entry]:
    return (line.entry for line in lines if line.at > now - span)


def _sign_ins(lines: Sequence[Logged], now: datetime) -> Iterator[Alert]:
    failed = [e for e in _since(lines, now, QUARTER) if e.action == SIGN_IN and e.result == "failure"]
    if len(failed) >= FAILURES:
        yield Alert(
            "critical" if len(failed) >= MANY_FAILURES else "warning",
            "SIGN_IN_FAILURES",
            f"{len(failed)} sign-ins failed in a quarter of an hour, from {_from(failed)}.",
            "If it was not you: codes hold for minutes and only so many tries, so nothing is lost. See the devices "
            "that are signed in, sign out those you do not know, and let fewer networks reach this server.",
            {"failed": len(failed), **_where(failed)},
        )


def _refusals(lines: Sequence[Logged], now: datetime) -> Iterator[Alert]:
    tried = Counter(e.ip_address for e in _since(lines, now, HOUR) if e.action == REFUSED)
    for address, times in tried.most_common(3):
        if times >= REFUSALS:
            yield Alert(
                "warning",
                "REFUSED_ACCESS",
                f"{address} asked {times} times in an hour for what it may not have, and was refused.",
                "Nothing was given. If nobody you know is there, block that address before this server.",
                {"address": address, "times": times},
            )


def _new_devices(lines: Sequence[Logged], now: datetime) -> Iterator[Alert]:
    if not lines or lines[-1].at > now - DAY:
        return  # all of it is new
    known = {_device(line.entry) for line in lines if line.at <= now - DAY}
    for entry in _since(lines, now, DAY):
        device = _device(entry)
        if entry.result != "success" or device in known or _is_here(entry.ip_address):
            continue
        told = _told(entry)
        if told:
            known.add(device)  # one alert for a device, for the newest it did
            yield Alert(
                "warning",
                "NEW_DEVICE",
                f"A device that is new here {told}: {entry.ip_address}.",
                "If it was not you: sign that device out in the settings, make new provider keys, and see the log "
                "(`selfsame audit list`) for what else it did.",
                {"address": entry.ip_address, "resource": entry.resource},
            )


def _told(entry: Entry) -> str | None:
    """What was done, where it is worth a look when done from a new device."""
    if entry.action == ACCESS and entry.resource.endswith(TAKEN):
        return f"took data along ({entry.resource})"
    if entry.action == DELETION:
        return f"deleted data ({entry.resource})"
    return {KEY_CHANGED: "changed a provider's key", CODE_MADE: "made a sign-in code"}.get(entry.action)


def _deletions(lines: Sequence[Logged], now: datetime) -> Iterator[Alert]:
    gone = [e for e in _since(lines, now, HOUR) if e.action == DELETION and e.result == "success"]
    if len(gone) >= DELETIONS:
        yield Alert(
            "warning",
            "MANY_DELETIONS",
            f"{len(gone)} things were deleted within an hour, from {_from(gone)}.",
            "If that was not meant: sign out the devices you do not know, and bring clones back from their exports.",
            {"deleted": len(gone), **_where(gone)},
        )


def _device(entry: Entry) -> tuple[str, str]:
    return entry.ip_address, entry.user_agent


def _from(entries: Sequence[Entry]) -> str:
    where = _where(entries)
    first, count = where["address"] or "an unknown address", where["addresses"]
    return f"{first}" if count == 1 else f"{count} addresses, most of them from {first}"


def _where(entries: Sequence[Entry]) -> dict[str, str | float]:
    """How many addresses, and the one that stands most often."""
    addresses = Counter(entry.ip_address for entry in entries)
    first, _ = addresses.most_common(1)[0]
    return {"address": first, "addresses": len(addresses)}


def _is_here(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
