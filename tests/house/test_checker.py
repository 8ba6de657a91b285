"""The house's checker can fail: each rule is shown a made-up source that breaks it, and one that does not."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("house_rules", Path(__file__).with_name("test_house.py"))
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["house_rules"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


house = _load()


def made(**sources: str) -> list:
    """Modules from name (with __ for the dot) and text."""
    return [house.Module(name.replace("__", "."), text + "\n") for name, text in sources.items()]


@pytest.mark.parametrize(
    ("name", "line", "allowed"),
    [
        ("ears__listen", "from selfsame.events.heard import Heard", True),
        ("ears__listen", "from selfsame.mind.port import LanguageModel", False),
        ("ears__listen", "import selfsame.voice.speak", False),
        ("voice__speak", "from selfsame import mind", False),
        ("ears__listen", "from ..voice import speak", False),
        ("ears__listen", "from .port import SpeechToText", True),
        ("kit__clock", "from selfsame.events import audio", False),
        ("evaluator__run", "from selfsame.channels.wire.client import Start", True),
        ("evaluator__run", "from selfsame.channels.http import app", False),
        ("providers__openai__llm", "from selfsame.mind.port import Prompt", True),
        ("providers__openai__llm", "from selfsame.settings import Settings", False),
        ("stores__rows", "from selfsame.channels import wire", False),
        ("mind__think", "def late():\n    from selfsame.ears import port", False),
        ("wiring", "from selfsame.mind import think", True),
    ],
)
def test_forbidden_imports(name: str, line: str, allowed: bool) -> None:
    modules = made(**{name: line, "mind": "", "voice": "", "events__audio": "", "ears__port": "", "voice__speak2": ""})
    assert (house.forbidden(modules) == []) is allowed


def test_engines_that_know_one_another() -> None:
    bad = made(providers__openai__llm="from selfsame.providers.deepgram.ears import x", providers__deepgram__ears="")
    good = made(providers__openai__llm="from selfsame.providers.wrap.breaker import x", providers__wrap__breaker="")
    near = made(
        providers__embedded__espeak__tts="from selfsame.providers.embedded.minilm.build import x",
        providers__embedded__minilm__build="",
    )
    assert not house.siblings(made(providers__a__x="from selfsame.providers.shared import x", providers__shared=""))
    assert house.siblings(bad) and not house.siblings(good) and house.siblings(near)


def test_cycles() -> None:
    ring = made(mind__a="from selfsame.mind import b", mind__b="import selfsame.mind.c", mind__c="from .a import x")
    line = made(mind__a="from selfsame.mind import b", mind__b="import selfsame.mind.c", mind__c="")
    assert house.cycles(ring) == ["mind.a -> mind.b -> mind.c -> mind.a"]
    assert house.cycles(line) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("x = 1\n" * 401, "401 lines"),
        ("def f():\n" + "    x = 1\n" * 60, "61 lines"),
        ("def f(a, b, c, d, *, e, g, h): ...", "7 parameters"),
        ("class C:\n    def f(self, a, b, c, d, e, g): ...", ""),
        ("class C:\n" + "    x = 1\n" * 12, "without a docstring"),
        ("class _C:\n    def f(self):\n" + "        x = 1\n" * 20, ""),
        ("def f():\n    def inner():\n" + "        x = 1\n" * 20, "f: 22 lines without a docstring"),
        ('def f():\n    """Said."""\n' + "    x = 1\n" * 20, ""),
    ],
)
def test_sizes(text: str, fault: str) -> None:
    faults = house.sizes(house.Module("mind.made", text))
    assert (faults == []) if not fault else any(fault in line for line in faults)


def test_a_package_needs_a_docstring() -> None:
    assert house.sizes(house.Module("mind", "x = 1\n", is_package=True))
    assert not house.sizes(house.Module("mind", '"""Said."""\n', is_package=True))


def test_spawning_and_strangers() -> None:
    assert house.strangers(made(mind__a="import asyncio\nasyncio.create_task(x())"))
    assert house.strangers(made(mind__a="import anyio\nanyio.create_task_group()"))
    assert house.strangers(made(kit__a="import httpx"))
    assert house.strangers(made(kit__a="import asyncio\nasyncio.create_task(x())"))
    assert not house.strangers(made(kit__a="import anyio\nanyio.create_task_group()"))
    assert not house.strangers(made(kit__tasks="import anyio\nanyio.create_task_group()", kit__b="import numpy.linalg"))


def test_a_part_without_a_rule_is_noticed() -> None:
    assert "attic" not in house.MAY_IMPORT
