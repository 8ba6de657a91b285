"""`selfsame sign-in`: let another machine in as the owner."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

import click

from selfsame.cli.output import emit, json_option, read_settings, table
from selfsame.settings import Settings

if TYPE_CHECKING:
    from selfsame.wiring.account import Desk

T = TypeVar("T")


@click.command()
@click.option(
    "--minutes", type=click.IntRange(1, 60), default=10, show_default=True, help="How long the code is valid."
)
@click.option("--origin", metavar="URL", help="Where the other machine reaches this one, as in https://me.example.")
@click.option("--devices", "listing", is_flag=True, help="List the devices that are signed in instead.")
@click.option("--revoke", metavar="ID", type=click.UUID, help="Sign this device out instead; --devices lists them.")
@json_option
def command(minutes: int, origin: str | None, listing: bool, revoke: UUID | None, as_json: bool) -> None:
    """Print a one-time code with which a browser on another machine signs in as you.

    The code serves once; a new one makes those before it void. The browser stays signed in until you sign it out here
    or on the page. At this machine itself you are the owner without signing in.
    """
    settings = read_settings(quiet=True)
    if revoke is not None:
        _revoke(settings, revoke)
        emit({"revoked": str(revoke)}) if as_json else click.echo(f"Signed out: {revoke}")
    elif listing:
        _show_devices(_devices(settings), as_json)
    else:
        code, expires = _code(settings, minutes)
        link = f"{(origin or address(settings)).rstrip('/')}/sign-in#{code}"
        if as_json:
            emit({"code": code, "link": link, "expiresAt": expires})
            return
        click.echo(f"\n  {code}\n\n  Enter it on the page of the other machine, or open {link}")
        click.echo(f"  It serves once, within {minutes} minutes.\n")
        for word in advice(settings, origin):
            click.echo(f"  {word}", err=True)


def address(settings: Settings) -> str:
    """Where this machine is likely reached: the first allowed origin, else the host that the server listens on."""
    if settings.allowed_origins and settings.allowed_origins[0] != "*":
        return settings.allowed_origins[0]
    host = settings.host
    if host in ("0.0.0.0", "::", ""):
        host = outward_address() or socket.gethostname()
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def outward_address() -> str | None:
    """This machine's address on its network. Nothing is sent: a datagram socket only looks up the route."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        try:
            line.connect(("192.0.2.1", 9))  # an address for documentation (RFC 5737)
        except OSError:
            return None
        return line.getsockname()[0]


def advice(settings: Settings, origin: str | None) -> list[str]:
    """What stands in the way of the other machine, and what to do."""
    words = []
    if settings.is_private and origin is None:
        words.append("The server listens on this machine alone: start it with --host 0.0.0.0 --public.")
    if not (origin or address(settings)).startswith("https://"):
        words.append("Without TLS others on the network can read along; microphones need https:// there, too.")
    return words


def _do(settings: Settings, act: Callable[[Desk], Awaitable[T]]) -> T:
    """Act on the account, in the database of a running server or one of its own."""
    from selfsame.kit.tasks import run
    from selfsame.wiring.account import open_desk  # before the loop begins: it loads the database's driver

    async def acted() -> T:
        async with open_desk(settings) as desk:
            return await act(desk)

    return run(acted)


def _code(settings: Settings, minutes: int) -> tuple[str, datetime]:
    from selfsame.clones.audit import CODE_MADE, Entry

    async def act(desk: Desk) -> tuple[str, datetime]:
        made = await desk.sign_in.make_code(desk.owner_id, minutes)
        await desk.audit.write(Entry(desk.owner_id, CODE_MADE, "selfsame sign-in", "success"))
        return made

    return _do(settings, act)


def _devices(settings: Settings) -> list[dict[str, str]]:
    async def act(desk: Desk) -> list[dict[str, str]]:
        return [
            {
                "id": str(device.id),
                "name": device.name,
                "address": device.address,
                "lastSeenAt": device.last_seen_at.isoformat(),
            }
            for device in await desk.sign_in.devices(desk.owner_id)
        ]

    return _do(settings, act)


def _revoke(settings: Settings, device_id: UUID) -> None:
    from selfsame.clones.audit import DEVICE_REVOKED, Entry

    async def act(desk: Desk) -> None:
        await desk.sign_in.revoke(desk.owner_id, device_id)
        about = {"device": str(device_id)}
        await desk.audit.write(Entry(desk.owner_id, DEVICE_REVOKED, "selfsame sign-in", "success", details=about))

    _do(settings, act)


def _show_devices(devices: list[dict[str, str]], as_json: bool) -> None:
    if as_json:
        emit({"devices": devices})
    elif not devices:
        click.echo("No device is signed in.")
    else:
        rows = [(d["lastSeenAt"][:16], d["address"], d["name"][:60], d["id"]) for d in devices]
        click.echo(table(rows, ("last seen", "address", "browser", "id")))
