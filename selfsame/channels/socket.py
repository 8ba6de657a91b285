"""The WebSocket `/ws/chat`: admission, `start`, then sound and messages in and events out (WIRE-01 to WIRE-20).

An ASGI application of its own below FastAPI, because 31 frames a second and caller pass through it.

Close codes: 1000 the client left, 1008 limits broken again and again, 1011 a fault of ours, 1013 full (try later),
4001 the conversation goes on over another connection, 4002 the conversation is over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import anyio
import structlog
from pydantic import ValidationError
from starlette.websockets import WebSocket

from selfsame.channels.answers import answer
from selfsame.channels.deps import ChannelDeps
from selfsame.channels.gate import Gate
from selfsame.channels.greeting import ready
from selfsame.channels.identity import Identity
from selfsame.channels.limits import Buckets
from selfsame.channels.line import Line
from selfsame.channels.lines import Lines
from selfsame.channels.metrics import Metrics
from selfsame.channels.opening import preferred
from selfsame.channels.peers import SUBPROTOCOL, Scope, peer_of, socket_token
from selfsame.channels.post import Post
from selfsame.channels.wire import client as c
from selfsame.channels.wire import server as s
from selfsame.channels.wire.base import PROTOCOL_VERSION
from selfsame.channels.wire.mapping import render
from selfsame.errors import BadInput, CallerError, Forbidden, Overloaded, SelfsameError, TooLarge, Unauthenticated
from selfsame.kit import tasks
from selfsame.kit.pipes import PipeClosed

log = structlog.get_logger(__name__)

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]

GONE = (OSError, anyio.BrokenResourceError, anyio.ClosedResourceError)
POLICY, FAULT, FULL = 1008, 1011, 1013


class ChatSocket:
    """The endpoint; one for the process."""

    def __init__(self, deps: ChannelDeps, lines: Lines, metrics: Metrics) -> None:
        self.deps = deps
        self.lines = lines
        self.metrics = metrics
        limits = deps.limits
        self._per_user: Counter[UUID] = Counter()
        self._arrivals = Buckets(limits.connections_per_minute / 60, limits.connections_per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            identity = await self._admit(scope)
        except SelfsameError as error:
            self.metrics.errors.labels(error.code).inc()
            await receive()
            await WebSocket(scope, receive, send).send_denial_response(answer(error))
            return
        await receive()
        offered = SUBPROTOCOL if SUBPROTOCOL in scope.get("subprotocols", ()) else None
        try:
            await send({"type": "websocket.accept", "subprotocol": offered, "headers": []})
            await self._serve(identity, peer_of(scope).is_local, receive, send)
        except GONE:
            log.debug("socket gone")

    async def _admit(self, scope: Scope) -> Identity:
        """Who comes, before a session or even a socket exists (WIRE-16)."""
        peer = peer_of(scope)
        if not peer.may_speak(self.deps.origins):
            raise Forbidden("pages of other origins may not connect", code="ORIGIN_REFUSED")
        if not peer.is_local and not self._arrivals.take(peer.address, self.deps.clock.now()):
            raise TooLarge("too many connections from this address; wait a moment", code="RATE_LIMITED")
        token = socket_token(scope)
        if not token:
            raise Unauthenticated("a token is needed: get one from POST /api/sessions")
        return await self.deps.authenticate(token)

    async def _serve(self, identity: Identity, local: bool, receive: Receive, send: Send) -> None:
        limits, user = self.deps.limits, identity.user_id
        caller = Caller(self, identity, receive, send)
        crowded = not local and self._per_user[user] >= limits.connections_per_user
        if crowded or sum(self._per_user.values()) >= limits.connections:
            caller.refuse("TOO_MANY_CONNECTIONS", "Too many connections are open; close one or try later.", FULL)
            await caller.deliver()
            return
        self._per_user[user] += 1
        self.metrics.sockets.inc()
        try:
            await caller.serve()
        finally:
            self.metrics.sockets.dec()
            self._per_user[user] -= 1
            if not self._per_user[user]:
                del self._per_user[user]


class Caller:
    """One accepted socket from its `start` to its end."""

    def __init__(self, socket: ChatSocket, identity: Identity, receive: Receive, send: Send) -> None:
        self._deps = socket.deps
        self._lines = socket.lines
        self._metrics = socket.metrics
        self._clock = socket.deps.clock
        self._identity = identity
        self._receive = receive
        self._send = send
        self._gate = Gate(socket.deps.limits)
        self._post = Post()
        self._line: Line | None = None
        self._audio: c.AudioFormat = "binary"
        self._gone = False

    # --- the course of a call --------------------------------------------------------------------------------------

    async def serve(self) -> None:
        """Wait for `start`, then talk until either side ends it."""
        try:
            async with tasks.background() as group:
                group.start_soon(self._deliver_and_end, group.cancel_scope)
                await self._until_started()
                if self._line is not None:
                    await self._talk(self._line)
                if not self._gone:
                    await anyio.sleep_forever()  # until what is queued was sent and the socket is closed
        finally:
            if self._line is not None:
                self._line.detach(self._post)

    async def _deliver_and_end(self, scope: anyio.CancelScope) -> None:
        await self.deliver()
        scope.cancel()

    async def deliver(self) -> None:
        """Send what is posted, in order; at the end close the socket. A reader that never drains is given up."""
        within = self._deps.limits.drain_within
        try:
            while True:
                post = self._post
                try:
                    thing = await post.get()
                except PipeClosed:
                    if post is self._post:
                        break
                    continue
                with anyio.fail_after(within):
                    await self._send_one(thing)
            code, reason = self._post.closed_with or (1000, "")
            with anyio.fail_after(within):
                await self._send({"type": "websocket.close", "code": code, "reason": reason})
        except TimeoutError:
            log.warning("socket does not drain", seconds=within)
        except GONE:
            self._gone = True

    async def _send_one(self, thing: Any) -> None:
        if not isinstance(thing, str):
            assert self._line is not None
            thing = render(thing.item, thing.number, self._line.key, self._audio)
        self._metrics.sent_bytes += len(thing)
        if isinstance(thing, bytes):
            await self._send({"type": "websocket.send", "bytes": thing})
        else:
            await self._send({"type": "websocket.send", "text": thing})

    async def _until_started(self) -> None:
        while self._line is None and self._post.closed_with is None and not self._gone:
            start = None
            with anyio.move_on_after(self._deps.limits.start_within):
                start = await self._read_start()
            if start is not None:
                await self._start(start)
            elif not self._gone:
                self.refuse("START_EXPECTED", "The first message must be `start`.", POLICY)

    async def _read_start(self) -> c.Start | None:
        while self._post.closed_with is None:
            event = await self._receive()
            if event["type"] == "websocket.disconnect":
                self._gone = True
                return None
            try:
                message = self._read(event)
                if isinstance(message, c.Start):
                    return message
                raise BadInput("The first message must be `start`.", code="START_EXPECTED")
            except SelfsameError as error:
                self._complain(error)
        return None

    async def _start(self, start: c.Start) -> None:
        if start.protocol != PROTOCOL_VERSION:
            self.refuse("PROTOCOL_UNSUPPORTED", f"This server speaks protocol {PROTOCOL_VERSION}.", POLICY)
            return
        start = await preferred(self._deps.account, self._identity.user_id, start)
        try:
            line, resumed = await self._lines.open(self._identity.user_id, start)
        except Overloaded as full:
            wait = max(1, round(full.expected_wait))
            self.refuse("OVERLOADED", f"All places are taken. Please try again in about {wait} s.", FULL)
            return
        except CallerError as error:
            self._complain(error)  # the caller may send another `start`
            return
        except SelfsameError as error:
            self.refuse(error.code, error.message, FULL)
            return
        except Exception:
            # A bug in opening one session: the caller is told, the log has the trace, the server goes on.
            log.exception("opening a session failed")
            self.refuse("INTERNAL", "Something broke; please try again.", FAULT)
            return
        self._audio = start.audio
        waiting = self._post
        greeting = await ready(self._deps, self._identity, line, resumed=resumed)
        self._post, after = line.attach(start)
        self._line = line
        waiting.close(1000, "")
        self._post.answer_first(greeting(after))

    # --- what comes in ---------------------------------------------------------------------------------------------

    async def _talk(self, line: Line) -> None:
        gate, metrics, clock, receive = self._gate, self._metrics, self._clock, self._receive
        while True:
            event = await receive()
            if self._post.closed_with is not None:
                return  # another connection took over while this one was waiting
            sound = event.get("bytes")
            if not sound:
                if not self._other(line, event):
                    return
                continue
            refusal = gate.sound(len(sound), clock.now())
            if refusal is not None:
                self._complain(refusal)
                continue
            try:
                line.hear(sound)
            except BadInput as error:
                self._complain(error)
                continue
            metrics.frames += 1
            metrics.frame_bytes += len(sound)

    def _other(self, line: Line, event: Any) -> bool:
        """Anything but sound; False when the socket is gone."""
        if event["type"] == "websocket.disconnect":
            self._gone = True
            return False
        try:
            message = self._read(event)
            if isinstance(message, c.AudioChunk):
                self._chunk(line, message)
            elif isinstance(message, c.Ping):
                self._post.answer(s.Pong(timestamp=message.timestamp, session_id=line.key).to_json())
            elif isinstance(message, c.Start):
                raise BadInput("This socket has started already.", code="BAD_MESSAGE")
            else:
                line.take(message)
        except SelfsameError as error:
            self._complain(error)
        return True

    def _chunk(self, line: Line, message: c.AudioChunk) -> None:
        size = len(message.audio_data) * 3 // 4
        refusal = self._gate.sound(size, self._clock.now())
        if refusal is not None:
            raise refusal
        line.take(message)
        self._metrics.frames += 1
        self._metrics.frame_bytes += size

    def _read(self, event: Any) -> c.ClientMessage:
        """Read and count a text frame. Raises BadInput and TooLarge with the wire's codes."""
        text = event.get("text")
        if text is None:
            if event.get("bytes"):
                raise BadInput("Sound may come only after `start`.", code="START_EXPECTED")
            raise BadInput("The binary frame is empty.", code="BAD_AUDIO")
        self._gate.check_text(text)
        try:
            message = c.CLIENT.validate_json(text)
        except ValidationError as error:
            raise BadInput(_what_is_wrong(error), code="BAD_MESSAGE") from None
        if not isinstance(message, c.AudioChunk):
            self._gate.message(self._clock.now())
        self._metrics.messages.labels(message.type).inc()
        return message

    # --- complaints ------------------------------------------------------------------------------------------------

    def _complain(self, error: SelfsameError) -> None:
        """Tell the client what was wrong; close after too much of it."""
        now = self._clock.now()
        patient = self._gate.forgive(now)
        if patient and not self._gate.may_complain(error.code, now):
            return
        self._tell(error.code, error.message, recoverable=patient and error.recoverable)
        if not patient:
            self._post.close(POLICY, "too many bad messages")

    def refuse(self, code: str, text: str, close_code: int) -> None:
        """Tell why and close."""
        self._tell(code, text, recoverable=close_code == FULL)
        self._post.close(close_code, code.lower())

    def _tell(self, code: str, text: str, *, recoverable: bool) -> None:
        self._metrics.errors.labels(code).inc()
        key = None if self._line is None else self._line.key
        message = s.Error(error_code=code, error_message=text, recoverable=recoverable, session_id=key)
        self._post.answer(message.to_json())


def _what_is_wrong(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(x) for x in first["loc"])
    return f"The message could not be read: {first['msg']}" + (f" (at {where})" if where else "")
