"""One video for several jobs: whoever comes first fetches its sound, and leaves it to the others that wait for it.

Jobs of one order have the same `pair` among their arguments, and each its own `place`, the folder where its source
lies and which it alone clears. Workers on several machines may fetch it twice; nothing is wrong then but the waste.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import anyio

from selfsame.errors import BadInput, NotFound
from selfsame.jobs.job import FINISHED
from selfsame.jobs.port import JobQueue
from selfsame.jobs.work import Work
from selfsame.studio.port import FileStore, Progress
from selfsame.studio.tube import FetchedVideo, VideoAddress

Fetch = Callable[..., Awaitable[FetchedVideo]]
"""`VideoFetcher.fetch`: (address, name of the job, progress, captions=...)."""
SOURCE, FACTS = "source", "facts"
JOBS_LOOKED_AT = 200


class SharedVideo:
    """Fetches videos for jobs with the arguments `address` (a video's id), `place`, and where wanted `pair`."""

    def __init__(self, fetch: Fetch, files: FileStore, jobs: JobQueue) -> None:
        self._fetch = fetch
        self._files = files
        self._jobs = jobs
        self._locks: dict[str, anyio.Lock] = {}

    async def fetched(self, work: Work, progress: Progress, *, captions: bool = False) -> dict[str, Any]:
        """Put the video's sound at `place` + "source"; tells its `kind`, `source`, `language` and `address`.

        What is there already, from an earlier try or from another job of the pair, is not fetched again. Captions are
        the job's own affair. Raises BadInput for a damaged order, and what the fetcher raises.
        """
        pair, place, address = (work.args.get(name) for name in ("pair", "place", "address"))
        if not isinstance(address, str) or not isinstance(place, str):
            raise BadInput("the order for this video is damaged; give it again")
        video = VideoAddress(address)
        if captions or not isinstance(pair, str):
            return await self._fetch_for([place], work, video, progress, captions)
        lock = self._locks.setdefault(pair, anyio.Lock())
        try:
            async with lock:
                known = await self._known(place)
                if known is not None:
                    return known
                others = [each for each in await self._wanted(work) if each != place]
                told = await self._fetch_for([place, *others], work, video, progress, captions)
                for left in {place, *others} - await self._wanted(work):
                    await self._files.delete(left)  # cancelled meanwhile: that job clears nothing more
                return told
        finally:
            if not lock.statistics().tasks_waiting and not lock.locked():
                self._locks.pop(pair, None)

    async def _fetch_for(
        self, places: list[str], work: Work, address: VideoAddress, progress: Progress, captions: bool
    ) -> dict[str, Any]:
        video = await self._fetch(address, str(work.job.id), progress, captions=captions)
        told = {
            "kind": "transcript" if video.is_captions else "sound",
            "source": f"{video.title} ({video.author})" if video.author else video.title,
            "language": video.language,
            "address": address.url,
        }
        for place in places:
            await self._files.put(place + SOURCE, video.data)
            await self._files.put(place + FACTS, json.dumps(told).encode())  # last: it says that the other is whole
        return told

    async def _known(self, place: str) -> dict[str, Any] | None:
        try:
            return json.loads(await self._files.get(place + FACTS))
        except NotFound:
            return None

    async def _wanted(self, work: Work) -> set[str]:
        """The places of the jobs of the pair that still have use for a source."""
        mine, pair = await self._jobs.of(work.user_id, JOBS_LOOKED_AT), work.args.get("pair")
        live = [job for job in mine if job.state not in FINISHED and not job.cancel_requested]
        return {str(job.args["place"]) for job in live if job.args.get("pair") == pair and "place" in job.args}
