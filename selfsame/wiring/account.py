"""The account bound to the database, the engines and the files; and as much of it as commands need."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Protocol
from uuid import UUID

from selfsame.channels.account_port import Account
from selfsame.clones.provider_keys import KeyDesk
from selfsame.clones.sign_in import SignInDesk
from selfsame.clones.usage import Storage
from selfsame.kit.clock import SYSTEM, wall
from selfsame.kit.tasks import offload
from selfsame.settings import Settings
from selfsame.stores.files.local import LocalFiles
from selfsame.stores.keys import KeyFile
from selfsame.stores.postgres.audit import PostgresAudit
from selfsame.stores.postgres.consents import PostgresConsents
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.provider_keys import PostgresKeys
from selfsame.stores.postgres.reports import PostgresReports
from selfsame.stores.postgres.sign_ins import PostgresSignIns
from selfsame.stores.postgres.usage import PostgresUsage
from selfsame.stores.postgres.user_settings import PostgresSettings
from selfsame.stores.postgres.users import PostgresUsers
from selfsame.stores.seal import RowSeal, derived
from selfsame.studio.folders import CLIPS, FACE_MODELS, KNOWLEDGE, VOICE_MODELS, folder_of
from selfsame.wiring.choices import Announcer, Choice
from selfsame.wiring.database import open_home_database
from selfsame.wiring.minds import KeyTrial, Mind, MindChooser, MindWishes
from selfsame.wiring.people import Doorkeeper, KeptConsents


class Sweeper(Protocol):
    """Forgets what is old."""

    async def sweep(self) -> object: ...


@dataclass(frozen=True, slots=True)
class AccountRoom:
    """The account of one owner: its stores, and the chooser that keeps the mind in step with them."""

    database: Database
    settings: Settings
    owner_id: UUID
    keys: PostgresKeys
    preferences: PostgresSettings
    sign_in: SignInDesk
    chooser: MindChooser

    @property
    def swept(self) -> Sequence[Sweeper]:
        """What forgets after time."""
        return self.sign_in, PostgresReports(self.database), PostgresAudit(self.database)

    def bind(self, files: LocalFiles, doorkeeper: Doorkeeper) -> Account:
        """The account for the channels."""
        consents = KeptConsents(PostgresConsents(self.database))
        return Account(
            owner_id=self.owner_id,
            sign_in=self.sign_in,
            keys=KeyDesk(self.keys, KeyTrial(self.settings), self.chooser.refresh, wall),
            settings=self.preferences,
            reports=PostgresReports(self.database),
            audit=PostgresAudit(self.database),
            usage=PostgresUsage(self.database),
            issue_signed_in=doorkeeper.issue_signed_in,
            keeps_history=consents.keeps_transcripts,
            set_history=consents.set_transcripts,
            settings_changed=self.chooser.refresh,
            storage=partial(measured, files),
            own_models=lambda: own_models(self.chooser.choice),
        )


async def open_account(
    settings: Settings, database: Database, owner_id: UUID, mind: Mind, announcer: Announcer
) -> AccountRoom:
    """The account of the owner; the mind is chosen anew if they keep a key."""
    master = await _master(settings)
    keys, preferences = _keys(database, master), PostgresSettings(database)
    wishes = MindWishes(keys, preferences, owner_id)
    chooser = MindChooser(mind, wishes, settings, announcer, SYSTEM)
    await chooser.refresh()
    return AccountRoom(database, settings, owner_id, keys, preferences, _sign_in(database, master), chooser)


async def _master(settings: Settings) -> bytes:
    """The key of the files, from which those of codes and keys come."""
    return await offload(KeyFile(settings.home / "files.key").load)


def _keys(database: Database, master: bytes) -> PostgresKeys:
    return PostgresKeys(database, RowSeal(master, "provider keys"))


def _sign_in(database: Database, master: bytes) -> SignInDesk:
    return SignInDesk(PostgresSignIns(database), derived(master, "sign-in"), wall, SYSTEM.now)


async def measured(files: LocalFiles, user: UUID) -> Storage:
    """Bytes of the user's files on disk, by purpose."""
    sizes = [await files.measure(folder_of(purpose, user)) for purpose in (KNOWLEDGE, VOICE_MODELS, FACE_MODELS, CLIPS)]
    return Storage(*sizes)


def own_models(choice: Choice) -> tuple[str, ...]:
    """The language model's name when it runs on this machine."""
    return () if choice.tier == "cloud" else (choice.name,)


@dataclass(frozen=True, slots=True)
class Desk:
    """The account as commands use it, without engines."""

    owner_id: UUID
    sign_in: SignInDesk
    keys: KeyDesk
    audit: PostgresAudit


@asynccontextmanager
async def open_desk(settings: Settings) -> AsyncIterator[Desk]:
    """The account alone: the database of a server that runs on the same home, or its own for as long as it lasts.

    A running server sees a key that is changed here with the next conversation that begins.
    """
    async with open_home_database(settings) as database:
        owner = await PostgresUsers(database).owner(name=settings.owner_name)
        master = await _master(settings)
        keys = KeyDesk(_keys(database, master), KeyTrial(settings), _nothing, wall)
        yield Desk(owner.id, _sign_in(database, master), keys, PostgresAudit(database))


async def _nothing() -> None:
    """No engine runs here that could be chosen anew."""
