"""Discriminators: every branch has to require the property that tells the branches apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from retailctl.contracts.lint.context import Context
from retailctl.contracts.lint.facts import LintFact, fact
from retailctl.contracts.lint.outline import mapping, text
from retailctl.contracts.lint.schema_walk import SchemaPlace

_DEEPEST = 32


def check(context: Context) -> Iterator[LintFact]:
    """Source: Discriminator Object ("the property SHOULD be required in the payload schema")."""
    for place in context.schemas:
        written = place.schema.get("discriminator")
        name = written if isinstance(written, str) else text(mapping(written).get("propertyName"))
        if not name or "$ref" in place.schema:
            continue
        if context.version.family == "swagger":
            if name not in _names(place.schema.get("required")):
                yield fact("discriminator-not-required", (place.path, f"{place.pointer}/discriminator"), name=name)
            continue
        yield from _branches(context, place, name)


def _branches(context: Context, place: SchemaPlace, name: str) -> Iterator[LintFact]:
    if _requires(context, place.schema, place.path, place.pointer, name):
        return
    for keyword in ("oneOf", "anyOf"):
        branches = place.schema.get(keyword)
        for index, branch in enumerate(branches if isinstance(branches, list) else ()):
            pointer = f"{place.pointer}/{keyword}/{index}"
            if not _requires(context, branch, place.path, pointer, name):
                yield fact("discriminator-not-required", (place.path, pointer), name=name)


def _requires(context: Context, schema: object, path: str, pointer: str, name: str) -> bool:
    """True when the schema, or a part of its allOf, requires the name; also when that cannot be told."""
    stack = [(schema, path, pointer)]
    seen: set[tuple[str, str]] = set()
    while stack and len(seen) <= _DEEPEST:
        value, path, pointer = stack.pop()
        path, pointer, value = context.outline.resolve(value, path, pointer)
        if not isinstance(value, Mapping):
            return True
        if (path, pointer) in seen:
            continue
        seen.add((path, pointer))
        if name in _names(value.get("required")):
            return True
        parts = value.get("allOf")
        for index, part in enumerate(parts if isinstance(parts, list) else ()):
            stack.append((part, path, f"{pointer}/allOf/{index}"))
    return len(seen) > _DEEPEST


def _names(value: object) -> list[object]:
    return value if isinstance(value, list) else []
