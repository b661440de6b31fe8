"""What the engines of Avro and Protobuf say of a schema, as facts: inside a contract, or in a file of its own.

Sources: Apache Avro 1.12 specification; Protocol Buffers language guides and the checks that protoc makes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from retailctl.contracts.lint.events.languages import LANGUAGES, ForeignSchema
from retailctl.contracts.lint.facts import LintFact, fact
from retailctl.contracts.references import Library


def check_file(library: Library, language: str) -> tuple[LintFact, ...]:
    """The facts of a schema that is a file of its own; of Protobuf also those of the files that it imports."""
    from retailctl.contracts.events.reading import texts_of

    path = library.root_path
    whole = ForeignSchema(path, "", library.data(path), language, "", texts_of(library))
    return tuple(sorted(set(LANGUAGES[language](whole))))


def check_avro(schema: ForeignSchema) -> Iterator[LintFact]:
    """The problems of an Avro schema, each at its place in the document."""
    from retailctl.contracts.avro import avro_problems, read_avro

    for problem in avro_problems(read_avro(schema.value, schema.path, schema.pointer)):
        yield fact(f"avro-{problem.code}", (problem.place.path, problem.place.pointer), message=problem.message)


def check_protobuf(schema: ForeignSchema) -> Iterator[LintFact]:
    """The problems of a Protobuf schema by line and column; those of a text inside a document stand at that text."""
    from retailctl.contracts.protobuf.source import ProtoText

    here = (schema.path, schema.pointer)
    if not isinstance(schema.value, str):
        yield fact("proto-syntax", here, message="a Protobuf schema is text: write it as one", where="")
        return
    text = ProtoText(schema.value, schema.path, schema.read)
    for problem, at in text.problems:
        if at.path == schema.path and schema.pointer:
            where = f" (line {at.line}, column {at.column} of the text)"
            yield fact(problem.code, here, message=problem.message, where=where)
        else:
            found = fact(problem.code, (at.path, ""), message=problem.message, where="")
            yield replace(found, at=(at.line, at.column))
