"""What the guide lends: whole where asked, never unasked, on time, without clicks, in the person's pitch and colour."""

from __future__ import annotations

import numpy as np
import pytest

from selfsame.studio.voice.sentences import sentences
from selfsame.voice.units.lend import NEVER, Helped, Lending, lend
from selfsame.voice.units.model import VoiceModel
from selfsame.voice.units.phones import PAUSE
from selfsame.voice.units.pitch import track
from selfsame.voice.units.plan import Target, target_of
from selfsame.voice.units.select import Chosen, Costs, select, stretches
from selfsame.voice.units.sound import RATE, cepstra_of, log_mels
from selfsame.voice.units.speak import LOUDER, Manner, Spoken, guide_sound, manner_of, say
from tests.own_voice.conftest import SENTENCES, guide_line

TEXT = "Good morning, my friend! I have three cats and one very old dog."
ALWAYS = -100.0


def helped(model: VoiceModel, text: str = TEXT) -> tuple[Target, Helped]:
    line = guide_line(text)
    target = target_of(model, line.phones, guide_sound(line), 1.0)
    return target, lend(model, target, guide_sound(line), track(guide_sound(line), once=True))


def share(chosen: tuple[Chosen, ...]) -> float:
    return float(np.mean([each.lent for each in chosen if each.unit >= 0]))


def lending(price: float) -> Manner:
    return Manner(lending=Lending(price))


def test_the_guides_half_phones_lie_behind_the_recordings(model: VoiceModel) -> None:
    target, made = helped(model)
    own = len(model.units)
    assert made.own is model and (made.units.first[:own] == model.units.first).all()
    spoken = [n for n, phone in enumerate(target.phones) if phone.name != PAUSE]
    assert sorted(made.loans) == [(n, half) for n in spoken for half in (0, 1)]
    assert sorted(made.loans.values()) == list(range(own, len(made.units)))
    lent = made.units.since(own)
    assert (lent.last > lent.first).all() and (lent.first > len(model.cepstra)).all()
    assert lent.last[-1] < len(made.cepstra) == len(made.log_pitch) == len(made.voiced)
    assert (np.diff(made.marks) > 0).all() and len(made.marks) == len(made.marks_voiced)
    assert len(made.middles) == len(made.starts) == len(made.ends) == len(made.units)
    start = len(model.sound)
    assert (made.grain(1000, 1400) == model.grain(1000, 1400)).all()
    assert (made.grain(start + 4000, start + 4300) == made.lent[4000:4300]).all()


def test_neighbours_go_on_into_each_other(model: VoiceModel) -> None:
    target, made = helped(model)
    for (n, half), unit in made.loans.items():
        follower = made.loans.get((n, 1) if half == 0 else (n + 1, 0))
        if follower is not None:
            assert made.units.last[unit] == made.units.first[follower]
    assert target.phones[0].name != PAUSE or (0, 0) not in made.loans


def test_the_price_decides_how_much_is_lent(model: VoiceModel) -> None:
    line = guide_line(TEXT)
    shares = [share(say(model, line, lending(price)).chosen) for price in (ALWAYS, 1.0, 2.0, 3.0, NEVER)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] == 1.0 and shares[-1] == 0.0 and 0.0 < shares[2] < 1.0
    target, made = helped(model)
    assert not any(each.lent for each in select(made, target, Costs())), "only where it is asked for"
    assert stretches(select(made, target, Costs(), Lending(ALWAYS)), model) == []


def test_what_the_person_recorded_is_theirs(model: VoiceModel) -> None:
    recorded = say(model, guide_line(SENTENCES[1]), manner_of(model, "EN"))
    assert share(recorded.chosen) < 0.05
    line = guide_line("El perro corre rápido por la carretera.", "ES")
    freely = say(model, line, lending(2.8)).chosen
    assert share(freely) > 0.1 and not any(each.lent and each.borrowed for each in freely)
    assert share(say(model, line, manner_of(model, "ES")).chosen) == 0.0, "nothing in a language never recorded"


def test_loans_are_dearer_where_little_was_recorded() -> None:
    found = [Lending.learnt_from(seconds) for seconds in (5, 30, 60, 120, 600)]
    prices, most = [each.price for each in found], [each.most for each in found]
    assert prices == sorted(prices, reverse=True) and prices[0] == prices[1] and prices[3] == prices[4]
    assert most == sorted(most) and most[0] < most[1] < most[2] < most[3] == most[4] < 0.5


@pytest.mark.parametrize("most", [0.0, 0.1, 0.3])
def test_no_more_is_lent_than_allowed_and_hardly_less(model: VoiceModel, most: float) -> None:
    texts = (TEXT, *sentences("EN")[:7])
    lent = [share(say(model, guide_line(text), Manner(lending=Lending(1.0, most))).chosen) for text in texts]
    assert max(lent) <= most
    assert np.mean(lent) >= 0.4 * most, "half-phones are lent in runs, so that one clause alone may stay well below"


@pytest.mark.parametrize("price", [ALWAYS, 1.5, 2.0, 2.4])
@pytest.mark.parametrize("text", [TEXT, "Oh.", "Stop it, Peter!", "Six thick thistle sticks."])
def test_times_are_exact_whatever_is_lent(model: VoiceModel, text: str, price: float) -> None:
    line = guide_line(text)
    said = say(model, line, lending(price)).chunk
    assert [p.ipa for p in said.phonemes] == [p.ipa for p in line.phones if p.name]
    assert [w.text for w in said.words] == [w.text for w in line.words]
    for before, after in zip(said.phonemes[:-1], said.phonemes[1:], strict=True):
        assert before.start < before.end <= after.start + 1e-6
    assert said.phonemes[-1].end <= said.seconds + 1e-3


def _steps(spoken: Spoken) -> float:
    return float(np.abs(np.diff(spoken.chunk.pcm.astype(np.float64))).max())


@pytest.mark.parametrize("price", [ALWAYS, 1.5, 2.0, 2.4])
def test_there_are_no_clicks_where_the_guide_comes_in(model: VoiceModel, price: float) -> None:
    """No step from sample to sample is larger than the larger of the person's own and the guide's."""
    line = guide_line(TEXT)
    _, made = helped(model)
    own = np.abs(np.diff(model.sound.astype(np.float64))).max()
    lent = 32767.0 * np.abs(np.diff(made.lent)).max()
    assert _steps(say(model, line, lending(price))) < 1.5 * LOUDER * max(own, lent)


def test_borders_are_as_smooth_as_the_rest(model: VoiceModel) -> None:
    """Where the guide's sound begins or ends no more jumps than elsewhere: second differences, the worst of 5 ms."""
    line = guide_line(TEXT)
    said = say(model, line, lending(2.0))
    edges = {each.phone: each for each in said.chosen if each.half == 0}
    names = [n for n, phone in enumerate(line.phones) if phone.name]
    at = {n: time.start for n, time in zip(names, said.chunk.phonemes, strict=True)}
    borders = [at[n] for n, each in edges.items() if n - 1 in edges and each.lent != edges[n - 1].lent]
    assert borders, "the price lends some and not all"
    bends = np.abs(np.diff(said.chunk.pcm.astype(np.float64), 2))
    near = [bends[max(0, round(t * RATE) - 55) : round(t * RATE) + 55].max() for t in borders]
    assert max(near) <= np.sort(bends)[-20], "a click stands out of all that is spoken"


def test_what_is_lent_has_the_persons_pitch_and_colour(model: VoiceModel) -> None:
    line = guide_line(TEXT)
    guide = guide_sound(line)
    _, made = helped(model)

    def measured(sound: np.ndarray) -> tuple[np.ndarray, float]:
        rows, hertz = cepstra_of(log_mels(sound)), track(sound)
        return rows[rows[:, 0] > np.median(rows[:, 0])].mean(0)[1:], float(np.log(np.median(hertz[hertz > 0])))

    (lent, lent_pitch), (raw, raw_pitch) = measured(made.lent), measured(guide)
    person, _ = measured(model.samples)
    assert np.linalg.norm(lent - person) < 0.6 * np.linalg.norm(raw - person)
    assert abs(lent_pitch - model.pitch[0]) < 0.5 * abs(raw_pitch - model.pitch[0])
