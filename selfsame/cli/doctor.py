"""`selfsame doctor`: what was chosen for each role, why, and what is missing."""

from __future__ import annotations

import anyio
import click

from selfsame.cli import exits
from selfsame.cli.checking.checks import Check, assembled, configuration, machine, model_files, page
from selfsame.cli.output import emit, json_option, read_settings, table
from selfsame.settings import Settings, describe

MARKS = {"ok": "ok  ", "note": "note", "bad": "BAD "}


@click.command()
@click.option("--thorough", is_flag=True, help="Hash every model file again.")
@json_option
def command(thorough: bool, as_json: bool) -> None:
    """Look at the machine, the settings with their sources, the models, the database and each role's engine.

    Exit code 0 when all that is needed is there, 1 when not. A note is something that could be better.
    """
    settings = read_settings(quiet=True)
    checks = [*machine(settings), *configuration(settings), *model_files(settings, thorough=thorough), page(settings)]
    from_product, engines = anyio.run(assembled, settings)
    checks += from_product
    healthy = all(check.grade != "bad" for check in checks)
    if as_json:
        emit(
            {
                "status": "healthy" if healthy else "degraded",
                "settings": describe(settings),
                "checks": [_row(check) for check in checks],
                "engines": engines,
            }
        )
    else:
        _print(settings, checks, healthy)
    if not healthy:
        raise click.exceptions.Exit(exits.FAILED)


def _print(settings: Settings, checks: list[Check], healthy: bool) -> None:
    click.echo("Settings\n")
    click.echo(
        table(((row["name"], row["value"], row["source"]) for row in describe(settings)), ("name", "value", "from"))
    )
    area = ""
    for check in checks:
        if check.area != area:
            area = check.area
            click.echo(f"\n{area.capitalize()}\n")
        click.echo(f"{MARKS[check.grade]}  {check.name:<18} {check.found}")
        if check.remedy and check.grade != "ok":
            click.echo(f"{'':<25}-> {check.remedy}")
    click.echo("\n" + ("Healthy." if healthy else "Something that is needed is missing; see the lines marked BAD."))


def _row(check: Check) -> dict[str, str]:
    return {
        "area": check.area,
        "name": check.name,
        "grade": check.grade,
        "found": check.found,
        "remedy": check.remedy,
    }
