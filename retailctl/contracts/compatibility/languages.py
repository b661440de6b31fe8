"""The schema languages whose data is read with a schema: for each a line, a reader and a comparison.

JSON Schema is not among them: it is compared by the relation that API bodies go through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from retailctl.contracts.api.model import Place
from retailctl.contracts.compatibility.change import ReadingChange
from retailctl.contracts.events.model import Payload
from retailctl.model.compatibility import Category

if TYPE_CHECKING:  # an engine is loaded where something is written in its language
    from retailctl.contracts.avro import AvroSchema
    from retailctl.contracts.avro.sharing import SharedFields
    from retailctl.contracts.protobuf.source import ProtoText

Read = Callable[..., object]
# Named types in which a schema grew, where it does nothing else; None where everything has to be compared.
Grown = frozenset[str] | None
Compare = Callable[[Any, Any, Category | None, Grown], Iterable[ReadingChange]]


# The categories that promise generated code too, which breaks where no datum does.
CODE: Final = frozenset({"FILE", "PACKAGE"})


class Language(NamedTuple):
    """``formats`` are the media types of schemas without version and notation (``application/vnd.apache.avro``).

    ``compare`` takes what ``read`` made of the two schemas as written.
    """

    name: str
    formats: frozenset[str]
    read: Read
    compare: Compare


def language_of(form: str) -> Language | None:
    """The language of a schema format, None for one that is not compared here."""
    return next((one for one in LANGUAGES if form in one.formats), None)


def compare_written(
    language: Language, old: Payload, new: Payload, category: Category | None = None, grown: Grown = None
) -> list[ReadingChange]:
    """The changes between two schemas as written; their places are inside the documents that hold them."""
    return [
        replace(change, old_place=_inside(old.place, change.old_place), new_place=_inside(new.place, change.new_place))
        for change in language.compare(old.form(language.read), new.form(language.read), category, grown)
    ]


def _inside(outer: Place, inner: Place | None) -> Place | None:
    return None if inner is None else within(outer, inner)


def within(outer: Place, inner: Place) -> Place:
    """The place in the document that holds a schema, of a place in the schema."""
    return Place(inner.path or outer.path, outer.pointer + inner.pointer if not inner.path else inner.pointer)


def read_avro_schema(raw: object, shared: SharedFields | None = None) -> AvroSchema:
    """The Avro schema in a value of a document; ``shared`` is what it may have in common with other versions."""
    if shared is not None:
        from retailctl.contracts.avro.sharing import read_shared

        return read_shared(raw, shared)
    from retailctl.contracts.avro import read_avro

    return read_avro(raw)


def _avro(old: AvroSchema, new: AvroSchema, category: Category | None, grown: Grown) -> Iterable[ReadingChange]:
    from retailctl.contracts.avro import compare_avro

    return compare_avro(old, new, grown=grown)


def read_proto_text(raw: object) -> ProtoText:
    """The Protobuf schema in a value of a document: a file of its own, or text inside."""
    from retailctl.contracts.protobuf.source import ProtoText

    return raw if isinstance(raw, ProtoText) else ProtoText(raw if isinstance(raw, str) else "")


def _protobuf(old: ProtoText, new: ProtoText, category: Category | None, grown: Grown) -> Iterable[ReadingChange]:
    from retailctl.contracts.protobuf.compare import compare_proto
    from retailctl.contracts.protobuf.readings.views import DEFAULT

    if grown is not None and category not in CODE and (added := new.additions(old)) is not None:
        return added
    if not (old.tree.readable and new.tree.readable):
        return ()  # what stands behind the fault is unknown: a removal found there would be an invention
    return compare_proto(old.tree, new.tree, category=category or DEFAULT, grown=grown)


LANGUAGES: Final[tuple[Language, ...]] = (
    Language("Avro", frozenset({"application/vnd.apache.avro", "application/avro"}), read_avro_schema, _avro),
    Language(
        "Protobuf", frozenset({"application/vnd.google.protobuf", "application/protobuf"}), read_proto_text, _protobuf
    ),
)
