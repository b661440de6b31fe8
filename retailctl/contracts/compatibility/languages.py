"""The schema languages whose data is read with a schema; one line and one function for each.

JSON Schema is not among them: it is compared by the relation that API bodies go through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from retailctl.contracts.api.model import Place
from retailctl.contracts.compatibility.change import ReadingChange
from retailctl.model.compatibility import Category

if TYPE_CHECKING:  # the engines are loaded where a schema is read
    from retailctl.contracts.avro import AvroSchema

Compare = Callable[[object, object, Category | None], Iterable[ReadingChange]]


class Language(NamedTuple):
    """``formats`` are the media types of schemas without version and notation (``application/vnd.apache.avro``)."""

    name: str
    formats: frozenset[str]
    compare: Compare


def language_of(form: str) -> Language | None:
    """The language of a schema format, None for one that is not compared here."""
    return next((one for one in LANGUAGES if form in one.formats), None)


def compare_written(
    language: Language,
    old: object,
    new: object,
    old_place: Place,
    new_place: Place,
    category: Category | None = None,
) -> list[ReadingChange]:
    """The changes between two schemas as written; their places are inside the documents that hold them."""
    return [
        replace(change, old_place=_inside(old_place, change.old_place), new_place=_inside(new_place, change.new_place))
        for change in language.compare(old, new, category)
    ]


def _inside(outer: Place, inner: Place | None) -> Place | None:
    return None if inner is None else within(outer, inner)


def within(outer: Place, inner: Place) -> Place:
    """The place in the document that holds a schema, of a place in the schema."""
    return Place(inner.path or outer.path, outer.pointer + inner.pointer if not inner.path else inner.pointer)


def _avro(old: object, new: object, category: Category | None) -> Iterable[ReadingChange]:
    from retailctl.contracts.avro import compare_avro

    return compare_avro(avro_schema(old), avro_schema(new))


_READ: Final[list[tuple[object, AvroSchema]]] = []


def avro_schema(raw: object) -> AvroSchema:
    """The Avro schema in a value. The last two are kept: what was compared is then asked for its problems."""
    from retailctl.contracts.avro import read_avro

    for known, schema in _READ:
        if known is raw:
            return schema
    schema = read_avro(raw)
    _READ[:] = [*_READ[-1:], (raw, schema)]
    return schema


def _protobuf(old: object, new: object, category: Category | None) -> Iterable[ReadingChange]:
    from retailctl.contracts.protobuf.compare import compare_proto
    from retailctl.contracts.protobuf.readings.views import DEFAULT
    from retailctl.contracts.protobuf.source import ProtoText

    sides = [
        one if isinstance(one, ProtoText) else ProtoText(one if isinstance(one, str) else "") for one in (old, new)
    ]
    if not all(side.tree.readable for side in sides):
        return ()  # what stands behind the fault is unknown: a removal found there would be an invention
    return compare_proto(sides[0].tree, sides[1].tree, category=category or DEFAULT)


LANGUAGES: Final[tuple[Language, ...]] = (
    Language("Avro", frozenset({"application/vnd.apache.avro", "application/avro"}), _avro),
    Language("Protobuf", frozenset({"application/vnd.google.protobuf", "application/protobuf"}), _protobuf),
)
