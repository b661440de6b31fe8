"""Components nobody uses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from retailctl.contracts.lint.context import Context
from retailctl.contracts.lint.facts import LintFact, fact
from retailctl.contracts.lint.outline import mapping
from retailctl.contracts.references import ReferenceProblem, find_lookalikes
from retailctl.contracts.references.pointers import escape

_SWAGGER: Final = ("definitions", "parameters", "responses")


def check(context: Context) -> Iterator[LintFact]:
    """Components of the root document that nothing reachable refers to; text that looks like a reference counts.

    A document without operations is a library: its components are there for others.
    """
    if not context.outline.operations:
        return
    root_path, edges = context.library.root_path, _edges(context)
    names = tuple(_named(context))
    known = dict.fromkeys(names)
    used: set[str] = set()
    waiting = list(edges.get("", ()))
    while waiting:
        pointer = waiting.pop()
        component = _component(pointer, context.version.family)
        if component in known and component not in used:
            used.add(component)
            waiting += edges.get(component, ())
    children = _parents_by_allof(context, edges)
    for pointer in names:
        if pointer not in used and not (children.get(pointer, set()) & used):
            yield fact("component-unused", (root_path, pointer), name=pointer.rpartition("/")[2])


def _named(context: Context) -> Iterator[str]:
    root = context.outline.root
    if context.version.family == "swagger":
        areas = [(f"/{key}", root.get(key)) for key in _SWAGGER]
    else:
        components = mapping(root.get("components"))
        skipped = ("securitySchemes",)
        areas = [
            (f"/components/{escape(key)}", value)
            for key, value in components.items()
            if key not in skipped and not key.startswith("x-")
        ]
    for prefix, named in areas:
        for name in mapping(named):
            yield f"{prefix}/{escape(name)}"


def _component(pointer: str, family: str) -> str:
    """The component that a pointer is in, "" when it is in none."""
    steps = pointer.split("/")
    if family == "swagger":
        return "/".join(steps[:3]) if len(steps) > 2 and steps[1] in _SWAGGER else ""
    return "/".join(steps[:4]) if len(steps) > 3 and steps[1] == "components" else ""


def _edges(context: Context) -> dict[str, list[str]]:
    """Component (or "" for the rest) -> pointers it refers to. What other files refer to counts as used."""
    family, library = context.version.family, context.library
    edges: dict[str, list[str]] = {}
    written = [(r.path, r.pointer, r.text) for section in context.sections for r in section.references]
    root = library.data(library.root_path)
    written += [(library.root_path, pointer, text) for pointer, text in find_lookalikes(root)]
    for path, pointer, text in written:
        try:
            target = library.target(text, library.base_of(path, pointer.rpartition("/")[0]))
        except ReferenceProblem:
            continue
        if target.path == library.root_path:
            holder = _component(pointer, family) if path == library.root_path else ""
            edges.setdefault(holder, []).append(target.pointer)
    return edges


def _parents_by_allof(context: Context, edges: dict[str, list[str]]) -> dict[str, set[str]]:
    """Component -> what it extends by allOf: a subtype is used through the discriminator of its parent."""
    found: dict[str, set[str]] = {}
    for place in context.schemas:
        parts = place.schema.get("allOf")
        component = _component(place.pointer, context.version.family)
        if isinstance(parts, list) and component == place.pointer:
            found[component] = {_component(pointer, context.version.family) for pointer in edges.get(component, ())}
    return found
