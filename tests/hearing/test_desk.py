"""Who gets a decoder and when: the desk with decoders that only write down what they are told."""

from hypothesis import given
from hypothesis import strategies as st

from selfsame.providers.embedded.sphinx.decoder import FRESH_MEAN, Said
from selfsame.providers.embedded.sphinx.desk import SLICE, Desk, Limits


class Scribe:
    """Hears one word a slice, and remembers the speaker's mean it was given."""

    def __init__(self, model):
        self.model, self.mean, self.heard = model, "", []

    def begin(self, mean):
        self.mean, self.heard = mean, []

    def feed(self, pcm):
        self.heard.append(pcm[:1].decode())

    def guess(self):
        return [Said(f"{self.model}{c}", i, i + 1, 1.0) for i, c in enumerate(self.heard)]

    def end(self):
        return self.mean + "+" + "".join(self.heard)


def text(words):
    return " ".join(w.word for w in words)


def desk(**limits):
    made = []

    def load(model):
        made.append(Scribe(model))
        return made[-1]

    return Desk(load, Limits(**limits)), made


def run(it):
    while it.step():
        pass


def finish(it, name):
    got = []
    it.finish(name, lambda words: got.append(text(words)))
    run(it)
    return got


def test_a_decoder_is_shared_in_turn_and_each_speaker_keeps_a_mean():
    it, made = desk(per_model=1)
    for name in "ab":
        it.open(name, "m")
    it.accept("a", b"1" * SLICE)
    it.accept("b", b"2" * SLICE)
    run(it)
    waiting = []
    it.finish("b", lambda words: waiting.append(text(words)))
    run(it)
    assert waiting == []  # the only decoder is a's until a's utterance ends
    assert finish(it, "a") == ["m1"]
    assert waiting == ["m2"]
    assert len(made) == 1
    it.accept("a", b"3" * SLICE)
    run(it)
    assert made[0].mean == FRESH_MEAN + "+1"


def test_a_long_backlog_delays_no_one():
    it, _ = desk()
    for name in "ab":
        it.open(name, "m")
    it.accept("a", b"1" * SLICE * 50)
    it.accept("b", b"2" * SLICE)
    got = []
    it.finish("b", lambda words: got.append(text(words)))
    for _ in range(3):
        it.step()
    assert got == ["m2"]


def test_waiting_sound_is_bounded_and_the_oldest_goes():
    it, _ = desk(backlog_bytes=2 * SLICE)
    it.open("a", "m")
    for mark in (b"1", b"2", b"3"):
        it.accept("a", mark * SLICE)
    assert finish(it, "a") == ["m2 m3"]


def test_a_guess_waits_for_the_sound_before_it():
    it, _ = desk()
    it.open("a", "m")
    got = []
    it.guess("a", lambda words: got.append(text(words)))
    it.accept("a", b"1" * SLICE * 2)
    it.guess("a", lambda words: got.append(text(words)))
    assert got == [""]
    run(it)
    assert got == ["", "m1 m1"]


def test_a_new_model_serves_from_the_next_utterance_and_idle_ones_make_room():
    it, made = desk(in_all=1)
    it.open("a", "m")
    it.accept("a", b"1" * SLICE)
    run(it)
    it.open("a", "n")
    assert finish(it, "a") == ["m1"]
    it.accept("a", b"2" * SLICE)
    assert finish(it, "a") == ["n2"]
    assert [scribe.model for scribe in made] == ["m", "n"]
    assert it.pool.loaded == 1


def test_of_a_forgotten_model_no_decoder_stays_not_even_one_that_was_lent():
    it, made = desk()
    it.open("a", "m")
    it.accept("a", b"1" * SLICE)
    run(it)
    it.pool.forget("m")
    assert finish(it, "a") == ["m1"], "who is speaking is heard to the end"
    assert it.pool.loaded == 0
    it.accept("a", b"2" * SLICE)
    assert finish(it, "a") == ["m2"] and len(made) == 2 and it.pool.loaded == 1


def test_closing_answers_who_waits_and_frees_the_decoder():
    it, made = desk(per_model=1)
    it.open("a", "m")
    it.open("b", "m")
    it.accept("a", b"1" * SLICE)
    run(it)
    it.close("a")
    it.accept("b", b"2" * SLICE)
    assert finish(it, "b") == ["m2"]
    assert len(made) == 1
    assert not it.knows("a")


@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.sampled_from(["accept", "finish", "guess", "close", "step"])), max_size=60
    ),
    st.integers(1, 3),
    st.integers(1, 3),
)
def test_every_question_is_answered_and_no_decoder_is_lost(acts, per_model, in_all):
    it, _ = desk(per_model=per_model, in_all=in_all)
    asked, answered, finishing = 0, [], set()

    for name, act in acts:
        if not it.knows(name):
            it.open(name, "m" if name < "c" else "n")
        if act == "accept":
            it.accept(name, b"1" * SLICE)
        elif act == "guess" or (act == "finish" and name not in finishing):
            asked += 1
            if act == "finish":
                finishing.add(name)
                it.finish(name, lambda words, who=name: (answered.append(text(words)), finishing.discard(who)))
            else:
                it.guess(name, lambda words: answered.append(text(words)))
        elif act == "close":
            it.close(name)
        elif act == "step":
            it.step()
        assert it.pool.loaded <= in_all
    for name in "abcd":
        it.close(name)
    assert len(answered) == asked
    assert it.step() is False
    assert not any(it.pool._lent.values())
