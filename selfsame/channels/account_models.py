"""Bodies and answers of the account's routes, as JSON has them (camelCase)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from selfsame.clones.provider_keys import LONGEST_KEY, CheckState
from selfsame.clones.reports import LONGEST_ANSWER, LONGEST_QUESTION, LONGEST_WORDS, Reason, Status
from selfsame.clones.sign_in import MINUTES
from selfsame.clones.user_settings import Language, PageLanguage, Theme, VideoQuality

DeviceId = Annotated[str, Field(min_length=8, max_length=128, pattern=r"^[\x21-\x7e]+$")]


class Shape(BaseModel):
    """An answer."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Body(BaseModel):
    """A body; fields that do not exist are refused."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


# --- signing in ------------------------------------------------------------------------------------------------------


class SignInBody(Body):
    """Body of `POST /api/sign-in`: the code that `selfsame sign-in` printed, and the browser's own device id."""

    code: Annotated[str, Field(min_length=1, max_length=64)]
    device_id: DeviceId


class CodeBody(Body):
    """Body of `POST /api/sign-in/codes`."""

    minutes: Annotated[int, Field(ge=MINUTES[0], le=MINUTES[1])] = 10


class CodeAnswer(Shape):
    """A one-time code and where to enter it."""

    code: str
    link: str
    expires_at: datetime


class CloneAnswer(Shape):
    """A clone to talk with."""

    slug: str
    name: str
    greeting: str
    language: str


class SessionAnswer(Shape):
    """A token and where to connect with it: what `POST /api/sessions` answers."""

    token: str
    ws_url: str
    expires_at: datetime
    clone: CloneAnswer
    owner: bool


class DeviceItem(Shape):
    """A device that is signed in. `current` is the one that asks."""

    id: UUID
    name: str
    address: str
    signed_in_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    current: bool


class DevicesAnswer(Shape):
    """Signed-in devices, the one seen last first."""

    devices: list[DeviceItem]


# --- keys ------------------------------------------------------------------------------------------------------------


class KeyBody(Body):
    """Body of `PUT /api/keys/{provider}`. `baseUrl` and `model`, where an engine uses the key, are optional."""

    key: Annotated[str, Field(min_length=1, max_length=LONGEST_KEY + 100)]
    base_url: Annotated[str, Field(max_length=500)] = ""
    model: Annotated[str, Field(max_length=100)] = ""


class CheckItem(Shape):
    """What came of the last try: works, refused, unreachable, unusable, or unused (no engine takes it yet)."""

    state: CheckState
    message: str
    at: datetime


class KeyItem(Shape):
    """What is told of a provider's key: everything but the key. `usedFor` is empty while no engine uses it."""

    provider: str
    title: str
    is_set: bool
    used_for: str
    set_at: datetime | None = None
    base_url: str = ""
    model: str = ""
    check: CheckItem | None = None


class KeysAnswer(Shape):
    """All providers whose key can be kept."""

    keys: list[KeyItem]


# --- settings --------------------------------------------------------------------------------------------------------


class SettingsBody(Body):
    """Body of `PATCH /api/settings`; what is left out stays."""

    enable_conversation_history: bool | None = None
    auto_language_detection: bool | None = None
    language: Language | None = None
    video_quality: VideoQuality | None = None
    interruption_sensitivity: Annotated[float, Field(ge=0, le=1)] | None = None
    preferred_llm_provider: Annotated[str | None, Field(alias="preferredLLMProvider", max_length=30)] = None
    preferred_tts_provider: Annotated[str | None, Field(alias="preferredTTSProvider", max_length=30)] = None
    theme: Theme | None = None
    page_language: PageLanguage | None = None


class SettingsAnswer(Shape):
    """A user's settings, for conversations that begin from now on.

    `enableConversationHistory` is the consent to keep transcripts: turning it off forgets those that were kept.
    """

    enable_conversation_history: bool
    auto_language_detection: bool
    language: Language
    video_quality: VideoQuality
    interruption_sensitivity: float
    preferred_llm_provider: Annotated[str, Field(alias="preferredLLMProvider")]
    preferred_tts_provider: Annotated[str, Field(alias="preferredTTSProvider")]
    theme: Theme
    page_language: PageLanguage


# --- usage -----------------------------------------------------------------------------------------------------------


class Amounts(Shape):
    """Counts. `minutes` of conversation from the first to the last activity; seconds heard and spoken in turns."""

    conversations: int
    minutes: float
    turns: int
    clips: int
    heard_seconds: float
    spoken_seconds: float


class DayItem(Amounts):
    """A day in UTC."""

    day: date


class CloneItem(Amounts):
    """A clone; one that was deleted meanwhile is not listed."""

    clone: str


class StorageItem(Shape):
    """Bytes of the owner's files, as they lie on disk."""

    documents: int
    voices: int
    faces: int
    clips: int
    total: int


class CostItem(Shape):
    """An estimate in US dollars by provider; null where no price is known."""

    provider: str
    turns: int
    dollars: float | None
    basis: str


class CostSum(Shape):
    """The parts of the cost (COST-02), estimated; what this machine does itself costs nothing."""

    asr_cost: float
    llm_cost: float | None
    tts_cost: float
    lip_sync_cost: float
    storage_cost: float
    network_cost: float
    total_cost: float | None
    average_per_minute: float | None


class UsageAnswer(Shape):
    """What the owner's clones did, with whomever, in the last days."""

    days: int
    since: datetime
    total: Amounts
    per_day: list[DayItem]
    per_clone: list[CloneItem]
    storage: StorageItem
    costs: list[CostItem]
    cost: CostSum


# --- reports, ratings, the log ---------------------------------------------------------------------------------------


class ReportBody(Body):
    """Body of `POST /api/reports`. `question` and `answer` are kept as sent; without them, and with consent to keep
    transcripts, those of the turn are copied."""

    session_id: UUID
    turn_id: Annotated[int, Field(ge=0, le=1_000_000)]
    reason: Reason
    words: Annotated[str, Field(max_length=LONGEST_WORDS)] = ""
    question: Annotated[str | None, Field(max_length=LONGEST_QUESTION)] = None
    answer: Annotated[str | None, Field(max_length=LONGEST_ANSWER)] = None


class RatingBody(Body):
    """Body of `POST /api/feedback`: 1 (bad) to 5 (good)."""

    session_id: UUID
    rating: Annotated[int, Field(ge=1, le=5)]
    words: Annotated[str, Field(max_length=LONGEST_WORDS)] = ""


class ResolveBody(Body):
    """Body of `POST /api/reports/{id}/resolve`."""

    note: Annotated[str, Field(max_length=LONGEST_WORDS)] = ""


class Taken(Shape):
    """What was sent is kept under this id."""

    id: UUID


class ReportItem(Shape):
    """A report as the owner sees it. It does not say who sent it."""

    id: UUID
    clone: str | None
    session_id: UUID
    turn_id: int
    reason: Reason
    words: str
    question: str | None
    answer: str | None
    status: Status
    note: str
    reported_at: datetime
    resolved_at: datetime | None


class ReportsAnswer(Shape):
    """Reports, newest first."""

    reports: list[ReportItem]


class RatingItem(Shape):
    """A rating."""

    clone: str | None
    session_id: UUID
    rating: int
    words: str
    rated_at: datetime


class RatingsAnswer(Shape):
    """Ratings, newest first; the average of those listed, null without one."""

    average: float | None
    count: int
    ratings: list[RatingItem]


class AuditItem(Shape):
    """A line of the audit log (AUDL-01)."""

    timestamp: datetime
    user_id: UUID
    action: str
    resource: str
    result: Literal["success", "failure"]
    ip_address: str
    user_agent: str
    metadata: dict[str, Any]


class AuditAnswer(Shape):
    """The log, newest first; it is kept 90 days."""

    entries: list[AuditItem]
