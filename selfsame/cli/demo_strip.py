"""Pictures of the demonstration clone as she speaks, side by side: the README's picture is one."""

from __future__ import annotations

import cv2
import numpy as np

from selfsame.demo import DEMO
from selfsame.events.shown import CHANNELS, MOTION_FPS, Frames, Image
from selfsame.face.motion import PhonemeAnimator
from selfsame.face.rig_file import from_json
from selfsame.face.warp import WarpRenderer
from selfsame.kit.tasks import run
from selfsame.providers.embedded.espeak import EspeakTextToSpeech
from selfsame.voice.port import Phrase

COUNT, SIZE, EDGE = 6, 512, 320


def speaking_strip(text: str) -> Image:
    """Six pictures from the text's speech whose mouths differ most, in order, BGR, shape (320, 1920, 3)."""
    assert DEMO.face is not None
    frames = run(_motion, text, EspeakTextToSpeech())
    painter = WarpRenderer().open(from_json(DEMO.face), SIZE)
    pictures = list(painter.paint(frames, np.zeros(0, np.int16), 16_000))
    chosen = [pictures[moment] for moment in unlike(frames, COUNT)]
    return np.asarray(np.hstack([cv2.resize(p, (EDGE, EDGE), interpolation=cv2.INTER_AREA) for p in chosen]), np.uint8)


def unlike(frames: Frames, count: int) -> list[int]:
    """Numbers of the frames whose mouths differ most from one another (farthest point first), eyes open, in order."""
    mouths = frames[:, [n for n, name in enumerate(CHANNELS) if name.startswith(("mouth", "jaw"))]]
    open_eyed = frames[:, CHANNELS.index("eyeBlinkLeft")] < 0.1
    apart = np.where(open_eyed, np.linalg.norm(mouths, axis=1), -1.0)
    chosen: list[int] = []
    for _ in range(min(count, int(open_eyed.sum()))):
        chosen.append(int(apart.argmax()))
        apart = np.minimum(apart, np.linalg.norm(mouths - mouths[chosen[-1]], axis=1))
    return sorted(chosen)


async def _motion(text: str, voice: EspeakTextToSpeech) -> Frames:
    animation = PhonemeAnimator().open(1)
    track: dict[int, np.ndarray] = {}
    async for chunk in voice.synthesize(Phrase(text)):
        motion = animation.add(chunk)
        track |= {motion.first + k: frame for k, frame in enumerate(motion.frames)}
    last = animation.finish()
    track |= {last.first + k: frame for k, frame in enumerate(last.frames)}
    spoken = len(track) - MOTION_FPS // 2
    return np.stack([track[k] for k in range(spoken)])
