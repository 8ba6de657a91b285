"""`selfsame keys`: providers' keys, kept sealed. A key is read from standard input or asked for, never an argument."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import click

from selfsame.cli.output import emit, json_option, read_settings, table
from selfsame.errors import BadInput
from selfsame.settings import Settings

if TYPE_CHECKING:
    from selfsame.clones.provider_keys import KeyEntry
    from selfsame.wiring.account import Desk

SHOWN = {"": "not tried", "unused": "kept, no engine uses it yet"}


@click.group()
def command() -> None:
    """Keep providers' keys for the engines; they are sealed on disk and never shown again.

    A running server uses a changed key from the next conversation on (on the page: from the next reply on).
    """


@command.command("list")
@json_option
def list_keys(as_json: bool) -> None:
    """List for which providers a key is kept, and what came of its last try."""

    async def act(desk: Desk) -> list[dict[str, Any]]:
        return [row(name, entry) for name, entry in (await desk.keys.entries(desk.owner_id)).items()]

    rows = _do(act)
    if as_json:
        emit({"keys": rows})
        return
    shown = [(r["provider"], (r["setAt"] or "-")[:10], _state(r), r["baseUrl"] or "-") for r in rows]
    click.echo(table(shown, ("provider", "since", "last try", "address")))


@command.command("set")
@click.argument("provider")
@click.option("--base-url", default="", help="Another address that speaks the same protocol.")
@click.option("--model", default="", help="The model to ask there.")
@json_option
def set_key(provider: str, base_url: str, model: str, as_json: bool) -> None:
    """Keep a key and try it. It comes from standard input, or is asked for without being shown."""
    from selfsame.clones.provider_keys import ProviderKey, known

    key = ProviderKey(known(provider), read_secret(provider), base_url, model)

    async def act(desk: Desk) -> dict[str, Any]:
        entry = await desk.keys.put(desk.owner_id, key)
        await _note(desk, provider, "set")
        return row(provider, entry)

    _show(_do(act), as_json)


@command.command("check")
@click.argument("provider")
@json_option
def check_key(provider: str, as_json: bool) -> None:
    """Ask the provider whether the kept key works."""

    async def act(desk: Desk) -> dict[str, Any]:
        return row(provider, await desk.keys.check(desk.owner_id, provider))

    _show(_do(act), as_json)


@command.command("remove")
@click.argument("provider")
@json_option
def remove_key(provider: str, as_json: bool) -> None:
    """Forget a key."""

    async def act(desk: Desk) -> None:
        await desk.keys.remove(desk.owner_id, provider)
        await _note(desk, provider, "removed")

    _do(act)
    if as_json:
        emit({"removed": provider})
    else:
        click.echo(f"Forgotten: {provider}")


def read_secret(provider: str) -> str:
    """The key: a line of standard input, or typed unseen. Raises BadInput for none."""
    if sys.stdin.isatty():
        return click.prompt(f"Key of {provider}", hide_input=True, err=True)
    line = sys.stdin.readline(10_000).strip()
    if not line:
        raise BadInput("give the key on standard input: selfsame keys set PROVIDER < file")
    return line


def row(provider: str, entry: KeyEntry | None) -> dict[str, Any]:
    """What is told of a key, as JSON."""
    check = entry.check if entry else None
    return {
        "provider": provider,
        "isSet": entry is not None,
        "setAt": entry.set_at.isoformat() if entry else None,
        "baseUrl": entry.base_url if entry else "",
        "model": entry.model if entry else "",
        "check": check.state if check else None,
        "message": check.message if check else "",
    }


def _state(shown: dict[str, Any]) -> str:
    if not shown["isSet"]:
        return "no key"
    return SHOWN.get(shown["check"] or "", shown["check"] or "")


def _show(shown: dict[str, Any], as_json: bool) -> None:
    if as_json:
        emit(shown)
        return
    click.echo(f"{shown['provider']}: {_state(shown)}")
    if shown["message"]:
        click.echo(f"  {shown['message']}")


def _do(act: Callable[[Desk], Awaitable[Any]]) -> Any:
    from selfsame.kit.tasks import run
    from selfsame.wiring.account import open_desk  # before the loop begins: it loads the database's driver

    async def acted(settings: Settings) -> Any:
        async with open_desk(settings) as desk:
            return await act(desk)

    return run(acted, read_settings(quiet=True))


async def _note(desk: Desk, provider: str, act: str) -> None:
    from selfsame.clones.audit import KEY_CHANGED, Entry

    details = {"provider": provider, "act": act}
    await desk.audit.write(Entry(desk.owner_id, KEY_CHANGED, "selfsame keys", "success", details=details))
