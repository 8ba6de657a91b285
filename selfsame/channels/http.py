"""The HTTP side: tokens, clones, health, measures, the page; and the application as a whole."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse, Response
from starlette.routing import WebSocketRoute

from selfsame.channels.answers import answer, plain_answer
from selfsame.channels.clips import ClipRoutes
from selfsame.channels.deps import ChannelDeps, CloneCard, ComponentHealth, Identity
from selfsame.channels.face_models import FaceModelRoutes
from selfsame.channels.faces import FaceRoutes
from selfsame.channels.health import report
from selfsame.channels.knowledge import KnowledgeRoutes
from selfsame.channels.limits import Buckets
from selfsame.channels.lines import Lines
from selfsame.channels.metrics import Metrics
from selfsame.channels.pages import Page, SecurityHeaders
from selfsame.channels.peers import Peer, peer_of, request_token
from selfsame.channels.personas import PersonaRoutes
from selfsame.channels.questions import QuestionRoutes
from selfsame.channels.socket import ChatSocket
from selfsame.channels.voice_models import VoiceModelRoutes
from selfsame.errors import Forbidden, NotFound, SelfsameError, TooLarge, Unauthenticated

SERVER_OPTIONS: dict[str, Any] = {
    "ws": "websockets-sansio",
    "ws_max_size": 4 * 1024 * 1024,
    "ws_per_message_deflate": False,
    "ws_ping_interval": 20.0,
    "ws_ping_timeout": 20.0,
    "proxy_headers": False,
    "server_header": False,
    "access_log": False,
    "timeout_graceful_shutdown": 5,
}
"""Keyword arguments for uvicorn. Frames up to `ws_max_size` get a clear error instead of a closed socket; sound does
not compress; proxy headers stay as they are, because they tell that a peer on loopback is not the owner."""


class SessionRequest(BaseModel):
    """Body of `POST /api/sessions`."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore")

    device_id: Annotated[str | None, Field(min_length=8, max_length=128, pattern=r"^[\x21-\x7e]+$")] = None
    clone: Annotated[str | None, Field(max_length=64, pattern=r"^[\x21-\x7e]+$")] = None


Lifespan = Callable[[], AbstractAsyncContextManager[Any]]


def create_app(deps: ChannelDeps, lifespan: Lifespan = nullcontext) -> FastAPI:
    """The whole application. `lifespan` is entered before the first connection and left after the last."""
    metrics = Metrics()
    lines = Lines(deps.sessions, deps.limits, deps.clock)
    metrics.sessions.set_function(lambda: len(lines))

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        async with lifespan(), lines.running(partial(metrics.probe, deps.clock)):
            yield

    app = FastAPI(title="Selfsame", lifespan=living, docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    app.add_middleware(SecurityHeaders)
    if deps.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(deps.origins),
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["authorization", "content-type"],
        )
    _answer_errors(app)
    api = ApiRoutes(deps, lines, metrics)
    app.include_router(api.router)
    if deps.faces is not None:
        app.include_router(FaceRoutes(deps.faces, api.identity).router)
    if deps.face_studio is not None:
        app.include_router(FaceModelRoutes(deps.face_studio, api.identity, deps.origins).router)
    if deps.knowledge is not None:
        app.include_router(KnowledgeRoutes(deps.knowledge, api.identity, deps.origins).router)
    if deps.questions is not None:
        app.include_router(QuestionRoutes(deps.questions, api.identity, deps.origins).router)
    if deps.persona_studio is not None:
        app.include_router(PersonaRoutes(deps.persona_studio, api.identity, deps.origins).router)
    if deps.voice_studio is not None:
        app.include_router(VoiceModelRoutes(deps.voice_studio, api.identity, deps.origins).router)
    app.include_router(ClipRoutes(deps).router)
    app.router.routes.append(WebSocketRoute("/ws/chat", ChatSocket(deps, lines, metrics), name="chat"))
    app.mount("/", Page(deps.static), name="page")
    return app


def _answer_errors(app: FastAPI) -> None:
    async def ours(_request: Request, error: Exception) -> Response:
        assert isinstance(error, SelfsameError)
        return answer(error)

    async def invalid(_request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        where = ".".join(str(x) for x in first["loc"])
        return plain_answer(422, "BAD_REQUEST", f"{first['msg']} (at {where})")

    async def plain(_request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        code = {404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED"}.get(error.status_code, "HTTP_ERROR")
        return plain_answer(error.status_code, code, str(error.detail))

    app.add_exception_handler(SelfsameError, ours)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, plain)


class ApiRoutes:
    """The JSON endpoints."""

    def __init__(self, deps: ChannelDeps, lines: Lines, metrics: Metrics) -> None:
        self._deps = deps
        self._lines = lines
        self._metrics = metrics
        rate = deps.limits.sessions_per_minute
        self._requests = Buckets(rate / 60, rate)
        self.router = APIRouter()
        add = self.router.add_api_route
        add("/api/sessions", self.new_session, methods=["POST"], status_code=201)
        add("/api/clones", self.clones, methods=["GET"])
        add("/api/engines", self.engines, methods=["GET"])
        add("/health", self.health, methods=["GET"])
        add("/api/health", self.health, methods=["GET"])
        add("/health/live", self.live, methods=["GET"])
        add("/health/ready", self.ready, methods=["GET"])
        add("/health/components", self.health_components, methods=["GET"])
        add("/metrics", self.metrics, methods=["GET"])

    async def new_session(self, request: Request, body: SessionRequest) -> JSONResponse:
        """A token, and where to connect with it. The person at this machine is the owner; others bring a device id."""
        peer = self._same_origin(request)
        if not peer.is_local and not self._requests.take(peer.address, self._deps.clock.now()):
            raise TooLarge("too many sessions from this address; wait a moment", code="RATE_LIMITED")
        self._lines.check_room()
        if not peer.is_local and body.device_id is None:
            raise Unauthenticated("visitors need a deviceId of 8 to 128 printable characters")
        issued = await self._deps.issue_token(None if peer.is_local else body.device_id)
        card = await self._choose(issued.identity, body.clone)
        scheme = "wss" if peer.scheme == "https" else "ws"
        return JSONResponse(
            {
                "token": issued.token,
                "wsUrl": f"{scheme}://{peer.host}/ws/chat",
                "expiresAt": issued.expires_at.isoformat().replace("+00:00", "Z"),
                "clone": _card(card),
                "owner": peer.is_local,
            },
            201,
        )

    async def _choose(self, identity: Identity, slug: str | None) -> CloneCard:
        for card in await self._deps.list_clones(identity):
            if slug is None or card.slug == slug:
                return card
        raise NotFound("there is no such clone for you to meet")

    def _same_origin(self, request: Request) -> Peer:
        peer = peer_of(request.scope)
        if not peer.may_speak(self._deps.origins):
            raise Forbidden("pages of other origins may not ask", code="ORIGIN_REFUSED")
        return peer

    async def identity(self, request: Request) -> Identity:
        """Whose token the request bears. Raises Unauthenticated."""
        token = request_token(request.scope)
        if token is None:
            raise Unauthenticated("a token is needed: get one from POST /api/sessions")
        return await self._deps.authenticate(token)

    async def clones(self, request: Request) -> JSONResponse:
        """The clones that the caller may meet."""
        identity = await self.identity(request)
        return JSONResponse({"clones": [_card(card) for card in await self._deps.list_clones(identity)]})

    async def engines(self, request: Request) -> JSONResponse:
        """Which engine serves each role and why (what `selfsame doctor` says)."""
        await self.identity(request)
        engines = [engine.model_dump(by_alias=True, exclude_none=True) for engine in self._deps.engines()]
        return JSONResponse({"engines": engines, "report": dict(await self._deps.doctor())})

    async def health(self) -> JSONResponse:
        """The overall state without the components' messages."""
        body = report(await self._components())
        return JSONResponse(body, 503 if body["status"] == "unhealthy" else 200)

    async def health_components(self) -> JSONResponse:
        """Every component's state; always 200, so that it can be read when things are bad."""
        return JSONResponse(report(await self._components()))

    async def live(self) -> JSONResponse:
        """The process answers."""
        return JSONResponse({"status": "healthy"})

    async def ready(self) -> JSONResponse:
        """Whether a conversation could begin now."""
        body = report(await self._components())
        fit = body["status"] != "unhealthy"
        return JSONResponse({"status": body["status"], "ready": fit}, 200 if fit else 503)

    async def _components(self) -> dict[str, ComponentHealth]:
        room = len(self._lines) < self._deps.limits.connections
        own = ComponentHealth("up" if room else "degraded", message=None if room else "all places are taken")
        return {"websocket": own, **await self._deps.components()}

    async def metrics(self, request: Request) -> Response:
        """Measures in Prometheus' text format, for this machine alone."""
        if not peer_of(request.scope).is_local:
            raise Forbidden("measures are for this machine alone")
        return Response(self._metrics.text(), media_type="text/plain; version=0.0.4")


def _card(card: CloneCard) -> dict[str, str]:
    return {"slug": card.slug, "name": card.name, "greeting": card.greeting, "language": card.language}
