"""IPA phonemes as shapes of the mouth: what each asks of lips and jaw, and how strongly it insists.

The model is that of Cohen and Massaro, "Modeling coarticulation in synthetic visual speech" (Models and Techniques in
Computer Animation, 1993): every segment has a target and a dominance per channel, and the mouth at any moment is the
mean of the targets around it, weighted by their dominances (`selfsame/face/articulation.py`). A channel on which a
phoneme does not insist is left to its neighbours: [k] is said with whatever lips the vowel beside it wants.

The table holds the whole IPA chart by letters, so that phonemes of engines and languages not met yet find the nearest
class. The targets were tuned by eye on rendered faces; they are choices, not measurements.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

MOUTH = (
    "jawOpen",
    "mouthClose",
    "mouthFunnel",
    "mouthPucker",
    "mouthSmile",
    "mouthStretch",
    "mouthLowerDown",
    "mouthUpperUp",
    "mouthRollLower",
    "mouthRollUpper",
    "mouthPress",
    "tongueOut",
)
"""The channels that speech moves. Those with a left and a right in the motion track move alike on both sides."""

GROUPS = ("jaw", "close", "round", "spread", "lips", "tongue")
"""Channels that belong together and share one dominance."""

GROUP_OF = {
    "jawOpen": "jaw",
    "mouthClose": "close",
    "mouthFunnel": "round",
    "mouthPucker": "round",
    "mouthSmile": "spread",
    "mouthStretch": "spread",
    "mouthLowerDown": "lips",
    "mouthUpperUp": "lips",
    "mouthRollLower": "lips",
    "mouthRollUpper": "lips",
    "mouthPress": "close",
    "tongueOut": "tongue",
}


@dataclass(frozen=True, eq=False)
class Viseme:
    """A class of phonemes that look alike. Targets 0..1 by channel; a channel that is not named has target 0.

    `insists` gives the dominance per group (1 is a stressed vowel's); `closes` and `bites` mark shapes that must be
    reached in full: lips together (m, b, p), and the lower lip at the upper teeth (f, v).
    """

    name: str
    targets: dict[str, float]
    insists: dict[str, float]
    vowel: bool = False
    closes: bool = False
    bites: bool = False

    @cached_property
    def target(self) -> npt.NDArray[np.float64]:
        """The targets as a row over MOUTH."""
        return np.array([self.targets.get(channel, 0.0) for channel in MOUTH])

    @cached_property
    def dominance(self) -> npt.NDArray[np.float64]:
        """The dominances as a row over GROUPS."""
        return np.array([self.insists.get(group, 0.05) for group in GROUPS])


def _vowel(name: str, jaw: float, round_by: float = 1.0, **targets: float) -> Viseme:
    insists = {"jaw": 1.0, "close": 0.8, "round": round_by, "spread": 0.8, "lips": 0.8, "tongue": 0.6}
    return Viseme(name, {"jawOpen": jaw, **targets}, insists, vowel=True)


def _consonant(name: str, insists: tuple[float, ...], *, closes: bool = False, bites: bool = False, **targets: float):
    """`insists` in the order of GROUPS."""
    return Viseme(name, targets, dict(zip(GROUPS, insists, strict=True)), closes=closes, bites=bites)


REST = _consonant("rest", (0.9, 0.9, 0.9, 0.8, 0.9, 0.8))
"""Silence: the lips meet softly."""

_VISEMES: dict[str, Viseme] = {
    "ɑaɐäʕħ": _vowel("open", 0.46, 0.6, mouthLowerDown=0.22, mouthUpperUp=0.12, mouthStretch=0.06),
    "æ": _vowel("ash", 0.40, 0.7, mouthStretch=0.26, mouthSmile=0.08, mouthLowerDown=0.28, mouthUpperUp=0.2),
    "ʌ": _vowel("wedge", 0.32, 0.5, mouthLowerDown=0.2, mouthUpperUp=0.12, mouthStretch=0.06),
    "əɘɵ": Viseme(
        "schwa",
        {"jawOpen": 0.2, "mouthLowerDown": 0.16, "mouthUpperUp": 0.1},
        {"jaw": 0.6, "close": 0.6, "round": 0.3, "spread": 0.25, "lips": 0.4, "tongue": 0.4},
        vowel=True,
    ),
    "ɛ": _vowel("open-e", 0.30, 0.7, mouthStretch=0.26, mouthSmile=0.1, mouthLowerDown=0.28, mouthUpperUp=0.2),
    "e": _vowel("e", 0.23, 0.8, mouthStretch=0.3, mouthSmile=0.14, mouthLowerDown=0.3, mouthUpperUp=0.22),
    "i": _vowel("ee", 0.12, 0.9, mouthStretch=0.36, mouthSmile=0.22, mouthLowerDown=0.32, mouthUpperUp=0.24),
    "ɪᵻ": _vowel("ih", 0.17, 0.7, mouthStretch=0.24, mouthSmile=0.12, mouthLowerDown=0.26, mouthUpperUp=0.18),
    "ɨɯ": _vowel("narrow", 0.09, 0.7, mouthStretch=0.2, mouthSmile=0.08, mouthLowerDown=0.28, mouthUpperUp=0.18),
    "ɤ": _vowel("unrounded-o", 0.24, 0.7, mouthStretch=0.12, mouthLowerDown=0.22, mouthUpperUp=0.12),
    "yʏ": _vowel("front-oo", 0.09, 1.6, mouthPucker=0.74, mouthFunnel=0.3, mouthLowerDown=0.08),
    "øœɶ": _vowel("front-o", 0.2, 1.4, mouthPucker=0.48, mouthFunnel=0.4, mouthLowerDown=0.12),
    "ɔɒ": _vowel("open-o", 0.36, 1.2, mouthFunnel=0.42, mouthPucker=0.22, mouthLowerDown=0.12),
    "o": _vowel("o", 0.27, 1.5, mouthFunnel=0.46, mouthPucker=0.44, mouthLowerDown=0.08),
    "uʉ": _vowel("oo", 0.11, 1.8, mouthPucker=0.78, mouthFunnel=0.32, mouthLowerDown=0.04),
    "ʊ": _vowel("short-oo", 0.17, 1.3, mouthPucker=0.46, mouthFunnel=0.34, mouthLowerDown=0.1),
    "ɜɝɚɞ": _vowel("er", 0.2, 1.0, mouthFunnel=0.3, mouthPucker=0.18, mouthLowerDown=0.18, mouthUpperUp=0.1),
    "mbpɓʙ": _consonant("bilabial", (0.7, 3.0, 0.12, 0.12, 1.0, 0.6), closes=True, mouthClose=1.0, mouthPress=0.22,
                        mouthRollLower=0.12, mouthRollUpper=0.08, jawOpen=0.07),
    "fvɱʋⱱ": _consonant("labiodental", (1.3, 1.2, 0.3, 0.3, 2.4, 0.6), bites=True, jawOpen=0.06, mouthRollLower=0.62,
                        mouthUpperUp=0.3, mouthStretch=0.08),
    "wʍɥʷ": _consonant("glide-oo", (0.9, 0.9, 2.0, 0.9, 0.9, 0.6), jawOpen=0.08, mouthPucker=0.82, mouthFunnel=0.26),
    "βɸ": _consonant("bilabial-fricative", (0.8, 1.6, 0.15, 0.15, 0.8, 0.5), jawOpen=0.07, mouthClose=0.62),
    "θð": _consonant("dental", (0.9, 1.0, 0.2, 0.3, 0.7, 1.0), jawOpen=0.14, mouthLowerDown=0.22, mouthUpperUp=0.14,
                     mouthStretch=0.1, tongueOut=0.3),
    "tdnɾɗǀǃ": _consonant("alveolar", (0.55, 0.8, 0.08, 0.2, 0.4, 0.7), jawOpen=0.12, mouthLowerDown=0.22,
                          mouthUpperUp=0.14, mouthStretch=0.12),
    "lɫɬɮɺɭʟǁ": _consonant("lateral", (0.55, 0.9, 0.12, 0.25, 0.45, 0.8), jawOpen=0.2, mouthLowerDown=0.22,
                           mouthUpperUp=0.14, mouthStretch=0.1),
    "szʦʣ": _consonant("sibilant", (1.6, 1.0, 0.2, 0.7, 0.9, 0.8), jawOpen=0.05, mouthStretch=0.24, mouthSmile=0.08,
                       mouthLowerDown=0.34, mouthUpperUp=0.22),
    "ʃʒʧʤɧ": _consonant("hush", (1.5, 1.0, 1.2, 0.7, 0.9, 0.8), jawOpen=0.08, mouthFunnel=0.5, mouthPucker=0.24,
                        mouthLowerDown=0.2, mouthUpperUp=0.16),
    "ʂʐɻɕʑçʝ": _consonant("palatal-hush", (1.2, 1.0, 0.5, 0.5, 0.8, 0.8), jawOpen=0.08, mouthFunnel=0.2,
                          mouthStretch=0.14, mouthLowerDown=0.26, mouthUpperUp=0.18),
    "ɹɽ": _consonant("approximant-r", (0.7, 0.9, 0.9, 0.4, 0.5, 0.7), jawOpen=0.14, mouthFunnel=0.34, mouthPucker=0.2,
                     mouthLowerDown=0.14, mouthUpperUp=0.08),
    "rʀ": _consonant("trill", (0.6, 0.9, 0.1, 0.2, 0.4, 0.7), jawOpen=0.15, mouthLowerDown=0.22, mouthUpperUp=0.14,
                     mouthStretch=0.1),
    "jʎɲʲ": _consonant("palatal", (0.6, 0.9, 0.2, 0.5, 0.5, 0.6), jawOpen=0.12, mouthStretch=0.26, mouthSmile=0.12,
                       mouthLowerDown=0.26, mouthUpperUp=0.18),
    "kɡgŋcɟxɣqɢɴχʁɰʈɖɳʡʄɠʛ": _consonant("velar", (0.25, 0.6, 0.04, 0.05, 0.15, 0.4), jawOpen=0.16,
                                          mouthLowerDown=0.16, mouthUpperUp=0.1),
    "hɦʔʜʢ": _consonant("glottal", (0.12, 0.4, 0.03, 0.04, 0.1, 0.3), jawOpen=0.18, mouthLowerDown=0.14,
                        mouthUpperUp=0.08),
}  # fmt: skip

LETTERS: dict[str, Viseme] = {letter: viseme for letters, viseme in _VISEMES.items() for letter in letters}
"""The viseme of every letter of the IPA."""

VISEMES: tuple[Viseme, ...] = (REST, *_VISEMES.values())
"""All visemes, silence first: the order of the sound network's outputs."""

_RESPELLED = (("o-", "ɤ"), ("i.", "ɨ"), ("i̪", "ɨ"), ("s.", "ʂ"), ("nɡ", "ŋ"), ("ng", "ŋ"))
"""How espeak-ng writes some Mandarin sounds, and the IPA for them."""
_ASPIRATED = frozenset("pbtdkɡgsʂɕʃ")


@dataclass(frozen=True, slots=True)
class Gesture:
    """A part of a phoneme: its viseme, and the share of the phoneme's duration in which it is made."""

    viseme: Viseme
    begins: float
    ends: float


def is_stressed(ipa: str) -> bool:
    """Whether the phoneme carries primary stress."""
    return "ˈ" in ipa


@lru_cache(maxsize=2048)
def gestures(ipa: str) -> tuple[Gesture, ...]:
    """The gestures of a phoneme in order: one for a plain one, more for diphthongs, affricates, whole finals.

    Stress, length and tone marks are left out; pauses and language marks like "(en)" have none.
    """
    letters = list(_letters(ipa))
    if not letters:
        return ()
    visemes = [_nearest(letter) for letter in letters]
    # The first vowel of a diphthong is the longer one.
    weights = np.array([1.25 if number == 0 and viseme.vowel else 1.0 for number, viseme in enumerate(visemes)])
    edges = np.concatenate([[0.0], np.cumsum(weights) / weights.sum()])
    return tuple(Gesture(v, float(a), float(b)) for v, a, b in zip(visemes, edges[:-1], edges[1:], strict=True))


def _letters(ipa: str) -> str:
    if ipa.startswith("("):
        return ""
    for written, meant in _RESPELLED:
        ipa = ipa.replace(written, meant)
    found = ""
    for sign in ipa:
        if sign in LETTERS:
            if not (sign in "hʔ" and found and found[-1] in _ASPIRATED):
                found += sign
            continue
        base = unicodedata.normalize("NFD", sign)[0]
        if base.isalpha() and unicodedata.category(base) != "Lm":
            found += base.lower()
    return found


def _nearest(letter: str) -> Viseme:
    """The viseme of a letter; one that is not of the IPA counts as a consonant that asks for nothing."""
    return LETTERS.get(letter, LETTERS["k"])
