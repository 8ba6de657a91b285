"""`OpenAIChat`: a `LanguageModel` on the official SDK, streaming.

The SDK's own retries are off: retrying, falling back and breaking circuits are wrappers of ours. Two clocks guard a
reply: the wait for the first token, and the longest gap between two.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Literal

import anyio

from selfsame.errors import BadOutput, Refused, Unavailable
from selfsame.events.thought import Thought, ThoughtEnded, Token
from selfsame.events.turns import Mode
from selfsame.kit.tasks import offload
from selfsame.mind.port import Prompt, ThinkingAbilities

Render = Callable[[Prompt], Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class ChatServer:
    """Which server and model to ask. Times in seconds.

    `models` may name another model for a mode; `limit_field` is what the server calls the reply's token limit
    (OpenAI's reasoning models want `max_completion_tokens`). `count_usage` asks for token counts at the stream's end.
    """

    base_url: str
    model: str
    api_key: str = ""
    name: str = "openai"
    models: Mapping[Mode, str] = field(default_factory=dict)
    first_token_timeout: float = 10.0
    stall_timeout: float = 5.0
    limit_field: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    count_usage: bool = True


@dataclass(slots=True)
class _Progress:
    """What one stream has told so far."""

    model: str
    finish: str = ""
    prompt_tokens: int = 0
    reply_tokens: int = 0


class OpenAIChat:
    """A chat model behind an OpenAI-compatible address. `render` makes the messages (`mind.prompt.messages`)."""

    def __init__(self, server: ChatServer, render: Render) -> None:
        self.abilities = ThinkingAbilities(
            name=server.name, model=server.model, languages=frozenset(["EN", "ES", "ZH"]), streaming=True
        )
        self._server = server
        self._render = render
        self._client: Any = None
        self._errors: Any = None

    async def warm(self) -> None:
        """Load the SDK and open a connection ahead of the first question (LLM-19). Raises ProviderError."""
        await self._load()
        try:
            with anyio.fail_after(self._server.first_token_timeout):
                await self._client.models.list()
        except TimeoutError as error:
            raise self._unavailable("did not answer in time") from error
        except self._errors.TRANSLATED as error:
            raise self._errors.translated(error, self._server.name) from error

    async def aclose(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def stream(self, prompt: Prompt) -> AsyncIterator[Thought]:
        """See the port. Closing the iterator closes the response."""
        await self._load()
        progress = _Progress(self._server.models.get(prompt.mode, self._server.model))
        response = await self._guarded(lambda: self._client.chat.completions.create(**self._request(prompt, progress)))
        timeout = self._server.first_token_timeout
        try:
            chunks = aiter(response)
            while True:
                chunk = await self._guarded(lambda: anext(chunks, None), timeout)
                if chunk is None:
                    break
                text = self._take(chunk, progress)
                if text:
                    timeout = self._server.stall_timeout
                    yield Token(text)
        finally:
            with anyio.CancelScope(shield=True), anyio.move_on_after(1.0):
                await response.close()
        if not progress.finish:
            raise self._unavailable("ended its answer early")
        yield ThoughtEnded(
            model=progress.model,
            prompt_tokens=progress.prompt_tokens,
            reply_tokens=progress.reply_tokens,
            extra={"finish": progress.finish},
        )

    async def _load(self) -> None:
        """Import the SDK, in a thread since that takes half a second, and make its client."""
        if self._client is not None:
            return
        try:
            sdk = await offload(import_module, "openai")
        except ImportError as error:
            raise self._unavailable("needs the package `openai`, which is not installed") from error
        self._errors = await offload(import_module, "selfsame.providers.openai.errors")
        if self._client is None:  # another question may have been faster
            self._client = await offload(
                sdk.AsyncOpenAI,
                base_url=self._server.base_url,
                api_key=self._server.api_key or "none",  # local servers need no key, the SDK wants some text
                max_retries=0,
                timeout=self._server.first_token_timeout,
            )

    def _request(self, prompt: Prompt, progress: _Progress) -> dict[str, Any]:
        request: dict[str, Any] = {
            "model": progress.model,
            "messages": list(self._render(prompt)),
            "temperature": prompt.temperature,
            "stream": True,
            self._server.limit_field: prompt.max_tokens,
        }
        if self._server.count_usage:
            request["stream_options"] = {"include_usage": True}
        return request

    async def _guarded(self, call: Callable[[], Any], patience: float | None = None) -> Any:
        """Await an SDK call within the timeout, its errors translated."""
        try:
            with anyio.fail_after(self._server.first_token_timeout if patience is None else patience):
                return await call()
        except TimeoutError as error:
            raise self._unavailable("did not answer in time") from error
        except self._errors.TRANSLATED as error:
            raise self._errors.translated(error, self._server.name) from error

    def _take(self, chunk: Any, progress: _Progress) -> str:
        """Read one chunk of the stream. Raises BadOutput when it has not the protocol's shape."""
        try:
            progress.model = chunk.model or progress.model
            if chunk.usage is not None:
                progress.prompt_tokens = chunk.usage.prompt_tokens or 0
                progress.reply_tokens = chunk.usage.completion_tokens or 0
            if not chunk.choices:
                return ""
            choice = chunk.choices[0]
            progress.finish = choice.finish_reason or progress.finish
            text = choice.delta.content or ""
        except (AttributeError, TypeError, IndexError, KeyError) as error:
            raise BadOutput(
                "the language model's answer is malformed", role="llm", provider=self._server.name
            ) from error
        if progress.finish == "content_filter":
            raise Refused("the language model's filter refused to answer", role="llm", provider=self._server.name)
        if not isinstance(text, str):
            raise BadOutput("the language model's answer is not text", role="llm", provider=self._server.name)
        return text

    def _unavailable(self, what: str) -> Unavailable:
        return Unavailable(f"the language model {what}", role="llm", provider=self._server.name)
