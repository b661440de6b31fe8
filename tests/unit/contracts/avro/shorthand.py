"""Schemas in few words, for the tables of the Avro tests."""

from __future__ import annotations

from typing import Any

from retailctl.contracts.avro.compare import compare_avro
from retailctl.contracts.avro.reading import read_avro
from retailctl.contracts.avro.resolution import Resolution, resolve
from retailctl.contracts.compatibility.change import ReadingChange

Raw = Any


def record(name: str = "Order", *fields: Raw, **more: Raw) -> Raw:
    """A record; a field is an object, or a pair of its name and its type."""
    made = [field if isinstance(field, dict) else {"name": field[0], "type": field[1]} for field in fields]
    return {"type": "record", "name": name, "fields": made, **more}


def field(name: str, type_: Raw, **more: Raw) -> Raw:
    """A field with more than a type."""
    return {"name": name, "type": type_, **more}


def enum(*symbols: str, name: str = "Status", **more: Raw) -> Raw:
    """An enum."""
    return {"type": "enum", "name": name, "symbols": list(symbols), **more}


def fixed(size: int, name: str = "Hash", **more: Raw) -> Raw:
    """A fixed."""
    return {"type": "fixed", "name": name, "size": size, **more}


def array(items: Raw) -> Raw:
    """An array."""
    return {"type": "array", "items": items}


def map_of(values: Raw) -> Raw:
    """A map."""
    return {"type": "map", "values": values}


def logical(base: Raw, name: Raw, **more: Raw) -> Raw:
    """A type with a meaning."""
    return {**(base if isinstance(base, dict) else {"type": base}), "logicalType": name, **more}


def resolved(reader: Raw, writer: Raw) -> Resolution:
    """A reader against a writer."""
    return resolve(read_avro(reader, "reader.avsc"), read_avro(writer, "writer.avsc"))


def facts(reader: Raw, writer: Raw) -> list[tuple[str, str]]:
    """Why the reader cannot read the writer's data: kinds and locations."""
    return [(fact.kind, fact.location) for fact in resolved(reader, writer).incompatibilities()]


def changes(old: Raw, new: Raw) -> list[ReadingChange]:
    """The changes between two schemas."""
    return compare_avro(read_avro(old, "old.avsc"), read_avro(new, "new.avsc"))


def told(old: Raw, new: Raw) -> list[tuple[str, str, str]]:
    """The changes in short: id, subject and pointer, the readings that break."""
    return [(one.id, one.subject + one.pointer, " ".join(sorted(one.broken))) for one in changes(old, new)]
