"""Pronunciations for words that the dictionary does not have, by espeak-ng's rules for American English.

espeak-ng comes as a library inside the `espeakng-loader` package and is called in this process through ctypes. It
keeps global state: call from one thread only (we build models in a process of their own).
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Mapping
from pathlib import Path

PHONES: Mapping[str, str] = {
    "tʃ": "CH",
    "dʒ": "JH",
    "aɪ": "AY",
    "aʊ": "AW",
    "ɔɪ": "OY",
    "oʊ": "OW",
    "eɪ": "EY",
    "ɜː": "ER",
    "ɚ": "ER",
    "ɑːɹ": "AA R",
    "ɔːɹ": "AO R",
    "oːɹ": "AO R",
    "ɛɹ": "EH R",
    "ɪɹ": "IH R",
    "ʊɹ": "UH R",
    "aɪɚ": "AY ER",
    "iː": "IY",
    "uː": "UW",
    "ɑː": "AA",
    "ɔː": "AO",
    "oː": "AO",
    "əl": "AH L",
    "n̩": "AH N",
    "aɪə": "AY AH",
    "i": "IY",
    "ɪ": "IH",
    "ɛ": "EH",
    "æ": "AE",
    "ʌ": "AH",
    "ə": "AH",
    "ɐ": "AH",
    "ᵻ": "IH",
    "ʊ": "UH",
    "ɔ": "AO",
    "ɑ": "AA",
    "a": "AE",
    "e": "EH",
    "o": "OW",
    "u": "UW",
    "ɜ": "ER",
    "y": "UW",
    "ø": "ER",
    "θ": "TH",
    "ð": "DH",
    "ʃ": "SH",
    "ʒ": "ZH",
    "ŋ": "NG",
    "ɹ": "R",
    "ɾ": "T",
    "ʔ": "T",
    "j": "Y",
    "ɡ": "G",
    "x": "K",
    "ç": "HH",
    "ɬ": "L",
    "ɲ": "N Y",
    "g": "G",
    "b": "B",
    "d": "D",
    "f": "F",
    "h": "HH",
    "k": "K",
    "l": "L",
    "m": "M",
    "n": "N",
    "p": "P",
    "r": "R",
    "s": "S",
    "t": "T",
    "v": "V",
    "w": "W",
    "z": "Z",
}
"""International phonetic alphabet, as espeak-ng writes it, to the phones of the CMU dictionary."""
LONGEST = max(map(len, PHONES))
SYNCHRONOUS, UTF8, IPA = 2, 1, 2

TOGETHER = {"who_are_you": ["HH UW AA R Y UW", "HH UW ER Y UW", "Y UW AA R Y UW", "Y UW ER Y UW"]}
"""Short sentences that are one entry (Finke and Waibel, "Speaking mode dependent pronunciation modeling", 1997): after
silence the breath of "who" is lost, and the whole is heard as "you are you", which nobody says. The same sound for
"who" alone was worse: it made "who are funny" of "you are funny"."""


def phones(ipa: str) -> str:
    """The longest-match translation of espeak-ng's symbols; what is unknown (stress, ties) is skipped."""
    out: list[str] = []
    i = 0
    while i < len(ipa):
        size = next((n for n in range(LONGEST, 0, -1) if ipa[i : i + n] in PHONES), 0)
        if size:
            out.append(PHONES[ipa[i : i + size]])
        i += size or 1
    return " ".join(out)


class Speller:
    """espeak-ng as a spelling-to-sound rule book. One per process."""

    def __init__(self) -> None:
        import espeakng_loader

        self._espeak = ctypes.CDLL(espeakng_loader.get_library_path())
        self._espeak.espeak_TextToPhonemes.restype = ctypes.c_char_p
        rate = self._espeak.espeak_Initialize(SYNCHRONOUS, 0, str(espeakng_loader.get_data_path()).encode(), 0)
        if rate <= 0 or self._espeak.espeak_SetVoiceByName(b"en-us") != 0:
            raise RuntimeError("espeak-ng did not start")

    def ipa(self, text: str) -> str:
        """How espeak-ng says a short text."""
        raw = ctypes.c_char_p(text.encode())
        said: list[str] = []
        while raw.value:
            part = self._espeak.espeak_TextToPhonemes(ctypes.byref(raw), UTF8, IPA)
            said.append(part.decode() if part else "")
        return " ".join(said)

    def variants(self, word: str, written: str = "") -> list[str]:
        """Pronunciations of a word; an abbreviation in capitals also gets its letters said one by one."""
        found = [phones(self.ipa(word))]
        if written.isupper() and 2 <= len(written) <= 5:
            found.append(phones(self.ipa(" ".join(written))))
        return [p for p in dict.fromkeys(found) if p]


def read_dictionary(path: Path) -> dict[str, list[str]]:
    """A CMU-style dictionary: word to its pronunciations, in the file's order."""
    entries: dict[str, list[str]] = {}
    for line in path.read_text("utf-8").splitlines():
        head, _, said = line.strip().partition(" ")
        if said:
            entries.setdefault(head.partition("(")[0] or head, []).append(said.strip())
    return entries


def write_dictionary(entries: Iterable[tuple[str, list[str]]]) -> str:
    """The same as text; further pronunciations are `word(2)`, `word(3)`."""
    lines: list[str] = []
    for word, variants in entries:
        for i, said in enumerate(variants):
            lines.append(f"{word}{f'({i + 1})' if i else ''} {said}\n")
    return "".join(lines)
