"""The `ready` message that answers `start`."""

from __future__ import annotations

from collections.abc import Callable

from selfsame.channels.deps import ChannelDeps, Identity
from selfsame.channels.line import Line
from selfsame.channels.wire import server as s
from selfsame.channels.wire.mapping import turn_item

Greeting = Callable[[int, int], str]


async def ready(deps: ChannelDeps, identity: Identity, line: Line, *, resumed: bool) -> Greeting:
    """What makes the `ready` frame, once the line says after which event it goes on.

    The transcript comes along only when the client has to take it anew (see `Line.attach`).
    """
    record, clone = line.session.record, line.session.clone
    cards = await deps.list_clones(identity)
    greeting = next((card.greeting for card in cards if card.slug == clone.slug), "")

    def frame(after: int, last_event: int) -> str:
        anew = resumed and after != last_event
        return s.Ready(
            event_number=after,
            session_id=line.key,
            resumed=resumed,
            clone_name=clone.name,
            greeting=greeting,
            language=record.language,
            mode=record.mode,
            keep_transcripts=record.keep_transcripts,
            next_turn=record.next_turn,
            audio_received=line.audio_received,
            turns=tuple(turn_item(turn) for turn in record.turns) if anew else (),
            engines=deps.engines(),
        ).to_json()

    return frame
