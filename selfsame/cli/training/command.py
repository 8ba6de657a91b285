"""`selfsame models train`: make the small networks that ship with the product."""

from __future__ import annotations

from pathlib import Path

import click

from selfsame.cli.output import emit, json_option


@click.group("train")
def command() -> None:
    """Train the small networks that ship with the product."""


@command.command("sound-to-visemes")
@click.option("--out", type=click.Path(path_type=Path), help="Where to write the weights; by default where they ship.")
@click.option("--minutes", default=60.0, help="How much speech to make.")
@click.option("--epochs", default=24, help="How often to go through it.")
@click.option("--seed", default=1, help="Another seed, another network.")
@json_option
def sound_to_visemes(out: Path | None, minutes: float, epochs: int, seed: int, as_json: bool) -> None:
    """Train the network that moves the mouth by the sound alone, and score it on voices it never heard.

    Some four minutes of one core; the speech comes from the embedded synthesiser.
    """
    from selfsame.cli.training.sound_to_visemes import Options, score, train
    from selfsame.face.sound import network

    made = train(Options(minutes, epochs, seed=seed), lambda line: click.echo(line, err=True))
    path = out or Path(network.__file__).with_name(network.FILE)
    network.save(made, str(path))
    told = {"file": str(path), "bytes": path.stat().st_size, "held_out": score(made, 120, seed + 1000)}
    if as_json:
        emit(told)
    else:
        click.echo(f"{path}: {told['bytes']} bytes; correlation with the phoneme track on unseen voices:")
        for channel, value in told["held_out"].items():
            click.echo(f"  {channel:16} {value}")
