"""From aligned recordings to a voice: units, acoustic model, lengths, room tone. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from selfsame.studio.voice.align import Anchors, Segment, align, standardised
from selfsame.studio.voice.fitting import PLAN, Plan, fit
from selfsame.studio.voice.utterance import Utterance, speech_mask
from selfsame.voice.units.model import GAP, ClearManner, Facts, Units, VoiceModel
from selfsame.voice.units.network import Network, Spans, guide_measures, rows_of
from selfsame.voice.units.phones import PAUSE
from selfsame.voice.units.pitch import filled, marks_of
from selfsame.voice.units.plan import duration_row
from selfsame.voice.units.sound import BANDS, CEPSTRA, FRAMES, HOP, RATE, Floats

ENOUGH_SECONDS = 70.0
"""Below so much speech words are lost: the clear manner is offered."""

_LEAST_PHONE = 3  # frames
_COLOUR, _MOST_COLOUR = 0.2, 2.5  # share of the person's spectrum in the clear manner, and most dB: more costs words


@dataclass(frozen=True, slots=True)
class _Said:
    """A phone that the person said, in frames of all recordings in one row."""

    segment: Segment
    first: int
    last: int
    before: str
    after: str


def train(utterances: Sequence[Utterance], anchors: Sequence[Anchors | None] = (), plan: Plan = PLAN) -> VoiceModel:
    """Aligns the utterances and makes a voice of them: some 20 CPU seconds for two minutes of speech."""
    return build(utterances, standardised(align(utterances, anchors)), plan)


def build(utterances: Sequence[Utterance], aligned: Sequence[Sequence[Segment]], plan: Plan) -> VoiceModel:
    """A voice of aligned utterances."""
    names = (PAUSE, *sorted({s.phone.name for segments in aligned for s in segments if s.first >= 0} - {PAUSE}))
    offsets = np.cumsum([GAP, *(len(u.real.sound) // HOP + GAP for u in utterances)])
    said = [s for segments, o in zip(aligned, offsets, strict=False) for s in _said(segments, int(o))]
    sound = _in_a_row([u.real.sound for u in utterances])
    hertz = _in_a_row([np.repeat(u.real.hertz, HOP) for u in utterances])[::HOP]
    cepstra = _rows_in_a_row([u.real.cepstra for u in utterances])
    marks, marks_voiced = marks_of(sound, hertz)
    guide = _guide_scale(utterances)
    log_pitch = filled(hertz)
    voiced = log_pitch[hertz > 0]
    pitch = np.array([np.median(voiced), max(0.08, float(voiced.std()))] if len(voiced) else [4.9, 0.2], np.float32)
    network = _network(names, utterances, aligned, guide, plan)
    seconds = sum(s.last - s.first for s in said) / FRAMES
    return VoiceModel(
        facts=Facts(round(float(seconds), 2), tuple(sorted({u.language for u in utterances}))),
        phones=names,
        sound=np.clip(sound * 32767.0, -32768, 32767).astype(np.int16),
        cepstra=cepstra,
        log_pitch=log_pitch,
        voiced=hertz > 0,
        marks=marks,
        marks_voiced=marks_voiced,
        units=_units(names, said),
        network=network,
        durations=_durations(names, aligned),
        guide=guide,
        pitch=pitch,
        tone=_tone(utterances, aligned),
        clear=clear_manner(utterances),
    )


# --- recordings in one row -------------------------------------------------------------------------------------------


def _in_a_row(parts: Sequence[Floats]) -> Floats:
    gap = np.zeros(GAP * HOP, np.float32)
    return np.concatenate([gap, *(piece for part in parts for piece in (part, gap))])


def _rows_in_a_row(parts: Sequence[Floats]) -> Floats:
    floor = np.min([part.min(0) for part in parts], axis=0)
    gap = np.repeat(floor[None], GAP, axis=0)
    return np.vstack([gap, *(piece for part in parts for piece in (part, gap))]).astype(np.float32)


def _said(segments: Sequence[Segment], offset: int) -> list[_Said]:
    there = [s for s in segments if s.first >= 0]
    found = []
    for n, s in enumerate(there):
        before = there[n - 1].phone.name if n and there[n - 1].last >= s.first - 2 else PAUSE
        after = there[n + 1].phone.name if n + 1 < len(there) and there[n + 1].first <= s.last + 2 else PAUSE
        if s.last - s.first >= _LEAST_PHONE:
            found.append(_Said(s, s.first + offset, s.last + offset, before, after))
    return found


# --- units -----------------------------------------------------------------------------------------------------------


def _units(names: Sequence[str], said: Sequence[_Said]) -> Units:
    number = {name: n for n, name in enumerate(names)}
    doubts = _doubts(said)
    rows = []
    for each, doubt in zip(said, doubts, strict=True):
        middle = (each.first + each.last) // 2
        phone = each.segment.phone
        for half, a, b in ((0, each.first, middle), (1, middle, each.last)):
            rows.append((number[phone.name], half, a, b, number[each.before], number[each.after], phone.stress,
                         each.after == PAUSE, doubt))  # fmt: skip
    table = np.array(rows, np.float64).reshape(-1, 9)
    whole = [np.ascontiguousarray(column.astype(np.int32)) for column in table.T[:8]]
    return Units.of(whole, table[:, 8].astype(np.float32))


def _doubts(said: Sequence[_Said]) -> Floats:
    """0 to 1: how far a phone's likelihood and length lie outside the usual for its name."""
    lengths: dict[str, list[float]] = {}
    logs = np.array([np.log(s.last - s.first) for s in said])
    for s, value in zip(said, logs, strict=True):
        lengths.setdefault(s.segment.phone.name, []).append(float(value))
    usual = {name: (np.median(v), max(0.25, float(np.std(v)))) for name, v in lengths.items()}
    doubts = []
    for s, value in zip(said, logs, strict=True):
        centre, spread = usual[s.segment.phone.name]
        odd = max(0.0, abs(value - centre) / spread - 1.5) / 1.5
        unfit = max(0.0, -s.segment.fit - 1.0) / 1.5
        shortest = 0.3 if s.last - s.first <= _LEAST_PHONE else 0.0
        doubts.append(min(1.0, odd + unfit + shortest))
    return np.array(doubts, np.float32)


# --- learning --------------------------------------------------------------------------------------------------------


def _guide_scale(utterances: Sequence[Utterance]) -> Floats:
    cepstra = np.vstack([u.guide.cepstra[speech_mask(u.guide)] for u in utterances])
    pitch = np.concatenate([np.log(u.guide.hertz[u.guide.hertz > 0]) for u in utterances] + [np.array([4.8, 4.9])])
    means = np.append(cepstra.mean(0), pitch.mean())
    return np.stack([means, np.append(cepstra.std(0), pitch.std()) + 1e-3]).astype(np.float32)


def _network(
    names: Sequence[str],
    utterances: Sequence[Utterance],
    aligned: Sequence[Sequence[Segment]],
    guide: Floats,
    plan: Plan,
) -> Network:
    rows, targets = [], []
    for u, segments in zip(utterances, aligned, strict=True):
        spans = Spans(np.array([s.first for s in segments]), np.array([s.last for s in segments]))
        measures = guide_measures(u.guide.cepstra, filled(u.guide.hertz), u.guide.hertz > 0, guide)
        at, seen, _ = rows_of(names, u.line.phones, spans, measures)
        at = np.minimum(at, len(u.real.cepstra) - 1)
        rows.append(seen)
        targets.append(np.hstack([u.real.cepstra[at], filled(u.real.hertz)[at, None]]))
    return fit(np.vstack(rows), np.vstack(targets).astype(np.float32), plan)


def _durations(names: Sequence[str], aligned: Sequence[Sequence[Segment]]) -> Floats:
    """Weights of plan.duration_row for the log of seconds, by ridge regression towards 0.7 of the guide's."""
    rows, lengths = [], []
    for segments in aligned:
        phones = [s.phone for s in segments]
        for n, s in enumerate(segments):
            if s.first >= 0:
                rows.append(duration_row(names, phones, n))
                lengths.append(np.log((s.last - s.first) / FRAMES))
    x, y = np.array(rows, np.float64), np.array(lengths)
    prior = np.zeros(x.shape[1])
    prior[-2] = 0.7
    ridge = np.full(x.shape[1], 4.0)
    ridge[-1] = 0.01
    return (prior + np.linalg.solve(x.T @ x + np.diag(ridge), x.T @ (y - x @ prior))).astype(np.float32)


def _tone(utterances: Sequence[Utterance], aligned: Sequence[Sequence[Segment]]) -> np.ndarray:
    """Up to a second of the longest, quietest stretch without a phone; empty when there is none of 0.1 s."""
    best, kept = 0.0, np.zeros(0, np.int16)
    levels = np.concatenate([u.real.mels.mean(1) for u in utterances])
    quiet = np.percentile(levels, 10) + 1.0
    for u, segments in zip(utterances, aligned, strict=True):
        free = u.real.mels.mean(1) < quiet
        for s in segments:
            if s.first >= 0:
                free[max(0, s.first - 2) : s.last + 2] = False
        edges = np.flatnonzero(np.diff(np.concatenate([[0], free, [0]]).astype(np.int8)))
        for a, b in zip(edges[::2], edges[1::2], strict=True):
            part = u.real.sound[a * HOP : min(b * HOP, a * HOP + RATE)]
            if len(part) > max(best, 0.1 * RATE) and np.abs(part).max() > 0:
                best, kept = len(part), (part * 32767).astype(np.int16)
    return kept


def clear_manner(utterances: Sequence[Utterance]) -> ClearManner:
    """What brings the guide's long-term spectrum to the person's."""
    real = np.vstack([u.real.mels[speech_mask(u.real)] for u in utterances]).mean(0)
    guide = np.vstack([u.guide.mels[speech_mask(u.guide)] for u in utterances]).mean(0)
    gains = (real - guide) * (10 / np.log(10))
    gains = np.convolve(np.pad(gains, 2, "edge"), np.ones(5) / 5, "valid")
    assert gains.shape == (BANDS,) and CEPSTRA <= BANDS
    return ClearManner(np.clip(_COLOUR * (gains - gains.mean()), -_MOST_COLOUR, _MOST_COLOUR).astype(np.float32))
