"""What `selfsame bench retrieval` searches: chunks made of real sentences and common filler. Pure.

Sentences about made-up works are embedded by the product's own model; a chunk is three of them and filler drawn as
words of a language are (Zipf), and its vector leans on the first sentence as a real chunk's does, with noise.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]

_PLACES = """bakery, harbour, museum, orchard, clinic, library, workshop, vineyard, theatre, school, brewery, archive,
laboratory, farm, hotel, observatory, gallery, garden, railway, hospital, studio, factory, market, chapel, bridge,
lighthouse, quarry, mill, stable, foundry, aquarium, cinema, bookshop, pharmacy, kitchen, shipyard, airfield, kiln,
tannery, apiary"""
_FACTS = (
    ("Who founded the {p}?", "The {p} was founded by the {n} family."),
    ("When does the {p} open?", "Visitors may enter the {p} from {d} o'clock in the morning."),
    ("How much does it cost to enter the {p}?", "A ticket for the {p} costs {d} crowns."),
    ("What is the {p} famous for?", "People travel far to see the {n} collection at the {p}."),
    ("How many people work at the {p}?", "The {p} employs about {d} people all year."),
    ("What happened to the {p} in the flood?", "After the flood the cellar of the {p} had to be rebuilt."),
    ("Can children visit the {p}?", "Children are welcome at the {p} when an adult comes along."),
    ("What is planned for the {p} next year?", "Next spring the {p} will get a new {n} wing."),
    ("Who pays for repairs of the {p}?", "Repairs at the {p} are paid from a fund of the {n} council."),
    ("How does one get to the {p} without a car?", "The tram of line {d} stops right in front of the {p}."),
    ("What was the most difficult time of the {p}?", "In the hard winter the {p} nearly closed for good."),
    ("Which book tells the story of the {p}?", "The history of the {p} was written down by {n}."),
    ("Are dogs allowed in the {p}?", "Dogs must wait outside the {p}, where there is water for them."),
    ("What can one eat at the {p}?", "A small table at the {p} serves soup, bread and {n} cheese."),
    ("How is the {p} heated?", "Warm water from the river heats the {p} through {d} pipes."),
    ("Which prize did the {p} win?", "The {p} received the {n} prize for its care of old tools."),
    ("Who keeps the keys of the {p}?", "The keys of the {p} lie with the guard at the {n} gate."),
    ("What noise does one hear near the {p}?", "Near the {p} one hears an old bell every {d} minutes."),
    ("What is stored below the {p}?", "Below the {p} there are {d} rooms with letters and maps."),
    ("Which tree stands before the {p}?", "An oak older than the {p} itself stands before its door."),
)
_COMMON = """the of and to a in is it that was for on are with as they be at one have this from or had by but some what
there we can out other were all your when up use how said an each she which do their time if will way about many then
them would write like so these her long make thing see him two has look more day could go come did number sound no most
people my over know water than call first who may down side been now find any new work part take get place made live
where after back little only round man year came show every good me give our under name very through just form sentence
great think say help low line differ turn cause much mean before move right boy old too same tell does set three want
air well also play small end put home read hand port large spell add even land here must big high such follow act why
ask men change went light kind off need house picture try us again animal point mother world near build self earth"""


@dataclass(frozen=True, slots=True)
class Seeds:
    """Sentences by place and fact, and the question that each answers, in the same order."""

    sentences: tuple[str, ...]
    questions: tuple[str, ...]


def seeds() -> Seeds:
    """1600 sentences about 400 works, each with a name of its own; the same every time."""
    chance = random.Random(7)
    places = [place.strip() for place in _PLACES.split(",")]
    sentences, questions = [], []
    for _ in range(10):
        for place in places:
            work = f"{name(chance).capitalize()} {place}"
            for asked, said in chance.sample(_FACTS, 4):
                filled = {"p": work, "n": name(chance).capitalize(), "d": chance.randint(3, 90)}
                sentences.append(said.format(**filled))
                questions.append(asked.format(p=work))
    return Seeds(tuple(sentences), tuple(questions))


def name(chance: random.Random) -> str:
    """A made-up family name."""
    return "".join(chance.choice(("ar", "ben", "dol", "el", "fa", "gor", "hil", "mar", "net", "os")) for _ in range(3))


@dataclass(frozen=True, slots=True)
class Piece:
    """A chunk to be stored."""

    text: str
    vector: Vectors


def pieces(many: int, seed: int, sentences: tuple[str, ...], vectors: Vectors) -> Iterator[Piece]:
    """`many` chunks of about 110 words; `vectors` has shape (len(sentences), width), unit length."""
    chance = random.Random(seed)
    noise = np.random.default_rng(seed)
    common = _COMMON.split()
    rare = [name(chance) + name(chance)[:4] for _ in range(4000)]
    words = common + rare
    weights = [1.0 / (place + 2) for place in range(len(words))]
    for _ in range(many):
        one, two, three = (chance.randrange(len(sentences)) for _ in range(3))
        filler = chance.choices(words, weights, k=78)
        text = " ".join((*filler[:26], sentences[one], *filler[26:52], sentences[two], *filler[52:], sentences[three]))
        mixed = vectors[one] + 0.45 * vectors[two] + 0.3 * vectors[three]
        strewn = noise.standard_normal(vectors.shape[1]).astype(np.float32) * (0.45 / np.sqrt(vectors.shape[1]))
        mixed = mixed + strewn
        yield Piece(text, (mixed / np.linalg.norm(mixed)).astype(np.float32))
