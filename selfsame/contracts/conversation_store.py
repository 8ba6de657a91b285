"""What every `ConversationStore` must do. Inherit, and give the fixture `bench`.

class TestMyStore(ConversationStoreContract):
    @pytest.fixture
    def bench(self): ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

import pytest

from selfsame.conversation.port import ConversationStore, SessionRecord
from selfsame.errors import NotFound
from selfsame.events.turns import Source, TurnMetrics, TurnRecord
from selfsame.kit.ids import new_id

METRICS = TurnMetrics(
    total=412.5,
    asr=80.0,
    endpointing=250.25,
    rag=4.0,
    llm=33.0,
    tts=45.5,
    model="embedded",
    speculated=True,
    prompt_tokens=900,
    reply_tokens=40,
    tokens_estimated=True,
)
SOURCE = Source(
    "c1", "Guide", "Guide > Voice", "Thirty seconds are enough.", 0.83, "#voice", "https://example.org/guide"
)


@dataclass(frozen=True, slots=True)
class ConversationBench:
    """A fresh store, two users, a clone both may meet, and a way to let time pass (seconds)."""

    store: ConversationStore
    user: UUID
    stranger: UUID
    clone: UUID
    pass_time: Callable[[float], None]

    def record(self, keep: bool = True) -> SessionRecord:
        """A new session of `user`."""
        return SessionRecord(new_id(), self.user, self.clone, keep_transcripts=keep)


def turn(number: int, message_id: str | None = None, text: str = "How do you do?") -> TurnRecord:
    """A finished turn with every field set."""
    return TurnRecord(
        turn=number,
        message_id=message_id,
        user=text,
        clone="Very well – 谢谢, ¡gracias!",
        language="EN",
        interrupted=number % 2 == 0,
        confidence=0.75,
        user_audio_ms=1234.5,
        reply_audio_ms=2000.0,
        heard_ms=1500.25,
        metrics=METRICS,
        sources=(SOURCE, replace(SOURCE, id="c2", url=None)),
    )


@pytest.mark.anyio
class ConversationStoreContract:
    """Sessions and turns: durable, single, and only their user's."""

    @pytest.fixture
    def bench(self) -> ConversationBench:
        """To be given by the adapter's tests."""
        raise NotImplementedError

    async def test_a_new_session_comes_back_as_it_is(self, bench: ConversationBench) -> None:
        record = bench.record()
        assert await bench.store.open(record) == record

    async def test_a_restored_session_has_its_turns_oldest_first_with_every_field(
        self, bench: ConversationBench
    ) -> None:
        record = replace(bench.record(), language="ES", mode="detailed")
        await bench.store.open(record)
        for number in (1, 2, 3):
            assert await bench.store.commit(record.id, bench.user, turn(number, f"m{number}"))
        restored = await bench.store.open(record)
        assert restored == replace(record, next_turn=4, turns=(turn(1, "m1"), turn(2, "m2"), turn(3, "m3")))

    async def test_what_was_stored_counts_on_restoring_not_what_the_caller_guesses(
        self, bench: ConversationBench
    ) -> None:
        record = replace(bench.record(), language="ES", mode="detailed")
        await bench.store.open(record)
        guess = SessionRecord(record.id, bench.user, bench.clone)
        restored = await bench.store.open(guess)
        assert (restored.language, restored.mode, restored.keep_transcripts) == ("ES", "detailed", True)

    async def test_turns_committed_out_of_order_restore_in_order(self, bench: ConversationBench) -> None:
        record = await bench.store.open(bench.record())
        await bench.store.commit(record.id, bench.user, turn(5))
        await bench.store.commit(record.id, bench.user, turn(2))
        restored = await bench.store.open(record)
        assert [t.turn for t in restored.turns] == [2, 5]
        assert restored.next_turn == 6

    async def test_a_turn_number_is_stored_once(self, bench: ConversationBench) -> None:
        record = await bench.store.open(bench.record())
        assert await bench.store.commit(record.id, bench.user, turn(1, "a", "first"))
        assert not await bench.store.commit(record.id, bench.user, turn(1, "b", "second"))
        assert [t.user for t in (await bench.store.open(record)).turns] == ["first"]

    async def test_a_message_id_is_stored_once(self, bench: ConversationBench) -> None:
        record = await bench.store.open(bench.record())
        assert await bench.store.commit(record.id, bench.user, turn(1, "same", "first"))
        assert not await bench.store.commit(record.id, bench.user, turn(2, "same", "second"))
        assert [t.user for t in (await bench.store.open(record)).turns] == ["first"]

    async def test_turns_without_message_id_do_not_collide(self, bench: ConversationBench) -> None:
        record = await bench.store.open(bench.record())
        assert await bench.store.commit(record.id, bench.user, turn(1))
        assert await bench.store.commit(record.id, bench.user, turn(2))

    async def test_the_same_turn_and_message_id_may_be_in_two_sessions(self, bench: ConversationBench) -> None:
        for record in (bench.record(), bench.record()):
            await bench.store.open(record)
            assert await bench.store.commit(record.id, bench.user, turn(1, "same"))

    async def test_without_consent_no_text_is_stored_but_all_measures_are(self, bench: ConversationBench) -> None:
        record = await bench.store.open(bench.record(keep=False))
        await bench.store.commit(record.id, bench.user, turn(1, "m"))
        (stored,) = (await bench.store.open(record)).turns
        bare = tuple(replace(source, excerpt="") for source in turn(1).sources)
        assert stored == replace(turn(1, "m"), user=None, clone=None, sources=bare)

    async def test_an_ended_session_cannot_be_opened(self, bench: ConversationBench) -> None:
        record = await bench.store.open(bench.record())
        await bench.store.close(record.id, bench.user)
        await bench.store.close(record.id, bench.user)
        with pytest.raises(NotFound):
            await bench.store.open(record)

    async def test_an_hour_without_activity_ends_a_session(self, bench: ConversationBench) -> None:
        record = await bench.store.open(bench.record())
        bench.pass_time(3599)
        await bench.store.open(record)
        bench.pass_time(3599)
        await bench.store.commit(record.id, bench.user, turn(1))
        bench.pass_time(3599)
        await bench.store.open(record)
        bench.pass_time(3601)
        with pytest.raises(NotFound):
            await bench.store.open(record)

    async def test_a_stranger_can_neither_open_nor_commit_nor_close(self, bench: ConversationBench) -> None:
        record = await bench.store.open(bench.record())
        await bench.store.commit(record.id, bench.user, turn(1))
        with pytest.raises(NotFound):
            await bench.store.open(replace(record, user_id=bench.stranger))
        with pytest.raises(NotFound):
            await bench.store.commit(record.id, bench.stranger, turn(2))
        await bench.store.close(record.id, bench.stranger)
        assert [t.turn for t in (await bench.store.open(record)).turns] == [1]

    async def test_a_turn_of_an_unknown_session_is_refused(self, bench: ConversationBench) -> None:
        with pytest.raises(NotFound):
            await bench.store.commit(new_id(), bench.user, turn(1))
