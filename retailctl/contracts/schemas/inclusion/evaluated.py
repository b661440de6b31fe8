"""Which properties and items other keywords have looked at: what the ``unevaluated`` keywords leave alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from retailctl.contracts.schemas.inclusion.regex import matches
from retailctl.contracts.schemas.inclusion.values import listed, table

if TYPE_CHECKING:
    from retailctl.contracts.schemas.inclusion.judge import Answer, Cuts, Judge

_MAX_DEPTH: Final = 40
_EVERY_NAME: Final = frozenset({"additionalProperties", "x-evaluates-properties"})
_EVERY_ITEM: Final = frozenset({"items", "x-evaluates-items"})


def by_name(schema: Mapping[str, object], value: Mapping[str, object]) -> tuple[set[str], set[str]]:
    """Return the names that ``properties`` and ``patternProperties`` cover, and those where a pattern is unreadable."""
    known = {name for name in value if name in table(schema.get("properties"))}
    unknown: set[str] = set()
    for pattern in table(schema.get("patternProperties")):
        for name in value:
            hit = matches(str(pattern), name)
            if hit is not False:
                (known if hit else unknown).add(name)
    return known, unknown


def _applied(
    judge: Judge, node: int, schema: Mapping[str, object], value: object, cuts: Cuts
) -> Iterator[tuple[int, Answer]]:
    """The schemas applied to the same value, with whether they accept it (those that do not, leave no trace)."""
    graph = judge.graph
    reference = schema.get("$ref")
    target = graph.target(node, reference) if isinstance(reference, str) else None
    nested = [graph.child(node, branch) for key in ("allOf", "anyOf", "oneOf") for branch in listed(schema.get(key))]
    if isinstance(value, dict):
        nested += [graph.child(node, own) for key, own in table(schema.get("dependentSchemas")).items() if key in value]
    if target is not None:
        nested.append(target)
    for inner in nested:
        yield inner, judge.one(inner, value, cuts)
    if "if" in schema:
        condition = judge.nested(node, schema["if"], value, cuts)
        yield graph.child(node, schema["if"]), condition
        for key, wanted in (("then", True), ("else", False)):
            if key in schema and condition is not (not wanted):
                inner = graph.child(node, schema[key])
                yield inner, judge.one(inner, value, cuts) if condition is wanted else None


def names(judge: Judge, node: int, value: dict[str, object], cuts: Cuts, depth: int = 0) -> set[str] | None:
    """Return the evaluated properties, ``unevaluatedProperties`` of the schema itself aside; None if not known."""
    schema = judge.graph.schemas[node]
    if isinstance(schema, bool):
        return set()
    if depth > _MAX_DEPTH or "$dynamicRef" in schema:
        return None
    if not _EVERY_NAME.isdisjoint(schema) or (depth and "unevaluatedProperties" in schema):
        return set(value)
    known, unknown = by_name(schema, value)
    if unknown - known:
        return None
    for inner, answer in _applied(judge, node, schema, value, cuts):
        if answer is False:
            continue
        more = names(judge, inner, value, cuts, depth + 1)
        if more is None or (answer is None and more - known):
            return None
        known |= more
    return known


def indices(judge: Judge, node: int, value: list[object], cuts: Cuts, depth: int = 0) -> set[int] | None:
    """Return the evaluated items, ``unevaluatedItems`` of the schema itself aside; None if not known."""
    schema = judge.graph.schemas[node]
    if isinstance(schema, bool):
        return set()
    if depth > _MAX_DEPTH or "$dynamicRef" in schema:
        return None
    if not _EVERY_ITEM.isdisjoint(schema) or (depth and "unevaluatedItems" in schema):
        return set(range(len(value)))
    known = set(range(min(len(value), len(listed(schema.get("prefixItems"))))))
    for index, item in enumerate(value) if "contains" in schema else ():
        answer = judge.nested(node, schema["contains"], item)
        if answer is None and index not in known:
            return None
        known |= {index} if answer else set()
    for inner, answer in _applied(judge, node, schema, value, cuts):
        if answer is False:
            continue
        more = indices(judge, inner, value, cuts, depth + 1)
        if more is None or (answer is None and more - known):
            return None
        known |= more
    return known
