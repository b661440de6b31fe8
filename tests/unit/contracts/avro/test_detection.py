"""What is an Avro schema, and what only looks like one."""

from __future__ import annotations

import pytest

from retailctl.contracts.avro.detection import is_avro
from tests.unit.contracts.avro.shorthand import Raw, array, enum, fixed, map_of, record

NESTED: Raw = "int"
for _ in range(20_000):
    NESTED = {"type": "array", "items": NESTED}


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        (record("A"), ""),
        (enum("A"), "status.json"),
        (fixed(2), "hash.yaml"),
        (map_of("int"), ""),
        (array("int"), ""),
        (array(record("A")), ""),
        (array(array(enum("A"))), ""),
        (["null", record("A")], ""),
        ({"type": "error", "name": "E", "fields": []}, ""),
        ("string", "a.avsc"),
        ({"openapi": "3.1.0"}, "folder/a.AVSC"),
    ],
)
def test_avro(raw: Raw, path: str) -> None:
    assert is_avro(raw, path)


@pytest.mark.parametrize(
    "raw",
    [
        None,
        3,
        "string",
        [],
        ["null", "string"],
        {},
        {"type": "object", "properties": {}},
        {"type": "string"},
        {"type": ["string", "null"]},
        {"type": "array", "items": {"type": "string"}},
        {"type": "array"},
        {"type": "record"},
        {"type": "enum", "symbols": "A"},
        {"$schema": "http://json-schema.org/draft-07/schema#", "type": "map", "values": "int"},
        {"asyncapi": "3.0.0", "channels": {}},
        NESTED,
    ],
    ids=lambda raw: type(raw).__name__,  # the last one is too deep to be shown
)
def test_not_avro(raw: Raw) -> None:
    assert not is_avro(raw, "schema.json")
