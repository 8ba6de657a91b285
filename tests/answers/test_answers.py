"""The embedded thinker: never invents, picks well, stays short."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfsame.events.thought import Passage, Sources, ThoughtEnded, Token
from selfsame.events.turns import Exchange
from selfsame.kit.clock import cpu_seconds
from selfsame.kit.sentences import sentences
from selfsame.kit.words import tokens
from selfsame.mind.port import Manner, Prompt
from selfsame.providers.embedded.answers import EmbeddedAnswers
from selfsame.providers.embedded.answers.match import question_of
from selfsame.providers.embedded.answers.say import MAX_WORDS, answer_sentences, first_person, plain

ADA = Manner(name="Ada Byron", role="a mathematician")
COST = Passage(
    "1",
    "d",
    "Shop",
    "It costs **two** pounds. Children pay [half](http://x.example).",
    0.7,
    "faq",
    "What does it cost?",
)
OPEN = Passage("2", "d", "Shop", "We open at nine. We close at six.", 0.4, "faq", "When are you open?")
PROSE = Passage(
    "3", "d", "Life",
    "Ada Byron works on engines in London. The engine has two hundred wheels. It is driven by steam. Rain is common.",
    0.6,
)  # fmt: skip


async def reply(prompt: Prompt) -> tuple[str, tuple[Passage, ...], ThoughtEnded]:
    thoughts = [thought async for thought in EmbeddedAnswers().stream(prompt)]
    sources = [t for t in thoughts if isinstance(t, Sources)]
    assert isinstance(thoughts[-1], ThoughtEnded) and len(sources) <= 1
    if sources:
        assert thoughts[0] is sources[0]
    return (
        "".join(t.text for t in thoughts if isinstance(t, Token)),
        sources[0].passages if sources else (),
        thoughts[-1],
    )


@pytest.mark.anyio
@pytest.mark.parametrize(
    "query",
    ["what does it cost", "how much do i have to pay", "what is the price", "what does it caught", "wat does it kost"],
)
async def test_a_matching_question_gets_its_answer(query: str) -> None:
    said, sources, ended = await reply(Prompt(ADA, query, passages=(OPEN, COST)))
    assert said == "It costs two pounds. Children pay half."
    assert sources == (COST,) and ended.extra["answer"] == "faq" and ended.model == "embedded-answers"


@pytest.mark.anyio
async def test_prose_is_answered_by_its_best_sentences_in_the_first_person() -> None:
    said, sources, ended = await reply(Prompt(ADA, "what do you work on in london", passages=(PROSE, OPEN)))
    assert said.startswith("I work on engines in London.") and "Rain" not in said
    assert sources == (PROSE,) and ended.extra["answer"] == "document"
    said, _, _ = await reply(Prompt(ADA, "how many wheels has the engine", passages=(PROSE, OPEN)))
    assert said == "The engine has two hundred wheels. It is driven by steam."


@pytest.mark.anyio
@pytest.mark.parametrize("passages", [(), (replace(COST, score=0.1), replace(OPEN, score=0.05))])
async def test_what_is_not_known_is_admitted(passages: tuple[Passage, ...]) -> None:
    said, sources, ended = await reply(Prompt(ADA, "why is the sky blue", passages=passages))
    assert "not know" in said and not sources and ended.extra["answer"] == "unknown"
    assert ("You could ask me:" in said) == bool(passages)


@pytest.mark.anyio
@pytest.mark.parametrize(("language", "words"), [("ES", "No lo sé"), ("ZH", "不")])
async def test_not_knowing_in_other_languages(language: str, words: str) -> None:
    said, _, _ = await reply(Prompt(ADA, "?", language=language, passages=(replace(COST, score=0.0),)))
    assert words in said or "eso no lo sé" in said
    assert "What does it cost" not in said, "no English offer in another language"


@pytest.mark.anyio
async def test_a_follow_up_does_not_get_the_same_answer_again() -> None:
    price = replace(COST, score=0.62)
    history = (Exchange(1, "what does it cost", "It costs two pounds. Children pay half."),)
    prompt = Prompt(ADA, "and when is it open", passages=(price, replace(OPEN, score=0.6)), history=history,
                    facts={"standalone": "and when is it open what does it cost"})  # fmt: skip
    said, sources, _ = await reply(prompt)
    assert sources[0].id == OPEN.id and said.startswith("We open at nine.")


@pytest.mark.anyio
async def test_a_heading_that_asks_counts_as_the_question() -> None:
    passage = Passage("4", "d", "Shop", "At the corner.", 0.5, heading="Shop > Where is the shop?")
    said, _, ended = await reply(Prompt(ADA, "where is the shop", passages=(passage, OPEN)))
    assert said == "At the corner." and ended.extra["answer"] == "faq"


@pytest.mark.anyio
async def test_the_faster_mode_is_shorter() -> None:
    long = replace(COST, text="One is here. Two is here. Three is here. Four is here.")
    assert len(sentences((await reply(Prompt(ADA, "what does it cost", passages=(long,))))[0])) == 3
    assert len(sentences((await reply(Prompt(ADA, "what does it cost", mode="faster", passages=(long,))))[0])) == 2


words_ = st.text(alphabet="abcdefghij .,?!\n#*", max_size=400)
passages_ = st.builds(
    Passage, id=st.text(max_size=3), document_id=st.just("d"), title=words_, text=words_, heading=words_,
    score=st.floats(-1, 1), kind=st.sampled_from(["faq", "document"]), question=st.none() | words_,
)  # fmt: skip


@pytest.mark.anyio
@settings(max_examples=80, deadline=None)
@given(query=words_, passages=st.lists(passages_, max_size=5).map(tuple), language=st.sampled_from(["EN", "ES", "ZH"]))
async def test_nothing_is_invented(query: str, passages: tuple[Passage, ...], language: str) -> None:
    said, sources, ended = await reply(Prompt(Manner(name="Zoe"), query, language=language, passages=passages))
    assert said.strip()
    if ended.extra["answer"] == "unknown":
        assert not sources
        return
    known = set(tokens(plain(sources[0].text)))
    if ended.extra["answer"] == "guess":
        known |= set(tokens(f"Do you mean Quieres decir 你是想问 {plain(question_of(sources[0]))}"))
    assert set(tokens(said)) <= known and sources[0] in passages
    assert len(sentences(said)) <= 3


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Ada works in London.", "I work in London."),
        ("Ada Byron is a mathematician.", "I am a mathematician."),
        ("Ada's house has studied air.", "My house has studied air."),
        ("Ada studies numbers. People like Ada's notes.", "I study numbers. People like my notes."),
        ("Ada teaches and she writes.", "Ada teaches and she writes."),
        ("Charles met Ada in London.", "Charles met Ada in London."),
        ("Adam works here.", "Adam works here."),
        ("Ada never has doubts.", "Ada never has doubts."),
    ],
)
def test_first_person_or_nothing(said: str, expected: str) -> None:
    assert " ".join(first_person(sentences(said), "Ada Byron")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Head\n- **One** `two`\n- [three](x)\n4. four_five _six_", "One two\nthree\nfour_five six"),
        ("Before.\n```\ncode\n```\nAfter #1.", "Before.\n \nAfter #1."),
        ("plain text", "plain text"),
    ],
)
def test_markdown_is_taken_out(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_long_answers_are_cut_at_sentences_or_clauses() -> None:
    long = "word " * 40
    assert len(answer_sentences(f"{long}one. {long}two. Three.", 3)) == 1
    endless = "A first clause of a dozen words that says all that matters really, " + "word " * 90
    (said,) = answer_sentences(endless, 3)
    assert said.endswith("really.") and len(said.split()) < MAX_WORDS


@pytest.mark.anyio
async def test_a_guess_names_the_question_it_answers() -> None:
    unsure = replace(COST, score=0.25)
    said, sources, ended = await reply(Prompt(ADA, "how much does one ticket cost me", passages=(unsure,)))
    assert ended.extra["answer"] == "guess", ended.extra
    assert said == "Do you mean: What does it cost? It costs two pounds. Children pay half." and sources == (unsure,)


@pytest.mark.anyio
async def test_answering_takes_milliseconds() -> None:
    """A guard against accidents of growth; the measured figures are in docs/decisions/0015."""
    passages = tuple(replace(PROSE, id=str(n), text="Some words about engines and steam. " * 60) for n in range(5))
    began = cpu_seconds()
    for number in range(20):
        await reply(Prompt(ADA, f"how do engines number {number} make steam", passages=passages))
    assert (cpu_seconds() - began) / 20 < 0.1


try:
    from selfsame.contracts.language_model import LanguageModelContract
except ImportError:  # the suite of the port is written apart
    LanguageModelContract = None

if LanguageModelContract is not None:

    class TestContract(LanguageModelContract):
        """What every thinker must keep."""

        @pytest.fixture
        def engine(self) -> EmbeddedAnswers:
            return EmbeddedAnswers()


@pytest.mark.anyio
async def test_a_strict_clone_does_not_guess_and_says_its_message() -> None:
    unsure = replace(COST, score=0.35)
    query = "how much does the theatre in town cost nowadays"
    _, _, ended = await reply(Prompt(ADA, query, passages=(unsure,)))
    assert ended.extra["answer"] in ("guess", "faq") and 0.13 <= float(ended.extra["confidence"]) < 0.5
    strict = replace(ADA, adherence="strict", no_answer={"EN": "Please ask my office."})
    said, sources, ended = await reply(Prompt(strict, query, passages=(unsure,)))
    assert (said, sources, ended.extra["answer"]) == ("Please ask my office.", (), "unknown")
    said, _, _ = await reply(Prompt(strict, "¿cuánto cuesta el teatro?", "ES", passages=(unsure,)))
    assert said == "No tengo una respuesta a eso."
    said, sources, _ = await reply(Prompt(strict, "what does it cost", passages=(COST, OPEN)))
    assert said.startswith("It costs two pounds") and sources == (COST,)


@pytest.mark.anyio
async def test_the_owners_message_stands_before_the_offer() -> None:
    adaptive = replace(ADA, no_answer={"EN": "Ask my office."})
    said, _, _ = await reply(Prompt(adaptive, "why is the sky blue", passages=(replace(COST, score=0.1),)))
    assert said == "Ask my office. You could ask me: What does it cost?"


@pytest.mark.anyio
async def test_what_the_owner_wrote_goes_before_documents() -> None:
    own = Passage("9", "a", "q", "It costs three pounds now.", 0.75, "correction", "What is the price of it?")
    for query in ("what does it cost", "what is the price"):
        said, sources, _ = await reply(Prompt(ADA, query, passages=(COST, own)))
        assert said == "It costs three pounds now." and sources == (own,)
    said, sources, _ = await reply(Prompt(ADA, "when are you open", passages=(OPEN, own)))
    assert sources == (OPEN,), "a correction of something else does not push itself forward"
