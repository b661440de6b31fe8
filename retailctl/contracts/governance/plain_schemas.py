"""Names of the fields of Avro and Protobuf schemas: which there are, and which no message lacks.

Enough for rules that ask whether a named key is in the payload. The schemas are those that the engines of the two
languages read; the engines are imported where the first such schema is met, as most estates have none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from retailctl.contracts.avro import AvroSchema, Field
    from retailctl.contracts.protobuf.source import ProtoText


class FieldNames(NamedTuple):
    """Names of fields, and of those that no message lacks."""

    all: tuple[str, ...]
    required: tuple[str, ...]


def avro_names(schema: AvroSchema) -> FieldNames | None:
    """The fields of a record and of the records that are its fields; None for anything but a record.

    Avro writes every field of a record, so no message lacks one whose type has no null. Of a union of records no
    message lacks what each of them has.
    """
    from retailctl.contracts.avro.model import branches

    root = schema.root
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


def proto_names(text: ProtoText) -> FieldNames | None:
    """The fields of the first message of a schema, which is what a registry takes when nothing else is said.

    A field whose absence nobody can tell from its default (a scalar or an enum of proto3 without ``optional``) always
    has a value, and so does a ``required`` one. None where :func:`proto_problem` has something to say.
    """
    from retailctl.contracts.protobuf.features import presence

    if proto_problem(text):
        return None
    file = text.tree.files[text.tree.root]
    fields = file.messages[0].fields
    # Of an unknown type (kind "") it is not known whether it is a message, which may be absent.
    always = (
        one.name for one in fields if presence(one, file) in (("implicit", "required") if one.kind else ("required",))
    )
    return _sorted((one.name for one in fields), always)


def proto_problem(text: ProtoText) -> str:
    """Why it is not known which fields the first message of a schema has: "" where it is known.

    What the file imports does not count: a message declares its fields itself.
    """
    tree = text.tree
    for problem in tree.problems:
        if problem.unreadable and problem.file == tree.root:
            return f"line {problem.line}: {problem.message}"
    return "" if tree.files[tree.root].messages else "no message of Protobuf in it"


def _sorted(names: Iterable[str], required: Iterable[str]) -> FieldNames:
    return FieldNames(tuple(sorted(names)), tuple(sorted(required)))
