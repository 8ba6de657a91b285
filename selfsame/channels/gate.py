"""One socket's limits: what may pass, what is refused with which code, and when patience ends. Pure."""

from __future__ import annotations

from selfsame.channels.limits import Bucket, Limits
from selfsame.errors import SelfsameError, TooLarge
from selfsame.kit.pcm import MICROPHONE_RATE

_BYTES_A_SECOND = 2 * MICROPHONE_RATE
_COMPLAINT_EVERY = 1.0


class Gate:
    """Buckets of one socket; `now` in seconds of any monotonic clock."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._messages = Bucket(limits.messages_per_second, limits.messages_burst)
        self._frames = Bucket(limits.frames_per_second, limits.frames_burst)
        self._sound = Bucket(limits.audio_speed * _BYTES_A_SECOND, limits.audio_burst * _BYTES_A_SECOND)
        self._patience = Bucket(1.0, limits.offences)
        self._complained: dict[str, float] = {}

    def sound(self, size: int, now: float) -> SelfsameError | None:
        """Why a piece of sound of `size` bytes may not pass, or None. Returned, not raised: this is the hot path."""
        if size > self._limits.binary_bytes:
            return TooLarge(f"A frame holds at most {self._limits.binary_bytes} bytes.", code="MESSAGE_TOO_LARGE")
        if not self._frames.take(now):
            return TooLarge("Too many audio frames a second.", code="RATE_LIMITED")
        if not self._sound.take(now, size):
            return TooLarge("Sound comes faster than it can be spoken.", code="AUDIO_TOO_FAST")
        return None

    def check_text(self, text: str) -> None:
        """Raise TooLarge (MESSAGE_TOO_LARGE) for a text frame that is too long."""
        most = self._limits.text_bytes
        if len(text) > most or (len(text) * 4 > most and len(text.encode("utf-8", "replace")) > most):
            raise TooLarge(f"A message holds at most {most} bytes.", code="MESSAGE_TOO_LARGE")

    def message(self, now: float) -> None:
        """Count a message. Raises TooLarge (RATE_LIMITED) when there are too many."""
        if not self._messages.take(now):
            rate = self._limits.messages_per_second
            raise TooLarge(f"Too many messages: at most {rate:g} a second.", code="RATE_LIMITED")

    def forgive(self, now: float) -> bool:
        """Count an offence; False when patience is at an end."""
        return self._patience.take(now)

    def may_complain(self, code: str, now: float) -> bool:
        """Whether to say `code` now: floods are not answered with floods."""
        if code not in ("RATE_LIMITED", "AUDIO_TOO_FAST"):
            return True
        last = self._complained.get(code)
        if last is not None and now - last < _COMPLAINT_EVERY:
            return False
        self._complained[code] = now
        return True
