"""The sound of a YouTube video, for its person's voice and persona (VOICE-01, VOICE-02, PERS-01).

`address` knows which addresses are videos, `complaints` turns what yt-dlp says into what to do, `fetch` runs it as a
program of its own with limits and on a leash.
"""

from selfsame.studio.tube.address import VideoAddress, video_address
from selfsame.studio.tube.fetch import FetchedVideo, TubeOptions, VideoFetcher

__all__ = ["FetchedVideo", "TubeOptions", "VideoAddress", "VideoFetcher", "video_address"]
