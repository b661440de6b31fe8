"""Merge: entries of several files with one id become one noun; losing values stay visible as conflicts.

Hand-kept entries and entries under ``inventories/observed/`` are merged by equal id. Precedence is by attribute
group (``precedence.rank``); within a kind of source the order of files decides, so the result is deterministic.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from retailctl.errors import Location
from retailctl.inventory.attributes import comparable, differ, filled, has_attribute, leaves, put
from retailctl.inventory.precedence import is_settled, rank
from retailctl.inventory.sources import kind_of
from retailctl.model.estate import Assertion, Conflict, Entry
from retailctl.model.interface import Consumption
from retailctl.model.sighting import Sighting

# A sighting names attributes as its source does.
_SIGHTING_NAMES = {"status": "lifecycle", "method": "key.method", "path": "key.address", "type": "key.type"}


@dataclass(frozen=True, slots=True)
class Declared:
    """One entry of one file, before the merge."""

    kind: str
    noun: Any
    location: Location
    observed: bool


def merge(entries: Iterable[Declared]) -> tuple[dict[str, dict[str, Entry]], list[tuple[Declared, Declared]]]:
    """Entries by kind and id (both sorted), and the pairs of hand-kept entries that share an id.

    A duplicate among hand-kept files is a mistake that the caller reports; the entries are merged all the same, so
    that one mistake does not hide the rest.
    """
    groups: dict[tuple[str, str], list[Declared]] = {}
    for entry in entries:
        groups.setdefault((entry.kind, entry.noun.id), []).append(entry)
    merged: dict[str, dict[str, Entry]] = {}
    duplicates: list[tuple[Declared, Declared]] = []
    for (kind, id_), group in sorted(groups.items()):
        if len(group) > 1:
            group.sort(key=lambda e: (e.observed, e.location.path, _index(e.location.pointer)))
            hand = [entry for entry in group if not entry.observed]
            duplicates.extend((hand[0], later) for later in hand[1:])
        merged.setdefault(kind, {})[id_] = _one(kind, id_, group)
    return merged, duplicates


def _unlisted(group: list[Declared]) -> tuple[Consumption, ...] | None:
    """Consumers that no hand-kept entry lists; None where none of them has a list."""
    if len(group) == 1 and not group[0].observed:
        return None if getattr(group[0].noun, "consumers", None) is None else ()
    kept: list[tuple[Consumption, ...]] = []
    seen: list[tuple[Consumption, ...]] = []
    for entry in group:
        listed = getattr(entry.noun, "consumers", None)
        if listed is not None:
            (seen if entry.observed else kept).append(listed)
    if not kept:
        return None
    known = _consumers(kept)
    return tuple(
        consumption
        for consumption in (_consumers(seen) if seen else ())
        if not any(other.system == consumption.system and _same_identity(other, consumption) for other in known)
    )


def _same_identity(a: Consumption, b: Consumption) -> bool:
    """A consumption without identity is the same as one of that system with an identity."""
    return a.identity == b.identity or None in (a.identity, b.identity)


def _index(pointer: str) -> int:
    tail = pointer.rpartition("/")[2]
    return int(tail) if tail.isdigit() else 0


def _one(kind: str, id_: str, group: list[Declared]) -> Entry:
    origins = tuple(entry.location for entry in group)
    hand_kept = any(not entry.observed for entry in group)
    first = group[0].noun
    sightings = getattr(first, "sightings", None)
    if len(group) == 1 and not sightings:
        return Entry(kind, id_, first, origins, hand_kept, unlisted=_unlisted(group))
    noun, conflicts = first, []
    asserted: dict[str, list[Assertion]] = {}
    for entry in group:
        _collect(asserted, entry)
    for attribute, assertions in sorted(asserted.items()):
        ranked = rank(attribute, assertions)
        noun = put(noun, attribute.split("."), ranked[0].value)
        if differ(attribute, [assertion.value for assertion in ranked]):
            conflicts.append(Conflict(attribute, tuple(ranked), is_settled(ranked)))
    noun = _merge_lists(noun, [entry.noun for entry in group])
    sightings = getattr(noun, "sightings", None) or ()
    seen_by = () if hand_kept else tuple(sorted({kind_of(one.source, one.kind) for one in sightings}))
    return Entry(kind, id_, noun, origins, hand_kept, tuple(conflicts), _unlisted(group), seen_by)


def _collect(asserted: dict[str, list[Assertion]], entry: Declared) -> None:
    source, kind = _source_of(entry)
    at, before = _answered(entry.noun) if kind == "answer" else ("", {})
    for attribute, value in leaves(entry.noun, ""):
        pointer = f"{entry.location.pointer}/{attribute.replace('.', '/')}"
        place = replace(entry.location, pointer=pointer)
        said = Assertion(value, source, kind, place, at, before.get(attribute, ()))
        asserted.setdefault(attribute, []).append(said)
    for number, sighting in enumerate(getattr(entry.noun, "sightings", None) or ()):
        _collect_sighting(asserted, entry, number, sighting)


def _collect_sighting(asserted: dict[str, list[Assertion]], entry: Declared, number: int, sighting: Sighting) -> None:
    for name, value in sorted((sighting.fields or {}).items()):
        attribute = _SIGHTING_NAMES.get(name, name)
        if value is None or isinstance(value, list | tuple | dict) or not has_attribute(entry.noun, attribute):
            continue  # a measurement (count, latency, ...), not an attribute of the noun
        place = replace(entry.location, pointer=f"{entry.location.pointer}/sightings/{number}/fields/{name}")
        kind = kind_of(sighting.source, sighting.kind)
        at = sighting.at.isoformat() if sighting.at else ""
        asserted.setdefault(attribute, []).append(Assertion(_clean(value), sighting.source, kind, place, at))


def _source_of(entry: Declared) -> tuple[str, str]:
    if not entry.observed:
        return "inventory", "register"
    sightings = getattr(entry.noun, "sightings", None) or ()
    if not sightings:
        return "observed", "configuration"
    return sightings[0].source, kind_of(sightings[0].source, sightings[0].kind)


def _answered(noun: Any) -> tuple[str, dict[str, tuple[str, ...]]]:
    """Day of an answer, and per attribute what the sources said when it was given."""
    sighting = noun.sightings[0]
    before = (sighting.fields or {}).get("instead_of")
    told = before.items() if isinstance(before, dict) else ()
    values = {str(name): tuple(map(comparable, said)) for name, said in told if isinstance(said, list | tuple)}
    return sighting.at.isoformat() if sighting.at else "", values


def _merge_lists(noun: Any, nouns: list[Any]) -> Any:
    changes: dict[str, Any] = {}
    for field in fields(noun):
        values = [value for one in nouns if (value := getattr(one, field.name)) is not None]
        if not values or field.name == "id":
            continue
        if field.name == "sightings":
            changes["sightings"] = tuple(sighting for value in values for sighting in value)
        elif field.name == "consumers":
            changes["consumers"] = _consumers(values)
        else:
            changes[field.name] = filled(getattr(noun, field.name), values)
    return replace(noun, **changes) if changes else noun


def _consumers(lists: list[tuple[Consumption, ...]]) -> tuple[Consumption, ...]:
    """Union over all sources. A consumption without identity is the same as one of that system with an identity."""
    known: list[Consumption] = []
    for consumption in (c for one in lists for c in one):
        for number, other in enumerate(known):
            if other.system == consumption.system and _same_identity(other, consumption):
                known[number] = _join(other, consumption)
                break
        else:
            known.append(consumption)
    return tuple(known)


def _join(a: Consumption, b: Consumption) -> Consumption:
    return Consumption(
        system=a.system,
        identity=a.identity or b.identity,
        group=a.group or b.group,
        first_seen=_edge(min, a.first_seen, b.first_seen),
        last_seen=_edge(max, a.last_seen, b.last_seen),
    )


def _edge(pick: Any, a: date | None, b: date | None) -> date | None:
    known = [day for day in (a, b) if day is not None]
    return pick(known) if known else None


def _clean(value: Any) -> Any:
    """A register writes ``retired?``: the question mark is doubt, not another value."""
    return value.strip().rstrip("?").strip() if isinstance(value, str) else value
