"""The profile by counting alone: what serves where no language model is configured, and beside one where it is. Pure.

Every field of `clones.persona.PROFILE` is there; what cannot be measured (traits, role, backstory, dos, donts) or was
not found stays null. Each finding comes with how often it was counted and with sentences that show it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from selfsame.clones.persona import empty_profile
from selfsame.studio.persona.conduct import (
    EnergySigns,
    Tone,
    find_energy,
    find_frame,
    find_questions,
    find_selling,
    find_stories,
    find_tone,
)
from selfsame.studio.persona.fillers import Fillers, find_fillers
from selfsame.studio.persona.finding import Finding
from selfsame.studio.persona.phrases import Phrases, find_phrases
from selfsame.studio.persona.script import Script, script_of
from selfsame.studio.persona.sound import SoundMeasures
from selfsame.studio.persona.transcript import Transcript
from selfsame.studio.persona.vocabulary import FormalitySigns, Vocabulary, find_formality, find_vocabulary

LEAST_WORDS = 40
"""Below this nothing is concluded."""
SHORT_SENTENCES, LONG_SENTENCES = {"EN": 9.0, "ES": 9.0, "ZH": 14.0}, {"EN": 20.0, "ES": 22.0, "ZH": 34.0}
MANY_QUESTIONS = 0.15
LEAST_TURNS = 5
SHORT_TURNS, LONG_TURNS = 2.0, 4.5
"""Sentences of an average turn below which answers are short and above which they are long."""


@dataclass(frozen=True, slots=True)
class Measured:
    """`profile` has the fields of `clones.persona.PROFILE`; `evidence` findings by field; `figures` what was measured.

    All small JSON."""

    profile: dict[str, Any]
    evidence: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Found:
    fillers: Fillers
    phrases: Phrases
    vocabulary: Vocabulary
    formality: FormalitySigns
    tone: Tone
    energy: EnergySigns


def measure(transcript: Transcript, sound: SoundMeasures | None = None) -> Measured:
    """Measure what a person said, and how where there is sound of it."""
    script = script_of(transcript)
    profile = empty_profile()
    if len(script.words) < LEAST_WORDS:
        return Measured(profile, {}, {"words": len(script.words), "enough": False})
    fillers = find_fillers(script)
    found = _Found(
        fillers,
        find_phrases(script, tuple(finding.what for finding in fillers.fillers)),
        find_vocabulary(script),
        find_formality(script),
        find_tone(script),
        find_energy(script, sound, transcript.seconds),
    )
    evidence: dict[str, tuple[Finding, ...]] = {
        "fillers": fillers.fillers,
        "openers": fillers.openers,
        "catchphrases": found.phrases.catchphrases,
        "common_expressions": found.phrases.expressions,
    }
    for name, findings in evidence.items():
        profile[name] = [finding.what for finding in findings] or None
    for name, opening in (("greeting", True), ("closing", False)):
        frame = find_frame(script, opening=opening)
        if frame is not None:
            profile[name], evidence[name] = frame.what, (frame,)
    profile |= {
        "vocabulary_level": found.vocabulary.level,
        "vocabulary_style": _style(found.vocabulary),
        "formality": found.formality.formality,
        "tone": " and ".join(found.tone.names[:2]) or None,
        "energy": found.energy.energy,
        "answer_length": _turn_length(transcript, script),
        "language": script.language,
    }
    evidence["formality"] = found.formality.casual + found.formality.formal
    evidence["tone"] = found.tone.warm + found.tone.direct + found.tone.hedging
    evidence["energy"] = found.energy.lively
    evidence["selling_approach"] = selling = find_selling(script)
    profile["selling_approach"] = ", ".join(each.what for each in selling) if len(selling) > 1 else None
    profile["patterns"], evidence["patterns"] = _patterns(script)
    shown = {name: [each.to_json() for each in findings] for name, findings in evidence.items() if findings}
    return Measured(profile, shown, _figures(script, found, sound, transcript))


def _patterns(script: Script) -> tuple[list[str] | None, tuple[Finding, ...]]:
    """Habits of speech as sentences that a prompt can carry, each with what shows it."""
    found: list[Finding] = []
    length = len(script.words) / max(1, len(script.sentences))
    unit = "words" if script.spaced else "characters"
    if script.punctuated and len(script.sentences) >= 8:
        if length <= SHORT_SENTENCES[script.language]:
            found.append(Finding(f"speaks in short sentences, about {length:.0f} {unit} each", len(script.sentences)))
        elif length >= LONG_SENTENCES[script.language]:
            found.append(Finding(f"speaks in long sentences, about {length:.0f} {unit} each", len(script.sentences)))
    asked, shown = find_questions(script)
    if asked is not None and asked >= MANY_QUESTIONS:
        found.append(Finding("asks questions often", round(asked * len(script.sentences)), shown))
    stories = find_stories(script)
    if stories is not None:
        found.append(stories)
    return [finding.what for finding in found] or None, tuple(found)


def _style(vocabulary: Vocabulary) -> str | None:
    """What the words are like, in words; only what was measured."""
    if vocabulary.level is None:
        return None
    word = {"plain": "plain, everyday words", "everyday": "everyday words", "rich": "varied, well-chosen words"}
    special = ", with terms such as " + ", ".join(vocabulary.rare_words[:3]) if vocabulary.level == "rich" else ""
    return word[vocabulary.level] + (special if vocabulary.rare_words else "")


def _turn_length(transcript: Transcript, script: Script) -> str | None:
    """How long the person's turns are; only a conversation tells."""
    if not transcript.turns or len(transcript.parts) < LEAST_TURNS:
        return None
    mean = len(script.sentences) / len(transcript.parts)
    return "short" if mean < SHORT_TURNS else "long" if mean > LONG_TURNS else "medium"


def _figures(script: Script, found: _Found, sound: SoundMeasures | None, transcript: Transcript) -> dict[str, Any]:
    asked, _ = find_questions(script)
    figures: dict[str, Any] = {
        "words": len(script.words),
        "sentences": len(script.sentences),
        "enough": True,
        "language": script.language,
        "punctuated": script.punctuated,
        "wordsPerSentence": len(script.words) / max(1, len(script.sentences)) if script.punctuated else None,
        "questionShare": asked,
        "differentWords": found.vocabulary.different,
        "mtld": found.vocabulary.mtld,
        "wordLength": found.vocabulary.word_length,
        "rareWordShare": found.vocabulary.rare,
        "formalityScore": found.formality.score,
        "exclamationShare": found.energy.exclaimed,
        "wordsPerMinute": found.energy.words_a_minute,
        "loudnessSwingDb": found.energy.swing,
        "pausesPerMinute": 60 * sound.pauses / sound.seconds if sound and sound.seconds else None,
        "turns": len(transcript.parts) if transcript.turns else None,
    }
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in figures.items()}
