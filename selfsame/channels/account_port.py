"""What the routes of the account are given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from uuid import UUID

from selfsame.channels.identity import IssuedToken
from selfsame.clones.audit import AuditLog
from selfsame.clones.provider_keys import KeyDesk
from selfsame.clones.reports import ReportStore
from selfsame.clones.sign_in import SignedIn, SignInDesk
from selfsame.clones.usage import Storage, UsageStore
from selfsame.clones.user_settings import SettingsStore


@dataclass(frozen=True, slots=True)
class Account:
    """Signing in, keys, settings, reports, usage and the log of `owner_id`, the person at this machine.

    `issue_signed_in(device)` gives the owner's token for a device that is signed in; `keeps_history(user)` and
    `set_history(user, granted)` are the consent to keep transcripts; `settings_changed()` lets the engines be chosen
    anew; `storage(user)` measures the user's files; `own_models()` names models that run on this machine.
    """

    owner_id: UUID
    sign_in: SignInDesk
    keys: KeyDesk
    settings: SettingsStore
    reports: ReportStore
    audit: AuditLog
    usage: UsageStore
    issue_signed_in: Callable[[SignedIn], Awaitable[IssuedToken]]
    keeps_history: Callable[[UUID], Awaitable[bool]]
    set_history: Callable[[UUID, bool], Awaitable[None]]
    settings_changed: Callable[[], Awaitable[None]]
    storage: Callable[[UUID], Awaitable[Storage]]
    own_models: Callable[[], tuple[str, ...]] = field(default=tuple)
