"""A person's photos and videos, read safely: what people upload is never trusted.

`photos` and `videos` turn bytes into pictures, with every size known before a pixel is decoded. `worker` runs them in
a process of its own with limits, and `reader` talks to it: a hostile file can end that process, never ours.
"""

from selfsame.studio.media.kinds import Photo, ReferenceMedia, VideoFacts, VideoLimits, VideoStill
from selfsame.studio.media.reader import MediaReader

__all__ = ["MediaReader", "Photo", "ReferenceMedia", "VideoFacts", "VideoLimits", "VideoStill"]
