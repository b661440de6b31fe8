"""Names of fields in Avro and Protobuf schemas, and which of them no message lacks."""

from __future__ import annotations

import time
from typing import Any

import pytest

from retailctl.contracts.avro import read_avro
from retailctl.contracts.governance.plain_schemas import avro_names, proto_names, proto_problem
from retailctl.contracts.protobuf.source import ProtoText


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
        (record(field("a", record(field("c", "int"), name="I")), field("b", ["null", "I"])), "a b c", "a c"),
        (record(field("a", [record(field("c", "int"), field("d", "int"), name="I"), record(field("c", "int"), name="J")])), "a c d", "a c"),
        (record(field("a", [record(field("c", "int"), name="I"), "string"])), "a c", "a"),
        (record(field("a", "int"), field("next", ["null", "R"])), "a next", "a"),
        (record(field("a", {"type": "array", "items": record(field("b", "int"), name="I")})), "a", "a"),
    ],
)  # fmt: skip
def test_a_field_without_null_is_in_every_record(schema: Any, names: str, required: str) -> None:
    found = avro_names(read_avro(schema))
    assert found is not None
    assert (" ".join(found.all), " ".join(found.required)) == (names, required)


@pytest.mark.parametrize("schema", [None, "string", [], ["null"], {"type": "enum", "symbols": []}, 3])
def test_what_is_no_record_has_no_fields_to_name(schema: Any) -> None:
    assert avro_names(read_avro(schema)) is None


HEAD = 'syntax = "proto3"; package p; option java_package = "x"; enum E { NONE = 0; }\n'


@pytest.mark.parametrize(
    ("text", "names", "required"),
    [
        (HEAD + "message M { string a = 1; optional string b = 2; repeated E c = 3; E d = 4; }", "a b c d", "a d"),
        (HEAD + "message M { map<string, int32> m = 1; oneof x { string a = 2; E b = 3; } }", "a b m", ""),
        (HEAD + "message M { message I { string i = 1; } enum F { A = 0; } I a = 1 [deprecated = true]; F b = 2; }", "a b", "b"),
        (HEAD + "message M { reserved 4, 5; reserved \"b\"; string a = 1; } message N { int32 n = 1; }", "a", "a"),
        (HEAD + "// message C { string c = 1; }\n/* message D {} */ message M { string a = 1; // ; string d = 9;\n}", "a", "a"),
        (HEAD + 'import "gone.proto"; message M { string a = 1; gone.Unknown b = 2; }', "a b", "a"),
        ('syntax = "proto2"; message M { required string a = 1; optional string b = 2; }', "a b", "a"),
        ("message M { required string a = 1; optional string b = 2; }", "a b", "a"),
        ('edition = "2023"; message M { string a = 1; }', "a", ""),
        ('edition = "2023"; option features.field_presence = IMPLICIT; message M { string a = 1; }', "a", "a"),
        ('edition = "2023"; message M { string a = 1 [features.field_presence = LEGACY_REQUIRED]; }', "a", "a"),
        (HEAD + "message M {}", "", ""),
    ],
)  # fmt: skip
def test_the_first_message_of_a_file(text: str, names: str, required: str) -> None:
    found = proto_names(ProtoText(text))
    assert found is not None
    assert (" ".join(found.all), " ".join(found.required)) == (names, required)


def test_what_is_imported_says_whether_a_field_may_lack() -> None:
    kinds = 'syntax = "proto3"; package k; enum Kind { NONE = 0; } message Total { int32 cents = 1; }'
    text = 'syntax = "proto3"; import "kinds.proto"; message M { k.Kind kind = 1; k.Total total = 2; }'
    found = proto_names(ProtoText(text, "order.proto", {"kinds.proto": kinds}.__getitem__))
    assert found == (("kind", "total"), ("kind",))


def test_what_is_imported_is_read_only_where_it_matters() -> None:
    text = 'syntax = "proto3"; import "kinds.proto"; message M { int32 a = 1; optional k.Kind b = 2; repeated k.Kind c = 3; }'
    asked: list[str] = []

    def read(path: str) -> str:
        asked.append(path)
        return ""

    assert proto_names(ProtoText(text, "order.proto", read)) == (("a", "b", "c"), ("a",))
    assert not asked


def test_a_fault_in_what_is_imported_hides_no_field() -> None:
    text = ProtoText(
        'syntax = "proto3"; import "k.proto"; message M { string a = 1; }', "m.proto", {"k.proto": "{"}.__getitem__
    )
    assert not text.tree.readable
    assert (proto_problem(text), proto_names(text)) == ("", (("a",), ("a",)))


@pytest.mark.parametrize("text", [HEAD, HEAD + "service S { rpc R(M) returns (M); }"])
def test_a_file_without_a_message_has_none(text: str) -> None:
    assert proto_names(ProtoText(text)) is None
    assert proto_problem(ProtoText(text)) == "no message of Protobuf in it"


@pytest.mark.parametrize("text", ["message", "message M", HEAD + "message M { string a = 1; }\nmessage N { = }", "/*"])
def test_what_was_not_read_to_its_end_has_no_fields_to_name(text: str) -> None:
    assert proto_names(ProtoText(text)) is None
    assert proto_problem(ProtoText(text)).startswith(f"line {text.count(chr(10)) + 1}: ")


@pytest.mark.parametrize(
    "text",
    ["/*" * 300_000, '"\\' * 300_000, "message M {" + "a{" * 200_000, "<" * 500_000, "message M { x = 1; " * 50_000, "'" * 500_000],
    ids=["comments", "strings", "braces", "angles", "messages", "quotes"],
)  # fmt: skip
def test_hostile_text_costs_no_more_than_its_length(text: str) -> None:
    start = time.process_time()
    assert proto_names(ProtoText(text)) is None
    assert time.process_time() - start < 5


def test_unions_of_many_records_cost_no_more_than_they_say() -> None:
    inner = [record(*(field(f"f{one}", "int") for one in range(50)), name=f"I{number}") for number in range(100)]
    names = [one["name"] for one in inner]
    schema = read_avro(record(field("all", inner), *(field(f"u{number}", names) for number in range(1_000))))
    start = time.process_time()
    found = avro_names(schema)
    assert time.process_time() - start < 5
    assert found is not None
    assert (len(found.all), len(found.required)) == (1_051, 1_051)
