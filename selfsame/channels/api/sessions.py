"""Tokens, clones that one may meet, engines, health."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from selfsame.channels.api.base import Base, Time, left_out
from selfsame.channels.api.pictures import SourcePicture


class SessionRequest(Base):
    """Body of `POST /api/sessions`."""

    device_id: Annotated[str | None, Field(min_length=8, max_length=128, pattern=r"^[\x21-\x7e]+$")] = None
    clone: Annotated[str | None, Field(max_length=64, pattern=r"^[\x21-\x7e]+$")] = None


class MeetableClone(Base):
    """What a visitor may know of a clone before they talk."""

    slug: str
    name: str
    greeting: str
    language: str


class SourcePassage(Base):
    """A passage in its document. `before` and `after` are empty for all but the owner of the clone."""

    title: str
    heading: str
    locator: str
    url: str | None
    before: str
    passage: str
    after: str
    pictures: Annotated[list[SourcePicture], Field(description="Of the product that it speaks of, the main one first.")]


class Session(Base):
    """A token, and where to connect with it.

    `owner`: it is the owner's. `permissions` are what its bearer may. `signedIn`: the browser is signed in and could
    sign out; the person at this machine is the owner without that.
    """

    token: str
    ws_url: str
    expires_at: Time
    clone: MeetableClone
    owner: bool
    permissions: list[str]
    signed_in: bool


class MeetableCloneList(Base):
    """The clones that the caller may meet, the one to meet by default first."""

    clones: list[MeetableClone]


class Me(Base):
    """Who a token speaks for. `owner`: they may make and change clones."""

    user_id: UUID
    owner: bool
    permissions: list[str]
    email: str | None
    name: str | None
    tier: str
    expires_at: Time | None


class Engine(Base):
    """Which engine serves a role, and what would be better."""

    role: Literal["vad", "asr", "llm", "tts", "embedding", "face"]
    name: str
    tier: Literal["embedded", "neural", "cloud", "fake"]
    languages: list[str]
    hint: str | None = left_out()


class EngineList(Base):
    """The engines, and the report of `selfsame doctor`."""

    engines: list[Engine]
    report: dict[str, Any]


Overall = Literal["healthy", "degraded", "unhealthy"]


class ComponentState(Base):
    """One component; `latency` in ms, `errorRate` 0..1."""

    status: Literal["up", "down", "degraded"]
    latency: float | None = left_out()
    error_rate: float | None = left_out()
    message: str | None = left_out()


class HealthReport(Base):
    """Every component and the overall state."""

    status: Overall
    components: dict[str, ComponentState]
    timestamp: Time


class Alive(Base):
    """The process answers."""

    status: Literal["healthy"]


class Readiness(Base):
    """Whether a conversation could begin now."""

    status: Overall
    ready: bool
