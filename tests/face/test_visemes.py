"""Every phoneme has a mouth shape, and the shapes are what phonetics says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfsame.face.visemes import LETTERS, MOUTH, REST, VISEMES, gestures, is_stressed
from selfsame.providers.embedded.espeak.timeline import is_pause
from tests.support.speech import spoken

VARIED = {
    "EN": "The judge chose a church, a little bottle, and a pleasure vision. Boy, toy, cow, house, care, fire, tour, "
    "pure, near, bird, her, nurse, letter, loch, genre, hour, power, bath, breathe, thing, which, queue, oil, uh-huh.",
    "ES": "El niño come jamón y queso; guerra, perro, pingüino, llave, chico, año, zapato, cielo, hueso, aire, causa, "
    "deuda, rey, agua, dedo, abogado, yo, ciudad, huevo, reloj, club, México, examen, atlántico.",
    "ZH": "妈麻马骂吗。波坡摸佛得特呢勒哥科喝鸡七西知吃是日资词四。爱傲欧安恩昂儿。牙耶要有烟因央英。"
    "蛙我外威弯温汪翁。鱼月冤云用女绿居去虚。窗花小孩儿出租车军队。",
}


@pytest.mark.parametrize("language", VARIED)
def test_every_phoneme_of_the_embedded_voice_has_gestures(language: str) -> None:
    found = {phoneme.ipa for chunk in spoken(VARIED[language], language) for phoneme in chunk.phonemes}
    assert len(found) > 30
    for ipa in found:
        if not is_pause(ipa) and not ipa.startswith("("):
            assert gestures(ipa), ipa
            assert all(letter in LETTERS for letter in letters_of(ipa)), ipa


def letters_of(ipa: str) -> str:
    return "".join(sign for sign in ipa if sign.isalpha() and sign not in "ːˈˌ" and ord(sign) < 0x2B0)


@pytest.mark.parametrize(
    ("ipa", "names"),
    [
        ("m", ["bilabial"]),
        ("ˈaɪ", ["open", "ih"]),
        ("oʊ", ["o", "short-oo"]),
        ("tʃ", ["alveolar", "hush"]),
        ("ph", ["bilabial"]),
        ("tɕh", ["alveolar", "palatal-hush"]),
        ("ts.h", ["alveolar", "palatal-hush"]),
        ("ˈuei", ["oo", "e", "ee"]),
        ("ˈonɡ", ["o", "velar"]),
        ("o-", ["unrounded-o"]),
        ("ˈi.", ["narrow"]),
        ("ˈɔːɹ", ["open-o", "approximant-r"]),
        ("n̩", ["alveolar"]),
        ("ã", ["open"]),
        ("h", ["glottal"]),
        ("ж", ["velar"]),
        ("(en)", []),
        ("", []),
        ("_:", []),
        ("ˈ", []),
        ("5", []),
    ],
)
def test_gestures(ipa: str, names: list[str]) -> None:
    assert [gesture.viseme.name for gesture in gestures(ipa)] == names


@given(ipa=st.text(max_size=12))
def test_gestures_of_anything_cover_the_phoneme_in_order(ipa: str) -> None:
    parts = gestures(ipa)
    if parts:
        assert parts[0].begins == 0.0 and parts[-1].ends == pytest.approx(1.0)
        for one, next_one in zip(parts, parts[1:], strict=False):
            assert one.begins < one.ends == next_one.begins


def test_stress() -> None:
    assert is_stressed("ˈaɪ") and not is_stressed("ˌaɪ") and not is_stressed("aɪ")


def value(letter: str, channel: str) -> float:
    return LETTERS[letter].target[MOUTH.index(channel)]


def test_the_shapes_are_what_they_should_be() -> None:
    for letter in "mbp":
        assert LETTERS[letter].closes and value(letter, "mouthClose") == 1
    for letter in "fv":
        assert LETTERS[letter].bites and value(letter, "mouthRollLower") > 0.5
    for letter in "wuo":
        assert value(letter, "mouthPucker") > 0.4
    assert value("i", "mouthStretch") > value("a", "mouthStretch") < value("s", "mouthStretch")
    assert value("i", "mouthUpperUp") > 0.15 < value("s", "mouthUpperUp"), "teeth can be seen"
    jaws = [value(letter, "jawOpen") for letter in "aɛei"]
    assert jaws == sorted(jaws, reverse=True)
    assert not REST.target.any()
    for viseme in VISEMES:
        assert viseme.target.min() >= 0 and viseme.target.max() <= 1 and viseme.dominance.min() > 0
    velar, glottal = LETTERS["k"].dominance, LETTERS["h"].dominance
    assert np.all(velar <= LETTERS["t"].dominance) and np.all(glottal <= velar), "k and h insist on nothing"
