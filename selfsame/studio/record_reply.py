"""One recorded utterance gives one talking answer (GEN-04): recognition, chat, speech and avatar (CLIP-05).

The rooms are not known here; what they do is given as functions (`ReplyRoles`).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from selfsame.clones.clone import Clone
from selfsame.errors import BadInput
from selfsame.events.heard import Hypothesis
from selfsame.kit.pcm import Pcm
from selfsame.studio.desk import ClipDesk, ClipWish, RecordedReply, Talk

KEPT = 2_000
"""Answers remembered by this process."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the mind says to a question, in the language it says it in (EN, ZH, ES)."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class ReplyRoles:
    """`meet(clone, user)` finds a clone the user may meet; `decode(file)` reads a recording as 16 kHz sound, outside of
    this process; `hear(pcm, clone, language)` recognises it; `think(question, clone, language)` answers.

    They raise NotFound, BadInput, TooLarge, Overloaded and ProviderError.
    """

    meet: Callable[[str | None, UUID], Awaitable[Clone]]
    decode: Callable[[bytes], Awaitable[Pcm]]
    hear: Callable[[Pcm, Clone, str], Awaitable[Hypothesis]]
    think: Callable[[str, Clone, str], Awaitable[Answer]]
    desk: ClipDesk


class KnownAnswers:
    """Answers by clone, state of its knowledge, language and question (CLIP-06); the least used is forgotten.

    Questions are kept as hashes only. Two questions are the same when their words are, whatever their case and marks.
    """

    def __init__(self, most: int = KEPT) -> None:
        self._most = most
        self._answers: OrderedDict[bytes, Answer] = OrderedDict()

    def find(self, clone: Clone, language: str, question: str) -> Answer | None:
        """The answer, when that was asked before and the clone has learned nothing since."""
        key = _key(clone, language, question)
        if key in self._answers:
            self._answers.move_to_end(key)
        return self._answers.get(key)

    def keep(self, clone: Clone, language: str, question: str, answer: Answer) -> None:
        """Remember an answer."""
        self._answers[_key(clone, language, question)] = answer
        while len(self._answers) > self._most:
            self._answers.popitem(last=False)


def _key(clone: Clone, language: str, question: str) -> bytes:
    plain = unicodedata.normalize("NFKC", question).casefold()
    words = " ".join(re.findall(r"\w+", plain)) or plain
    return hashlib.sha256(f"{clone.id}\n{clone.knowledge_version}\n{language}\n{words}".encode()).digest()


class ReplyStudio:
    """The record-and-reply flow; one for the process."""

    def __init__(self, roles: ReplyRoles, known: KnownAnswers | None = None) -> None:
        self._roles = roles
        self._known = known or KnownAnswers()

    async def speech_to_text(self, recording: bytes, clone: Clone, language: str = "auto") -> Hypothesis:
        """The words of a recording. Raises BadInput (damaged, or no words in it), TooLarge, ProviderError."""
        pcm = await self._roles.decode(recording)
        heard = await self._roles.hear(pcm, clone, language)
        if not heard.text.strip():
            raise BadInput("No words were heard in the recording: speak nearer to the microphone and try again.")
        return heard

    async def chat(self, question: str, clone: Clone, language: str = "auto") -> tuple[Answer, bool]:
        """The answer, and whether it was known: then the mind is not asked. Raises ProviderError."""
        known = self._known.find(clone, language, question)
        if known is not None:
            return known, True
        answer = await self._roles.think(question, clone, language)
        self._known.keep(clone, language, question, answer)
        return answer, False

    async def create_avatar_video(self, user_id: UUID, clone: Clone, answer: Answer, size: int = 512) -> Talk:
        """Order the clip that says the answer; see `ClipDesk.order`. Its speech is `clips.text_to_speech`."""
        return await self._roles.desk.order(user_id, ClipWish(str(clone.id), answer.text, answer.language, size))

    async def complete_flow(self, user_id: UUID, recording: bytes, wish: ClipWish) -> RecordedReply:
        """All of it; returns when the clip is ordered. `wish.text` is not used. Raises what the parts raise."""
        clone = await self._roles.meet(wish.clone, user_id)
        heard = await self.speech_to_text(recording, clone, wish.language)
        language = wish.language if wish.language != "auto" else heard.language or "auto"
        answer, known = await self.chat(heard.text, clone, language)
        talk = await self.create_avatar_video(user_id, clone, answer, wish.size)
        return RecordedReply(heard.text, answer.text, answer.language, talk, known)
