"""The studio's knowledge step: files in, their states, a search that finds, an answer given once, time to undo."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser import owner
from tests.browser.axe import serious
from tests.browser.browsers import chromium
from tests.browser.pages import ask, box_of, finish, give, remember
from tests.support.serving import Server

pytestmark = pytest.mark.usefixtures("ready")
KETTLES = b"# Kettles\n\nThe red kettle boils a litre of water in two minutes. Its guarantee lasts three years.\n"
LIST = b"name,price,currency,category\nRed kettle,24.90,EUR,Kitchen\n,3,EUR,Kitchen\nBlue pot,about ten,EUR,Kitchen\n"
TABS = ("documents", "products", "questions", "find", "sources")


def file(name: str, data: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def knowing_nothing(server: Server) -> str:
    """A clone's slug."""
    return owner.begin_clone(server, "Ada")


@contextmanager
def knowledge_of(server: Server, clone: str, tab: str = "documents", **context: Any) -> Iterator[Page]:
    """The knowledge step of a clone, at a tab. Nothing may go wrong in its scripts."""
    with chromium(**context) as browser:
        page = browser.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        show(page, server, clone, tab)
        yield page
        assert faults == []


def show(page: Page, server: Server, clone: str, tab: str) -> None:
    page.goto(f"{server.url}/studio/{clone}/knowledge?tab={tab}")
    expect(page.get_by_role("tab", selected=True)).to_be_visible()


def row_of(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has_text=name)


def upload(page: Page, *files: FilePayload) -> None:
    give(page, "Give your clone", files)


def search(page: Page, question: str) -> None:
    page.get_by_role("searchbox", name="Ask a question as a visitor would").fill(question)
    page.get_by_role("button", name="Search", exact=True).click()


def delete(page: Page, name: str) -> None:
    page.get_by_role("button", name=f"More for {name}").click()
    page.get_by_role("menuitem", name="Delete").click()


def test_good_and_bad_files_are_told_apart_and_what_was_read_is_found(server: Server) -> None:
    with knowledge_of(server, knowing_nothing(server)) as page:
        expect(page.get_by_role("heading", name="Nothing to read yet")).to_be_visible()
        upload(page, file("kettles.md", KETTLES), file("broken.pdf", b"%PDF-1.4 broken"), file("song.mp3", b"x"))
        expect(page.get_by_role("alert")).to_contain_text("song.mp3 is not of a kind")
        expect(row_of(page, "kettles.md")).to_contain_text("Known")
        bad = row_of(page, "broken.pdf")
        expect(bad).to_contain_text("Not read")
        expect(bad).to_contain_text("The file is damaged.")
        upload(page, file("kettles.md", KETTLES))
        expect(page.locator(".toast")).to_contain_text("“kettles.md” is known already")
        page.get_by_role("button", name="Kettles", exact=True).click()
        expect(page.get_by_role("dialog", name="Kettles")).to_contain_text("Its guarantee lasts three years.")
        page.keyboard.press("Escape")
        with page.expect_download() as saved:
            page.get_by_role("button", name="More for Kettles").click()
            page.get_by_role("menuitem", name="Download the original").click()
        assert saved.value.suggested_filename == "kettles.md" and saved.value.path().read_bytes() == KETTLES
        page.get_by_role("tab", name="Try a search").click()
        search(page, "how long does a kettle need to boil")
        expect(page.get_by_role("heading", name="Your clone would look at one passage")).to_be_visible()
        assert {"kettle", "boils"} <= set(page.locator(".hit mark").all_inner_texts())
        expect(page.get_by_role("meter", name="Close in meaning").first).to_be_visible()


def test_an_answer_once_given_is_what_the_search_shows_and_can_be_taken_back(server: Server) -> None:
    clone = knowing_nothing(server)
    with chromium() as browser:
        page = browser.new_page()
        page.goto(f"{server.url}/talk/{clone}")
        expect(box_of(page)).to_be_enabled()
        expect(page.get_by_text("Connected", exact=True)).to_be_visible()
        remember(page)
        ask(page, "do you sell purple umbrellas")
        finish(page)
        for _ in range(60):  # it is collected when the turn is stored, which may be after its last sound
            if owner.ask(server, "GET", f"/api/clones/{clone}/unanswered")["unanswered"]:
                break
            page.wait_for_timeout(500)
        show(page, server, clone, "questions")
        expect(page.get_by_role("tab", name="Questions (1)")).to_be_visible()
        page.get_by_role("button", name=re.compile("^Answer: do you sell purple umbrellas")).click()
        page.get_by_role("button", name="Save answer").click()
        expect(page.get_by_role("alert")).to_contain_text("Write the answer.")
        page.get_by_label("Answer", exact=True).fill("Yes, in two sizes.")
        page.get_by_role("button", name="Save answer").click()
        expect(page.get_by_role("tab", name="Questions", exact=True)).to_be_visible()
        expect(page.get_by_role("list", name="Your answers")).to_contain_text("Yes, in two sizes.")
        page.get_by_role("tab", name="Try a search").click()
        search(page, "are there purple umbrellas for sale")
        expect(page.get_by_text("You have answered this yourself")).to_be_visible()
        expect(page.locator(".hit").first).to_contain_text("Yes, in two sizes.")
        page.get_by_role("tab", name="Questions").click()
        page.get_by_role("button", name=re.compile("^Take back the answer to: do you sell")).click()
        expect(page.get_by_text("You have not written any answers yet.")).to_be_visible()
        page.reload()
        expect(page.get_by_role("tab", name="Questions (1)")).to_be_visible()


def test_what_is_deleted_can_be_had_back_until_its_time_has_gone_by(server: Server) -> None:
    clone = knowing_nothing(server)
    with knowledge_of(server, clone) as page:
        upload(page, file("kettles.md", KETTLES), file("pots.txt", b"Our blue pot holds three litres of soup."))
        expect(row_of(page, "kettles.md")).to_contain_text("Known")
        expect(row_of(page, "pots.txt")).to_contain_text("Known")
        delete(page, "Kettles")
        expect(row_of(page, "kettles.md")).to_have_count(0)
        page.get_by_role("tab", name="Products").click()
        page.get_by_role("tab", name="Documents").click()
        expect(row_of(page, "pots.txt")).to_be_visible()
        expect(row_of(page, "kettles.md")).to_have_count(0)
        page.get_by_role("button", name="Undo").click()
        expect(row_of(page, "kettles.md")).to_be_visible()
        delete(page, "Kettles")
        page.reload()  # leaving the page is the end of the time to undo
        expect(row_of(page, "pots.txt")).to_be_visible()
        expect(row_of(page, "kettles.md")).to_have_count(0)


def test_products_are_listed_with_the_rows_that_need_a_look(server: Server) -> None:
    with knowledge_of(server, knowing_nothing(server), "products") as page:
        upload(page, file("list.csv", LIST))
        row = row_of(page, "list.csv").first
        expect(row).to_contain_text("Row 3 has no name and was left out.")
        expect(row).to_contain_text("No number for the price in row 4")
        expect(row_of(page, "Red kettle")).to_contain_text("€24.90")
        page.get_by_role("searchbox", name="Search").fill("POT")
        expect(page.get_by_text("One product matches.")).to_be_visible()
        expect(row_of(page, "Red kettle")).to_have_count(0)


def test_questions_with_answers_are_written_and_changed_in_the_page(server: Server) -> None:
    with knowledge_of(server, knowing_nothing(server)) as page:
        page.get_by_role("button", name="Write questions and answers").click()
        page.get_by_label("Question", exact=True).fill("Do you ship to Spain?")
        page.get_by_label("Answer", exact=True).fill("Yes, within two days.")
        page.get_by_role("button", name="Save").click()
        expect(row_of(page, "Do you ship to Spain?")).to_contain_text("Known")
        page.get_by_role("button", name="More for Q&A: Do you ship to Spain?").click()
        page.get_by_role("menuitem", name="Edit").click()
        expect(page.get_by_label("Answer", exact=True)).to_have_value("Yes, within two days.")
        page.get_by_label("Answer", exact=True).fill("Yes, within a week.")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(row_of(page, "Do you ship to Spain?")).to_contain_text("Known")
        page.get_by_role("tab", name="Try a search").click()
        search(page, "do you ship to Spain")
        expect(page.locator(".hit").first).to_contain_text("Yes, within a week.")


def test_how_closely_it_keeps_to_its_sources_is_kept(server: Server) -> None:
    clone = knowing_nothing(server)
    with knowledge_of(server, clone, "sources") as page:
        page.get_by_role("radio", name="Strict").check()
        page.get_by_label("English").fill("That I cannot say.")
        page.get_by_role("button", name="Save").click()
        expect(page.locator(".toast")).to_contain_text("Saved. Conversations that begin from now on follow it.")
        page.reload()
        expect(page.get_by_role("radio", name="Strict")).to_be_checked()
        expect(page.get_by_label("English")).to_have_value("That I cannot say.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_part_fits_the_screen_and_can_be_used_by_all(server: Server, scheme: str, width: int) -> None:
    clone = knowing_nothing(server)
    with knowledge_of(server, clone, color_scheme=scheme, viewport={"width": width, "height": 844}) as page:
        upload(page, file("kettles.md", KETTLES), file("broken.pdf", b"%PDF-1.4 broken"), file("list.csv", LIST))
        expect(row_of(page, "kettles.md")).to_contain_text("Known")
        expect(row_of(page, "broken.pdf")).to_contain_text("Not read")
        expect(row_of(page, "list.csv")).to_contain_text("Known")
        for tab in TABS:
            show(page, server, clone, tab)
            page.emulate_media(reduced_motion="reduce")
            if tab == "find":
                search(page, "how long does a kettle boil")
                expect(page.locator(".hit").first).to_be_visible()
            expect(page.get_by_text("Loading")).to_have_count(0)
            assert serious(page) == [], tab
            assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"), tab
