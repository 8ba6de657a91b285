"""`selfsame serve`: the server and the page."""

from __future__ import annotations

import contextlib
import errno
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import anyio
import click
import structlog
import uvicorn

from selfsame.channels.http import SERVER_OPTIONS
from selfsame.cli.output import emit, json_option, read_settings
from selfsame.cli.product import Product, choice_row, open_product
from selfsame.errors import BadInput, Unavailable
from selfsame.kit.tasks import background, run
from selfsame.settings import Settings

log = structlog.get_logger(__name__)


@click.command()
@click.option("--host", help="Address to listen on (SELFSAME_HOST).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on, 0 for a free one (SELFSAME_PORT).")
@click.option("--public", is_flag=True, help="Allow an address that other machines can reach.")
@json_option
def command(host: str | None, port: int | None, public: bool, as_json: bool) -> None:
    """Start the database, the engines and the server, until Ctrl-C or SIGTERM.

    With --json, prints one line {"event": "listening", "url": ...} once it answers.
    """
    settings = read_settings()
    settings = replace(settings, host=host or settings.host, port=settings.port if port is None else port)
    if not settings.is_private and not public:
        raise BadInput(
            f"{settings.host} can be reached from other machines, where whoever comes first would meet your clones; "
            "say --public if that is meant, and put TLS in front"
        )
    with contextlib.closing(listen(settings.host, settings.port)) as listener:
        run(_serve, settings, listener, as_json)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, taken before anything heavy starts. Raises Unavailable when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(256)
    except (OSError, OverflowError) as fault:
        listener.close()
        raise _cannot_listen(host, port, fault) from fault
    return listener


def _cannot_listen(host: str, port: int, fault: Exception) -> Exception:
    number = getattr(fault, "errno", None)
    if number == errno.EADDRINUSE:
        message = f"port {port} is taken; stop what uses it, or choose another: selfsame serve --port 0"
        return Unavailable(message, role="models", provider="network")
    if number == errno.EACCES:
        return BadInput(f"port {port} needs special rights; choose one above 1023")
    return BadInput(f"cannot listen on {host}: {fault}")


async def _serve(settings: Settings, listener: socket.socket, as_json: bool) -> None:
    async with open_product(settings) as product:
        url = _address(listener)
        config = uvicorn.Config(product.app, interface="asgi3", log_config=None, **SERVER_OPTIONS)
        server = Server(config, lambda: announce(product, url, as_json))
        async with background() as tasks:
            tasks.start_soon(_stop_on_signal, server)
            await server.serve(sockets=[listener])
    log.info("stopped")


class Server(uvicorn.Server):
    """uvicorn that says when it answers, and leaves the signals to us: the product must stop after the server."""

    def __init__(self, config: uvicorn.Config, when_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._when_ready = when_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.should_exit:
            self._when_ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _stop_on_signal(server: uvicorn.Server) -> None:
    """The first signal asks politely, the second does not wait for open connections."""
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async for _ in signals:
            server.force_exit = server.should_exit
            server.should_exit = True


def _address(listener: socket.socket) -> str:
    bound, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bound, str(bound))
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def announce(product: Product, url: str, as_json: bool) -> None:
    """Say where to look and who is at work."""
    engines: list[dict[str, Any]] = [choice_row(choice) for choice in product.report]
    if as_json:
        emit({"event": "listening", "url": url, "engines": engines})
        return
    click.echo(f"\n  Selfsame is ready: open {url}\n")
    for engine in engines:
        click.echo(f"  {engine['role']:<10} {engine['name']} ({engine['tier']})")
    hints = [engine["hint"] for engine in engines if engine["hint"]]
    if hints:
        click.echo("\n  Better, when you like:")
        for hint in dict.fromkeys(hints):
            click.echo(f"    {hint}")
    click.echo("\n  Stop with Ctrl-C.\n")
