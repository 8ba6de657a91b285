"""XML that was not written for us: no entities, no network, no declarations of types, bounded depth. Pure."""

from __future__ import annotations

import posixpath
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from selfsame.errors import BadInput
from selfsame.library.extract.archive import DAMAGED, Archive

DEEPEST = 200
Element = Any
"""An lxml element."""


def parse(data: bytes) -> Element:
    """The root. Raises BadInput when it is damaged, nested too deeply, or declares entities."""
    if b"<!ENTITY" in data[:200_000] or b"<!E\0N" in data[:2000]:
        raise BadInput("The file defines XML entities, which documents have no need of. It is not read.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as error:
        if "depth" in str(error).lower():
            raise BadInput(TOO_DEEP) from error
        raise BadInput(DAMAGED) from error
    if root is None:
        raise BadInput(DAMAGED)
    check_depth(root)
    return root


TOO_DEEP = "The file is nested too deeply to be a document. It is not read."


def check_depth(root: Element, most: int = DEEPEST) -> None:
    """Raise BadInput when elements lie more than `most` deep, so that walking them by recursion is safe."""
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > most:
            raise BadInput(TOO_DEEP)


def local(element: Element) -> str:
    """The name without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element, name: str) -> str:
    """An attribute by its local name, whatever its namespace."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return ""


def relations(archive: Archive, part: str) -> dict[str, str]:
    """What the relations of a part of an office file name: id to part, inside the file only."""
    folder, _, name = part.rpartition("/")
    path = f"{folder}/_rels/{name}.rels".lstrip("/")
    if path not in archive:
        return {}
    found = {}
    for each in parse(archive.read(path)):
        if attribute(each, "TargetMode") == "External":
            continue
        target = attribute(each, "Target")
        whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[attribute(each, "Id")] = whole
    return found
