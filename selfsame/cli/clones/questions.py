"""`selfsame clone questions`: what a clone could not answer, and the owner's own answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from selfsame.cli.output import emit, json_option, read_settings, table
from selfsame.cli.product import Library, open_product
from selfsame.errors import BadInput

if TYPE_CHECKING:
    from selfsame.clones.clone import Clone
    from selfsame.settings import Settings

Act = Callable[[Library, "Clone"], Awaitable[dict[str, Any]]]
clone_option = click.option("--clone", help="Slug or id; otherwise the default clone.")


@click.group()
def command() -> None:
    """See what a clone could not answer; answer it once; correct answers that were wrong."""


@command.command("list")
@clone_option
@json_option
def list_questions(clone: str | None, as_json: bool) -> None:
    """List the questions that wait for an answer, most asked first, and the answers given so far."""
    from selfsame.channels.questions import shown_answer, shown_question

    async def act(library: Library, clone: Clone) -> dict[str, Any]:
        waiting = await library.answers.unanswered(clone.owner_id, clone.id)
        given = await library.answers.answers(clone.owner_id, clone.id)
        return {
            "unanswered": [shown_question(q).as_json() for q in waiting],
            "answers": [shown_answer(a).as_json() for a in given],
        }

    def readable(done: dict[str, Any]) -> str:
        waiting = [(q["times"], q["lastAskedAt"][:10], q["question"], q["id"]) for q in done["unanswered"]]
        given = [(a["question"], a["answer"], a["id"]) for a in done["answers"]]
        first = table(waiting, ("times", "last", "question", "id")) if waiting else "No question waits for an answer."
        return first + ("\n\n" + table(given, ("answered", "answer", "id")) if given else "")

    _do(clone, act, as_json, readable)


@command.command("answer")
@click.argument("question_id", type=click.UUID)
@click.argument("answer")
@clone_option
@json_option
def answer_question(question_id: UUID, answer: str, clone: str | None, as_json: bool) -> None:
    """Answer a question of the list once; the clone knows it from then on."""
    from selfsame.channels.questions import shown_answer

    async def act(library: Library, clone: Clone) -> dict[str, Any]:
        return shown_answer(await library.answers.answer(clone.owner_id, clone.id, question_id, answer)).as_json()

    _do(clone, act, as_json, _known)


@command.command("correct")
@click.argument("answer")
@click.option("--question", help="The question's text.")
@click.option("--conversation", type=click.UUID, help="Or a conversation of yours, with --turn.")
@click.option("--turn", type=click.IntRange(0), help="Which of its turns was answered wrongly.")
@clone_option
@json_option
def correct(
    answer: str, question: str | None, conversation: UUID | None, turn: int | None, clone: str | None, as_json: bool
) -> None:
    """Say what the clone is to answer to a question, whatever its documents say."""
    from selfsame.channels.questions import shown_answer

    if (question is None) == (conversation is None) or (conversation is None) != (turn is None):
        raise BadInput("name what is corrected: either --question, or --conversation and --turn")

    async def act(library: Library, clone: Clone) -> dict[str, Any]:
        desk, owner = library.answers, clone.owner_id
        if conversation is not None and turn is not None:
            return shown_answer(await desk.correct_turn(owner, clone.id, conversation, turn, answer)).as_json()
        return shown_answer(await desk.correct(owner, clone.id, question or "", answer)).as_json()

    _do(clone, act, as_json, _known)


@command.command("undo")
@click.argument("answer_id", type=click.UUID)
@clone_option
@json_option
def undo(answer_id: UUID, clone: str | None, as_json: bool) -> None:
    """Take an answer or a correction back."""

    async def act(library: Library, clone: Clone) -> dict[str, Any]:
        await library.answers.undo(clone.owner_id, clone.id, answer_id)
        return {"undone": str(answer_id)}

    _do(clone, act, as_json, lambda done: f"Taken back: {done['undone']}")


@command.command("dismiss")
@click.argument("question_id", type=click.UUID)
@clone_option
@json_option
def dismiss(question_id: UUID, clone: str | None, as_json: bool) -> None:
    """Forget a question of the list."""

    async def act(library: Library, clone: Clone) -> dict[str, Any]:
        await library.answers.dismiss(clone.owner_id, question_id)
        return {"dismissed": str(question_id)}

    _do(clone, act, as_json, lambda done: f"Forgotten: {done['dismissed']}")


@command.command("rules")
@click.option("--adherence", type=click.Choice(["strict", "adaptive", "creative"]), help="How it keeps to its sources.")
@click.option("--no-answer", nargs=2, multiple=True, metavar="LANGUAGE TEXT", help="What it says without an answer.")
@clone_option
@json_option
def rules(adherence: str | None, no_answer: tuple[tuple[str, str], ...], clone: str | None, as_json: bool) -> None:
    """Show how the clone keeps to its sources, or change it; --no-answer EN "..." may be repeated by language."""
    from selfsame.channels.questions import shown_answering

    async def act(library: Library, clone: Clone) -> dict[str, Any]:
        messages = dict(clone.no_answer) | dict(no_answer) if no_answer else None
        if adherence is None and messages is None:
            return shown_answering(clone).as_json()
        return shown_answering(await library.set_answering(clone.id, clone.owner_id, adherence, messages)).as_json()

    def readable(done: dict[str, Any]) -> str:
        said = [f"  {language}: {text}" for language, text in done["noAnswer"].items()]
        return "\n".join(
            [f"adherence: {done['adherence']}", *(said or ["  without an answer: the product's own words"])]
        )

    _do(clone, act, as_json, readable)


def _known(done: dict[str, Any]) -> str:
    return f"From now on: {done['question']}\n  {done['answer']}\n  ({done['id']})"


def _do(clone: str | None, act: Act, as_json: bool, readable: Callable[[dict[str, Any]], str]) -> None:
    """Open the product, act on the owner's clone, print."""
    from selfsame.kit.tasks import run

    done = run(_acted, read_settings(quiet=True), clone, act)
    if as_json:
        emit(done)
    else:
        click.echo(readable(done))


async def _acted(settings: Settings, name: str | None, act: Act) -> dict[str, Any]:
    async with open_product(settings) as product:
        clone = await product.library.find_clone(name, product.owner_id)
        if clone.owner_id != product.owner_id:
            raise BadInput("this clone is somebody else's; name one of your own")
        return await act(product.library, clone)
