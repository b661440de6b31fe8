"""Which branch of the old union is which of the new one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from retailctl.contracts.avro.model import NAMED, PROMOTIONS, Node


class Matched(NamedTuple):
    """Branches that are the same, those that are gone and those that are new; ``moved`` if the order is another."""

    pairs: list[tuple[Node, Node]]
    removed: list[Node]
    added: list[Node]
    moved: bool


def match_branches(old: Sequence[Node], new: Sequence[Node]) -> Matched:
    """Match by kind or full name; then by short name, alias, promotion; then what looks alike, if nothing else is
    left that it could be. Two types that are no union are always a pair."""
    taken: dict[int, int] = {}
    free = dict.fromkeys(range(len(new)))
    for key in (_full, _short):
        places: dict[str, int] = {}
        for number in free:
            places.setdefault(key(new[number]), number)
        for number, branch in enumerate(old):
            if number not in taken and (there := places.get(key(branch))) is not None and there in free:
                taken[number] = there
                del free[there]
    left = [number for number in range(len(old)) if number not in taken]
    for number in left if len(left) * len(free) <= 10_000 else ():
        there = next((other for other in free if _became(old[number], new[other])), None)
        if there is not None:
            taken[number] = there
            del free[there]
    _alike(old, new, taken, free)
    order = [taken[number] for number in sorted(taken)]
    return Matched(
        [(old[number], new[there]) for number, there in sorted(taken.items(), key=lambda pair: pair[1])],
        [branch for number, branch in enumerate(old) if number not in taken],
        [new[number] for number in free],
        order != sorted(order),
    )


def _alike(old: Sequence[Node], new: Sequence[Node], taken: dict[int, int], free: dict[int, None]) -> None:
    """A type renamed without an alias: the only one of its kind that is left on each side, and mostly the same."""
    for kind in sorted(NAMED):
        gone = [number for number, branch in enumerate(old) if number not in taken and branch.kind == kind]
        come = [number for number in free if new[number].kind == kind]
        if len(gone) == len(come) == 1 and _mostly_same(old[gone[0]], new[come[0]]):
            taken[gone[0]] = come[0]
            del free[come[0]]


def _full(node: Node) -> str:
    return f"{node.kind} {node.name}"


def _short(node: Node) -> str:
    return f"{node.kind} {node.short}"


def _became(old: Node, new: Node) -> bool:
    """A branch that reads the other one: under an alias, or by promotion in either direction."""
    if old.kind in NAMED and old.kind == new.kind:
        return old.name in new.aliases or new.name in old.aliases
    return new.kind in PROMOTIONS.get(old.kind, ()) or old.kind in PROMOTIONS.get(new.kind, ())


def _mostly_same(old: Node, new: Node) -> bool:
    if old.kind == "fixed":
        return old.size == new.size
    one = {field.name for field in old.fields} or set(old.symbols)
    other = {field.name for field in new.fields} or set(new.symbols)
    return 2 * len(one & other) >= max(len(one), len(other), 1)
