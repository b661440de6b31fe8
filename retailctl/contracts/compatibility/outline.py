"""A schema as a flat list of parts, so that one look tells whether a later version only adds to it.

Many versions of one schema mostly differ by what came later: a field that may be missing, another description. Such a
later version reads what the earlier ones wrote and the reverse, and it takes no comparison to know that. An outline is
made once per document; what is no plain addition has none, or is no growth, and goes through the comparison
(contracts.md sections 5.2 to 5.4).
"""

from __future__ import annotations

import marshal
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from retailctl.contracts.compatibility.modes import Reading

# "none": they say the same. "annotated": only what people read differs. "larger": something was added.
Growth = Literal["none", "annotated", "larger"]
Key = Hashable


class NoOutlineError(ValueError):
    """The schema has something of which cannot be told without a comparison what it means to add to it."""


@dataclass(slots=True)
class Outline:
    """``parts`` are what a later version has to have unchanged, each part without those inside it that are listed too.

    ``holders`` are the parts that may not be missing once what holds them is there (a field without a default), with
    their holder; ``remarks`` what is written for people and makes a finding of its own. ``is_closed``: something takes
    nothing but what it names, so an earlier version cannot read what a later one adds. ``is_ordered``: another order of
    the parts is a change. ``is_tree`` is False where a part may stand in several places.
    """

    parts: dict[Key, object] = field(default_factory=dict)
    holders: dict[Key, Key] = field(default_factory=dict)
    remarks: dict[Key, object] = field(default_factory=dict)
    is_closed: bool = False
    is_ordered: bool = False
    is_tree: bool = True


def growth(old: Outline, new: Outline, readings: frozenset[Reading]) -> Growth | None:
    """How the new schema goes beyond the old one; None where it does more than add what may be missing."""
    if not old.parts.items() <= new.parts.items():
        return None
    if old.is_ordered and list(old.parts) != [key for key in new.parts if key in old.parts]:
        return None
    if len(old.parts) == len(new.parts):
        return "none" if old.remarks == new.remarks else "annotated"
    if "forward" in readings and (old.is_closed or new.is_closed):
        return None
    known = old.parts
    for key, holder in new.holders.items():
        if key not in known and holder in known:
            return None
    return "larger"


def grown_types(old: Outline, new: Outline) -> frozenset[str]:
    """The named types in which something was added, or is told otherwise, of a schema that grew."""
    keys = [key for key in new.parts if key not in old.parts]
    keys += [key for key, remark in new.remarks.items() if old.remarks.get(key) != remark]
    return frozenset(str(key[0] if isinstance(key, tuple) else key) for key in keys)


def written(value: Any) -> bytes:
    """A value as bytes that differ where the value does, also between 1 and true. Raises NoOutlineError for what
    remembers how it was written, or is nested deeper than anybody nests."""
    try:
        return marshal.dumps(value, 2)
    except ValueError:
        raise NoOutlineError from None


def without(raw: Mapping[str, object], names: frozenset[str]) -> Mapping[str, object]:
    """The mapping without some of its members."""
    if names.isdisjoint(raw):
        return raw
    return {name: value for name, value in raw.items() if name not in names}
