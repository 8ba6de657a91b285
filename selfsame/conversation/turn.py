"""Who speaks when: the pure turn machine. No await, no clock, no log, no I/O.

`step(talk, event) -> (talk, commands)`. Time comes in with events (`at`, seconds of the session's clock); timers are
`talk.deadline`, answered by a `Tick`. The rules, in the order of DESIGN's laws:

- A turn is a number with a revision. A short silence starts a reply as a speculative revision; if the user goes on it
  is dropped and a newer one starts; it is let out only when the turn's end is confirmed.
- Voice over our own voice pauses the play-out at once. No words within a moment, a backchannel ("mm-hm") or our own
  echo resumes it; words make it an interruption.
- History holds what was heard: a turn is committed when the client has heard it all, or cut where it was stopped.
- Speech that follows a question before any of its answer was heard belongs to the same question.
"""

from __future__ import annotations

from dataclasses import replace

from selfsame.conversation.speech_acts import is_backchannel, is_echo, same_question, words, words_needed
from selfsame.conversation.turn_machine import Machine
from selfsame.conversation.turn_state import (
    Closed,
    Command,
    Event,
    ReplyAudible,
    ReplyComplete,
    ReplyFailed,
    ReplySaid,
    Talk,
    Tell,
    Tick,
)
from selfsame.errors import SelfsameError
from selfsame.events.heard import HearingFailed, Interim, SpeechPaused, SpeechResumed, SpeechStarted, UtteranceEnded
from selfsame.events.told import StateChanged, Trouble, UserHeard
from selfsame.events.turns import InterruptPressed, Left, PlayedBack, Returned, TextTyped

Step = tuple[Talk, list[Command]]


def step(talk: Talk, event: Event) -> Step:
    """Apply one event. Unknown, stale and impossible events change nothing."""
    machine = Machine(talk)
    handler = _HANDLERS[type(event)]
    handler(machine, event)
    return machine.talk, machine.commands


# --- the user's voice ----------------------------------------------------------------------------------------------


def on_speech_started(machine: Machine, event: SpeechStarted) -> None:
    machine.set(voice=True)
    state = machine.talk.state
    if state == "idle":
        machine.go("listening")
    elif state in ("processing", "speaking"):
        machine.pause(event.at)


def on_interim(machine: Machine, event: Interim) -> None:
    _hear(machine, event.hypothesis.text, event.at)
    if machine.talk.state == "listening" and event.hypothesis.text:
        text = _joined(machine.talk.said, event.hypothesis.text)
        machine.commands.append(Tell(UserHeard(text, False, event.hypothesis.confidence, machine.talk.turn)))


def on_speech_paused(machine: Machine, event: SpeechPaused) -> None:
    """The turn may be over: begin a speculative reply."""
    _hear(machine, event.hypothesis.text, event.at)
    talk = machine.talk
    if talk.state != "listening" or not event.hypothesis.text:
        return
    text = _joined(talk.said, event.hypothesis.text)
    machine.commands.append(Tell(UserHeard(text, False, event.hypothesis.confidence, talk.turn)))
    if not talk.options.speculate:
        return
    if talk.reply is None or not same_question(talk.reply.asked, text):
        machine.commit_closing()
        machine.start_reply(text, speculative=True)


def on_speech_resumed(machine: Machine, event: SpeechResumed) -> None:
    reply = machine.talk.reply
    if machine.talk.state == "listening" and reply is not None and not reply.released:
        machine.drop_reply()


def on_utterance_ended(machine: Machine, event: UtteranceEnded) -> None:
    """Words make it a turn (or more of one); none make it a noise, over which we go on as before."""
    heard = event.hypothesis.text
    machine.set(voice=False)
    _hear(machine, heard, event.at, final=True)
    talk = machine.talk
    if talk.state in ("processing", "speaking"):
        machine.resume(event.at, false_alarm=True)
        return
    if talk.state != "listening":
        return
    text = _joined(talk.said, heard)
    if not text:
        machine.drop_reply()
        machine.rest(event.at)
        return
    machine.commit_closing()
    machine.commands.append(Tell(UserHeard(text, True, event.hypothesis.confidence, talk.turn)))
    machine.confirm(text, event.at)
    if talk.away:
        _hold(machine, event.at)


def on_hearing_failed(machine: Machine, event: HearingFailed) -> None:
    """The ears failed: say so; our own speech goes on."""
    machine.set(voice=False)
    state = machine.talk.state
    if state in ("processing", "speaking"):
        machine.commands.append(Tell(Trouble(event.error.code, event.error.message, True)))
        machine.resume(event.at, false_alarm=False)
        return
    machine.drop_reply()
    machine.set(said="")
    machine.commands.append(Tell(Trouble(event.error.code, event.error.message, True)))
    machine.go("error")
    machine.rest(event.at)


def _hear(machine: Machine, text: str, at: float, *, final: bool = False) -> None:
    """Words over our own reply: decide whether they interrupt it."""
    talk = machine.talk
    reply = talk.reply
    if talk.state not in ("processing", "speaking") or reply is None:
        return
    if len(words(text)) < words_needed(talk.options.sensitivity) or is_backchannel(text):
        return
    if is_echo(text, reply.recent):
        if final or len(words(text)) > 1:
            machine.resume(at, false_alarm=True)
        return
    if talk.state == "speaking":
        machine.go("interrupted")
        machine.cut(at)
    else:
        machine.go("interrupted")
        if reply.paused:
            machine.order("resume")
        machine.drop_reply()
    machine.go("listening")


def _joined(first: str, second: str) -> str:
    return f"{first} {second}".strip() if first and second else first or second


# --- the user's hand -----------------------------------------------------------------------------------------------


def on_text(machine: Machine, event: TextTyped) -> None:
    """Typed words interrupt our speech; while we listen or think they wait their turn."""
    state = machine.talk.state
    if state in ("listening", "processing"):
        if len(machine.talk.queued) < machine.talk.options.queue:
            machine.set(queued=(*machine.talk.queued, event))
        else:
            machine.commands.append(Tell(Trouble("TOO_MANY_MESSAGES", "Wait for an answer before typing more.", True)))
        return
    if state == "speaking":
        machine.go("interrupted")
        machine.cut(event.at)
    machine.take_text(event)


def on_interrupt(machine: Machine, event: InterruptPressed) -> None:
    """The stop button."""
    state = machine.talk.state
    if state == "speaking":
        machine.go("interrupted")
        machine.cut(event.at)
        machine.rest(event.at)
    elif state == "processing":
        machine.go("interrupted")
        machine.order("stop")
        machine.conclude(event.at)
        machine.rest(event.at)


def on_played(machine: Machine, event: PlayedBack) -> None:
    """The client says how much was heard; all of it ends the turn."""
    closing = machine.talk.closing
    if closing is not None and event.turn == closing.turn:
        machine.set(closing=replace(closing, heard_ms=event.ms))
        if event.done:
            machine.commit_closing()
        return
    reply = machine.talk.reply
    if reply is None or event.turn != machine.talk.turn or machine.talk.state != "speaking":
        return
    machine.set_reply(heard_ms=max(reply.heard_ms, event.ms), reported=True)
    total = reply.total
    if total is not None and (event.done or event.ms >= 1000 * total - 20):
        machine.finish(heard_ms=None, interrupted=False)
        machine.rest(event.at)


# --- the line ------------------------------------------------------------------------------------------------------


def on_left(machine: Machine, event: Left) -> None:
    """The line is gone: hold the sound and every timer."""
    machine.set(away=True)
    _hold(machine, event.at)


def _hold(machine: Machine, at: float) -> None:
    """Nobody is there: keep the sound of the reply until the client is back."""
    reply = machine.talk.reply
    if machine.talk.state in ("processing", "speaking") and reply is not None and not reply.paused:
        machine.set_reply(paused=True, paused_at=at)
        machine.set(played_by=None)
        machine.order("pause")


def on_returned(machine: Machine, event: Returned) -> None:
    machine.set(away=False)
    reply = machine.talk.reply
    if machine.talk.think_by is not None:
        machine.set(think_by=event.at + machine.talk.options.notice_after)
    if reply is not None and reply.paused:
        if machine.talk.voice:
            machine.set(decide_by=event.at + machine.talk.options.decide_within)
        else:
            machine.resume(event.at, false_alarm=False)


def on_closed(machine: Machine, event: Closed) -> None:
    if machine.talk.state in ("processing", "speaking"):
        machine.conclude(event.at)
    else:
        machine.commit_closing()
        machine.drop_reply()
    machine.set(queued=(), voice=False)
    if machine.talk.state != "idle":
        machine.set(state="idle")


# --- the reply's own progress --------------------------------------------------------------------------------------


def on_audible(machine: Machine, event: ReplyAudible) -> None:
    if not machine.is_current(event.turn, event.revision) or machine.talk.state != "processing":
        return
    machine.set(think_by=None)
    machine.set_reply(audible_at=event.at)
    machine.go("speaking")


def on_said(machine: Machine, event: ReplySaid) -> None:
    if machine.is_current(event.turn, event.revision):
        assert machine.talk.reply is not None
        machine.set_reply(recent=_joined(machine.talk.reply.recent, event.text)[-600:])


def on_complete(machine: Machine, event: ReplyComplete) -> None:
    """All was sent: wait for the rest to be heard."""
    if not machine.is_current(event.turn, event.revision):
        return
    reply = machine.talk.reply
    assert reply is not None
    if machine.talk.state == "processing":
        machine.finish(heard_ms=None, interrupted=False)
        machine.rest(event.at)
        return
    machine.set_reply(total=event.seconds)
    if event.seconds <= 0 or reply.heard_ms >= 1000 * event.seconds - 20:
        machine.finish(heard_ms=None, interrupted=False)
        machine.rest(event.at)
    else:
        machine.expect_end(event.at)


def on_failed(machine: Machine, event: ReplyFailed) -> None:
    if not machine.is_current(event.turn, event.revision):
        return
    reply = machine.talk.reply
    assert reply is not None
    if not reply.released:
        machine.set_reply(failed=True)
        return
    machine.fail(event.at, event.error)


# --- time ----------------------------------------------------------------------------------------------------------


def on_tick(machine: Machine, event: Tick) -> None:
    """Act on whatever is due."""
    closing = machine.talk.closing
    if closing is not None and event.at >= closing.by:
        machine.commit_closing()
    if machine.talk.away:
        return
    if _due(machine.talk.decide_by, event.at):
        machine.resume(event.at, false_alarm=True)
    if _due(machine.talk.think_by, event.at):
        _long_silence(machine, event.at)
    if _due(machine.talk.played_by, event.at):
        reply = machine.talk.reply
        assert reply is not None
        heard = reply.heard_ms if reply.reported else None
        machine.finish(heard_ms=heard, interrupted=False)
        machine.rest(event.at)


def _long_silence(machine: Machine, at: float) -> None:
    options = machine.talk.options
    if not machine.talk.noticed:
        machine.set(noticed=True, think_by=at + options.give_up_after - options.notice_after)
        machine.commands.append(Tell(StateChanged(machine.talk.state, "This takes longer than usual.")))
        return
    machine.fail(at, SelfsameError("No answer came in time. Please ask again.", code="LLM_TIMEOUT"))


def _due(deadline: float | None, at: float) -> bool:
    return deadline is not None and at >= deadline


_HANDLERS = {
    SpeechStarted: on_speech_started,
    Interim: on_interim,
    SpeechPaused: on_speech_paused,
    SpeechResumed: on_speech_resumed,
    UtteranceEnded: on_utterance_ended,
    HearingFailed: on_hearing_failed,
    TextTyped: on_text,
    InterruptPressed: on_interrupt,
    PlayedBack: on_played,
    Left: on_left,
    Returned: on_returned,
    Closed: on_closed,
    ReplyAudible: on_audible,
    ReplySaid: on_said,
    ReplyComplete: on_complete,
    ReplyFailed: on_failed,
    Tick: on_tick,
}
