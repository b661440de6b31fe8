"""Many branches told apart by the value of one property: to try each of hundreds for each of hundreds is what costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from retailctl.contracts.schemas.inclusion.values import canonical

if TYPE_CHECKING:
    from retailctl.contracts.schemas.inclusion.judge import Cuts, Judge

MANY: Final = 16


@dataclass(frozen=True, slots=True)
class Index:
    """``by_value`` are the branches that require the property with such a value, by their place among all branches;
    ``others`` do not list its values."""

    name: str
    branches: tuple[int, ...]
    by_value: Mapping[Hashable, list[int]]
    others: frozenset[int]

    def among(self, values: Iterable[object]) -> tuple[int, ...]:
        """Return the branches that an object with one of these values may meet, in their order."""
        places = self.others.union(*(self.by_value.get(value, ()) for value in values))
        return tuple(self.branches[place] for place in sorted(places))


def index_of(judge: Judge, branches: tuple[int, ...]) -> Index:
    """Return the index of branches, by the property that most of them list values of."""
    from retailctl.contracts.schemas.inclusion.view import View

    known = judge.indices.get(branches)
    if isinstance(known, Index):
        return known
    tags = [View(judge.graph, judge, (node,)).tags for node in branches]
    names = Counter(name for each in tags for name in each)
    name = names.most_common(1)[0][0] if names else ""
    by_value: dict[Hashable, list[int]] = {}
    for place, each in enumerate(tags):
        for value in each.get(name, ()):
            by_value.setdefault(value, []).append(place)
    others = frozenset(place for place, each in enumerate(tags) if name not in each)
    found = judge.indices[branches] = Index(name, branches, by_value, others)
    return found


def branches_for(judge: Judge, node: int, keyword: str, value: object, cuts: Cuts) -> tuple[int, ...]:
    """Return the branches of a combinator that a value may meet."""
    own = judge.graph.branches(node, keyword)
    if len(own) < MANY or not isinstance(value, dict):
        return own
    index = index_of(judge, own)
    if index.name in cuts:
        return own
    mark = canonical(value[index.name]) if index.name in value else None
    if mark is None and index.name in value:  # nested too deep to compare
        return own
    return index.among(() if mark is None else (mark,))
