"""A person's photos, videos and recordings, read safely: what people upload is never trusted.

`photos`, `pictures`, `videos` and `sounds` turn bytes into pictures and sound, with every size known before anything is
decoded. `worker` runs them in a process of its own with limits, and `reader` talks to it: a hostile file can end that
process, never ours.
"""

from selfsame.studio.media.kinds import (
    CleanPicture,
    Photo,
    ReferenceMedia,
    Sound,
    SoundFacts,
    SoundLimits,
    VideoFacts,
    VideoLimits,
    VideoStill,
)
from selfsame.studio.media.reader import MediaReader

__all__ = [
    "CleanPicture",
    "MediaReader",
    "Photo",
    "ReferenceMedia",
    "Sound",
    "SoundFacts",
    "SoundLimits",
    "VideoFacts",
    "VideoLimits",
    "VideoStill",
]
