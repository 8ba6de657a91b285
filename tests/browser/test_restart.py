"""The server dies in the middle of an answer: the page comes back by itself and the conversation goes on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Page, expect

from selfsame.stores.postgres.supervisor import DATABASE, EmbeddedPostgres
from tests.browser.browsers import chromium
from tests.browser.pages import ask, finish, log_of, open_page, remember, state_of, turns_of
from tests.support.serving import Server, link_models


@pytest.fixture
def own_server(ready: None, tmp_path: Path) -> Iterator[Server]:
    """A server that a test may kill, with nothing left behind."""
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    tmp_path.chmod(0o755)
    link_models(home)
    server = Server(home).start()
    yield server
    server.stop()
    database = EmbeddedPostgres(home)
    if database.alive():  # the server was killed and not started again
        database.start()
        database.stop()


def committed(server: Server) -> list[tuple[int, str, bool]]:
    """Number, question and whether it was interrupted, of every turn in the database."""
    with psycopg.connect(EmbeddedPostgres(server.home).url(DATABASE)) as connection:
        rows = connection.execute("select turn, user_transcript, interrupted from conversation_turns order by turn")
        return [(row[0], row[1], row[2]) for row in rows]


def die_while_speaking(page: Page, server: Server) -> None:
    ask(page, "what are the three tiers")
    expect(state_of(page)).to_have_text("Speaking")
    expect(log_of(page)).to_contain_text("embedded tier")
    server.kill()
    expect(page.get_by_text("Connection lost")).to_be_visible()
    expect(page.get_by_text(re.compile(r"again in \d+ s"))).to_be_visible()
    expect(state_of(page)).to_have_text("Reconnecting\u2026")


def test_after_the_server_was_killed_the_conversation_goes_on(own_server: Server) -> None:
    with chromium() as context:
        page = open_page(context, own_server)
        remember(page)
        ask(page, "who are you")
        expect(log_of(page)).to_contain_text("the guide to Selfsame")
        finish(page)
        die_while_speaking(page, own_server)
        assert [turn[1] for turn in committed(own_server)] == ["who are you"]

        own_server.start()
        expect(page.get_by_text("Connected", exact=True)).to_be_visible()
        expect(log_of(page).get_by_text(re.compile("Answered in"))).to_have_count(2)
        ask(page, "which database does it use")
        expect(log_of(page)).to_contain_text(re.compile("Postgres", re.I))
        finish(page)
        expect(log_of(page).get_by_text(re.compile("Answered in"))).to_have_count(3)

        questions = ["who are you", "what are the three tiers", "which database does it use"]
        turns = turns_of(page)
        assert [turn.split("\n")[1] for turn in turns] == questions, "each once, in order"
        assert turns[1].count("embedded tier") == 1, "the answer is not doubled"
        assert committed(own_server) == [(number, text, False) for number, text in enumerate(questions, 1)]
