"""The C library espeak-ng in Python (ctypes releases the GIL around each call).

espeak-ng keeps one global state per process, so there is one `Library` and one lock; `Worker` of `kit.worker` keeps
callers in line. The library and its data come from the package `espeakng-loader`, else from the system.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from selfsame.errors import BadOutput, Refused, Unavailable
from selfsame.kit.pcm import Pcm
from selfsame.kit.worker import Worker

PROVIDER = "espeak"
BUFFER_MS = 100
_AUDIO_OUTPUT_SYNCHRONOUS = 2
_PHONEME_EVENTS, _PHONEME_IPA, _DONT_EXIT = 0x0001, 0x0002, 0x8000
_CHARS_UTF8, _POSITION_CHARACTER = 1, 1
_RATE, _VOLUME, _PITCH, _RANGE = 1, 2, 3, 4
_SEED = 1
_EVENT_END, _EVENT_WORD, _EVENT_PHONEME = 0, 1, 7


class _Id(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    ]


_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


@dataclass(frozen=True, slots=True)
class Event:
    """A word or a phoneme begins at `sample`. A word has `position` (0-based characters); a phoneme has `ipa`."""

    sample: int
    position: int = -1
    ipa: str | None = None


@dataclass(frozen=True, slots=True)
class Manner:
    """How to say it: espeak's voice name, words a minute (80-450), pitch and pitch range (0-100, 50 is the voice's)."""

    voice: str
    rate: int = 175
    pitch: int = 50
    pitch_range: int = 50
    volume: int = 100


class Library:
    """espeak-ng, initialised. Not for direct use by tasks: calls block until the text is spoken."""

    def __init__(self) -> None:
        """Raises Unavailable when neither the package nor the system has the library."""
        self._lock = threading.Lock()
        self._manner: Manner | None = None
        self._take: Callable[[Pcm, list[Event]], bool] | None = None
        self._fault: BaseException | None = None
        path, data = _find()
        try:
            self._c: Any = ctypes.CDLL(path)
        except OSError as error:
            raise Unavailable("espeak-ng could not be loaded", role="tts", provider=PROVIDER) from error
        options = _PHONEME_EVENTS | _PHONEME_IPA | _DONT_EXIT
        self.sample_rate: int = self._c.espeak_Initialize(_AUDIO_OUTPUT_SYNCHRONOUS, BUFFER_MS, data, options)
        if self.sample_rate <= 0:
            raise Unavailable("espeak-ng found no voice data", role="tts", provider=PROVIDER)
        self._callback = _CALLBACK(self._on_sound)  # the reference keeps it alive while the library holds it
        self._c.espeak_TextToPhonemes.restype = ctypes.c_char_p
        # espeak-ng has this since 1.52.
        self._seed: Callable[[int], object] | None = getattr(self._c, "espeak_ng_SetRandSeed", None)

    def speak(self, text: str, manner: Manner, take: Callable[[Pcm, list[Event]], bool]) -> None:
        """Speak; `take` gets each piece of sound with its events, in this thread, and answers False to stop.

        Samples in events count from the text's first sample. Raises Refused for an unknown voice.
        """
        data = text.encode("utf-8").replace(b"\0", b" ") + b"\0"
        with self._lock:
            self._set(manner)
            self._take, self._fault = take, None
            # Each time, as another user of the C library in this process may have set one that is gone by now.
            self._c.espeak_SetSynthCallback(self._callback)
            if self._seed is not None:  # else what is drawn by chance, as breath, differs at every start
                self._seed(_SEED)
            try:
                status = self._c.espeak_Synth(data, len(data), 0, _POSITION_CHARACTER, 0, _CHARS_UTF8, None, None)
            finally:
                self._take = None
            if self._fault is not None:
                raise self._fault
        if status != 0:
            raise BadOutput("espeak-ng could not speak the text", role="tts", provider=PROVIDER)

    def ipa(self, text: str, voice: str) -> str:
        """The text in IPA: phonemes parted by `_`, words by spaces, clauses by line ends."""
        buffer = ctypes.create_string_buffer(text.encode("utf-8").replace(b"\0", b" "))
        place = ctypes.c_void_p(ctypes.addressof(buffer))
        lines: list[str] = []
        with self._lock:
            self._set(Manner(voice))
            while place.value:
                line = self._c.espeak_TextToPhonemes(ctypes.byref(place), _CHARS_UTF8, (ord("_") << 8) | 0x02)
                lines.append(line.decode("utf-8", "replace") if line else "")
        return "\n".join(lines)

    def _set(self, manner: Manner) -> None:
        if manner == self._manner:
            return
        is_new = self._manner is None or manner.voice != self._manner.voice
        if is_new and self._c.espeak_SetVoiceByName(manner.voice.encode()) != 0:
            self._manner = None
            raise Refused("espeak-ng has no such voice", role="tts", provider=PROVIDER)
        for parameter, value in (
            (_RATE, manner.rate),
            (_VOLUME, manner.volume),
            (_PITCH, manner.pitch),
            (_RANGE, manner.pitch_range),
        ):
            self._c.espeak_SetParameter(parameter, value, 0)
        self._manner = manner

    def _on_sound(self, sound: Any, count: int, events: Any) -> int:
        """Called by the library in the calling thread; 1 stops it. Nothing may be raised through C."""
        if self._take is None:
            return 1
        try:
            pcm = np.ctypeslib.as_array(sound, (count,)).copy() if count > 0 and sound else np.zeros(0, np.int16)
            return 0 if self._take(pcm, _read(events)) else 1
        except BaseException as fault:  # reported by `speak` once the library has returned
            self._fault = fault
            return 1


def _read(events: Any) -> list[Event]:
    found: list[Event] = []
    index = 0
    while (kind := (event := events[index]).type) != _EVENT_END:
        if kind == _EVENT_WORD:
            found.append(Event(event.sample, position=event.text_position - 1))
        elif kind == _EVENT_PHONEME:
            found.append(Event(event.sample, ipa=event.id.string.decode("utf-8", "ignore")))
        index += 1
    return found


def _find() -> tuple[str, bytes | None]:
    """The library's path, and that of its data where it does not know it by itself."""
    try:
        import espeakng_loader
    except ImportError:
        return "libespeak-ng.so.1", None
    return espeakng_loader.get_library_path(), espeakng_loader.get_data_path().encode()


@lru_cache(maxsize=1)
def shared() -> Library:
    """The process's one library. Raises Unavailable."""
    return Library()


@lru_cache(maxsize=1)
def worker() -> Worker:
    """The process's one thread in which the library speaks."""
    return Worker("espeak")
