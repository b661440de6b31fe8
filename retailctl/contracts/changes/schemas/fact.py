"""One difference between two schemas, and the two sides it was found on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from retailctl.contracts.schemas.store import Schema, Steps


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaFact:
    """A keyword (or property, value, branch) that differs at one place below the roots of a pair of schemas.

    ``family`` is the part of a rule id that follows the position (``max-decreased``); ``name`` is the property,
    pattern, value or branch concerned; ``flags`` say what naming needs to know (``required``, ``default``,
    ``read-only``, ``write-only``). ``keyword`` and ``value`` tell the witness what to look at; ``cut`` holds
    the polarities in which nothing flows here (``readOnly`` cuts "in", ``writeOnly`` cuts "out").
    """

    family: str
    keyword: str
    old_steps: Steps
    new_steps: Steps
    name: str = ""
    old: object = None
    new: object = None
    value: object = None
    flags: frozenset[str] = frozenset()
    data: Mapping[str, object] = field(default_factory=dict)
    cut: frozenset[str] = frozenset()

    @property
    def nested(self) -> bool:
        """True below the root of the pair: what there is a property, not the body itself."""
        return bool(self.old_steps or self.new_steps)


class Spot(NamedTuple):
    """Two schemas at the same place, none of them a bare reference."""

    old: Mapping[str, object]
    new: Mapping[str, object]
    old_steps: Steps
    new_steps: Steps

    def fact(self, family: str, keyword: str, **more: object) -> SchemaFact:
        """A fact about this place."""
        return SchemaFact(
            family=family, keyword=keyword, old_steps=self.old_steps, new_steps=self.new_steps, **more  # type: ignore[arg-type]
        )  # fmt: skip


class Child(NamedTuple):
    """A pair of schemas below a spot, with the steps that lead there from the roots."""

    old: Schema
    new: Schema
    old_steps: Steps
    new_steps: Steps
    flags: frozenset[str] = frozenset()


EMPTY: Mapping[str, object] = {}


def same(one: object, other: object) -> bool:
    """JSON equality: 1 is 1.0, True is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(left, right) for left, right in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return one == other
