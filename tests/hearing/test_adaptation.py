"""The pure parts of adapting: spoken text, questions, n-grams, pronunciations. Small models, made here."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfsame.providers.embedded.sphinx.adaptation import pronounce, questions, spoken, weigh
from selfsame.providers.embedded.sphinx.adaptation.ngrams import END, START, NGrams
from selfsame.providers.embedded.sphinx.decoder import Said, apart


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("It costs $13 or 20 km.", ["it costs thirteen dollars or twenty kilometers"]),
        ("Born in 1984, moved in 2005.", ["born in nineteen eighty four moved in two thousand five"]),
        ("3.14 is 12,500%", ["three point one four is twelve thousand five hundred percent"]),
        ("on the 21st of May", ["on the twenty first of may"]),
        ("# The mill\n\n- rye\n- spelt [flour](https://x.org/a)", ["the mill", "rye", "spelt flour"]),
        ("Café-owner Dr. O’Neil!", ["cafe owner doctor", "o'neil"]),
        ("```\ncode = 1\n```\n中文", []),
    ],
)
def test_written_text_as_it_is_spoken(written, said):
    assert spoken.sentences(written) == said


@given(st.text())
def test_any_text_gives_only_dictionary_letters(text):
    for sentence in spoken.sentences(text):
        assert sentence.split()
        assert all(c in "abcdefghijklmnopqrstuvwxyz' " for c in sentence), sentence


@given(st.integers(0, 10**12 - 1))
def test_numbers_have_words(value):
    assert spoken.number(value).replace(" ", "").isalpha()


def test_names_keep_their_form():
    text = "We visit Odalys. The ROV is near. Yes, Odalys's mill. We like odd mills. The rye is rye."
    assert spoken.written_forms([text]) == {"odalys": "Odalys", "odalys's": "Odalys's", "rov": "ROV"}


def test_statements_are_turned_round_and_asked():
    assert questions.swapped("i live in my mill") == "you live in your mill"
    assert questions.swapped("rye is grey") == ""
    assert list(questions.asked("you are a miller")) == ["are you a miller"]
    assert questions.topics(["the granite stones of the mill"]).keys() == {
        "granite",
        "stones",
        "granite stones",
        "mill",
    }


def toy():
    """Three words; after "a" comes "b" mostly."""
    log = math.log10
    one = {START: (-99.0, 0.0), END: (log(0.2), 0.0), "a": (log(0.4), log(0.25)), "b": (log(0.4), 0.0)}
    return NGrams(one, {("a", "b"): (log(0.85), 0.0)}, {})


@given(st.lists(st.lists(st.sampled_from(["a", "b", "new"]), min_size=1, max_size=4), min_size=1, max_size=6))
def test_the_histories_of_the_text_stay_distributions(sentences):
    model = toy()
    counts = weigh.count((" ".join(s), 1.0) for s in sentences)
    weigh.adapt(model, counts, weigh.Trust(5.0, 2.0, 2.0))
    words = [w for w in model.one if w != START]
    assert math.isclose(sum(model.p1(w) for w in words), 1.0, rel_tol=1e-6)
    for first in {a for a, _ in counts.two}:
        assert math.isclose(sum(model.p2(first, w) for w in words), 1.0, rel_tol=1e-3), first
    for first, second in {k[:2] for k in counts.three}:
        assert math.isclose(sum(model.p3(first, second, w) for w in words), 1.0, rel_tol=1e-3), (first, second)


def test_what_the_text_says_becomes_likelier():
    model = toy()
    before = model.p2("b", "a"), model.p1("new")
    weigh.adapt(model, weigh.count([("b a new", 3.0)]), weigh.Trust(10.0, 2.0, 2.0))
    assert (model.p2("b", "a"), model.p1("new")) > before
    assert model.p3("b", "a", "new") > 0.5
    assert "\\3-grams:" in model.arpa()


@pytest.mark.parametrize(("ipa", "phones"), [("tʃˈɑːɹdʒ", "CH AA R JH"), ("ˈɑːkæfɚ", "AA K AE F ER"), ("", "")])
def test_phonetic_alphabet_to_dictionary_phones(ipa, phones):
    assert pronounce.phones(ipa) == phones


def test_unknown_words_and_abbreviations_are_pronounced():
    speller = pronounce.Speller()
    assert speller.variants("brenner") == ["B R EH N ER"]
    assert len(speller.variants("rov", "ROV")) == 2


def test_dictionaries_survive_reading(tmp_path):
    entries = {"rye": ["R AY"], "the": ["DH AH", "DH IY"]}
    (tmp_path / "d").write_text(pronounce.write_dictionary(entries.items()))
    assert pronounce.read_dictionary(tmp_path / "d") == entries


def test_a_sentence_that_is_one_entry_comes_apart():
    whole, plain = Said("who_are_you", 1.0, 1.6, 0.7), Said("here", 0.0, 0.3, 0.5)
    words = apart(whole)
    assert [w.word for w in words] == ["who", "are", "you"]
    assert [w.start for w in words] + [words[-1].end] == pytest.approx([1.0, 1.2, 1.4, 1.6])
    assert apart(plain) == [plain]
    known = {word for sentence in questions.first_words() for word in sentence.split() if "_" in word}
    assert known == set(pronounce.TOGETHER), "an entry without a pronunciation would be spelt out as noise"
