"""The schema languages whose data is read with a schema; one line and one function for each.

JSON Schema is not among them: it is compared by the relation that API bodies go through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final, NamedTuple

from retailctl.contracts.api.model import Place
from retailctl.contracts.compatibility.change import ReadingChange

Compare = Callable[[object, object], Iterable[ReadingChange]]


class Language(NamedTuple):
    """``formats`` are the media types of schemas without version and notation (``application/vnd.apache.avro``)."""

    name: str
    formats: frozenset[str]
    compare: Compare


def language_of(form: str) -> Language | None:
    """The language of a schema format, None for one that is not compared here."""
    return next((one for one in LANGUAGES if form in one.formats), None)


def compare_written(
    language: Language, old: object, new: object, old_place: Place, new_place: Place
) -> list[ReadingChange]:
    """The changes between two schemas as written; their places are inside the documents that hold them."""
    return [
        replace(change, old_place=_inside(old_place, change.old_place), new_place=_inside(new_place, change.new_place))
        for change in language.compare(old, new)
    ]


def _inside(outer: Place, inner: Place | None) -> Place | None:
    return None if inner is None else within(outer, inner)


def within(outer: Place, inner: Place) -> Place:
    """The place in the document that holds a schema, of a place in the schema."""
    return Place(inner.path or outer.path, outer.pointer + inner.pointer if not inner.path else inner.pointer)


def _avro(old: object, new: object) -> Iterable[ReadingChange]:
    from retailctl.contracts.avro import compare_avro, read_avro

    return compare_avro(read_avro(old), read_avro(new))


def _protobuf(old: object, new: object) -> Iterable[ReadingChange]:
    from retailctl.contracts.protobuf.compare import compare_proto
    from retailctl.contracts.protobuf.source import ProtoText

    sides = [
        one if isinstance(one, ProtoText) else ProtoText(one if isinstance(one, str) else "") for one in (old, new)
    ]
    return compare_proto(sides[0].tree, sides[1].tree)


LANGUAGES: Final[tuple[Language, ...]] = (
    Language("Avro", frozenset({"application/vnd.apache.avro", "application/avro"}), _avro),
    Language("Protobuf", frozenset({"application/vnd.google.protobuf", "application/protobuf"}), _protobuf),
)
