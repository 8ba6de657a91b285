"""How a clone keeps to its sources: what a prompt says about that, and what is said without an answer. Pure."""

from __future__ import annotations

from selfsame.mind.port import Adherence, Manner

NO_ANSWER = {
    "EN": "I have no answer to that.",
    "ES": "No tengo una respuesta a eso.",
    "ZH": "这个问题我没有答案。",
}
INSTRUCTIONS: dict[Adherence, str] = {
    "strict": "- Say only what the knowledge above says, close to its words; add nothing, guess nothing.\n"
    '- If the knowledge does not hold the answer, say only: "{no_answer}"',
    "adaptive": "- Rely on the knowledge given above; do not make up facts.\n"
    "- Beyond it you may say what is commonly known, and say that it is not from your own knowledge.\n"
    '- If the knowledge does not hold the answer about {userName}, say plainly: "{no_answer}"',
    "creative": "- Use the knowledge given above where it helps.\n"
    "- You may add opinions, images and ideas in {userName}'s spirit.\n"
    "- Never make up facts about {userName}, their life, their work or their prices.",
}


def no_answer(manner: Manner, language: str) -> str:
    """What the clone says in `language` when it has no answer: its owner's words, else the product's."""
    return manner.no_answer.get(language) or NO_ANSWER.get(language, NO_ANSWER["EN"])


def instructions(manner: Manner, language: str) -> str:
    """The lines of a prompt about keeping to the sources."""
    name = " ".join(manner.name.split())
    return INSTRUCTIONS[manner.adherence].format(userName=name, no_answer=no_answer(manner, language))
