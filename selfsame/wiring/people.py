"""Who is who: tokens issued and verified, clones met, consents kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from selfsame.clones import tokens
from selfsame.clones.clone import Clone
from selfsame.clones.consent import is_live
from selfsame.clones.sign_in import SignedIn, SignInDesk
from selfsame.errors import NotFound, Unauthenticated
from selfsame.kit.clock import wall
from selfsame.stores.postgres.clones import PostgresClones
from selfsame.stores.postgres.consents import PostgresConsents
from selfsame.stores.postgres.users import PostgresUsers, User

if TYPE_CHECKING:  # the web server's modules, which programs that only film a clone need not load
    from selfsame.channels.deps import CloneCard
    from selfsame.channels.identity import Identity, IssuedToken


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """Issues and checks access tokens (AUTH-02). The owner is whoever sits at this machine."""

    users: PostgresUsers
    owner: User
    key: bytes
    sign_in: SignInDesk

    async def issue(self, device_id: str | None) -> IssuedToken:
        """A token for the visitor on that device, or for the owner when it is None."""
        user = self.owner if device_id is None else await self.users.device(device_id)
        permissions = tokens.OWNER_PERMISSIONS if device_id is None else tokens.VISITOR_PERMISSIONS
        return self._issue(tokens.Bearer(user.id, user.email, user.subscription_tier, permissions), user.name)

    async def issue_signed_in(self, device: SignedIn) -> IssuedToken:
        """The owner's token for a device that is signed in; it ends with the sign-in. Raises NotFound."""
        user = await self.users.get(device.user_id)
        permissions = tokens.OWNER_PERMISSIONS
        return self._issue(
            tokens.Bearer(user.id, user.email, user.subscription_tier, permissions, device.id), user.name
        )

    def _issue(self, bearer: tokens.Bearer, name: str) -> IssuedToken:
        from selfsame.channels.identity import IssuedToken

        now = wall()
        token = tokens.issue(bearer, self.key, now)
        expires = now + tokens.LIFETIME
        return IssuedToken(token, self._identity(tokens.verify(token, self.key, now), name), expires)

    async def authenticate(self, token: str) -> Identity:
        """The bearer of a valid token whose user still exists. Raises Unauthenticated."""
        claims = tokens.verify(token, self.key, wall())
        try:
            user = await self.users.get(claims.user_id)
        except NotFound as error:
            raise Unauthenticated("the bearer of this token is gone") from error
        if claims.device is not None and not await self.sign_in.is_signed_in(claims.device, claims.user_id):
            raise Unauthenticated("this device was signed out; sign in again")
        return self._identity(claims, user.name)

    def _identity(self, claims: tokens.Claims, name: str) -> Identity:
        from selfsame.channels.identity import Identity

        return Identity(
            claims.user_id,
            frozenset(claims.permissions),
            claims.email,
            claims.subscription_tier,
            name,
            claims.expires_at,
        )


@dataclass(frozen=True, slots=True)
class Meetings:
    """Which clones a user may meet. `default` is met when none is named."""

    clones: PostgresClones
    default: str

    async def meet(self, name: str | None, user_id: UUID) -> Clone:
        """The clone of that slug or id. Raises NotFound."""
        key = name or self.default
        if not key.isprintable() or not key.isascii():
            raise NotFound("there is no such clone")  # no slug is so, and the database takes no zero bytes
        try:
            return await self.clones.get(UUID(key), user_id)
        except ValueError:
            return await self.clones.get(key, user_id)

    async def cards(self, identity: Identity) -> list[CloneCard]:
        """What the user may know of each, the default first."""
        found = await self.clones.list(identity.user_id)
        found.sort(key=lambda clone: (clone.slug != self.default, clone.name))
        return [await self._card(clone) for clone in found]

    async def _card(self, clone: Clone) -> CloneCard:
        from selfsame.channels.deps import CloneCard

        persona = await self.clones.persona(clone)
        return CloneCard(clone.slug, clone.name, persona.greeting, clone.language)


@dataclass(frozen=True, slots=True)
class KeptConsents:
    """Consent to keep transcripts, as the conversation asks for it."""

    consents: PostgresConsents

    async def keeps_transcripts(self, user_id: UUID) -> bool:
        """Whether a live consent exists."""
        return is_live(await self.consents.of(user_id), "transcripts")

    async def set_transcripts(self, user_id: UUID, granted: bool) -> None:
        """Grant or revoke; revoking also forgets what was kept."""
        if granted:
            await self.consents.grant(user_id, "transcripts")
        else:
            await self.consents.revoke(user_id, "transcripts")
