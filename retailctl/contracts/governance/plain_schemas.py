"""Names of the fields of Avro and Protobuf schemas: which there are, and which no message lacks.

Enough for rules that ask whether a named key is in the payload. The schemas are those that the engines of the two
languages read; the engines are imported where the first such schema is met, as most estates have none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from retailctl.contracts.avro import AvroSchema, Field
    from retailctl.contracts.protobuf.reading import ProtoTree
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
    if proto_problem(text):
        return None
    found = _presences(text.alone)
    if "unknown" in found.values():  # only then, as the files of an estate may all import the same large ones
        found = _presences(text.tree)
    return _sorted(found, (name for name, presence in found.items() if presence in ("implicit", "required")))


def proto_problem(text: ProtoText) -> str:
    """Why it is not known which fields the first message of a schema has: "" where it is known.

    What the file imports does not count: a message declares its fields itself.
    """
    for problem in text.alone.problems:
        if problem.unreadable:
            return f"line {problem.line}: {problem.message}"
    return "" if text.alone.files[text.path].messages else "no message of Protobuf in it"


def _presences(tree: ProtoTree) -> dict[str, str]:
    """Name -> presence of the fields of the first message; "unknown" hangs on whether the type is a message."""
    from retailctl.contracts.protobuf.features import presence

    file = tree.files[tree.root]
    found: dict[str, str] = {field.name: presence(field, file) for field in file.messages[0].fields}
    untyped = {field.name for field in file.messages[0].fields if not field.kind}
    return {name: "unknown" if name in untyped and said == "implicit" else said for name, said in found.items()}


def _sorted(names: Iterable[str], required: Iterable[str]) -> FieldNames:
    return FieldNames(tuple(sorted(names)), tuple(sorted(required)))
