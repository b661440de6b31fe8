"""The changes of a version that only adds to the one before it: told from what was added, with no comparison.

They are those that :mod:`retailctl.contracts.events.compare` finds, with the same names, texts and places.
"""

from __future__ import annotations

from typing import Any, Final

from retailctl.contracts.api.model import ApiDocument, Place
from retailctl.contracts.changes.change import Change, Occurrence
from retailctl.contracts.compatibility.growth import payload_additions, payload_growth_at, schema_message
from retailctl.contracts.compatibility.languages import compare_written, language_of
from retailctl.contracts.events.model import EventDocument, Payload, mapping
from retailctl.contracts.judging.judge import Judged
from retailctl.contracts.judging.merge import as_list
from retailctl.contracts.references.pointers import split_pointer
from retailctl.model.compatibility import Category

_ADDED: Final = "new-optional-request-property"
_UNTOLD: Final = frozenset({"properties", "$ref"})
_PART: Final = "payload"
_ENVELOPE: Final = "specversion"  # where there may be one, its attributes are told by their own names


def grown_changes(old: ApiDocument, new: ApiDocument, category: Category | None) -> list[Judged] | None:
    """What was added, each a remark, for versions of which it is known that nothing else differs (see
    :func:`~retailctl.contracts.compatibility.growth.document_growth`); None where it takes a comparison to tell."""
    if not isinstance(old, EventDocument) or not isinstance(new, EventDocument):
        return None
    before, after = schema_message(old), schema_message(new)
    if before is None or after is None or before.name != after.name:
        return None
    if before.payload is None or after.payload is None:
        return None
    occurrence = Occurrence(f"message {after.name}", _PART)
    if after.payload.is_json_schema:
        changes = _properties(before.payload, after.payload, occurrence)
    else:
        changes = _written(before.payload, after.payload, occurrence, category)
    return None if changes is None else [Judged(change=one, level="INFO") for one in changes]


def _properties(old: Payload, new: Payload, occurrence: Occurrence) -> list[Change] | None:
    added = payload_additions(old, new)
    if added is None or any("" in names for names in added.values()):  # what has no name has no place of its own
        return None
    if any(_ENVELOPE in mapping(mapping(one.raw).get("properties")) for one in (old, new)):
        return None
    return [_property(new, holder, names, occurrence) for holder, names in added.items()]


def _property(new: Payload, holder: str, added: frozenset[str], occurrence: Occurrence) -> Change:
    """What was added to one object is one change; the first of it is shown."""
    steps = split_pointer(holder)
    inside: Any = new.raw
    for step in steps:
        inside = inside[step]
    names = [str(name) for name in inside["properties"] if name in added]
    place = Place("", holder).at("properties", names[0])
    what = "/".join([*(step for step in steps if step not in _UNTOLD), names[0]])
    first = Change(
        id=_ADDED, subject=occurrence.operation, pointer="/".join(("", *steps, "properties", names[0])), what=what,
        location=_PART, direction="request", occurrences=(occurrence,), old_place=place, new_place=place,
    )  # fmt: skip
    return first if len(names) == 1 else as_list(first, names)


def _written(old: Payload, new: Payload, occurrence: Occurrence, category: Category | None) -> list[Change] | None:
    language, grown = language_of(new.format), payload_growth_at(old, new)
    if language is None or grown is None:
        return None
    return [
        Change(
            id=one.id, subject=one.subject, pointer=one.pointer, what=one.what, old=one.old, new=one.new,
            location=one.location, occurrences=(occurrence,), old_place=one.old_place, new_place=one.new_place,
        )
        for one in compare_written(language, old, new, category, grown)
    ]  # fmt: skip
