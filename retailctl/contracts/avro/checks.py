"""What can be judged only when all types are known: unions, defaults, aliases of fields, records without end."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from retailctl.contracts.avro.defaults import DefaultCheck
from retailctl.contracts.avro.minimal import heights
from retailctl.contracts.avro.model import NAMED, Field, Node, branches
from retailctl.contracts.avro.problems import Problems


def check(nodes: Sequence[Node], problems: Problems, known: Container[Field] = ()) -> None:
    """Find the problems of a whole schema, but for :func:`endless`. ``known`` are fields whose default is sound."""
    defaults = DefaultCheck()
    for node in nodes:
        if node.kind == "union":
            _union(node, problems)
        elif node.kind == "record":
            _defaults(node, defaults, problems, known)
            _field_aliases(node, problems)
    # Inner unions are read as what their branches are, so that nothing else has to know of them.
    for node in reversed(nodes):
        if node.kind == "union" and any(child.kind == "union" for child in node.children):
            node.children = [part for child in node.children for part in branches(child)]


def endless(nodes: Sequence[Node], problems: Problems) -> None:
    """Find the records of which there is no value."""
    finite = heights(nodes)
    for node in nodes:
        if node.kind == "record" and node not in finite:
            message = f"every {node.name} contains another one; there is no value of it"
            problems.add("endless-record", message, node.spot, ignored=True)


def _union(node: Node, problems: Problems) -> None:
    seen: set[str] = set()
    for index, branch in enumerate(node.children):
        if branch.kind == "union":
            problems.add("nested-union", "a union stands directly inside a union", node.spot.at(index))
            continue
        key = branch.name if branch.kind in NAMED or branch.kind == "unknown" else branch.kind
        if key in seen:
            problems.add("duplicate-branch", f"the union has {key} twice", node.spot.at(index))
        seen.add(key)
    if len(seen) == len(node.children) and all(child.is_bare for child in node.children):
        node.plain = tuple(child.kind for child in node.children)


def _defaults(node: Node, defaults: DefaultCheck, problems: Problems, known: Container[Field]) -> None:
    for field in node.fields:
        if (
            field.has_default
            and field not in known
            and (wrong := defaults.wrong(field.type, field.default)) is not None
        ):
            message = f"the default of {node.name}.{field.name} is not of its type: {wrong}"
            problems.add("bad-default", message, field.spot.at("default"))


def _field_aliases(node: Node, problems: Problems) -> None:
    if not any(field.aliases for field in node.fields):
        return
    owners: Mapping[str, str] = {field.name: field.name for field in node.fields}
    taken = dict(owners)
    for field in node.fields:
        for alias in field.aliases:
            if taken.setdefault(alias, field.name) != field.name:
                message = f"{node.name}.{field.name} and .{taken[alias]} both claim the name {alias}"
                problems.add("duplicate-field-alias", message, field.spot.at("aliases"), ignored=True)
