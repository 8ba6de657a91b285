"""Real MP4 files with a drawn mouth over real speech, and how that mouth is measured; a studio that makes them."""

from __future__ import annotations

import io
from collections.abc import Iterable
from fractions import Fraction

import av
import numpy as np

from selfsame.evaluator.clip_run import MadeClip, Studio
from selfsame.evaluator.opening import LEFT_IRIS, LOWER_LIP, RIGHT_IRIS, UPPER_LIP
from selfsame.evaluator.opening import openings as measure
from selfsame.events.spoken import PhonemeTime
from selfsame.kit.languages import detect
from selfsame.kit.pcm import Pcm
from selfsame.kit.sentences import sentences
from tests.evaluator.mouths import Speech, joined, moving, speak

FPS, SIZE = 30, 128
EYES, EYE_Y, MOUTH_Y, FULL = (34, 94), 36, 88, 60  # x of the eyes, and pixels


def encode(
    pictures: Iterable[np.ndarray],
    sound: Pcm,
    rate: int,
    *,
    sound_late: float = 0.0,
    options: dict[str, str] | None = None,
    video: dict[str, str] | None = None,
) -> bytes:
    """H.264 and AAC in an MP4 file. `sound_late` seconds of silence go before the sound."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4", options=options or {}) as container:
        stream = container.add_stream("libx264", rate=FPS, options={"preset": "veryfast", **(video or {})})
        stream.pix_fmt, shape = "yuv420p", None
        tone = container.add_stream("aac", rate=rate)
        tone.layout = "mono"
        for k, picture in enumerate(pictures):
            if shape is None:
                shape = stream.width, stream.height = picture.shape[1], picture.shape[0]
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "bgr24")
            frame.pts, frame.time_base = k, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        sound = np.concatenate([np.zeros(round(sound_late * rate), np.int16), sound])
        whole = av.AudioFrame.from_ndarray(sound[None], format="s16", layout="mono")
        whole.sample_rate, whole.pts, whole.time_base = rate, 0, Fraction(1, rate)
        for part in av.AudioResampler("fltp", "mono", rate).resample(whole):
            container.mux(tone.encode(part))
        container.mux(tone.encode())
    return out.getvalue()


def draw(gap: float) -> np.ndarray:
    """A face of two eyes and a dark mouth, open by `gap` eye distances."""
    picture = np.full((SIZE, SIZE, 3), 200, np.uint8)
    for x in EYES:
        picture[EYE_Y - 4 : EYE_Y + 4, x - 4 : x + 4] = 20
    half = np.clip(gap, 0, 0.5) * FULL / 2
    rows = np.arange(SIZE) + 0.5
    dark = np.clip(half + 0.5 - np.abs(rows - MOUTH_Y), 0, 1)  # a soft edge, so that fractions of pixels can be seen
    picture[:, 44:84] = (picture[:, 44:84] * (1 - dark)[:, None, None]).astype(np.uint8)
    return picture


class DrawnFace:
    """What a landmarker would find in such a picture: the eyes, and the lips at the edges of the dark."""

    def __init__(self, picture: np.ndarray) -> None:
        column = picture[60:, 54:74].astype(np.float64).mean(axis=(1, 2))
        gap = float((1 - column / 200).clip(0.03, 1).sum()) - 0.03 * len(column)
        self.points = np.zeros((478, 3))
        self.points[RIGHT_IRIS, :2], self.points[LEFT_IRIS, :2] = (EYES[0], EYE_Y), (EYES[1], EYE_Y)
        self.points[list(UPPER_LIP), :2] = 64, MOUTH_Y - gap / 2
        self.points[list(LOWER_LIP), :2] = 64, MOUTH_Y + gap / 2


def find(picture: np.ndarray) -> list[DrawnFace]:
    """Finds the drawn face; none in a picture without eyes."""
    return [DrawnFace(picture)] if picture[EYE_Y, EYES[0]].mean() < 100 else []


def measure_opening(mp4: bytes) -> tuple[np.ndarray, float]:
    return measure(mp4, find)


def clip_of(
    speech: Speech, *, mouth_of: Speech | None = None, mouth_late: float = 0.0, sound_late: float = 0.0
) -> MadeClip:
    """A finished clip. The mouth may belong to other speech, or come late; the sound may be put in late."""
    seconds = speech.seconds + 0.3
    gaps = np.nan_to_num(moving((mouth_of or speech).phonemes, seconds, FPS, seed=3), nan=0.05)
    still = np.full(round(mouth_late * FPS), 0.01)
    gaps = np.concatenate([still, gaps])[: len(gaps)]
    mp4 = encode((draw(gap) for gap in gaps), speech.pcm, speech.rate, sound_late=sound_late)
    phonemes = tuple(PhonemeTime(*one) for one in speech.phonemes)
    return MadeClip(mp4, speech.pcm, speech.rate, phonemes, 242.04, 1040.0, 1290.0)


async def make_clip(text: str, language: str) -> MadeClip:
    """Like the product: "auto" says each sentence in its own language."""
    if language != "auto":
        return clip_of(speak(text, language))
    return clip_of(joined([speak(sentence, detect(sentence)) for sentence in sentences(text)]))


STUDIO = Studio(make_clip, measure_opening, engines={"tts": "espeak", "face": "drawn"})
