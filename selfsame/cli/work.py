"""`selfsame work`: a worker in a process of its own."""

from __future__ import annotations

import signal
from dataclasses import replace
from functools import partial

import anyio
import click
import structlog

from selfsame.cli.output import emit, json_option, read_settings
from selfsame.kit.tasks import background, run
from selfsame.settings import Settings

log = structlog.get_logger(__name__)


@click.command()
@click.option("--slots", type=click.IntRange(1, 64), default=1, show_default=True, help="Jobs at once.")
@json_option
def command(slots: int, as_json: bool) -> None:
    """Do what was ordered (faces, clips, erasing) until Ctrl-C or SIGTERM.

    A server does such work itself, one job at a time. To keep it free for conversations, start it with
    SELFSAME_WORK_SLOTS=0 and run this beside it: on the same SELFSAME_HOME (or the same SELFSAME_DATABASE_URL with the
    same folder of files). Any number may run. One that is stopped gives its jobs back, and others go on with them at
    the last step that was done; one that is killed loses them after half a minute.
    """
    run(_work, read_settings(), slots, as_json)


async def _work(settings: Settings, slots: int, as_json: bool) -> None:
    from selfsame.jobs.worker import WorkerOptions, run_worker
    from selfsame.wiring.product import open_product

    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async with open_product(replace(settings, work_slots=0)) as product, background() as tasks:
            making, studio = product.making, product.making.studio
            options = WorkerOptions(slots=slots)
            tasks.start_soon(partial(run_worker, studio.worker, making.handlers, options, bell=studio.bell))
            kinds = sorted(kind.name for kind in making.handlers)
            if as_json:
                emit({"event": "working", "slots": slots, "kinds": kinds})
            else:
                click.echo(f"\n  Working, {slots} at once: {', '.join(kinds)}. Stop with Ctrl-C.\n")
            async for _ in signals:
                break
    log.info("stopped")
