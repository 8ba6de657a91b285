"""Who speaks when: prints of short windows, clustered, then assigned again in one sweep. Pure but for the encoder.

Agglomerative clustering with average linkage on the cosine distance, as in most diarisation systems without training
(Sell et al., "Diarization is hard", 2018), then a Viterbi pass with a price for each change of speaker.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from selfsame.kit.pcm import MICROPHONE_RATE, Pcm
from selfsame.studio.voice.cleaning import HOP_SECONDS, Span, frame_levels, runs, speech_mask
from selfsame.voice.port import SpeakerEncoder, VoicePrint

STEP = 0.4
"""Seconds from one window to the next."""
SPOKEN = 0.6
"""Share of a window that must be speech."""
APART = 0.66
"""Mean likeness of the windows of two groups under which they are not joined; one person's windows reach 0.72."""
ONE = 0.8
"""Likeness of the means of two groups from which they are one person after all: means are far surer than windows."""
CLUSTERED_MOST = 600
"""Windows that are clustered; more are spread evenly, and the rest follow the groups that were found."""
LEAST_SECONDS = 3.0
"""Of speech: a smaller group joins the group that it is nearest to."""
CHANGE = 0.4
"""What a change of speaker costs, in likeness of one window."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A stretch of one person's speech. Speakers are numbered by how much they say, 0 says most."""

    span: Span
    speaker: int


@dataclass(frozen=True, slots=True, eq=False)
class Speakers:
    """Who speaks in a recording. `shares` of the speech and `prints` by speaker, the main one first."""

    talks: tuple[Talk, ...]
    shares: tuple[float, ...]
    prints: tuple[VoicePrint, ...]

    def spans(self, speaker: int = 0) -> list[Span]:
        """When that person speaks."""
        return [talk.span for talk in self.talks if talk.speaker == speaker]


def find_speakers(pcm: Pcm, encoder: SpeakerEncoder) -> Speakers:
    """Who speaks when in a recording at 16 kHz; nobody when there is no speech. Blocks: offload it.

    Takes some 15 ms of a core per second of speech. Raises ProviderError.
    """
    mask = speech_mask(frame_levels(pcm, MICROPHONE_RATE))
    starts = _windows(mask, encoder.abilities.piece_seconds)
    if not starts:
        return Speakers((), (), ())
    size = round(encoder.abilities.piece_seconds * MICROPHONE_RATE)
    pieces = [pcm[round(start * MICROPHONE_RATE) :][:size] for start in starts]
    prints = encoder.embed_pieces(pieces)
    groups = _clustered(prints)
    centres = np.stack([_unit(prints[groups == group].mean(0)) for group in range(groups.max() + 1)])
    return _told(mask, starts, prints, centres, encoder.abilities.piece_seconds)


def main_speaker(pcm: Pcm, encoder: SpeakerEncoder) -> list[Span]:
    """When the person who speaks most does so, in order. `pcm` at 16 kHz. Blocks: offload it."""
    return find_speakers(pcm, encoder).spans(0)


def _windows(mask: np.ndarray, seconds: float) -> list[float]:
    """Starts of the windows that hold enough speech, and of one for each stretch that no window covers."""
    size, step = round(seconds / HOP_SECONDS), round(STEP / HOP_SECONDS)
    if not mask.any():
        return []
    spoken = np.concatenate([[0], np.cumsum(mask)])
    last = max(0, len(mask) - size)
    starts = {s for s in range(0, last + 1, step) if spoken[min(s + size, len(mask))] - spoken[s] >= SPOKEN * size}
    covered = np.zeros(len(mask), bool)
    for start in starts:
        covered[start : start + size] = True
    for first, end in runs(mask & ~covered):
        middle = (first + end - size) // 2
        starts.add(max(0, min(last, middle)))
    return [start * HOP_SECONDS for start in sorted(starts)]


def _clustered(prints: np.ndarray) -> np.ndarray:
    """A group for each window."""
    chosen = np.unique(np.linspace(0, len(prints) - 1, min(len(prints), CLUSTERED_MOST)).round().astype(int))
    some = prints[chosen]
    groups = _linked(some)
    per_window = STEP * len(prints) / len(chosen)
    groups = _joined(some, _without_small(some, groups, round(LEAST_SECONDS / per_window)))
    centres = np.stack([_unit(some[groups == group].mean(0)) for group in range(groups.max() + 1)])
    return np.argmax(prints @ centres.T, axis=1) if len(chosen) < len(prints) else groups


def _linked(prints: np.ndarray) -> np.ndarray:
    """Average linkage until no two groups are as like as APART; at most some hundred windows."""
    count = len(prints)
    likeness = (prints @ prints.T).astype(np.float64)
    np.fill_diagonal(likeness, -1.0)
    sizes = np.ones(count)
    label, alive = np.arange(count), np.ones(count, bool)
    for _ in range(count - 1):
        best = int(np.argmax(likeness))
        a, b = divmod(best, count)
        if likeness[a, b] < APART:
            break
        alive[b] = False
        merged = (sizes[a] * likeness[a] + sizes[b] * likeness[b]) / (sizes[a] + sizes[b])
        merged[~alive] = merged[a] = -1.0
        likeness[a], likeness[:, a] = merged, merged
        likeness[b], likeness[:, b] = -1.0, -1.0
        sizes[a] += sizes[b]
        label[label == b] = a
    return np.unique(label, return_inverse=True)[1]


def _without_small(prints: np.ndarray, groups: np.ndarray, least: int) -> np.ndarray:
    """Groups of fewer windows than `least` go to the nearest larger one; the largest always stays."""
    counts = np.bincount(groups)
    large = [group for group in range(len(counts)) if counts[group] >= least] or [int(counts.argmax())]
    centres = np.stack([_unit(prints[groups == group].mean(0)) for group in large])
    nearest = np.argmax(prints @ centres.T, axis=1)
    place = {group: index for index, group in enumerate(large)}
    return np.array([place.get(int(group), int(near)) for group, near in zip(groups, nearest, strict=True)])


def _joined(prints: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Groups whose means are alike made one, the most alike first."""
    while (count := int(groups.max()) + 1) > 1:
        centres = np.stack([_unit(prints[groups == group].mean(0)) for group in range(count)])
        likeness = centres @ centres.T - 2 * np.eye(count)
        a, b = divmod(int(likeness.argmax()), count)
        if likeness[a, b] < ONE:
            break
        groups = np.unique(np.where(groups == b, a, groups), return_inverse=True)[1]
    return groups


def _told(
    mask: np.ndarray, starts: Sequence[float], prints: np.ndarray, centres: np.ndarray, seconds: float
) -> Speakers:
    """Every frame of speech to the speaker of the windows around it, with as few changes as the sound allows."""
    path = _swept(prints @ centres.T)
    middles = np.array(starts) + seconds / 2
    times = (np.flatnonzero(mask) + 0.5) * HOP_SECONDS
    nearest = np.abs(times[:, None] - middles[None, :]).argmin(1) if len(times) * len(middles) < 5_000_000 else None
    if nearest is None:
        nearest = np.clip(np.searchsorted((middles[1:] + middles[:-1]) / 2, times), 0, len(middles) - 1)
    speaker = np.full(len(mask), -1)
    speaker[mask] = path[nearest]
    amounts = np.bincount(speaker[mask], minlength=len(centres))
    order = np.argsort(-amounts, kind="stable")
    order = order[amounts[order] > 0]
    rank = {int(group): place for place, group in enumerate(order)}
    talks = [
        Talk(Span(first * HOP_SECONDS, end * HOP_SECONDS), rank[int(group)])
        for group in order
        for first, end in runs(speaker == group)
    ]
    shares = tuple(float(amounts[group] / mask.sum()) for group in order)
    voices = tuple(_unit(prints[path == group].mean(0)) if (path == group).any() else centres[group] for group in order)
    return Speakers(tuple(sorted(talks, key=lambda talk: talk.span.start)), shares, voices)


def _swept(scores: np.ndarray) -> np.ndarray:
    """The speaker of each window: the best path, where each change costs CHANGE."""
    windows, groups = scores.shape
    best, came = scores[0].copy(), np.zeros((windows, groups), int)
    for number in range(1, windows):
        stay, switch = best, best.max() - CHANGE
        came[number] = np.where(stay >= switch, np.arange(groups), best.argmax())
        best = np.maximum(stay, switch) + scores[number]
    path = np.empty(windows, int)
    path[-1] = best.argmax()
    for number in range(windows - 1, 0, -1):
        path[number - 1] = came[number][path[number]]
    return path


def _unit(vector: np.ndarray) -> VoicePrint:
    return (vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(np.float32)
