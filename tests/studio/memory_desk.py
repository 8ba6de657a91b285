"""Desks in memory: one that only lists what is ordered, and one that makes the clips."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from anyio.abc import TaskGroup

from selfsame.errors import NotFound, SelfsameError
from selfsame.kit.clock import SYSTEM
from selfsame.kit.ids import new_id
from selfsame.studio.clips import ClipTools, Script, check_script, make_clip
from selfsame.studio.desk import ClipDesk, ClipWish, Talk
from tests.face.painter import DrawnFace
from tests.studio.speakers import Loudly, Words, quiet


class ListedDesk:
    """Takes every order and makes nothing; talks are moved on by the test."""

    def __init__(self) -> None:
        self.wishes: list[ClipWish] = []
        self.talks: dict[tuple[UUID, UUID], Talk] = {}
        self.videos: dict[UUID, bytes] = {}

    async def order(self, user_id: UUID, wish: ClipWish) -> Talk:
        if wish.clone == "secret":
            raise NotFound("no such clone")
        self.wishes.append(wish)
        talk = Talk(new_id(), "pending")
        self.talks[user_id, talk.id] = talk
        return talk

    async def status(self, user_id: UUID, talk_id: UUID) -> Talk:
        if (user_id, talk_id) not in self.talks:
            raise NotFound("no such clip")
        return self.talks[user_id, talk_id]

    async def cancel(self, user_id: UUID, talk_id: UUID) -> Talk:
        talk = await self.status(user_id, talk_id)
        if talk.status in ("pending", "running"):
            talk = self.talks[user_id, talk_id] = replace(talk, status="cancelled")
        return talk

    async def video(self, user_id: UUID, talk_id: UUID) -> bytes:
        await self.status(user_id, talk_id)
        if talk_id not in self.videos:
            raise NotFound("the clip is not finished")
        return self.videos[talk_id]


class MakingDesk(ListedDesk):
    """Makes each clip at once, in the group, with a drawn face and a humming voice."""

    def __init__(self, tasks: TaskGroup) -> None:
        super().__init__()
        self._tasks = tasks

    async def order(self, user_id: UUID, wish: ClipWish) -> Talk:
        script = Script(wish.text, "EN", size=wish.size)
        check_script(script)
        talk = await super().order(user_id, wish)
        self._tasks.start_soon(self._make, user_id, talk.id, script)
        return talk

    async def _make(self, user_id: UUID, talk_id: UUID, script: Script) -> None:
        async def progress(share: float, doing: str) -> None:
            self.talks[user_id, talk_id] = Talk(talk_id, "running", share, doing)

        tools = ClipTools(Words(), Loudly(), DrawnFace(script.size), quiet, SYSTEM)
        try:
            made = await make_clip(script, tools, progress)
        except SelfsameError as error:
            self.talks[user_id, talk_id] = Talk(talk_id, "failed", error=error.message)
            return
        self.videos[talk_id] = made.video
        self.talks[user_id, talk_id] = Talk(talk_id, "completed", 1.0, timings=made.timings)


def meets_the_port(desk: ListedDesk) -> ClipDesk:
    """For the type checker."""
    return desk
