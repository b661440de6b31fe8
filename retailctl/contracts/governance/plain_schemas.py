"""Names of the fields of Avro and Protobuf schemas: which there are, and which no message lacks.

Enough for rules that ask whether a named key is in the payload. The engines of the two languages read the schemas; they
are imported when the first such schema is met, as most estates have none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from retailctl.contracts.avro import Field


class FieldNames(NamedTuple):
    """Names of fields, and of those that no message lacks."""

    all: tuple[str, ...]
    required: tuple[str, ...]


def avro_names(schema: object) -> FieldNames | None:
    """The fields of a record and of the records that are its fields; None for anything but a record.

    Avro writes every field of a record, so no message lacks one whose type has no null. Of a union of records no
    message lacks what each of them has.
    """
    from retailctl.contracts.avro import read_avro
    from retailctl.contracts.avro.model import branches

    root = read_avro(schema).root
    if root.kind != "record":
        return None
    types = {field.name: frozenset(branches(field.type)) for field in root.fields}
    inner = {branch for union in types.values() for branch in union if branch.kind == "record"}
    always = {record: _without_null(record.fields) for record in inner}
    required = set(_without_null(root.fields))
    for union in {types[name] for name in required}:
        required |= frozenset.intersection(*(always.get(one, frozenset()) for one in union)) if union else set()
    return _sorted({*types, *(field.name for record in inner for field in record.fields)}, required)


def _without_null(fields: Iterable[Field]) -> frozenset[str]:
    from retailctl.contracts.avro.model import branches

    return frozenset(field.name for field in fields if all(one.kind != "null" for one in branches(field.type)))


def proto_names(schema: object) -> FieldNames | None:
    """The fields of the first message of a schema, which is what a registry takes when nothing else is said.

    ``schema`` is a text, or a :class:`ProtoText` that knows its imports. A field whose absence nobody can tell from its
    default (a scalar or an enum of proto3 without ``optional``) always has a value, and so does a ``required`` one. None
    where there is no message, or the text was not read to its end: the rest of the message is not known.
    """
    from retailctl.contracts.protobuf.features import presence
    from retailctl.contracts.protobuf.source import ProtoText

    source = ProtoText(schema) if isinstance(schema, str) else schema
    if not isinstance(source, ProtoText) or not source.tree.readable:
        return None
    file = source.tree.files[source.tree.root]
    if not file.messages:
        return None
    fields = file.messages[0].fields
    return _sorted(
        {field.name for field in fields},
        {field.name for field in fields if presence(field, file) in ("implicit", "required")},
    )


def _sorted(names: Iterable[str], required: Iterable[str]) -> FieldNames:
    return FieldNames(tuple(sorted(names)), tuple(sorted(required)))
