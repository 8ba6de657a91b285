"""The embedded thinker: answers in the words of its sources and never invents."""

from selfsame.providers.embedded.answers.engine import EmbeddedAnswers

__all__ = ["EmbeddedAnswers"]
