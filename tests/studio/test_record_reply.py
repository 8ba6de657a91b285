"""From a recording to an ordered clip: each part is asked once, known questions skip the mind."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from selfsame.clones.clone import Clone
from selfsame.errors import BadInput, NotFound
from selfsame.events.heard import Hypothesis
from selfsame.kit.ids import new_id
from selfsame.kit.pcm import Pcm
from selfsame.kit.tasks import offload
from selfsame.studio.desk import ClipWish, Talk
from selfsame.studio.record_reply import Answer, KnownAnswers, ReplyRoles, ReplyStudio
from selfsame.studio.recording import decode_recording
from tests.studio.memory_desk import ListedDesk
from tests.studio.test_recording import record

pytestmark = pytest.mark.anyio

CLONE = Clone(new_id(), new_id(), "guide", "Guide", knowledge_version=3)
USER = new_id()
RECORDING = record("webm", "libopus", 48_000)


class Stage:
    """The roles, and what they were asked."""

    def __init__(self, *heard: str) -> None:
        self.heard = list(heard)
        self.asked: list[str] = []
        self.seconds: list[float] = []
        self.clone = CLONE
        self.desk = ListedDesk()
        self.studio = ReplyStudio(ReplyRoles(self.meet, self.decode, self.hear, self.think, self.desk))

    async def meet(self, name: str | None, user_id: UUID) -> Clone:
        if name not in (None, "guide") or user_id != USER:
            raise NotFound("no such clone")
        return self.clone

    async def decode(self, recording: bytes) -> Pcm:
        return await offload(decode_recording, recording)

    async def hear(self, pcm: Pcm, clone: Clone, language: str) -> Hypothesis:
        self.seconds.append(len(pcm) / 16_000)
        return Hypothesis(self.heard.pop(0), 0.9, "EN")

    async def think(self, question: str, clone: Clone, language: str) -> Answer:
        self.asked.append(question)
        return Answer(f"You asked: {question}", language)

    async def ask(self, **wish: object):
        return await self.studio.complete_flow(USER, RECORDING, replace(ClipWish("guide", ""), **wish))


async def test_a_recording_becomes_a_transcript_an_answer_and_a_clip() -> None:
    stage = Stage("how are you")
    done = await stage.ask(size=360)
    assert (done.transcript, done.answer, done.language, done.known) == (
        "how are you",
        "You asked: how are you",
        "EN",
        False,
    )
    assert stage.desk.wishes == [ClipWish(str(CLONE.id), "You asked: how are you", "EN", 360)]
    assert isinstance(done.talk, Talk) and done.talk.status == "pending"
    assert stage.seconds == [pytest.approx(1.0, abs=0.05)]


async def test_a_question_that_was_answered_skips_the_mind() -> None:
    stage = Stage("How are you?", "how  are YOU", "who are you")
    answers = [(await stage.ask()).known for _ in range(3)]
    assert answers == [False, True, False] and stage.asked == ["How are you?", "who are you"]
    assert len(stage.desk.wishes) == 3


async def test_a_clone_that_has_learned_more_thinks_again() -> None:
    stage = Stage("how are you", "how are you")
    await stage.ask()
    stage.clone = replace(CLONE, knowledge_version=4)
    assert not (await stage.ask()).known and len(stage.asked) == 2


async def test_silence_and_strangers_are_told() -> None:
    with pytest.raises(BadInput, match="No words"):
        await Stage("  ").ask()
    with pytest.raises(NotFound):
        await Stage("hello").ask(clone="secret")


@pytest.mark.parametrize(("one", "other"), [("¿Qué?", "¿Cómo?"), ("你好", "再见"), ("привет", "пока"), ("??", "!!")])
def test_different_questions_are_different_in_any_script(one: str, other: str) -> None:
    known = KnownAnswers()
    known.keep(CLONE, "EN", one, Answer("x", "EN"))
    assert known.find(CLONE, "EN", one) and known.find(CLONE, "EN", other) is None
    assert known.find(replace(CLONE, id=new_id()), "EN", one) is None and known.find(CLONE, "ES", one) is None


def test_only_so_many_answers_are_kept_the_least_used_goes() -> None:
    known = KnownAnswers(most=3)
    for word in "abc":
        known.keep(CLONE, "EN", word, Answer(word, "EN"))
    known.find(CLONE, "EN", "a")
    known.keep(CLONE, "EN", "d", Answer("d", "EN"))
    assert [bool(known.find(CLONE, "EN", word)) for word in "abcd"] == [True, False, True, True]
