"""The job that makes a clip."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from selfsame.errors import BadInput, CallerError, NotFound
from selfsame.jobs.job import JobKind
from selfsame.jobs.work import Work
from selfsame.jobs.worker import Handler
from selfsame.studio.clips import ClipTools, Script, make_clip
from selfsame.studio.port import Clip, ClipStore, FileStore

RENDER_CLIP = JobKind("render-clip", max_running=2)

Stage = Callable[[UUID, UUID, Script], Awaitable[ClipTools]]
"""From the clone, the user who ordered, and the script: what the clip is made with. Raises NotFound (the clone, or
its face, is not there any more), ProviderError."""


@dataclass(frozen=True, slots=True)
class ClipWorkshop:
    """What the job needs."""

    clips: ClipStore
    files: FileStore
    stage: Stage


def rendering(shop: ClipWorkshop) -> Handler:
    """The handler of `RENDER_CLIP`; its argument is `clip_id`.

    A clip is made in one step: a killed worker's clip is filmed anew, and its files simply replaced.
    """

    async def render(work: Work) -> Any:
        clip = await _ordered(shop.clips, work)
        try:
            return await work.step("film", _film, shop, work, clip)
        except CallerError as error:
            await shop.clips.fail(clip.id, work.user_id, error.message)
            raise

    return render


async def _ordered(clips: ClipStore, work: Work) -> Clip:
    try:
        return await clips.get(UUID(str(work.args.get("clip_id"))), work.user_id)
    except ValueError:
        raise BadInput("the order names no clip") from None
    except NotFound:
        raise NotFound("the clip was discarded before it was made") from None


async def _film(shop: ClipWorkshop, work: Work, clip: Clip) -> dict[str, Any]:
    draft = clip.draft
    script = Script(draft.script, draft.language, size=draft.width)
    tools = await shop.stage(draft.clone_id, work.user_id, script)
    made = await make_clip(script, tools, work.part(0.02, 0.95))
    files = {"video": "video.mp4", "audio": "audio.m4a", "poster": "poster.jpg"}
    for name, data in zip(files.values(), (made.video, made.sound, made.poster), strict=True):
        await shop.files.put(clip.path + name, data)
    keys = {role: clip.path + name for role, name in files.items()}
    await shop.clips.finish(clip.id, work.user_id, keys, made.timings)
    await work.progress(1.0, "The clip is ready")
    return {"clip": str(clip.id), "seconds": round(made.seconds, 3)}
