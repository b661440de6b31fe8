"""Which later versions are known to add only what may be missing, and which have to be compared."""

from __future__ import annotations

import json
from typing import Any

import pytest

from retailctl.contracts.compatibility.growth import document_growth, is_remark
from retailctl.contracts.compatibility.modes import asked
from retailctl.contracts.events.model import EventDocument
from retailctl.contracts.events.reading import read_events
from retailctl.contracts.references import Library
from retailctl.contracts.rules.levels import Levels
from retailctl.model.compatibility import Compatibility
from retailctl.workspace.reader import parse_bytes

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Raw = dict[str, Any]


def read(raw: object, name: str) -> EventDocument:
    text = raw if isinstance(raw, str) else json.dumps(raw)
    document = parse_bytes(name, text.encode(), owned=False, require_mapping=False)
    found = read_events(Library(lambda _: document, name))
    assert found is not None
    return found


def grown(old: object, new: object, name: str, mode: Compatibility = "FULL", content: Any = "declared") -> str | None:
    return document_growth(read(old, name), read(new, name), asked(mode), content=content)


def schema(properties: Raw, **more: Any) -> Raw:
    return {"$schema": DIALECT, "title": "Order", "type": "object", "properties": properties, **more}


ID, NOTE = {"id": {"type": "string"}}, {"note": {"type": "string"}}
PART = {"type": "object", "properties": ID}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (schema(ID), schema(ID, description="Longer."), "none"),
        (schema(ID), schema({"id": {"type": "string", "description": "Which."}}), "none"),
        (schema(ID), schema({**ID, **NOTE}), "larger"),
        (schema(ID, required=["id"]), schema({**ID, **NOTE}, required=["id"]), "larger"),
        (schema({"part": PART}), schema({"part": {**PART, "properties": {**ID, **NOTE}}}), "larger"),
        (schema({"l": {"type": "array", "items": PART}}),
         schema({"l": {"type": "array", "items": {**PART, "properties": {**ID, **NOTE}}}}), "larger"),
        (schema({"part": {"$ref": "#/$defs/Part"}}, **{"$defs": {"Part": PART}}),
         schema({"part": {"$ref": "#/$defs/Part"}}, **{"$defs": {"Part": {**PART, "properties": {**ID, **NOTE}}}}),
         "larger"),
        (schema(ID, **{"$defs": {"Part": {}}}), schema(ID, **{"$defs": {"Part": {"type": "string"}}}), "none"),
        # What is needed, left out or narrowed is no addition.
        (schema(ID), schema({**ID, **NOTE}, required=["note"]), None),
        (schema({**ID, **NOTE}), schema(ID), None),
        (schema(ID), schema({"id": {"type": "integer"}}), None),
        (schema(ID), schema({**ID, "note": False}), None),
        (schema(ID), schema({**ID, "note": {"type": "string", "readOnly": True}}), None),
        (schema({"id": {"const": 1}}), schema({"id": {"const": True}}), None),
        (schema({"l": {"type": "array"}}), schema({"l": {"type": "array", "items": PART}}), None),
        (schema({"part": {"type": "object"}}), schema({"part": PART}), None),
        # What may have been there under other terms, or turns the meaning around.
        (schema(ID, required=["note"]), schema({**ID, **NOTE}, required=["note"]), None),
        (schema(ID, additionalProperties={"type": "integer"}),
         schema({**ID, **NOTE}, additionalProperties={"type": "integer"}), None),
        (schema(ID, maxProperties=1), schema({**ID, **NOTE}, maxProperties=1), None),
        (schema({"part": {"not": PART}}), schema({"part": {"not": {**PART, "properties": {**ID, **NOTE}}}}), None),
        (schema(ID, unevaluatedProperties=False), schema({**ID, **NOTE}, unevaluatedProperties=False), None),
        # Closed to whoever reads with the old version.
        (schema(ID, additionalProperties=False), schema({**ID, **NOTE}, additionalProperties=False), None),
        # Where references stand beside something, or lead out of the document.
        (schema({"part": {"not": {"$ref": "#/$defs/Part"}}}, **{"$defs": {"Part": PART}}),
         schema({"part": {"not": {"$ref": "#/$defs/Part"}}}, **{"$defs": {"Part": {**PART, "type": "string"}}}), None),
        (schema({"part": {"$ref": "part.json"}}), schema({"part": {"$ref": "part.json"}}), None),
        (schema(ID), {**schema(ID), "$schema": "http://json-schema.org/draft-07/schema#"}, None),
    ],
)  # fmt: skip
def test_json_schema(old: Raw, new: Raw, expected: str | None) -> None:
    assert grown(old, new, "order.schema.json") == expected


def test_a_closed_object_may_grow_where_the_new_version_reads() -> None:
    old, new = schema(ID, additionalProperties=False), schema({**ID, **NOTE}, additionalProperties=False)
    assert grown(old, new, "order.schema.json", "BACKWARD") == "larger"


def test_what_nobody_declared_may_have_been_there() -> None:
    assert grown(schema(ID), schema({**ID, **NOTE}), "order.schema.json", content="all") is None
    assert grown(schema(ID), schema(ID, title="Other"), "order.schema.json", content="all") == "none"


@pytest.mark.parametrize("written", ["true", "false"])
def test_a_schema_that_takes_everything_or_nothing_has_no_outline(written: str) -> None:
    assert grown(written, "true", "order.schema.json") is None


def record(*fields: Raw, **more: Any) -> Raw:
    return {"type": "record", "name": "Order", "namespace": "shop", "fields": list(fields), **more}


A, B = {"name": "a", "type": "long"}, {"name": "b", "type": ["null", "string"], "default": None}
INNER = {"type": "record", "name": "Part", "fields": [A]}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (record(A), record(A), "none"),
        (record(A), record(A, doc="Longer."), "annotated"),
        (record(A), record({**A, "doc": "Longer."}), "annotated"),
        (record(A), record(B, A), "larger"),
        (record({"name": "p", "type": INNER}), record({"name": "p", "type": {**INNER, "fields": [A, B]}}), "larger"),
        (record(A), record(A, {**B, "type": {"type": "array", "items": INNER}, "default": []}), "larger"),
        (record(A), record(A, {"name": "b", "type": "string"}), None),
        (record(A), record(A, {**B, "aliases": ["a"]}), None),
        (record(A, B), record(A), None),
        (record(A, B), record(B, A), None),
        (record(A), record({**A, "type": "double"}), None),
        (record(B), record({**B, "type": ["string", "null"], "default": ""}), None),
        (record({"name": "a", "type": "int", "default": 1}), record({"name": "a", "type": "int", "default": 2}), None),
        (record(A), record({**A, "default": "no number"}), None),  # not valid
        (record({"name": "p", "type": "Gone"}), record({"name": "p", "type": "Gone"}), None),
    ],
)
def test_avro(old: Raw, new: Raw, expected: str | None) -> None:
    assert grown(old, new, "order.avsc") == expected


def proto(*fields: str, more: str = "") -> str:
    return f'syntax = "proto3";\npackage shop;\nmessage Order {{ {" ".join(fields)} }}\n{more}'


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (proto("string id = 1;"), proto("/* which */ string id = 1;"), "none"),
        (proto("string id = 1;"), proto("repeated Part parts = 2;", "string id = 1;", more="message Part {}"), "larger"),
        (proto("string id = 1;"), proto("string id = 1;", "map<string, int32> all = 3;"), "larger"),
        (proto("string id = 1;"), proto("string id = 1;", more="enum Kind { NONE = 0; }"), "larger"),
        (proto("string id = 1;"), proto("string id = 1;", more="service Orders {}"), "larger"),
        (proto("string id = 1;"), proto("string name = 1;"), None),
        (proto("string id = 1;"), proto("int64 id = 1;"), None),
        (proto("string id = 1;"), proto("oneof key { string id = 1; }"), None),
        (proto("string id = 1;"), proto("string id = 1;", "oneof key { string note = 2; }"), None),
        (proto("string id = 1;", "string note = 2;"), proto("string id = 1;", "reserved 2;"), None),
        (proto(more="enum Kind { NONE = 0; }"), proto(more="enum Kind { NONE = 0; ONE = 1; }"), None),
        (proto("string id = 1;"), proto("string id = 1;").replace("proto3", "proto2"), None),
        (proto("string id = 1;"), proto("string id = 1;", "broken"), None),
    ],
)  # fmt: skip
def test_protobuf(old: str, new: str, expected: str | None) -> None:
    assert grown(old, new, "order.proto") == expected


def test_another_language_and_other_documents_are_compared() -> None:
    one, other = read(record(A), "order.avsc"), read(schema(ID), "order.schema.json")
    assert document_growth(one, other, asked("FULL")) is None
    asyncapi = read({"asyncapi": "3.1.0", "info": {"title": "T"}}, "events.json")
    assert document_growth(asyncapi, asyncapi, asked("FULL")) is None


def test_an_addition_is_a_remark_unless_somebody_made_more_of_it() -> None:
    document = read(record(A), "order.avsc")
    assert is_remark(document, Levels(), None)
    assert not is_remark(document, Levels(overrides={"avro-field-added": "ERR"}), None)
    assert not is_remark(document, Levels(), "FILE")
