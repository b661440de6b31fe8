"""The least height of the values of each type: where a type contains itself, the shortest way out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from retailctl.contracts.avro.model import Node

_COMPOSED: Final = frozenset({"record", "union"})


def heights(nodes: Iterable[Node]) -> dict[Node, int]:
    """The height of the lowest value of each type; a type without any value, because it never ends, is left out.

    An empty array or map ends every type, a union is as low as its lowest branch, a record as high as its highest
    field. Computed from the leaves upwards, each type once.
    """
    known: dict[Node, int] = {}
    users: dict[Node, list[Node]] = {}
    missing: dict[Node, int] = {}
    ready: list[Node] = []
    for node in nodes:
        parts = _open_parts(node)
        if parts is None:
            known[node] = 0
            continue
        missing[node] = len(parts)
        if not parts and (node.kind == "record" or node.children):
            ready.append(node)
        for part in parts:
            users.setdefault(part, []).append(node)
    _upwards(known, users, missing, ready)
    return known


def _open_parts(node: Node) -> list[Node] | None:
    """The parts whose heights decide that of the type; None where it has no such height."""
    if node.kind == "record":
        return [field.type for field in node.fields if field.type.kind in _COMPOSED]
    if node.kind != "union":
        return None
    parts = [child for child in node.children if child.kind in _COMPOSED]
    return parts if len(parts) == len(node.children) else []


def _upwards(
    known: dict[Node, int], users: dict[Node, list[Node]], missing: dict[Node, int], ready: list[Node]
) -> None:
    """One level after the other, so that a union is given the height of its lowest branch."""
    height = 1
    while ready:
        above: list[Node] = []
        for node in ready:
            if node in known:
                continue
            known[node] = height
            for user in users.get(node, ()):
                missing[user] -= 1
                if user not in known and (user.kind == "union" or not missing[user]):
                    above.append(user)
        ready, height = above, height + 1
