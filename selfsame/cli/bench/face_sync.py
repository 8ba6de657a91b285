"""`selfsame bench face-sync`: the face against its sound, on the page in a real browser and on the wire."""

from __future__ import annotations

import os
from dataclasses import asdict, replace
from typing import Any, Literal

import anyio
import click

from selfsame.channels.wire import server as s
from selfsame.cli.bench.options import common, server, show
from selfsame.evaluator import page_face
from selfsame.evaluator.client import Call, CallOptions, Lost, Pictured, call
from selfsame.evaluator.face_sync import NEAR_MS, FaceSync, measure
from selfsame.evaluator.figures import percentile, spread
from selfsame.evaluator.questions import GUIDE_QUESTIONS
from selfsame.evaluator.server import Server
from selfsame.kit.clock import SYSTEM
from selfsame.kit.tasks import offload

_WIRE_QUESTIONS = 3


@click.command("face-sync")
@click.option("--minutes", type=click.FloatRange(0.1, 60), default=1.0, show_default=True, help="On the page.")
@click.option(
    "--edge", type=click.IntRange(128, 1024), default=512, show_default=True, help="Of the canvas, in pixels."
)
@click.option("--wire-only", is_flag=True, help="Without a browser: pictures on the wire alone.")
@common
def command(minutes: float, edge: int, wire_only: bool, url: str | None, clone: str | None, as_json: bool) -> None:
    """Ask one question after the other; print how far the face lies from its sound, and whether it drifts.

    On the page, in headless Chromium (needs Chromium and Playwright): a tap beside the loudspeaker notes what leaves
    the audio graph when, the replies are found in it by their sound, and each picture is held against it. A picture is
    taken to be on the screen one frame after it was drawn, and sound to be heard when the browser says so: a screen's
    and a sound card's own delays are not measured. On the wire: a client that plays behind a jitter buffer of 60 ms,
    and how long before or after its sound each picture comes.
    """
    result = anyio.run(_run, page_face.Visit(url or "", 60 * minutes, edge, GUIDE_QUESTIONS, clone), wire_only)
    show(as_json, result, readable(result))


async def _run(wish: page_face.Visit, wire_only: bool) -> dict[str, Any]:
    why = None if wire_only else page_face.missing()
    async with server(wish.url or None) as own:
        loads = [os.getloadavg()[0]]
        page = None if wire_only or why else await _on_page(own, wish)
        loads.append(os.getloadavg()[0])
        wire = {form: await _on_wire(own, wish.clone, form) for form in ("jpeg", "h264")}
    return {"benchmark": "face-sync", "load": loads, "page": page, "noPage": why, "wire": wire}


# --- on the page -----------------------------------------------------------------------------------------------------


async def _on_page(own: Server, wish: page_face.Visit) -> dict[str, Any]:
    recording, replies, edge = await page_face.visit(replace(wish, url=own.url), SYSTEM)
    return page_row(await offload(measure, recording, replies), edge)


def page_row(found: FaceSync, edge: int) -> dict[str, Any]:
    """The figures as JSON."""
    row = {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(found).items()}
    return row | {"edge": edge, "first": spread(found.first)}


# --- on the wire -----------------------------------------------------------------------------------------------------


async def _on_wire(own: Server, clone: str | None, form: Literal["jpeg", "h264"]) -> dict[str, Any]:
    token, address = await own.token(clone)
    pictures: list[Pictured] = []
    first: list[float] = []
    async with call(address, token, SYSTEM, CallOptions(clone, video=form)) as line:
        opened = SYSTEM.now()
        await line.until_pictured(within=30.0)
        opened = SYSTEM.now() - opened
        for question in GUIDE_QUESTIONS[:_WIRE_QUESTIONS]:
            began = len(line.pictures)
            turn = await _answered(line, question)
            audible = line.playout.heard[turn].first_audible
            own_pictures = [one for one in line.pictures[began:] if one.turn == turn]
            pictures += own_pictures
            if audible is not None and own_pictures:
                first.append(1000 * (own_pictures[0].at - audible))
    return wire_row(pictures, first) | {"idleAfterMs": round(1000 * opened)}


async def _answered(line: Call, question: str) -> int:
    """Ask by text and listen to the end of the answer; its turn. Raises Lost."""
    place = len(line.log)
    await line.type(question)
    _, end = await line.until(s.ResponseEnd, after=place, within=90.0)
    if end.turn_id not in line.playout.heard:
        raise Lost("the answer could not be heard")
    return end.turn_id


def wire_row(pictures: list[Pictured], first: list[float]) -> dict[str, Any]:
    """How long before (negative) or after its sound each picture came, in ms; how late a client shows it.

    A client holds a picture until its sound is heard, so one that comes early is in time; what comes late is shown so
    much too late.
    """
    behind = [one.played - one.timestamp for one in pictures]
    late = [max(0.0, one) for one in behind]
    steps = [after.timestamp - before.timestamp for before, after in zip(pictures, pictures[1:], strict=False)]
    return {
        "pictures": len(pictures),
        "edge": pictures[-1].edge if pictures else 0,
        "arrives": {"p5": round(percentile(behind, 0.05), 1)} | spread(behind),
        "late": spread(late),
        "near": round(sum(one <= NEAR_MS for one in late) / len(late), 4) if late else None,
        "stepMs": spread(step for step in steps if step > 0),
        "first": spread(first),
    }


def readable(result: dict[str, Any]) -> str:
    """The figures as lines."""
    lines = [f"load average {result['load'][0]:.1f} at the start, {result['load'][1]:.1f} behind the page"]
    page = result["page"]
    if page is None:
        lines.append(f"the page was not measured: {result['noPage'] or 'as asked'}")
    else:
        slope = "-" if page["slope"] is None else f"{page['slope']:+.3f}"
        lines += [
            f"page, {page['edge']} px, {page['minutes']:.1f} min, {page['replies']} replies, {page['lost']} not found "
            f"again, {page['frames']} pictures while one was heard:",
            f"  offset p5 {page['p5']:.1f}, p50 {page['p50']:.1f}, p95 {page['p95']:.1f}, worst {page['worst']:.1f} ms "
            f"(positive: the picture is late); within {NEAR_MS:g} ms {100 * page['near']:.2f} %; drift {slope} ms/min",
            f"  the idle face although a reply was heard: {100 * page['idle']:.2f} % of pictures; first picture in "
            f"sync {page['first']['p50']} ms (p50), {page['first']['p95']} (p95), {page['first']['max']} (max) after "
            "the first audible sample",
            f"  {page['fps']:.1f} pictures a second; main thread {page['cost_p50']:.1f} ms a picture (p50), "
            f"{page['cost_p95']:.1f} (p95)",
        ]
    for form, row in result["wire"].items():
        arrives, late, first = row["arrives"], row["late"], row["first"]
        lines.append(
            f"wire {form:<5} {row['pictures']} pictures of {row['edge']} px, one per {row['stepMs']['p50']} ms: come "
            f"{arrives['p5']} (p5), {arrives['p50']} (p50), {arrives['p95']} (p95), {arrives['max']} ms (max) after "
            f"their sound; late by {late['p95']} (p95), {late['max']} (max); first picture {first['p50']} (p50), "
            f"{first['max']} (max) after the first audible sample, the idle face {row['idleAfterMs']} ms after `ready`"
        )
    return "\n".join(lines)
