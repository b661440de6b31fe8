"""The least height of the values of each type: where a type contains itself, the shortest way out."""

from __future__ import annotations

from collections.abc import Iterable

from retailctl.contracts.avro.model import Node


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
        parts = [field.type for field in node.fields] if node.kind == "record" else node.children
        if node.kind not in ("record", "union") or (node.kind == "record" and not parts):
            ready.append(node)
            continue
        missing[node] = len(parts)
        for part in parts:
            users.setdefault(part, []).append(node)
            if part.kind == "unknown":
                ready.append(part)
    # One level after the other, so that a union is given the height of its lowest branch.
    height = 0
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
    return known
