"""One step of the turn machine in progress: the moves that the rules in `turn.py` are made of. Pure."""

from __future__ import annotations

from dataclasses import replace

from selfsame.conversation.speech_acts import same_question
from selfsame.conversation.turn_state import (
    LEGAL,
    Closing,
    Command,
    CommitTurn,
    DropReply,
    OrderPlayback,
    ReleaseReply,
    Reply,
    StartReply,
    Talk,
    Tell,
)
from selfsame.errors import SelfsameError
from selfsame.events.told import StateChanged, Trouble, UserHeard
from selfsame.events.turns import State, TextTyped


class Machine:
    """One step in progress: the state so far and the commands so far."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.commands: list[Command] = []

    # --- small moves -----------------------------------------------------------------------------------------------

    def set(self, **changes: object) -> None:
        self.talk = replace(self.talk, **changes)  # type: ignore[arg-type]

    def set_reply(self, **changes: object) -> None:
        assert self.talk.reply is not None
        self.set(reply=replace(self.talk.reply, **changes))  # type: ignore[arg-type]

    def go(self, state: State, notice: str | None = None) -> None:
        """Change the state along a legal transition and tell the client."""
        if state == self.talk.state:
            return
        if state not in LEGAL[self.talk.state]:
            raise AssertionError(f"illegal transition {self.talk.state} -> {state}")
        self.set(state=state)
        self.commands.append(Tell(StateChanged(state, notice)))

    def order(self, action: str) -> None:
        self.commands.append(OrderPlayback(self.talk.turn, action))  # type: ignore[arg-type]

    def is_current(self, turn: int, revision: int) -> bool:
        reply = self.talk.reply
        return reply is not None and turn == self.talk.turn and revision == reply.revision

    # --- replies ---------------------------------------------------------------------------------------------------

    def start_reply(self, text: str, *, speculative: bool, message_id: str | None = None) -> None:
        self.drop_reply()
        revision = self.talk.revision + 1
        self.set(revision=revision, reply=Reply(revision, text, released=not speculative))
        self.commands.append(StartReply(self.talk.turn, revision, text, speculative, message_id))

    def drop_reply(self) -> None:
        if self.talk.reply is not None:
            self.commands.append(DropReply(self.talk.turn, self.talk.reply.revision))
            self.set(reply=None, decide_by=None, think_by=None, played_by=None)

    def confirm(self, text: str, at: float, message_id: str | None = None) -> None:
        """The user's turn is over: let the prepared reply out, or make one."""
        self.go("processing")
        self.set(said=text, think_by=at + self.talk.options.notice_after, noticed=False)
        reply = self.talk.reply
        if reply is not None and not reply.failed and same_question(reply.asked, text):
            self.set_reply(released=True)
            self.commands.append(ReleaseReply(self.talk.turn, reply.revision))
        else:
            think_by = self.talk.think_by
            self.start_reply(text, speculative=False, message_id=message_id)
            self.set(think_by=think_by)

    def pause(self, at: float) -> None:
        reply = self.talk.reply
        if reply is None or reply.paused or reply.false_alarms >= self.talk.options.false_alarms:
            return
        self.set_reply(paused=True, paused_at=at)
        self.set(decide_by=at + self.talk.options.decide_within, played_by=None)
        self.order("pause")

    def resume(self, at: float, *, false_alarm: bool) -> None:
        reply = self.talk.reply
        self.set(decide_by=None)
        if reply is None or not reply.paused:
            return
        alarms = reply.false_alarms + (1 if false_alarm else 0)
        self.set_reply(paused=False, held=reply.held + at - reply.paused_at, false_alarms=alarms)
        self.order("resume")
        self.expect_end(at)

    def expect_end(self, at: float) -> None:
        """When the sound of a complete reply should have been heard, if the client never says so."""
        reply = self.talk.reply
        if reply is None or reply.total is None or reply.audible_at is None or reply.paused:
            return
        end = reply.audible_at + reply.held + reply.total
        self.set(played_by=max(at, end) + self.talk.options.play_slack)

    # --- endings ---------------------------------------------------------------------------------------------------

    def commit_closing(self) -> None:
        closing = self.talk.closing
        if closing is not None:
            self.set(closing=None)
            self.commands.append(CommitTurn(closing.turn, closing.user, closing.heard_ms, True))

    def next_turn(self) -> None:
        self.set(
            turn=self.talk.turn + 1,
            reply=None,
            said="",
            decide_by=None,
            think_by=None,
            played_by=None,
            noticed=False,
        )

    def cut(self, at: float) -> None:
        """Stop the running reply where it was heard; its turn closes when the client has said how much that was."""
        reply = self.talk.reply
        assert reply is not None
        heard = reply.heard_ms if reply.reported else self.assumed_ms(reply, at)
        self.commit_closing()
        self.commands.append(DropReply(self.talk.turn, reply.revision))
        self.order("stop")
        self.set(closing=Closing(self.talk.turn, self.talk.said, heard, at + self.talk.options.cut_wait))
        self.next_turn()

    def assumed_ms(self, reply: Reply, at: float) -> float:
        """What a client that never reports will have played by now."""
        if reply.audible_at is None:
            return 0.0
        until = reply.paused_at if reply.paused else at
        played = max(0.0, until - reply.audible_at - reply.held)
        return 1000.0 * (played if reply.total is None else min(played, reply.total))

    def finish(self, *, heard_ms: float | None, interrupted: bool) -> None:
        """Commit the running turn and rest."""
        self.commit_closing()
        self.commands.append(CommitTurn(self.talk.turn, self.talk.said, heard_ms, interrupted))
        self.next_turn()

    def rest(self, at: float) -> None:
        """Go idle, or on to what waits: the user's running voice, or typed messages."""
        if self.talk.state != "idle":
            self.go("idle")
        if self.talk.voice:
            self.go("listening")
        elif self.talk.queued:
            first, *others = self.talk.queued
            self.set(queued=tuple(others))
            self.take_text(replace(first, at=at))

    def take_text(self, typed: TextTyped) -> None:
        """Typed words are a whole turn at once."""
        self.go("listening")
        self.commit_closing()
        self.commands.append(Tell(UserHeard(typed.text, True, 1.0, self.talk.turn)))
        self.confirm(typed.text, typed.at, typed.message_id)

    def conclude(self, at: float) -> None:
        """Stop making the running reply and commit what was heard of it."""
        reply = self.talk.reply
        heard = 0.0
        if reply is not None:
            heard = reply.heard_ms if reply.reported else self.assumed_ms(reply, at)
            self.commands.append(DropReply(self.talk.turn, reply.revision))
        self.finish(heard_ms=heard, interrupted=True)

    def fail(self, at: float, error: SelfsameError) -> None:
        """Report, keep what was heard, and be ready again."""
        self.commands.append(Tell(Trouble(error.code, error.message, True)))
        if self.talk.reply is not None:
            self.conclude(at)
        self.go("error")
        self.rest(at)
