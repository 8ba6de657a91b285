"""What yt-dlp complains of, in words that say what to do. Pure.

The phrases are those that the program prints on its standard error behind "ERROR:"; they are matched loosely, since
they change. What is not recognised is told as it stands.
"""

from __future__ import annotations

import re

from selfsame.errors import BadInput, Refused, SelfsameError, Unavailable

PROVIDER = "yt-dlp"
_OFFLINE = (
    r"name or service not known|temporary failure in name resolution|failed to resolve|getaddrinfo|"
    r"nodename nor servname|"
    r"network is unreachable|no route to host|connection refused|timed? ?out|connection (?:was )?(?:reset|aborted)|"
    r"unable to connect to proxy|tunnel connection failed|ssl: certificate|certificate_verify_failed|remote end closed"
)
OLD = "yt-dlp is too old for what YouTube serves now. Update it (pip install -U yt-dlp), or upload the recording."
_TABLE: tuple[tuple[str, str, str], ...] = (
    (r"private video|video is private", "caller",
     "This video is private. Make it unlisted for the moment, or upload the file."),
    (r"members[- ]only|join this channel", "caller",
     "This video is for the channel's members only. Upload the file instead."),
    (r"confirm your age|age[- ]restricted|inappropriate for some users", "caller",
     "This video is age-restricted and cannot be fetched. Upload the file instead."),
    (r"available in your country|blocked it in your country|geo.?restrict", "caller",
     "This video is not available in the country of this server. Upload the file instead."),
    (r"requested format is not available", "refused", OLD),
    (r"copyright|has been terminated|been removed|account associated|video unavailable|video is unavailable|"
     r"not available|does not exist|no longer available|http error 404", "caller",
     "This video was removed or never existed. Check the address, or upload the file."),
    (r"live event will begin|premieres in|is live|live stream|will begin in", "caller",
     "This video is live or has not begun. Come back when it is over."),
    (r"file is larger than max-filesize", "caller",
     "The sound of this video is too large. Upload a shorter recording."),
    (r"not a bot|http error 429|too many requests|sign in to confirm", "refused",
     "YouTube refuses to serve this server for now. Try again tomorrow, or upload the recording itself."),
    (r"nsig extraction failed|unable to extract|signature|http error 403|"
     r"player response|please report this issue|update to the latest|no video formats|po token|challenge", "refused",
     OLD),
    (r"no space left", "unavailable", "There is no room left on this server's disk for the video."),
    (_OFFLINE, "unavailable",
     "YouTube cannot be reached: there is no network here, or a firewall is in between. Upload the recording itself."),
)  # fmt: skip
MISSING = (
    "yt-dlp is not installed, so videos cannot be fetched. Install it (pip install yt-dlp), or upload the recording."
)
SLOW = "YouTube did not send the video in time. Try again later, or upload the recording itself."
TOO_LONG = "This video lasts {minutes:.0f} minutes; at most {most:.0f} can be used. Upload a part of it."


def complaint(stderr: str, code: int) -> SelfsameError:
    """The error for a program that ended with `code`, from what it printed."""
    if code in (126, 127) or "No module named yt_dlp" in stderr:
        return Unavailable(MISSING, role="video", provider=PROVIDER)
    errors = [line for line in stderr.splitlines() if line.startswith("ERROR:")] or stderr.splitlines()[-3:]
    told = " ".join(errors).replace("’", "'")
    for pattern, kind, message in _TABLE:
        if re.search(pattern, told, re.IGNORECASE):
            return _error(kind, message)
    bare = re.sub(r"^ERROR:\s*(?:\[[^\]]*\]\s*)?(?:[\w-]{11}:\s*)?", "", errors[-1] if errors else "").strip()
    bare = "".join(mark for mark in bare if mark.isprintable())[:200]
    return _error("unavailable", f"yt-dlp could not fetch the video: {bare or f'it ended with status {code}'}")


def _error(kind: str, message: str) -> SelfsameError:
    if kind == "caller":
        return BadInput(message)
    if kind == "refused":
        return Refused(message, role="video", provider=PROVIDER)
    return Unavailable(message, role="video", provider=PROVIDER)
