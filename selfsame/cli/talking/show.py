"""How a turn looks in a terminal: live transcript, answer, sources, waterfall."""

from __future__ import annotations

import sys

import click

from selfsame.cli.talking.turn import Turn
from selfsame.events.told import ReplyEnded, ReplySpoken, ReplyText, StateChanged, Told, Trouble, UserHeard
from selfsame.events.turns import TurnMetrics

WIDTH = 44
STAGES = (
    ("endpointing", "end of speech confirmed"),
    ("asr", "words settled"),
    ("rag", "knowledge searched"),
    ("llm", "first sentence thought"),
    ("tts", "first sound made"),
)


def waterfall(metrics: TurnMetrics) -> str:
    """The turn's stages as aligned bars, one after the other, in milliseconds; the total below.

    Stages that speculation ran during another one's wait can add up to more than the total.
    """
    spans = [(name, getattr(metrics, name), about) for name, about in STAGES]
    scale = max(metrics.total, sum(length for _, length, _ in spans), 1.0)
    lines, begin = [], 0.0
    for name, length, about in spans:
        left = round(WIDTH * begin / scale)
        bar = max(round(WIDTH * length / scale), 1 if length > 0 else 0)
        lines.append(f"  {name:<12}{length:>7.0f} ms  {(' ' * left + '█' * bar)[:WIDTH]:<{WIDTH}}  {about}")
        begin += length
    note = ", answer begun before the end was certain" if metrics.speculated else ""
    lines.append(f"  {'total':<12}{metrics.total:>7.0f} ms  end of speech to first sound{note}")
    return "\n".join(lines)


def sources(turn: Turn) -> str:
    """The passages an answer rests on, one a line."""
    lines = []
    for number, source in enumerate(turn.sources, start=1):
        place = " > ".join(part for part in (source.title, source.heading, source.locator) if part)
        lines.append(f"  [{number}] {place} ({source.score:.2f})")
    return "\n".join(lines)


class LiveView:
    """Prints what the session tells as it comes: the transcript on one changing line, then the answer."""

    def __init__(self, name: str, *, typed: bool = False) -> None:
        self._name = name
        self._typed = typed  # what was typed is on the screen already
        self._live = sys.stdout.isatty()
        self._speaking = False
        self._last = ""

    async def watch(self, told: Told) -> None:
        """Take the next thing told."""
        match told:
            case UserHeard() if self._typed:
                pass
            case UserHeard(is_final=False) if self._live:
                click.echo(f"\r\033[K  you: {told.text} …", nl=False)
            case UserHeard(is_final=True):
                click.echo(("\r\033[K" if self._live else "") + f"  you: {told.text}")
            case ReplySpoken():
                self._say(told.chunk.text)
            case ReplyText():
                self._say(told.text)
            case ReplyEnded():
                click.echo(" —" if told.interrupted else "")
                self._speaking, self._last = False, ""
            case StateChanged(notice=str(notice)):
                click.echo(f"  ({notice})", err=True)
            case Trouble():
                click.echo(f"  trouble: {told.message} [{told.code}]", err=True)
            case _:
                pass

    def _say(self, text: str) -> None:
        if not text:
            return
        if not self._speaking:
            click.echo(f"  {self._name}: ", nl=False)
            self._speaking = True
        gap = self._last and not self._last[-1].isspace() and text[0].isalnum() and self._last[-1].isascii()
        click.echo((" " if gap else "") + text, nl=False)
        sys.stdout.flush()
        self._last = text
