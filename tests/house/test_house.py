"""The house keeps its shape: who may import whom, no cycles, small files and functions, one place that spawns."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILE_LINES, FUNCTION_LINES, PARAMETERS, BARE_LINES = 400, 60, 6, 12

VOCABULARY = {"kit", "events", "errors"}
ROOMS = {"ears", "mind", "voice", "face"}
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "kit": set(),
    "events": {"kit", "errors"},
    "clones": VOCABULARY,
    **dict.fromkeys(ROOMS, VOCABULARY),
    "library": VOCABULARY | {"clones"},
    "conversation": VOCABULARY | ROOMS | {"clones"},
    "studio": VOCABULARY | {"clones", "library", "voice", "face"},
    "jobs": VOCABULARY | {"clones", "library", "studio"},
    "stores": VOCABULARY | {"clones", "conversation", "library", "studio", "jobs"},
    "providers": VOCABULARY | ROOMS | {"library"},
    "channels": VOCABULARY | {"clones", "conversation", "library", "studio", "jobs"},
    "evaluator": {"kit", "events", "errors", "channels.wire"},
    "contracts": VOCABULARY | ROOMS | {"clones", "conversation", "library", "studio", "jobs"},
    "demo": VOCABULARY | {"clones", "library", "face"},
    "models": {"kit", "errors"},
    "settings": {"errors"},
}
"""Each part and the parts it may import, besides itself. Whoever is not named (wiring, cli) may import all."""
KIT_MAY_IMPORT = {"anyio", "numpy"}
SPAWNERS = {"create_task", "ensure_future", "run_coroutine_threadsafe", "create_task_group"}


@dataclass(frozen=True)
class Module:
    """A source file: dotted `name` below selfsame ("" for the package itself), its text and its tree."""

    name: str
    text: str
    is_package: bool = False

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)


def load(root: Path = ROOT / "selfsame") -> list[Module]:
    found = []
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        found.append(
            Module(".".join(parts[:-1] if is_package else parts), path.read_text(encoding="utf-8"), is_package)
        )
    return found


def imports(module: Module, known: set[str]) -> set[str]:
    """Modules of ours that it imports, at any depth of the code, as names below selfsame; none for type checking."""
    found = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            prefix = _absolute(module, node)
            names = [f"{prefix}.{a.name}" if f"{prefix}.{a.name}"[9:] in known else prefix for a in node.names]
        else:
            continue
        found |= {name[9:] for name in names if name.startswith("selfsame.")}
    return found


def _absolute(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = ["selfsame", *filter(None, module.name.split("."))]
    parts = parts[: len(parts) - node.level + module.is_package]
    return ".".join([*parts, *([node.module] if node.module else [])])


def forbidden(modules: list[Module]) -> list[str]:
    """Imports that the table does not allow."""
    known, faults = {m.name for m in modules}, []
    for module in modules:
        part = module.name.split(".")[0]
        allowed = MAY_IMPORT.get(part)
        if allowed is None:
            continue
        for target in sorted(imports(module, known)):
            if not any(target == name or target.startswith(name + ".") for name in allowed | {part}):
                faults.append(f"{module.name} imports {target}")
    return faults


def siblings(modules: list[Module]) -> list[str]:
    """Engines never import one another: each folder of providers stands alone, but for wrap and single modules."""
    known, faults = {m.name for m in modules}, []
    helpers = {_engine(m.name) for m in modules if m.name.count(".") == 1 and not m.is_package}
    for module in (m for m in modules if m.name.startswith("providers.")):
        shared = {_engine(module.name), "embedded", "wrap", *helpers}
        targets = (t for t in imports(module, known) if t.startswith("providers."))
        if _engine(module.name) not in helpers:
            faults += [f"{module.name} imports {target}" for target in targets if _engine(target) not in shared]
    return faults


def _engine(name: str) -> str:
    """The folder of an engine: providers.openai, or one level deeper below embedded."""
    parts = name.split(".")[1:]
    return ".".join(parts[: 2 if parts[:1] == ["embedded"] else 1])


def cycles(modules: list[Module]) -> list[str]:
    """Modules that import each other in a ring, by depth-first search over top-level imports."""
    known = {m.name for m in modules}
    edges = {
        m.name: imports(Module(m.name, _top_level(m.text), m.is_package), known) & known - {m.name} for m in modules
    }
    state: dict[str, int] = {}
    faults: list[str] = []

    def visit(name: str, path: list[str]) -> None:
        state[name] = 1
        for target in sorted(edges[name]):
            if state.get(target) == 1:
                faults.append(" -> ".join([*path[path.index(target) :], target]))
            elif target not in state:
                visit(target, [*path, target])
        state[name] = 2

    for name in sorted(edges):
        if name not in state:
            visit(name, [name])
    return faults


def _top_level(text: str) -> str:
    nodes = [n for n in ast.parse(text).body if isinstance(n, ast.Import | ast.ImportFrom)]
    return "\n".join(map(ast.unparse, nodes))


def sizes(module: Module) -> list[str]:
    """Files, functions and parameter lists that are too long; long public things without a docstring."""
    faults = []
    lines = module.text.count("\n")
    if lines > FILE_LINES:
        faults.append(f"{module.name}: {lines} lines")
    if module.is_package and not ast.get_docstring(module.tree):
        faults.append(f"{module.name}: a package without a docstring")
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        long = (node.end_lineno or node.lineno) - node.lineno + 1
        bare = not node.name.startswith(("_", "test_")) and not ast.get_docstring(node)
        if long > BARE_LINES and bare and not _is_inner(module.tree, node):
            faults.append(f"{module.name}.{node.name}: {long} lines without a docstring")
        if isinstance(node, ast.ClassDef):
            continue
        count = _parameters(node.args)
        if long > FUNCTION_LINES:
            faults.append(f"{module.name}.{node.name}: {long} lines")
        if count > PARAMETERS:
            faults.append(f"{module.name}.{node.name}: {count} parameters")
    return faults


def _is_inner(tree: ast.Module, node: ast.AST) -> bool:
    """Whether it is defined inside a function, where nobody outside can reach it, or in a private class."""
    return any(
        node is not outer and node in ast.walk(outer)
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef)
        or (isinstance(outer, ast.ClassDef) and outer.name.startswith("_"))
    )


def _parameters(arguments: ast.arguments) -> int:
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return len([a for a in named if a.arg not in ("self", "cls")])


def strangers(modules: list[Module]) -> list[str]:
    """Third parties in kit beyond the allowed, and spawning outside kit.tasks."""
    faults = []
    for module in modules:
        for node in ast.walk(module.tree):
            if module.name.startswith("kit") and isinstance(node, ast.Import | ast.ImportFrom):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
                tops = {name.split(".")[0] for name in names} - KIT_MAY_IMPORT - {"selfsame"}
                faults += [f"{module.name} imports {top}" for top in sorted(tops - sys.stdlib_module_names)]
            allowed = module.name == "kit.tasks" or (module.name.startswith("kit.") and node_is_group(node))
            if isinstance(node, ast.Attribute) and node.attr in SPAWNERS and not allowed:
                faults.append(f"{module.name} spawns by {node.attr}")
    return faults


def node_is_group(node: ast.AST) -> bool:
    """Whether it is anyio's task group, which the kit may use."""
    return isinstance(node, ast.Attribute) and node.attr == "create_task_group"


MODULES = load()


def test_there_is_something_to_check() -> None:
    assert {"kit.clock", "errors", "events.turns", "conversation.port"} <= {m.name for m in MODULES}


def test_nobody_imports_what_it_may_not() -> None:
    assert forbidden(MODULES) == []


def test_engines_do_not_know_one_another() -> None:
    assert siblings(MODULES) == []


def test_there_is_no_import_cycle() -> None:
    assert cycles(MODULES) == []


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.name or "selfsame")
def test_files_and_functions_are_small_and_explained(module: Module) -> None:
    assert sizes(module) == []


def test_only_the_kit_spawns() -> None:
    assert strangers(MODULES) == []


def test_every_part_has_a_rule() -> None:
    parts = {m.name.split(".")[0] for m in MODULES if m.name}
    assert parts - MAY_IMPORT.keys() <= {"wiring", "cli", "__main__"}
