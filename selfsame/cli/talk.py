"""`selfsame talk`: one turn from a sound file, or a conversation in the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import anyio
import click
import numpy as np

from selfsame.cli.output import emit, json_option, read_settings
from selfsame.cli.product import Product, open_product
from selfsame.cli.talking.show import LiveView, sources, waterfall
from selfsame.cli.talking.sound import Lines, Player, find_player, read_question, write_answer
from selfsame.cli.talking.turn import Talk, Turn, turn_row
from selfsame.conversation.port import LiveSession, OpenRequest
from selfsame.events.told import ReplySpoken, Told
from selfsame.events.turns import LanguageChosen, Mode, ModeChosen
from selfsame.kit.pcm import Pcm
from selfsame.kit.tasks import offload
from selfsame.settings import Settings

MODES = ("faster", "planning", "detailed")
LANGUAGES = ("auto", "EN", "ZH", "ES")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asks for."""

    clone: str | None
    language: str
    mode: Mode
    out: Path | None
    as_json: bool


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Write the answer's sound to this WAV file.")
@click.option("--clone", help="The clone to talk with; default: the demonstration clone.")
@click.option("--language", type=click.Choice(LANGUAGES, case_sensitive=False), default="auto", show_default=True)
@click.option("--mode", type=click.Choice(MODES), default="planning", show_default=True)
@json_option
def command(file: Path | None, **options: Any) -> None:
    """Ask FILE (a recorded question) and print transcript, answer, sources and the waterfall of the turn.

    The file is heard at the pace of a microphone, so the times are those of a live call. Without FILE, type in the
    terminal: the answer is shown, and played where a player program (paplay, aplay, ffplay, play) is installed.
    """
    wish = Wish(options["clone"], options["language"], cast(Mode, options["mode"]), options["out"], options["as_json"])
    question = read_question(file) if file is not None else None
    if wish.out is not None and not wish.out.absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder {wish.out.parent}", param_hint="--out")
    anyio.run(_talk, read_settings(quiet=True), wish, question)


async def _talk(settings: Settings, wish: Wish, question: Pcm | None) -> None:
    async with open_product(settings) as product:
        session = await _open(product, wish)
        try:
            if question is not None:
                await _ask_file(session, wish, question)
            else:
                await _converse(session, wish)
        finally:
            with anyio.CancelScope(shield=True), anyio.move_on_after(5):
                await session.close()


async def _open(product: Product, wish: Wish) -> LiveSession:
    request = OpenRequest(product.owner_id, clone=wish.clone, language=wish.language, mode=wish.mode)
    return await product.sessions.open(request)


async def _ask_file(session: LiveSession, wish: Wish, question: Pcm) -> None:
    view = LiveView(session.clone.name)

    async def silent(_told: Told) -> None:
        return None

    turns = await Talk(session, silent if wish.as_json else view.watch).ask_aloud(question)
    await _write(turns, wish)
    if wish.as_json:
        audio = {"out": str(wish.out)} if wish.out else {}
        emit({"clone": session.clone.name, **turn_row(turns[-1]), "turns": [turn_row(t) for t in turns], **audio})
        return
    for turn in turns:
        _show(turn)
    if wish.out:
        click.echo(f"\n  answer written to {wish.out}")


async def _write(turns: list[Turn], wish: Wish) -> None:
    if wish.out is not None:
        rate = turns[-1].rate
        pcm = np.concatenate([turn.pcm for turn in turns if turn.rate == rate])
        await offload(write_answer, wish.out, pcm, rate)


def _show(turn: Turn) -> None:
    if turn.sources:
        click.echo("\n  sources\n" + sources(turn))
    click.echo("\n" + waterfall(turn.metrics))


async def _converse(session: LiveSession, wish: Wish) -> None:
    """Lines in, answers out, until the end of the input or /quit."""
    program = None if wish.as_json else find_player()
    player = Player(program) if program else None
    if not wish.as_json:
        click.echo(f"  You are talking with {session.clone.name}. Type a question; /help lists what else there is.")
        if player is None:
            click.echo("  No player program was found (paplay, aplay, ffplay, play): answers are shown, not played.")
    view = LiveView(session.clone.name, typed=True)

    async def watch(told: Told) -> None:
        if not wish.as_json:
            await view.watch(told)
        if player is not None and isinstance(told, ReplySpoken):  # the variable changes when a player is given up
            await player.play(told.chunk.pcm, told.chunk.sample_rate)

    talk, lines = Talk(session, watch), Lines()
    while True:
        if not wish.as_json:
            click.echo("> ", nl=False)
        line = await lines.next()
        if line is None or line in ("/quit", "/exit"):
            break
        if line.startswith("/"):
            click.echo(_obey(session, line), err=wish.as_json)
        elif line:
            await talk.ask(line)
            player = await _heard_out(player, wish)
    await _write_all(talk.turns, session, wish)


async def _heard_out(player: Player | None, wish: Wish) -> Player | None:
    """Wait for the end of the sound; a player that cannot play is given up, and the user told."""
    if player is None:
        return None
    await player.finish()
    if not player.mute:
        return player
    click.echo(f"  {player.program} cannot play sound here: answers are shown only.", err=wish.as_json)
    return None


async def _write_all(turns: list[Turn], session: LiveSession, wish: Wish) -> None:
    if turns:
        await _write(turns, wish)
    if wish.as_json:
        emit({"clone": session.clone.name, "turns": [turn_row(turn) for turn in turns]})
    elif turns:
        click.echo("\n" + waterfall(turns[-1].metrics))


def _obey(session: LiveSession, line: str) -> str:
    """Carry out a slash command and say what happened."""
    word, _, value = line[1:].partition(" ")
    value = value.strip()
    if word == "mode" and value in MODES:
        session.receive(ModeChosen(cast(Mode, value)))
        return f"  mode: {value}"
    if word == "language" and value.upper() in (*LANGUAGES[1:], "AUTO"):
        chosen = "auto" if value.lower() == "auto" else value.upper()
        session.receive(LanguageChosen(chosen))
        return f"  language: {chosen}"
    return "  /mode faster|planning|detailed   /language auto|EN|ZH|ES   /quit"
