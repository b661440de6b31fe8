"""Where fastavro judges otherwise than the specification, so that its word is not taken there.

A version that mends one of these fails here; then the row goes, and with it its part of ``tests/support/avro_judge.py``.
"""

from __future__ import annotations

import pytest

from retailctl.contracts.avro.library import Library
from retailctl.contracts.avro.reading import read_avro
from tests.support.avro_judge import confused, lenient
from tests.unit.contracts.avro.shorthand import Raw, enum, field, fixed, record, resolved


@pytest.mark.parametrize(
    ("reader", "writer"),
    [
        # A named type is found by its name alone, and the bytes of a fixed come out as they are.
        (record("X", ("id", "int")), fixed(2, "X")),
        (enum("A", name="X"), fixed(2, "X")),
        (["null", enum("A", name="X")], fixed(2, "X")),
    ],
)
def test_it_reads_what_the_specification_refuses(reader: Raw, writer: Raw) -> None:
    one, other = read_avro(reader), read_avro(writer)
    assert not resolved(reader, writer).readable
    assert Library(one.root, other.root).tried(b"ab") is None
    assert lenient(one.root, other.root)


def test_it_takes_the_first_branch_of_a_name_whatever_its_namespace() -> None:
    reader = [record("a.X", ("id", "int")), record("b.X")]
    writer = record("b.X")
    assert resolved(reader, writer).readable
    assert confused(read_avro(reader))
    refused = Library(read_avro(reader).root, read_avro(writer).root).tried({})
    assert refused is not None
    assert "No default value for field id" in refused


def test_it_takes_the_first_branch_of_a_name_whatever_its_kind() -> None:
    reader = [enum("A", name="a.X"), record("b.X")]
    assert resolved(reader, record("b.X")).readable
    assert confused(read_avro(reader))
    assert Library(read_avro(reader).root, read_avro(record("b.X")).root).tried({}) is not None


def test_it_fails_where_two_fields_of_the_writer_lead_to_one_of_the_reader() -> None:
    reader = record("R", field("new", "int", aliases=["old"]))
    writer = record("R", ("new", "int"), ("old", "int"))
    assert resolved(reader, writer).readable
    refused = Library(read_avro(reader).root, read_avro(writer).root).tried({"new": 1, "old": 2})
    assert refused is not None
    assert refused.startswith("KeyError")


def test_it_reads_bytes_as_text_only_if_they_are_text() -> None:
    library = Library(read_avro("string").root, read_avro("bytes").root)
    assert library.tried("é".encode()) is None
    refused = library.tried(b"\xff")
    assert refused is not None
    assert refused.startswith("UnicodeDecodeError")


def test_unions_that_it_can_tell_apart_are_not_confused() -> None:
    assert not confused(read_avro([record("a.X"), record("a.Y", ("next", ["null", "a.Y"])), "int"]))
