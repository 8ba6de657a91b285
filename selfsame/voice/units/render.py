"""Chosen units to sound: pitch-synchronous grains of the recording, laid out anew. Pure.

Moulines and Charpentier, "Pitch-synchronous waveform processing techniques for text-to-speech synthesis using diphones"
(Speech Communication 9, 1990). Grains reach from one mark to the next on both sides, so that unchanged stretches come
out exactly as they were recorded. At joins the grains of both sides, each going on beyond its unit, are blended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from selfsame.voice.units.model import VoiceModel
from selfsame.voice.units.phones import is_stop
from selfsame.voice.units.plan import Target, corrections
from selfsame.voice.units.select import Chosen
from selfsame.voice.units.sound import BANDS, HOP, RATE, Floats

_WIDEST = 400  # samples of a grain's side
_BLEND = 0.009  # seconds on each side of a join
_FADE_IN, _FADE_OUT = 0.008, 0.05  # seconds at a pause, where the unit had none beside it in the recording
_MOST_LEVEL = 0.8  # nepers of level mended at a join, 7 dB
_STRETCH = (0.5, 2.0)
_RELEASE = 0.8  # the least share of its recorded length that a stop's release keeps


@dataclass(frozen=True, slots=True)
class Prosody:
    """Shares of the guide's lengths and melody (0 the person's own, 1 the guide's), and the most that pitch is moved.

    `tilt` is how stiffly a unit keeps its own melody while the joins are mended; `raised` multiplies the pitch;
    `guided` is plan.target_of's. With `sung` the target's melody is said exactly, in place of the recordings'.
    """

    lengths: float = 1.0
    melody: float = 0.0
    most_pitch: float = 1.25
    tilt: float = 1.0
    raised: float = 1.0
    guided: float = 0.5
    sung: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Rendered:
    """Sound at RATE, full scale 1; `edges` are seconds at the phones' beginnings, and of the end: phones + 1."""

    sound: Floats
    edges: npt.NDArray[np.float64]


@dataclass(slots=True)
class _Piece:
    """A stretch of output from `start` on: source samples `a` to `b`, corrections of log pitch and level."""

    start: float
    length: float
    a: float = 0.0
    b: float = 0.0
    pitch: tuple[float, float] = (0.0, 0.0)
    gain: tuple[float, float] = (0.0, 0.0)
    silent: bool = False
    fades: tuple[float, float] = (0.0, 0.0)  # samples of fading in and out, at pauses
    goes_on: bool = False  # from the piece before, in the recording
    frames: tuple[int, int] | None = None  # of the target, whose pitch is sung exactly

    def loudness(self, now: float, r: float) -> float:
        """By what a grain is multiplied at `now`, which is share `r` of the piece."""
        gain = float(np.exp(self.gain[0] + r * (self.gain[1] - self.gain[0])))
        if self.fades[0] and now - self.start < self.fades[0]:
            gain *= max(0.0, (now - self.start) / self.fades[0])
        left = self.start + self.length - now
        if self.fades[1] and left < self.fades[1]:
            gain *= max(0.0, left / self.fades[1])
        return gain


def render(model: VoiceModel, target: Target, chosen: Sequence[Chosen], prosody: Prosody) -> Rendered:
    """Says the chosen units."""
    pieces = _lay_out(model, target, chosen, prosody)
    total = pieces[-1].start + pieces[-1].length if pieces else 0.0
    edges = [piece.start for piece, each in zip(pieces, chosen, strict=True) if each.half <= 0]
    out = _Grains(model, int(total) + 1, target.log_pitch + np.log(prosody.raised), prosody.most_pitch)
    out.say(pieces)
    return Rendered(_with_tone(model, out.sound(), pieces), np.append(edges, total) / RATE)


# --- the plan --------------------------------------------------------------------------------------------------------


def _lay_out(model: VoiceModel, target: Target, chosen: Sequence[Chosen], prosody: Prosody) -> list[_Piece]:
    pieces, now = [], 0.0
    before: _Piece | None = None
    for each in chosen:
        wanted = float((each.last - each.first) * HOP)
        if each.unit < 0:
            before = _Piece(now, wanted, silent=True)
        else:
            a, b = float(model.units.first[each.unit] * HOP), float(model.units.last[each.unit] * HOP)
            length = np.exp(prosody.lengths * np.log(max(1.0, wanted)) + (1 - prosody.lengths) * np.log(b - a))
            length = float(np.clip(length, _STRETCH[0] * (b - a), _STRETCH[1] * (b - a)))
            goes_on = before is not None and not before.silent and before.b == a
            frames = (each.first, each.last) if prosody.sung else None
            before = _Piece(now, length, a, b, goes_on=goes_on, frames=frames)
        pieces.append(before)
        now += before.length
    _keep_releases(target, chosen, pieces)
    start = 0
    for n in range(len(pieces) + 1):
        if n == len(pieces) or pieces[n].silent:
            if n > start:
                _mend(model, target, chosen[start:n], pieces[start:n], prosody)
            start = n + 1
    return pieces


def _keep_releases(target: Target, chosen: Sequence[Chosen], pieces: Sequence[_Piece]) -> None:
    """Releases of stops stay as long as they were recorded, so that none sounds twice; closures make up for it."""
    now = 0.0
    for n, (each, piece) in enumerate(zip(chosen, pieces, strict=True)):
        closure = pieces[n - 1] if each.half == 1 and n else None
        if closure is not None and is_stop(target.phones[each.phone].name):
            length = float(np.clip(piece.length, _RELEASE * (piece.b - piece.a), piece.b - piece.a))
            wanted, recorded = closure.length + piece.length - length, closure.b - closure.a
            now -= closure.length
            closure.length = float(np.clip(wanted, _STRETCH[0] * recorded, _STRETCH[1] * recorded))
            now += closure.length
            piece.length = length
        piece.start = now
        now += piece.length


def _mend(
    model: VoiceModel, target: Target, chosen: Sequence[Chosen], pieces: Sequence[_Piece], prosody: Prosody
) -> None:
    """Finds the corrections of pitch and level of pieces without a pause between them."""
    unit = np.array([each.unit for each in chosen])
    first, last = model.units.first[unit].astype(np.int64), model.units.last[unit].astype(np.int64)
    kept = np.array([piece.goes_on for piece in pieces[1:]], bool)
    own = model.log_pitch[first].astype(np.float64), model.log_pitch[last].astype(np.float64)
    limit = len(target.log_pitch) - 1
    wanted = tuple(
        target.log_pitch[np.minimum([getattr(each, side) for each in chosen], limit)] for side in ("first", "last")
    )
    share = prosody.melody
    goal = tuple((1 - share) * o + share * w for o, w in zip(own, wanted, strict=True))
    both = model.voiced[last[:-1] - 1] & model.voiced[first[1:]]
    joins = np.where(kept, 1e4, np.where(both, 30.0, 0.05))
    firm = np.full(len(unit), 0.05 if share < 0.05 else 0.05 + 0.6 * share)
    low, high = corrections((goal[0], goal[1]), own, joins, firm, prosody.tilt)
    most, raised = np.log(prosody.most_pitch), np.log(prosody.raised)
    low, high = np.clip(low, -most, most) + raised, np.clip(high, -most, most) + raised
    level = model.cepstra[:, 0] * (0.5 / np.sqrt(BANDS))
    own = level[first].astype(np.float64), level[last - 1].astype(np.float64)
    own[1][:-1][kept] = own[0][1:][kept]
    soft, loud = corrections(own, own, np.where(kept, 1e4, 1.0), np.full(len(unit), 0.6), 0.5)
    soft, loud = np.clip(soft, -_MOST_LEVEL, _MOST_LEVEL), np.clip(loud, -_MOST_LEVEL, _MOST_LEVEL)
    if model.units.before[unit[0]] != 0:
        pieces[0].fades = (_FADE_IN * RATE, 0.0)
    if model.units.after[unit[-1]] != 0:
        pieces[-1].fades = (pieces[-1].fades[0], min(_FADE_OUT * RATE, pieces[-1].length))
    for n, piece in enumerate(pieces):
        piece.pitch, piece.gain = (float(low[n]), float(high[n])), (float(soft[n]), float(loud[n]))


# --- grains ----------------------------------------------------------------------------------------------------------


class _Grains:
    """Adds grains of the recordings to an output."""

    def __init__(self, model: VoiceModel, samples: int, log_pitch: Floats, most: float) -> None:
        self._melody, self._most = log_pitch, most
        self._model, self._marks, self._voiced = model, model.marks, model.marks_voiced
        self._out = np.zeros(samples + 2 * _WIDEST, np.float32)
        self._weight = np.zeros(samples + 2 * _WIDEST, np.float32)
        self._length = samples
        self._last = -1
        self._turned = False

    def sound(self) -> Floats:
        """What has been laid out; where windows do not add up to 1 it is brought to them."""
        inside = slice(_WIDEST, _WIDEST + self._length)
        return self._out[inside] / np.maximum(self._weight[inside], 0.4)

    def say(self, pieces: Sequence[_Piece]) -> None:
        """Lays out all pieces in order."""
        now = 0.0
        for n, piece in enumerate(pieces):
            end = piece.start + piece.length
            if piece.silent:
                now = end
                continue
            now = max(now, piece.start - 1.0)
            before = pieces[n - 1] if n and not pieces[n - 1].silent and not piece.goes_on else None
            follower = pieces[n + 1] if n + 1 < len(pieces) else None
            after = follower if follower and not follower.silent and not follower.goes_on else None
            while now < end:
                now += self._step(piece, before, after, now)

    def _step(self, piece: _Piece, before: _Piece | None, after: _Piece | None, now: float) -> float:
        """One grain (two at a join) at `now`; how far it is to the next."""
        blend = min(_BLEND * RATE, 0.5 * piece.length)
        other, share = None, 0.0
        if before is not None and now < piece.start + blend:
            other, share = before, 0.5 - 0.5 * (now - piece.start) / blend
        elif after is not None and now > piece.start + piece.length - blend:
            other, share = after, 0.5 - 0.5 * (piece.start + piece.length - now) / blend
        step = self._grain(piece, now, 1.0 - share)
        if other is not None and share > 0.02:
            beside = self._grain(other, now, share)
            step = float(np.exp((1 - share) * np.log(step) + share * np.log(beside)))
        return step

    def _grain(self, piece: _Piece, now: float, weight: float) -> float:
        r = (now - piece.start) / piece.length
        place = piece.a + r * (piece.b - piece.a)
        r = min(1.0, max(0.0, r))
        marks = self._marks
        z = int(np.searchsorted(marks, place))
        if z > 0 and (z >= len(marks) or marks[z] - place > place - marks[z - 1]):
            z -= 1
        z = min(max(z, 1), len(marks) - 2)
        centre = int(marks[z])
        left, right = min(_WIDEST, centre - int(marks[z - 1])), min(_WIDEST, int(marks[z + 1]) - centre)
        window = np.concatenate([_rise(left), _rise(right)[::-1]])
        at = _WIDEST + round(now) - left
        if at >= 0 and at + left + right <= len(self._out):
            gain = weight * piece.loudness(now, r)
            grain = self._model.grain(centre - left, centre + right)
            # A grain of noise that is laid out twice would hum: every second time it is turned round.
            self._turned = z == self._last and not self._voiced[z] and not self._turned
            self._last = z
            self._out[at : at + left + right] += np.float32(gain) * window * (grain[::-1] if self._turned else grain)
            self._weight[at : at + left + right] += np.float32(weight) * window
        if not self._voiced[z]:
            return float(right)
        if piece.frames is not None:
            place = piece.frames[0] + r * (piece.frames[1] - piece.frames[0])
            period = RATE / float(np.exp(np.interp(place, np.arange(len(self._melody)), self._melody)))
            return float(np.clip(period, right / self._most, right * self._most))
        return right * float(np.exp(-(piece.pitch[0] + r * (piece.pitch[1] - piece.pitch[0]))))


_RISES: dict[int, Floats] = {}


def _rise(length: int) -> Floats:
    """The rising half of a Hann window; a fall that is its mirror adds up with it to 1."""
    if length not in _RISES:
        _RISES[length] = (0.5 - 0.5 * np.cos(np.pi * (np.arange(length) + 0.5) / length)).astype(np.float32)
    return _RISES[length]


def _with_tone(model: VoiceModel, sound: Floats, pieces: Sequence[_Piece]) -> Floats:
    """Fills the pauses with the room of the recordings, blended at their edges."""
    tone = model.tone.astype(np.float32) / 32768.0
    if len(tone) < RATE // 10:
        return sound
    ramp = _rise(RATE // 100)
    looped = np.concatenate([tone, tone[::-1]])
    for piece in (p for p in pieces if p.silent):
        a, b = int(piece.start), min(len(sound), int(piece.start + piece.length))
        if b - a < 2 * len(ramp):
            continue
        room = looped[np.arange(a, b) % len(looped)].copy()
        room[: len(ramp)] *= ramp
        room[-len(ramp) :] *= ramp[::-1]
        sound[a:b] += room
    return sound
