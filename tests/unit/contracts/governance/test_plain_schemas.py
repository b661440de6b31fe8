"""Names of fields in Avro and Protobuf schemas, and which of them no message lacks."""

from __future__ import annotations

import time
from typing import Any

import pytest

from retailctl.contracts.governance.plain_schemas import avro_fields, proto_message


def record(*fields: Any, name: str = "R") -> dict[str, Any]:
    return {"type": "record", "name": name, "fields": list(fields)}


def field(name: str, kind: Any) -> dict[str, Any]:
    return {"name": name, "type": kind}


@pytest.mark.parametrize(
    ("schema", "names", "required"),
    [
        (record(field("a", "string"), field("b", ["null", "string"])), "a b", "a"),
        (record(field("a", record(field("b", "int"), field("c", ["null", "int"]), name="I"))), "a b c", "a b"),
        (record(field("a", ["null", record(field("b", "int"), name="I")])), "a b", ""),
        (record(field("a", record(field("b", record(field("c", "int"), name="J")), name="I"))), "a b", "a b"),
        (record("junk", {"type": "int"}, field("a", None)), "a", "a"),
        ({"type": "record", "fields": {"a": 1}}, "", ""),
    ],
)
def test_a_field_without_null_is_in_every_record(schema: Any, names: str, required: str) -> None:
    found = avro_fields(schema)
    assert found is not None
    assert (" ".join(found.all), " ".join(found.required)) == (names, required)


@pytest.mark.parametrize("schema", [None, "string", [], ["null"], {"type": "enum", "symbols": []}, 3])
def test_what_is_no_record_has_no_fields_to_name(schema: Any) -> None:
    assert avro_fields(schema) is None


HEAD = 'syntax = "proto3"; package p; option java_package = "x"; enum E { NONE = 0; }\n'


@pytest.mark.parametrize(
    ("text", "name", "names", "required"),
    [
        (HEAD + "message M { string a = 1; optional string b = 2; repeated E c = 3; }", "M", "a b c", "a"),
        (HEAD + "message M { map<string, int32> m = 1; oneof x { string a = 2; E b = 3; } }", "M", "a b m", ""),
        (HEAD + "message M { message I { string i = 1; } enum F { A = 0; } I a = 1 [deprecated = true]; }", "M", "a", "a"),
        (HEAD + "message M { reserved 4, 5; reserved \"b\"; option x = 1; string a = 1; } message N { int32 n = 1; }", "M", "a", "a"),
        (HEAD + "// message C { string c = 1; }\n/* message D {} */ message M { string a = 1; // ; string d = 9;\n}", "M", "a", "a"),
        ('syntax = "proto2"; message M { required string a = 1; optional string b = 2; }', "M", "a b", "a"),
        ("message M { required string a = 1; string b = 2; }", "M", "a b", "a"),
        ('edition = "2023"; message M { string a = 1; }', "M", "a", ""),
        ("syntax = 'proto3'; message M { string a = 1 [json_name = \"; message\"]; ", "M", "a", "a"),
        (HEAD + "message M {}", "M", "", ""),
    ],
)  # fmt: skip
def test_the_first_message_of_a_file(text: str, name: str, names: str, required: str) -> None:
    found = proto_message(text)
    assert found is not None
    assert (found[0], " ".join(found[1].all), " ".join(found[1].required)) == (name, names, required)


@pytest.mark.parametrize(
    "text", ["", "enum E { A = 0; }", "service S { rpc R(M) returns (M); }", "message", "message M"]
)
def test_a_file_without_a_message_has_none(text: str) -> None:
    assert proto_message(text) is None


@pytest.mark.parametrize(
    "text",
    ["/*" * 300_000, '"\\' * 300_000, "message M {" + "a{" * 200_000, "<" * 500_000, "message M { x = 1; " * 50_000, "'" * 500_000],
    ids=["comments", "strings", "braces", "angles", "messages", "quotes"],
)  # fmt: skip
def test_hostile_text_costs_no_more_than_its_length(text: str) -> None:
    start = time.process_time()
    proto_message(text)
    assert time.process_time() - start < 5
