"""What the keywords beside and below a schema evaluate, as far as that is sure or possible whatever the value."""

from __future__ import annotations

from dataclasses import dataclass, field

from retailctl.contracts.schemas.inclusion.graph import Graph, branches_of
from retailctl.contracts.schemas.inclusion.values import listed, table


@dataclass(slots=True)
class Scope:
    """Names, patterns and items that may be evaluated; `sure_*` are evaluated in every accepted value."""

    names: set[str] = field(default_factory=set)
    patterns: set[str] = field(default_factory=set)
    items: int = 0
    open: bool = False  # something evaluates every property, or it cannot be told
    open_items: bool = False
    sure_names: set[str] = field(default_factory=set)
    sure_patterns: set[str] = field(default_factory=set)
    sure_items: int = 0
    sure_open: bool = False
    sure_open_items: bool = False


def scope(graph: Graph, node: int) -> Scope:
    """Return what is evaluated in the place of a schema, its own ``unevaluated`` keywords aside."""
    known = graph.scopes.get(node)
    if isinstance(known, Scope):
        return known
    found = Scope()
    seen: set[tuple[int, bool]] = set()
    todo = [(node, True)]
    while todo:
        current, sure = todo.pop()
        if (current, sure) in seen:
            continue
        seen.add((current, sure))
        _own(graph, current, found, sure=sure, root=current == node)
        todo.extend(_below(graph, current, sure=sure))
    graph.scopes[node] = found
    return found


def _own(graph: Graph, node: int, found: Scope, *, sure: bool, root: bool) -> None:
    schema = graph.schemas[node]
    if isinstance(schema, bool):
        return
    own, patterns = (
        set(map(str, table(schema.get("properties")))),
        set(map(str, table(schema.get("patternProperties")))),
    )
    every = (
        "additionalProperties" in schema
        or "x-evaluates-properties" in schema
        or (not root and "unevaluatedProperties" in schema)
    )
    every_item = "items" in schema or "x-evaluates-items" in schema or (not root and "unevaluatedItems" in schema)
    items = len(listed(schema.get("prefixItems")))
    found.names |= own
    found.patterns |= patterns
    found.items = max(found.items, items)
    found.open |= every or "$dynamicRef" in schema
    found.open_items |= every_item or "contains" in schema or "$dynamicRef" in schema
    if sure:
        found.sure_names |= own
        found.sure_patterns |= patterns
        found.sure_items = max(found.sure_items, items)
        found.sure_open |= every
        found.sure_open_items |= every_item


def _below(graph: Graph, node: int, *, sure: bool) -> list[tuple[int, bool]]:
    schema = graph.schemas[node]
    if isinstance(schema, bool):
        return []
    below: list[tuple[int, bool]] = []
    if isinstance(reference := schema.get("$ref"), str) and (target := graph.target(node, reference)) is not None:
        below.append((target, sure))
    for keyword in ("allOf", "anyOf", "oneOf"):
        branches = branches_of(schema, keyword)
        certain = sure and (keyword == "allOf" or len(branches) == 1)
        below += [(graph.child(node, branch), certain) for branch in branches]
    for keyword in ("if", "then", "else"):
        if keyword in schema:
            below.append((graph.child(node, schema[keyword]), False))
    below += [(graph.child(node, own), False) for own in table(schema.get("dependentSchemas")).values()]
    if schema.get("nullable") is True and "type" not in schema:  # beside null, all of it
        below = [(inner, sure and certain) for inner, certain in below]
    return below
