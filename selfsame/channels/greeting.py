"""The `ready` message that answers `start`."""

from __future__ import annotations

from collections.abc import Callable

from selfsame.channels.deps import ChannelDeps
from selfsame.channels.faces import face_item
from selfsame.channels.identity import Identity
from selfsame.channels.line import Line
from selfsame.channels.wire import server as s

Greeting = Callable[[int], str]


async def ready(deps: ChannelDeps, identity: Identity, line: Line, *, resumed: bool) -> Greeting:
    """What makes the `ready` frame, once the line says after which event it goes on.

    The transcript holds the turns that ended before that event; a client knows them by their ids or takes them over.
    """
    record, clone = line.session.record, line.session.clone
    cards = await deps.list_clones(identity)
    version = None if deps.faces is None else await deps.faces.version(clone)
    greeting = next((card.greeting for card in cards if card.slug == clone.slug), "")

    def frame(after: int) -> str:
        return s.Ready(
            event_number=after,
            session_id=line.key,
            resumed=resumed,
            clone_name=clone.name,
            greeting=greeting,
            language=record.language,
            mode=record.mode,
            keep_transcripts=record.keep_transcripts,
            next_turn=line.next_turn,
            audio_received=line.audio_received,
            turns=line.turns_until(after) if resumed else (),
            engines=deps.engines(),
            face=face_item(clone, version),
        ).to_json()

    return frame
