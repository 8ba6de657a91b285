"""A thinker that answers by rule: from the first passage where there is one, else with the question's own words."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from selfsame.events.thought import Sources, Thought, ThoughtEnded, Token
from selfsame.kit.clock import SYSTEM, Clock
from selfsame.mind.port import Prompt, ThinkingAbilities

_ECHO = {
    "EN": "You said: {query}. I am a simple stand-in, so that is all I can say about it.",
    "ES": "Usted dijo: {query}. Soy un suplente sencillo y no puedo decir más.",
    "ZH": "你说：{query}。我只是一个简单的替身，只能说这么多。",
}


@dataclass(frozen=True, slots=True)
class Delays:
    """Seconds until the first token and between tokens."""

    first: float = 0.0
    token: float = 0.0


class FakeLanguageModel:
    """Answers at once, or with fixed delays of `clock`. `replies` maps a question to its answer."""

    def __init__(
        self, replies: dict[str, str] | None = None, *, delays: Delays | None = None, clock: Clock = SYSTEM
    ) -> None:
        self.abilities = ThinkingAbilities(name="fake", model="fake-echo", languages=frozenset({"EN", "ES", "ZH"}))
        self._replies = replies or {}
        self._delays = delays or Delays()
        self._clock = clock

    async def stream(self, prompt: Prompt) -> AsyncIterator[Thought]:
        """The answer that was given for this question, or an echo of it, token by token."""
        began = self._clock.now()
        if prompt.passages:
            yield Sources(prompt.passages[:1])
        tokens = _tokens(self._reply(prompt))[: max(1, prompt.max_tokens)]
        first = 0.0
        for number, token in enumerate(tokens):
            await self._wait(self._delays.token if number else self._delays.first)
            first = first if number else self._clock.now() - began
            yield Token(token)
        asked = len(_tokens(prompt.query))
        yield ThoughtEnded(
            self.abilities.model, prompt_tokens=asked, reply_tokens=len(tokens), first_token_seconds=first
        )

    async def _wait(self, seconds: float) -> None:
        if seconds > 0:
            await self._clock.sleep(seconds)

    def _reply(self, prompt: Prompt) -> str:
        if prompt.query in self._replies:
            return self._replies[prompt.query]
        if prompt.passages:
            return prompt.passages[0].text
        echo = _ECHO.get(prompt.language, _ECHO["EN"])
        return echo.format(query=prompt.query.strip().rstrip(".!?。！？"))


def _tokens(text: str) -> list[str]:
    """Words with the space before them; Han characters one by one."""
    return re.findall(r"\s*[\u3400-\u9fff]|\s*[^\s\u3400-\u9fff]+|\s+$", text)
