"""`selfsame models`: list, pull and check the model files."""

from __future__ import annotations

from typing import Any

import click

from selfsame.cli import exits
from selfsame.cli.output import emit, json_option, megabytes, read_settings, show_progress, table
from selfsame.cli.training.command import command as train
from selfsame.models.check import Status, status
from selfsame.models.manifest import MINILM, MODELS, SPEAKER, HubRepo, Wheel
from selfsame.models.pull import Builder, PullOptions, pull, select


@click.group()
def command() -> None:
    """List, pull and check the model files."""


command.add_command(train)


@command.command("list")
@json_option
def list_models(as_json: bool) -> None:
    """List the models: role, tier, size, licence, and whether they are here."""
    found = [status(model, read_settings().models_dir) for model in MODELS]
    if as_json:
        emit({"models": [row(item) for item in found]})
        return
    rows = [
        (s.model.name, s.model.role, s.model.tier, megabytes(s.model.size), s.model.licence, s.state, s.model.about)
        for s in found
    ]
    click.echo(table(rows, ("name", "role", "tier", "size", "licence", "state", "what it does")))


@command.command("pull")
@click.argument("names", nargs=-1)
@click.option("--force", is_flag=True, help="Pull again what is here already.")
@click.option("--quiet", is_flag=True, help="Say nothing about models that are here already.")
@json_option
def pull_models(names: tuple[str, ...], force: bool, quiet: bool, as_json: bool) -> None:
    """Bring model files here: the embedded tier, or the NAMES, roles or tiers given.

    A broken download goes on where it stopped. Every file is checked by SHA-256.
    """
    settings = read_settings()
    options = PullOptions(settings.models_dir, builders(), show_progress, force)
    done = []
    for model in select(names):
        missing = status(model, settings.models_dir).state != "ready"
        if missing and not as_json:
            click.echo(f"Pulling {model.name}: {megabytes(model.source.size)}, {model.licence}", err=True)
        if missing or force or not quiet:
            done.append(pull(model, options))
    if as_json:
        emit({"models": [row(item) for item in done]})
    elif done:
        click.echo(table((item.model.name, item.state, item.folder) for item in done))


@command.command("check")
@click.argument("names", nargs=-1)
@json_option
def check_models(names: tuple[str, ...], as_json: bool) -> None:
    """Hash every file of the models that are here, or of the NAMES given; exit code 1 when one is not whole."""
    models_dir = read_settings().models_dir
    chosen = select(names) if names else [m for m in MODELS if (models_dir / m.name).is_dir()]
    found = [status(model, models_dir, thorough=True) for model in chosen]
    if as_json:
        emit({"models": [row(item) for item in found]})
    elif found:
        click.echo(table((item.model.name, item.state, item.problem) for item in found))
    else:
        click.echo("No model is here yet; get them with: selfsame models pull")
    if any(item.state != "ready" for item in found):
        raise click.exceptions.Exit(exits.FAILED)


def builders() -> dict[str, Builder]:
    """What makes the files that are built from others; imported late because `onnx` is slow to load."""

    def build_minilm(folder: Any) -> None:
        from selfsame.providers.embedded.minilm.build import build

        build(folder)

    def build_speaker(folder: Any) -> None:
        from selfsame.providers.embedded.speaker.build import build

        build(folder)

    return {MINILM.name: build_minilm, SPEAKER.name: build_speaker}


def row(item: Status) -> dict[str, Any]:
    """A status as JSON."""
    model, source = item.model, item.model.source
    if isinstance(source, Wheel):
        origin = f"{source.package}=={source.version}"
    else:
        origin = source.repo if isinstance(source, HubRepo) else source.where
    return {
        "name": model.name,
        "role": model.role,
        "tier": model.tier,
        "about": model.about,
        "licence": model.licence,
        "bytes": model.size,
        "from": origin,
        "state": item.state,
        "problem": item.problem,
        "folder": str(item.folder),
    }
