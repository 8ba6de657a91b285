"""`OpenAIChat` against a local server that speaks the protocol, well and badly."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

import anyio
import httpx2
import openai
import pytest

from selfsame.errors import BadOutput, ProviderError, Refused, Throttled, Unavailable
from selfsame.events.thought import ThoughtEnded, Token
from selfsame.mind.port import Manner, Prompt
from selfsame.mind.prompt import messages
from selfsame.providers.openai import ChatServer, OpenAIChat
from selfsame.providers.openai.errors import TRANSLATED, translated
from tests.openai.server import Behaviour, Wire, chunk, serving

PROMPT = Prompt(manner=Manner(name="Vera"), query="Hello?", max_tokens=99, temperature=0.25, mode="faster")


@asynccontextmanager
async def chat_with(behaviour: Behaviour, **options):
    async with serving(behaviour) as server:
        model = OpenAIChat(ChatServer(server.url, "small-model", "sekrit-key", **options), messages)
        try:
            yield model, server
        finally:
            await model.aclose()


async def collect(model: OpenAIChat, prompt: Prompt = PROMPT):
    async with aclosing(model.stream(prompt)) as thoughts:
        return [thought async for thought in thoughts]


async def well(wire: Wire) -> None:
    await wire.begin()
    await wire.words("Hello", " there.")
    await wire.finish()


@pytest.mark.anyio
async def test_streams_tokens_and_counts() -> None:
    async with chat_with(well) as (model, server):
        thoughts = await collect(model)
    assert [t.text for t in thoughts if isinstance(t, Token)] == ["Hello", " there."]
    assert thoughts[-1] == ThoughtEnded("small-model", 11, 2, extra={"finish": "stop"})
    asked = server.asked[0]
    assert (asked["path"], asked["model"], asked["max_tokens"], asked["temperature"]) == (
        "/v1/chat/completions", "small-model", 99, 0.25,
    )  # fmt: skip
    assert asked["stream"] is True and asked["stream_options"] == {"include_usage": True}
    assert asked["messages"] == messages(PROMPT)
    assert server.headers[0]["authorization"] == "Bearer sekrit-key"


@pytest.mark.anyio
async def test_a_mode_may_have_its_own_model() -> None:
    async with chat_with(well, models={"faster": "tiny"}, limit_field="max_completion_tokens", count_usage=False) as (
        model,
        server,
    ):
        await collect(model)
    assert server.asked[0]["model"] == "tiny"
    assert server.asked[0]["max_completion_tokens"] == 99
    assert "max_tokens" not in server.asked[0] and "stream_options" not in server.asked[0]


@pytest.mark.anyio
async def test_the_first_token_comes_before_the_last_is_made() -> None:
    heard = anyio.Event()

    async def waits_for_the_listener(wire: Wire) -> None:
        await wire.begin()
        await wire.words("First")
        await heard.wait()
        await wire.words(" second")
        await wire.finish()

    async with chat_with(waits_for_the_listener) as (model, _), aclosing(model.stream(PROMPT)) as thoughts:
        with anyio.fail_after(3):
            assert await anext(thoughts) == Token("First")
            heard.set()
            assert await anext(thoughts) == Token(" second")


@pytest.mark.anyio
async def test_closing_the_stream_hangs_up() -> None:
    async def endless(wire: Wire) -> None:
        await wire.begin()
        while True:
            await wire.words("on and on " * 200)

    async with chat_with(endless) as (model, server):
        async with aclosing(model.stream(PROMPT)) as thoughts:
            await anext(thoughts)
        with anyio.fail_after(3):
            await server.hung_up.wait()


@pytest.mark.anyio
async def test_cancelling_hangs_up() -> None:
    async def silent(wire: Wire) -> None:
        await wire.begin()
        await wire.words("One")
        await wire.socket.receive()

    async with chat_with(silent) as (model, server):
        with anyio.fail_after(3):
            async with anyio.create_task_group() as tasks:

                async def listen() -> None:
                    async with aclosing(model.stream(PROMPT)) as thoughts:
                        async for thought in thoughts:
                            assert thought == Token("One")
                            tasks.cancel_scope.cancel()

                tasks.start_soon(listen)
            await server.hung_up.wait()


async def dies(wire: Wire) -> None:
    await wire.begin()
    await wire.words("Half a")


async def ends_without_finishing(wire: Wire) -> None:
    await wire.begin()
    await wire.words("Half a")
    await wire.socket.send(b"0\r\n\r\n")


async def says_nothing(wire: Wire) -> None:
    await wire.socket.receive()


async def stalls(wire: Wire) -> None:
    await wire.begin()
    await wire.words("One")
    await wire.socket.receive()


async def garbage(wire: Wire) -> None:
    await wire.begin()
    await wire.event("{not json")


async def wrong_shape(wire: Wire) -> None:
    await wire.begin()
    await wire.event({"object": "chat.completion.chunk", "choices": [{"text": "x"}]})


async def fails_inside(wire: Wire) -> None:
    await wire.begin()
    await wire.event({"error": {"message": "out of memory", "code": 500}})


async def filtered(wire: Wire) -> None:
    await wire.begin()
    await wire.event(chunk({"content": ""}, "content_filter"))


async def not_http(wire: Wire) -> None:
    await wire.socket.send(b"SSH-2.0-nonsense\r\n")


def refusing(status: str, extra: str = "") -> Behaviour:
    async def refuse(wire: Wire) -> None:
        await wire.refuse(status, extra=extra)

    return refuse


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("behaviour", "expected"),
    [
        (dies, Unavailable),
        (ends_without_finishing, Unavailable),
        (says_nothing, Unavailable),
        (stalls, Unavailable),
        (fails_inside, Unavailable),
        (not_http, Unavailable),
        (garbage, BadOutput),
        (wrong_shape, BadOutput),
        (filtered, Refused),
        (refusing("500 Oops"), Unavailable),
        (refusing("503 Busy"), Unavailable),
        (refusing("408 Late"), Unavailable),
        (refusing("429 Slow down"), Throttled),
        (refusing("400 Bad"), Refused),
        (refusing("401 Who"), Refused),
        (refusing("403 No"), Refused),
        (refusing("404 No such model"), Refused),
        (refusing("422 What"), Refused),
    ],
)
async def test_faults_become_our_errors(behaviour: Behaviour, expected: type[ProviderError]) -> None:
    async with chat_with(behaviour, first_token_timeout=0.4, stall_timeout=0.2) as (model, server):
        with pytest.raises(ProviderError) as caught:
            await collect(model)
        assert type(caught.value) is expected
        assert caught.value.code.startswith("LLM_") and "sekrit" not in str(caught.value)
        assert len(server.asked) == 1, "the SDK must not retry by itself"


@pytest.mark.anyio
@pytest.mark.parametrize(("header", "wait"), [("2.5", 2.5), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("", None)])
async def test_throttling_says_how_long(header: str, wait: float | None) -> None:
    extra = f"retry-after: {header}\r\n" if header else ""
    async with chat_with(refusing("429 Slow down", extra)) as (model, _):
        with pytest.raises(Throttled) as caught:
            await collect(model)
    assert caught.value.retry_after == wait


@pytest.mark.anyio
async def test_nobody_listens() -> None:
    model = OpenAIChat(ChatServer("http://127.0.0.1:9/v1", "m"), messages)
    with pytest.raises(Unavailable):
        await collect(model)
    with pytest.raises(Unavailable):
        await model.warm()
    await model.aclose()


@pytest.mark.anyio
async def test_goes_on_after_a_fault() -> None:
    calls = iter([refusing("503 Busy"), well])

    async def first_bad_then_good(wire: Wire) -> None:
        await next(calls)(wire)

    async with chat_with(first_bad_then_good) as (model, _):
        with pytest.raises(Unavailable):
            await collect(model)
        assert len(await collect(model)) == 3


def _public_exceptions() -> list[type[Exception]]:
    return [kind for name, kind in list(vars(openai).items()) if inspect.isclass(kind) and issubclass(kind, Exception)]


def _example(kind: type[Exception]) -> Exception:
    request = httpx2.Request("POST", "http://localhost/v1")
    error = kind.__new__(kind)
    Exception.__init__(error, "example")
    for name, value in {"message": "example", "request": request, "body": None, "code": None}.items():
        setattr(error, name, value)
    if issubclass(kind, openai.APIStatusError):
        status = {"RateLimitError": 429, "AuthenticationError": 401, "PermissionDeniedError": 403,
                  "NotFoundError": 404, "BadRequestError": 400, "ConflictError": 409, "OAuthError": 401,
                  "UnprocessableEntityError": 422}  # fmt: skip
        error.status_code = status.get(kind.__name__, 500)
        error.response = httpx2.Response(error.status_code, request=request)
    return error


@pytest.mark.parametrize("kind", _public_exceptions(), ids=lambda kind: kind.__name__)
def test_every_exception_of_the_sdk_is_translated(kind: type[Exception]) -> None:
    expected = {
        "APIConnectionError": Unavailable, "APITimeoutError": Unavailable, "APIError": Unavailable,
        "APIStatusError": Unavailable, "InternalServerError": Unavailable, "ConflictError": Unavailable,
        "WebSocketConnectionClosedError": Unavailable, "WebSocketQueueFullError": Unavailable,
        "RateLimitError": Throttled, "APIResponseValidationError": BadOutput, "LengthFinishReasonError": BadOutput,
        "InvalidWebhookSignatureError": BadOutput,
    }  # fmt: skip
    error = _example(kind)
    assert isinstance(error, TRANSLATED)
    ours = translated(error, "openai")
    assert type(ours) is expected.get(kind.__name__, Refused)
    assert ours.code.startswith("LLM_")


try:
    from selfsame.contracts.language_model import LanguageModelContract
except ImportError:  # the suite of the port is written apart
    LanguageModelContract = None

if LanguageModelContract is not None:

    class TestContract(LanguageModelContract):
        """What every thinker must keep."""

        @pytest.fixture
        async def engine(self) -> AsyncIterator[OpenAIChat]:
            async with chat_with(well) as (model, _):
                yield model
