"""A conversation's opening by the user's settings: what a client leaves out of `start` is as they set it (DATA-07)."""

from __future__ import annotations

from uuid import UUID

import structlog

from selfsame.channels.account_port import Account
from selfsame.channels.wire.client import Start
from selfsame.errors import SelfsameError

log = structlog.get_logger(__name__)


async def preferred(account: Account | None, user_id: UUID, start: Start) -> Start:
    """The message with the user's language, sensitivity and video quality where it names none.

    A conversation that goes on keeps its language. Settings that cannot be read are as if none were set.
    """
    if account is None:
        return start
    try:
        settings = await account.settings.get(user_id)
    except SelfsameError as error:
        log.warning("a user's settings could not be read", code=error.code)
        return start
    wishes = {
        "sensitivity": settings.interruption_sensitivity,
        "video_quality": settings.video_quality,
    }
    if start.session_id is None:
        wishes["language"] = settings.opening_language()
    return start.model_copy(update={name: wish for name, wish in wishes.items() if name not in start.model_fields_set})
