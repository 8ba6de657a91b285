"""The HTTP side: tokens, clones, health, measures, the page; and the application as a whole."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import datetime
from functools import partial
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import WebSocketRoute

from selfsame.channels.account import AccountRoutes, resume
from selfsame.channels.answers import answer, plain_answer
from selfsame.channels.api.sessions import (
    Alive,
    Engine,
    EngineList,
    HealthReport,
    Me,
    MeetableClone,
    MeetableCloneList,
    Readiness,
    Session,
    SessionRequest,
)
from selfsame.channels.audit import AuditTrail
from selfsame.channels.clips import ClipRoutes
from selfsame.channels.clone_archive import CloneArchiveRoutes
from selfsame.channels.clones import CloneRoutes
from selfsame.channels.deps import ChannelDeps, CloneCard, ComponentHealth
from selfsame.channels.door import Caller, Door, OwnPage
from selfsame.channels.face_models import FaceModelRoutes
from selfsame.channels.faces import FaceRoutes
from selfsame.channels.health import report
from selfsame.channels.identity import Identity, IssuedToken
from selfsame.channels.jobs import JobRoutes
from selfsame.channels.knowledge import KnowledgeRoutes
from selfsame.channels.limits import Buckets
from selfsame.channels.lines import Lines
from selfsame.channels.metrics import Metrics
from selfsame.channels.operations import OperationsRoutes
from selfsame.channels.pages import Page, SecurityHeaders
from selfsame.channels.peers import Peer, peer_of
from selfsame.channels.personas import PersonaRoutes
from selfsame.channels.pictures import PictureRoutes
from selfsame.channels.privacy import PrivacyRoutes
from selfsame.channels.questions import QuestionRoutes
from selfsame.channels.reports import ReportRoutes
from selfsame.channels.routing import Routes, gives
from selfsame.channels.socket import ChatSocket
from selfsame.channels.sources import SourceRoutes
from selfsame.channels.voice_models import VoiceModelRoutes
from selfsame.clones.tokens import OWN
from selfsame.errors import Forbidden, NotFound, SelfsameError, TooLarge, Unauthenticated
from selfsame.kit.clock import wall

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


Lifespan = Callable[[], AbstractAsyncContextManager[Any]]


def create_app(deps: ChannelDeps, lifespan: Lifespan = nullcontext) -> FastAPI:
    """The whole application. `lifespan` is entered before the first connection and left after the last."""
    metrics = Metrics(deps.observatory)
    lines = Lines(deps.sessions, deps.limits, deps.clock, deps.observatory)
    metrics.sessions.set_function(lambda: len(lines))
    deps.observatory.active = lambda: len(lines)

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        async with lifespan(), lines.running(partial(metrics.probe, deps.clock)):
            yield

    app = FastAPI(title="Selfsame", lifespan=living, docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    app.add_middleware(SecurityHeaders, deps.embed_origins)
    if deps.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(deps.origins),
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["authorization", "content-type"],
        )
    _answer_errors(app)
    Door(deps.authenticate, deps.origins).opened(app)
    api = ApiRoutes(deps, lines, metrics)
    app.include_router(api.router)
    for router in _desks(deps, lines):
        app.include_router(router)
    if deps.operations is not None:
        app.include_router(OperationsRoutes(deps, deps.operations, lines, metrics).router)
    if deps.account is not None:
        app.include_router(AccountRoutes(deps.account, api.describe, deps.origins).router)
        app.include_router(ReportRoutes(deps.account, deps.clock, wall).router)
        app.add_middleware(AuditTrail, deps.account, deps.authenticate, deps.clock)
    app.include_router(ClipRoutes(deps).router)
    app.router.routes.append(WebSocketRoute("/ws/chat", ChatSocket(deps, lines, metrics), name="chat"))
    app.mount("/", Page(deps.static), name="page")
    return app


def _desks(deps: ChannelDeps, lines: Lines) -> Iterator[Routes]:
    """The routes of what this product has."""
    if deps.clone_desk is not None:
        yield CloneRoutes(deps.clone_desk).router
    if deps.jobs is not None:
        yield JobRoutes(deps.jobs).router
    if deps.faces is not None:
        yield FaceRoutes(deps.faces).router
    if deps.face_studio is not None:
        yield FaceModelRoutes(deps.face_studio, deps.clock).router
    if deps.knowledge is not None:
        yield KnowledgeRoutes(deps.knowledge).router
        yield PictureRoutes(deps.knowledge).router
        yield SourceRoutes(deps.knowledge, lines).router
    if deps.questions is not None:
        yield QuestionRoutes(deps.questions).router
    if deps.persona_studio is not None:
        yield PersonaRoutes(deps.persona_studio).router
    if deps.voice_studio is not None:
        yield VoiceModelRoutes(deps.voice_studio).router
    if deps.archives is not None:
        yield CloneArchiveRoutes(deps.archives).router
    if deps.privacy is not None:
        yield PrivacyRoutes(deps.privacy).router


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
        self.router = Routes("service")
        add, states = self.router.add, {503: {"model": HealthReport, "description": "Something vital is down."}}
        add("POST", "/api/sessions", self.open_session, status_code=201)
        add("GET", "/api/me", self.show_me)
        add("GET", "/api/clones", self.list_meetable_clones)
        add("GET", "/api/engines", self.list_engines)
        add("GET", "/health", self.show_health, responses=states)
        add("GET", "/api/health", self.show_health, name="show_api_health", responses=states)
        add("GET", "/health/live", self.show_liveness)
        add("GET", "/health/ready", self.show_readiness, responses={503: {"model": Readiness}})
        add("GET", "/health/components", self.show_components)
        text = gives("text/plain", schema={"type": "string"})
        add("GET", "/metrics", self.show_metrics, response_class=Response, **text)

    async def open_session(self, peer: OwnPage, request: Request, response: Response, body: SessionRequest) -> Session:
        """A token, and where to connect with it. The person at this machine is the owner, and so is a browser that is
        signed in; others bring a device id and are visitors."""
        if not peer.is_local and not self._requests.take(peer.address, self._deps.clock.now()):
            raise TooLarge("too many sessions from this address; wait a moment", code="RATE_LIMITED")
        self._lines.check_room()
        if not peer.is_local and body.device_id is None:
            raise Unauthenticated("visitors need a deviceId of 8 to 128 printable characters")
        known = None if peer.is_local else await resume(self._deps.account, request, response, body.device_id)
        issued = known or await self._deps.issue_token(None if peer.is_local else body.device_id)
        return await self.describe(issued, peer, body.clone, known is not None)

    async def describe(self, issued: IssuedToken, peer: Peer, clone: str | None, signed_in: bool) -> Session:
        """What is answered to whoever got a token. Raises NotFound when there is no such clone for them."""
        card = await self._choose(issued.identity, clone)
        scheme = "wss" if peer.scheme == "https" else "ws"
        return Session(
            token=issued.token,
            ws_url=f"{scheme}://{peer.host}/ws/chat",
            expires_at=_time(issued.expires_at),
            clone=_card(card),
            owner=peer.is_local or signed_in,
            permissions=sorted(issued.identity.permissions),
            signed_in=signed_in and not peer.is_local,
        )

    async def _choose(self, identity: Identity, slug: str | None) -> CloneCard:
        for card in await self._deps.list_clones(identity):
            if slug is None or card.slug == slug:
                return card
        raise NotFound("there is no such clone for you to meet")

    async def show_me(self, caller: Caller) -> Me:
        """Who the token speaks for, and what they may."""
        return Me(
            user_id=caller.user_id,
            owner=OWN in caller.permissions,
            permissions=sorted(caller.permissions),
            email=caller.email,
            name=caller.name,
            tier=caller.tier,
            expires_at=_time(caller.expires_at) if caller.expires_at else None,
        )

    async def list_meetable_clones(self, caller: Caller) -> MeetableCloneList:
        """The clones that the caller may meet."""
        return MeetableCloneList(clones=[_card(card) for card in await self._deps.list_clones(caller)])

    async def list_engines(self, caller: Caller) -> EngineList:
        """Which engine serves each role and why (what `selfsame doctor` says)."""
        del caller
        found = [Engine.model_validate(item.model_dump(exclude_none=True)) for item in self._deps.engines()]
        return EngineList(engines=found, report=dict(await self._deps.doctor()))

    async def show_health(self, response: Response) -> HealthReport:
        """The overall state; 503 when something vital is down."""
        body = await self.show_components()
        response.status_code = 503 if body.status == "unhealthy" else 200
        return body

    async def show_components(self) -> HealthReport:
        """Every component's state; always 200, so that it can be read when things are bad."""
        return HealthReport.model_validate(report(await self._components()))

    async def show_liveness(self) -> Alive:
        """The process answers."""
        return Alive(status="healthy")

    async def show_readiness(self, response: Response) -> Readiness:
        """Whether a conversation could begin now."""
        status = (await self.show_components()).status
        fit = status != "unhealthy"
        response.status_code = 200 if fit else 503
        return Readiness(status=status, ready=fit)

    async def _components(self) -> dict[str, ComponentHealth]:
        room = len(self._lines) < self._deps.limits.connections
        own = ComponentHealth("up" if room else "degraded", message=None if room else "all places are taken")
        return {"websocket": own, **await self._deps.components()}

    async def show_metrics(self, request: Request) -> Response:
        """Measures in Prometheus' text format, for this machine alone."""
        if not peer_of(request.scope).is_local:
            raise Forbidden("measures are for this machine alone")
        return Response(self._metrics.text(), media_type="text/plain; version=0.0.4")


def _card(card: CloneCard) -> MeetableClone:
    return MeetableClone(slug=card.slug, name=card.name, greeting=card.greeting, language=card.language)


def _time(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
