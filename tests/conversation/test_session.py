"""The session shell: real tasks, rooms under the test's hand, a store in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import UUID

import anyio
import numpy as np
import pytest
from bench_rooms import Stage

from selfsame.clones.clone import Clone
from selfsame.conversation.port import SessionRecord
from selfsame.conversation.session import Session, SessionParts
from selfsame.conversation.turn_state import TurnOptions
from selfsame.errors import NotFound, Unavailable
from selfsame.events.audio import AudioFrame
from selfsame.events.heard import Hypothesis, Interim, SpeechPaused, SpeechStarted, UtteranceEnded
from selfsame.events.told import (
    Measured,
    PlaybackOrdered,
    ReplyEnded,
    ReplySources,
    ReplySpoken,
    ReplyStarted,
    ReplyText,
    SettingsChanged,
    StateChanged,
    Told,
    Trouble,
    UserHeard,
)
from selfsame.events.turns import (
    ConsentChanged,
    ContextReplaced,
    InterruptPressed,
    Left,
    ModeChosen,
    PlayedBack,
    Returned,
    TextTyped,
    TurnRecord,
)
from selfsame.kit.clock import SYSTEM
from selfsame.kit.ids import new_id
from selfsame.kit.tasks import group

pytestmark = pytest.mark.anyio


class Store:
    """Keeps turns; may be away for a number of attempts."""

    def __init__(self, away: int = 0) -> None:
        self.turns: list[TurnRecord] = []
        self.erased = False
        self.away = away

    async def open(self, session: SessionRecord) -> SessionRecord:
        return session

    async def commit(self, session_id: UUID, user_id: UUID, turn: TurnRecord) -> bool:
        if self.erased:
            raise NotFound("there is no such conversation")
        if self.away:
            self.away -= 1
            raise Unavailable("no database", role="database", provider="test")
        self.turns.append(turn)
        return True

    async def close(self, session_id: UUID, user_id: UUID) -> None:
        return None


class Live:
    """A running session and what it told."""

    def __init__(self, session: Session, stage: Stage, store: Store, consents: list[bool]) -> None:
        self.session, self.stage, self.store, self.consents = session, stage, store, consents
        self.told: list[Told] = []

    async def until(self, wanted: Callable[[Told], bool]) -> Told:
        with anyio.fail_after(5):
            while True:
                told = await self.session.told()
                self.told.append(told)
                if wanted(told):
                    return told

    async def until_type(self, kind: type) -> Told:
        return await self.until(lambda told: isinstance(told, kind))

    def play_all(self, turn: int) -> None:
        self.session.receive(PlayedBack(self.session.now(), turn, 1e6, done=True))

    def of(self, kind: type) -> list:
        return [told for told in self.told if isinstance(told, kind)]

    async def turn(self, text: str, turn: int) -> ReplyEnded:
        self.session.receive(TextTyped(self.session.now(), text, f"m{turn}"))
        await self.until(lambda told: isinstance(told, ReplySpoken | ReplyText | Trouble))
        self.play_all(turn)
        ended = await self.until_type(ReplyEnded)
        assert isinstance(ended, ReplyEnded)
        return ended


@asynccontextmanager
async def live(stage: Stage | None = None, *, keep: bool = True, away: int = 0) -> AsyncIterator[Live]:
    stage, store, consents = stage or Stage(), Store(away), []
    user = new_id()
    clone = Clone(new_id(), user, "guide", "Guide")
    record = SessionRecord(new_id(), user, clone.id, keep_transcripts=keep)

    async def on_consent(granted: bool) -> None:
        consents.append(granted)

    parts = SessionParts(stage.rooms(), store, SYSTEM, TurnOptions(), on_consent)
    session = Session(record, clone, parts, resumed=False)
    async with group() as tasks:
        tasks.start_soon(session.run)
        await stage.listening.wait()
        yield Live(session, stage, store, consents)
        await session.close()


async def test_a_typed_turn_is_answered_with_sources_and_committed_when_heard() -> None:
    async with live() as it:
        ended = await it.turn("how are clones made", 1)
        assert ended.text == it.stage.answer and not ended.interrupted
        assert ended.metrics.model == "test-model"
        states = [told.state for told in it.of(StateChanged)]
        assert states == ["listening", "processing", "speaking", "idle"]
        assert [told.text for told in it.of(UserHeard)] == ["how are clones made"]
        assert it.of(ReplyStarted)[0].sample_rate == 1000
        assert it.of(ReplySources)[0].sources[0].title == "Guide"
        assert [told.sequence for told in it.of(ReplySpoken)] == list(range(7))
        assert it.store.turns[0].user == "how are clones made" and it.store.turns[0].message_id == "m1"
        assert it.of(Measured)


async def test_without_consent_no_text_is_stored_but_the_conversation_remembers() -> None:
    async with live(keep=False) as it:
        await it.turn("my secret", 1)
        await it.turn("what did I say", 2)
        assert [(t.user, t.clone, t.sources) for t in it.store.turns] == [(None, None, ())] * 2
        assert it.stage.asked[1].history[0].user == "my secret"
        it.session.receive(ConsentChanged(True))
        await it.until_type(SettingsChanged)
        await it.turn("keep this", 3)
        assert it.store.turns[2].user == "keep this" and it.consents == [True]


async def test_a_spoken_question_is_prepared_in_the_pause_and_released_at_its_end() -> None:
    async with live() as it:
        emit = it.stage.emit
        assert emit is not None
        now = it.session.now
        emit(SpeechStarted(now(), now()))
        emit(Interim(now(), Hypothesis("how are")))
        emit(SpeechPaused(now(), now(), Hypothesis("how are clones made")))
        await it.until(lambda told: isinstance(told, UserHeard) and told.text.endswith("made"))
        with anyio.move_on_after(0.05):
            await it.until_type(ReplyStarted)
        assert it.stage.asked and not it.of(ReplyStarted), "prepared, not let out"
        emit(UtteranceEnded(now(), now() - 0.4, Hypothesis("how are clones made", 0.8), 1.5))
        await it.until_type(ReplyStarted)
        it.play_all(1)
        ended = await it.until_type(ReplyEnded)
        assert isinstance(ended, ReplyEnded)
        assert len(it.stage.asked) == 1 and ended.metrics.speculated
        assert ended.metrics.endpointing == pytest.approx(400, abs=30)
        assert ended.metrics.total >= 400
        assert it.store.turns[0].confidence == 0.8 and it.store.turns[0].user_audio_ms == 1500


async def test_barge_in_pauses_at_once_and_cuts_history_where_it_was_heard() -> None:
    stage = Stage(answer="one two three four five six seven eight", word_seconds=0.5)
    async with live(stage) as it:
        it.session.receive(TextTyped(0.0, "count", "m"))
        await it.until(lambda told: isinstance(told, ReplySpoken) and told.sequence == 4)
        emit, now = stage.emit, it.session.now
        assert emit is not None
        emit(SpeechStarted(now(), now()))
        order = await it.until_type(PlaybackOrdered)
        assert isinstance(order, PlaybackOrdered) and order.action == "pause"
        it.session.receive(PlayedBack(now(), 1, 1300))
        emit(Interim(now(), Hypothesis("wait please")))
        await it.until(lambda told: isinstance(told, PlaybackOrdered) and told.action == "stop")
        it.session.receive(PlayedBack(now(), 1, 1300, done=True))
        ended = await it.until_type(ReplyEnded)
        assert isinstance(ended, ReplyEnded)
        assert ended.text == "one two three" and ended.interrupted
        emit(UtteranceEnded(now(), now(), Hypothesis("wait please"), 1.0))
        await it.until_type(ReplyStarted)
        assert stage.asked[1].history[0].clone == "one two three"


async def test_the_stop_button_stops() -> None:
    async with live(Stage(word_seconds=1.0)) as it:
        it.session.receive(TextTyped(0.0, "go", "m"))
        await it.until_type(ReplySpoken)
        it.session.receive(PlayedBack(it.session.now(), 1, 400))
        it.session.receive(InterruptPressed(it.session.now()))
        ended = await it.until_type(ReplyEnded)
        assert isinstance(ended, ReplyEnded) and ended.interrupted


@pytest.mark.parametrize("after", [0, 3])
async def test_a_voice_that_fails_leaves_the_words_as_text(after: int) -> None:
    async with live(Stage(voice_fails_after=after)) as it:
        it.session.receive(TextTyped(0.0, "go", "m"))
        shown = await it.until_type(ReplyText)
        assert isinstance(shown, ReplyText)
        assert [t.code for t in it.of(Trouble)] == ["TTS_UNAVAILABLE"]
        said = "".join(told.chunk.text for told in it.of(ReplySpoken))
        assert (said + shown.text).split() == it.stage.answer.split()
        it.play_all(1)
        ended = await it.until_type(ReplyEnded)
        assert isinstance(ended, ReplyEnded) and ended.text.split() == it.stage.answer.split()


async def test_a_mind_that_fails_is_reported_and_the_next_turn_works() -> None:
    stage = Stage(mind_fails=Unavailable("down", role="llm", provider="test"))
    async with live(stage) as it:
        it.session.receive(TextTyped(0.0, "go", "m"))
        trouble = await it.until_type(Trouble)
        assert isinstance(trouble, Trouble) and trouble.code == "LLM_UNAVAILABLE" and trouble.recoverable
        await it.until_type(ReplyEnded)
        stage.mind_fails = None
        assert (await it.turn("again", 2)).text == stage.answer


async def test_ears_that_fail_leave_the_keyboard() -> None:
    async with live(Stage(ears_fail=Unavailable("deaf", role="asr", provider="test"))) as it:
        trouble = await it.until_type(Trouble)
        assert isinstance(trouble, Trouble) and trouble.code == "ASR_UNAVAILABLE"
        assert (await it.turn("typed", 1)).text == it.stage.answer


async def test_a_message_sent_twice_is_answered_once() -> None:
    async with live() as it:
        for _ in range(3):
            it.session.receive(TextTyped(it.session.now(), "once", "same"))
        await it.until_type(ReplySpoken)
        it.play_all(1)
        await it.until_type(ReplyEnded)
        assert len(it.stage.asked) == 1 and len(it.store.turns) == 1


async def test_a_store_that_is_away_loses_nothing() -> None:
    async with live(away=3) as it:
        ended = await it.turn("keep me", 1)
        assert ended.turn == 1
        assert [t.code for t in it.of(Trouble)] == ["DATABASE_UNAVAILABLE"]
        assert [t.user for t in it.store.turns] == ["keep me"]


async def test_a_conversation_erased_meanwhile_goes_on_unkept() -> None:
    async with live() as it:
        it.store.erased = True
        await it.turn("first", 1)
        assert [t.code for t in it.of(Trouble)] == ["NOT_FOUND"]
        it.store.erased = False
        await it.turn("second", 2)
        assert [t.user for t in it.store.turns] == ["second"]


async def test_settings_and_context_reach_the_mind() -> None:
    async with live() as it:
        it.session.receive(ModeChosen("faster"))
        it.session.receive(ContextReplaced("speak like a pirate"))
        await it.turn("hello", 1)
        assert (it.stage.asked[0].mode, it.stage.asked[0].context) == ("faster", "speak like a pirate")


async def test_a_dropped_line_holds_the_reply_and_goes_on_afterwards() -> None:
    async with live(Stage(word_seconds=0.3)) as it:
        it.session.receive(TextTyped(0.0, "go", "m"))
        await it.until_type(ReplySpoken)
        it.session.receive(Left(it.session.now()))
        it.session.receive(Returned(it.session.now()))
        await it.until(lambda told: isinstance(told, ReplySpoken) and told.sequence == 6)
        it.play_all(1)
        ended = await it.until_type(ReplyEnded)
        assert isinstance(ended, ReplyEnded) and ended.text == it.stage.answer
        assert [told.action for told in it.of(PlaybackOrdered)] == ["pause", "resume"]


async def test_closing_commits_what_was_heard() -> None:
    async with live(Stage(word_seconds=0.5)) as it:
        it.session.receive(TextTyped(0.0, "go", "m"))
        await it.until(lambda told: isinstance(told, ReplySpoken) and told.sequence == 4)
        it.session.receive(PlayedBack(it.session.now(), 1, 800))
        store = it.store
    assert [(t.clone, t.interrupted) for t in store.turns] == [("Clones are", True)]


async def test_an_utterance_whose_sound_stops_coming_is_finished() -> None:
    async with live() as it:
        it.session.receive(AudioFrame(np.zeros(512, np.int16), 0.0))
        assert it.stage.emit is not None
        it.stage.emit(SpeechStarted(it.session.now(), 0.0))
        with anyio.fail_after(4):
            await it.stage.ended.wait()


async def test_an_utterance_of_a_client_that_is_gone_is_finished_too_and_its_reply_waits() -> None:
    """An open utterance holds one of few decoders, so callers who hang up in mid-sentence must not keep it."""
    async with live() as it:
        it.session.receive(AudioFrame(np.zeros(512, np.int16), 0.0))
        assert it.stage.emit is not None
        it.stage.emit(SpeechStarted(it.session.now(), 0.0))
        it.session.receive(Left(it.session.now()))
        with anyio.fail_after(4):
            await it.stage.ended.wait()
        now = it.session.now()
        it.stage.emit(UtteranceEnded(now, now, Hypothesis("hello there", 1.0), 1.0, 0.0))
        await it.until_type(PlaybackOrdered)
        it.session.receive(Returned(it.session.now()))
        await it.until_type(ReplySpoken)
        assert [told.action for told in it.of(PlaybackOrdered)] == ["pause", "resume"]
