"""Selfsame turns a person into a clone others can talk with. `docs/architecture.md` draws the house."""

__version__ = "0.1.0"
