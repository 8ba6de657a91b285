"""The mind in force is counted, also when it was chosen anew."""

from __future__ import annotations

from typing import Any

from selfsame.providers.fake.thinking import FakeLanguageModel
from selfsame.wiring.choices import Choice
from selfsame.wiring.minds import Mind


class Counted:
    """A thinker that is counted under a name."""

    def __init__(self, model: Any, name: str) -> None:
        self.model, self.name, self.abilities = model, name, model.abilities

    def stream(self, prompt: Any) -> Any:
        return self.name, self.model.stream(prompt)


def choice(name: str) -> Choice:
    return Choice("llm", name, "fake", "asked for", ("EN",))


def test_each_thinker_is_counted_under_its_own_name() -> None:
    mind = Mind(FakeLanguageModel(), choice("first"))
    mind.metered_by(lambda model, chosen: Counted(model, chosen.name))
    assert mind.stream(None)[0] == "first"  # type: ignore[index]
    mind.take(FakeLanguageModel(), choice("second"))
    assert mind.stream(None)[0] == "second"  # type: ignore[index]
    assert mind.choice.name == "second" and mind.ladder is None
