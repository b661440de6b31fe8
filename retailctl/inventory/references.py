"""References between entries: a name that leads nowhere is a finding, never ignored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches

from retailctl.errors import InputError, Location
from retailctl.inventory.merge import Declared
from retailctl.model.estate import Entry, Estate

# Kind of the entry -> (attribute, kinds that it may name). A section that is empty in the whole inventory is not
# held against anyone: nobody has listed those entries yet.
_REFERENCES: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "interface": (
        ("provider", ("system", "partner")),
        ("domain", ("domain",)),
        ("capability", ("capability",)),
        ("replaced_by", ("interface",)),
    ),
    "event": (("publisher", ("system", "partner")), ("domain", ("domain",))),
    "domain": (("system_of_record", ("system", "partner")),),
    "partner": (("credential", ("credential",)),),
    "process": (("orchestrator", ("system",)),),
}
_LISTS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "credential": (("used_by", ("interface",)),),
    "domain": (("writers", ("system", "partner")),),
}
_NONE = "none"
# A fraction of a second: all strangers of a usual estate, the first fifty of one with 1,000 systems.
_COMPARISONS = 50_000


def dangling(estate: Estate) -> Iterator[InputError]:
    """One INP023 per reference to an entry that the inventory does not have, with the closest name as a hint."""
    known = {kind: frozenset(entries) for kind, entries in estate.entries.items()}
    nearest = _Nearest()
    for kind in sorted(estate.entries):
        for entry in estate.of(kind).values():
            for attribute, name, kinds in _named(entry):
                yield from _check(entry, attribute, name, kinds, known, nearest)


def _named(entry: Entry) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    noun = entry.noun
    for attribute, kinds in _REFERENCES.get(entry.kind, ()):
        name = getattr(noun, attribute)
        if name and name != _NONE:
            yield attribute, name, kinds
    for attribute, kinds in _LISTS.get(entry.kind, ()):
        for number, name in enumerate(getattr(noun, attribute) or ()):
            yield f"{attribute}/{number}", name, kinds
    for number, consumption in enumerate(getattr(noun, "consumers", None) or ()):
        yield f"consumers/{number}", consumption.system, ("system", "partner")
        if consumption.identity:
            yield f"consumers/{number}/identity", consumption.identity, ("credential",)
    for number, step in enumerate(getattr(noun, "steps", None) or ()):
        if step.interface:
            yield f"steps/{number}/interface", step.interface, ("interface",)


class _Nearest:
    """The closest known name, as long as searching stays cheap: names times strangers is a number without bound."""

    def __init__(self) -> None:
        self._left = _COMPARISONS
        self._sorted: dict[tuple[str, ...], list[str]] = {}
        self._found: dict[tuple[str, tuple[str, ...]], list[str]] = {}

    def __call__(self, name: str, kinds: tuple[str, ...], known: dict[str, frozenset[str]]) -> list[str]:
        names = self._sorted.get(kinds)
        if names is None:
            names = sorted(set().union(*(known.get(kind, ()) for kind in kinds)))
            self._sorted[kinds] = names
        if (name, kinds) not in self._found and self._left >= len(names):
            self._left -= len(names)
            self._found[name, kinds] = get_close_matches(name, names, n=1)
        return self._found.get((name, kinds), [])


def _check(
    entry: Entry,
    attribute: str,
    name: str,
    kinds: tuple[str, ...],
    known: dict[str, frozenset[str]],
    nearest: _Nearest,
) -> Iterator[InputError]:
    lists = [known[kind] for kind in kinds if known.get(kind)]
    if not lists or any(name in names for names in lists):
        return
    origin = entry.origins[0]
    near = nearest(name, kinds, known)
    yield InputError(
        "INP023",
        f"{entry.id}: {attribute.partition('/')[0]} names {name}, which is no {' or '.join(kinds)} of the inventory",
        at=Location(origin.path, pointer=f"{origin.pointer}/{attribute}"),
        hint=f"did you mean {near[0]}?" if near else f"add the {kinds[0]}, or correct the name",
    )


def duplicate_ids(pairs: list[tuple[Declared, Declared]]) -> Iterator[InputError]:
    """One INP022 per hand-kept entry whose id another hand-kept entry has."""
    for first, later in pairs:
        noun, place = later.noun, later.location
        yield InputError(
            "INP022",
            f"{noun.id} is declared twice",
            at=replace(place, pointer=f"{place.pointer}/id"),
            related=(first.location,),
            hint="keep one entry; what a reader has seen goes under inventories/observed/",
        )
