"""Who reads whose data, change by change; every reading that breaks is shown, or the reason why it cannot be."""

from __future__ import annotations

import pytest

from retailctl.contracts.compatibility.change import ReadingChange, ReadingWitness
from retailctl.contracts.protobuf.compare import compare_proto
from retailctl.contracts.protobuf.reading import ProtoTree, read_proto
from retailctl.contracts.rules.rules import rule
from retailctl.model.compatibility import Category
from tests.unit.contracts.protobuf.rule_cases import ENUM, MESSAGE, MESSAGE2, MESSAGE3, SERVICE

NONE, BACK, FORTH, BOTH = "", "backward", "forward", "backward forward"
PROTO2_ENUM = (
    'syntax = "proto2";\npackage shop;\nenum Status { NONE = 0; % }\nmessage Order { optional Status s = 1; }\n'
)


def tree(text: str) -> ProtoTree:
    return read_proto({"shop.proto": text}.__getitem__, "shop.proto")


def changes(frame: str, old: str, new: str, category: Category = "CSR") -> list[ReadingChange]:
    sides = [tree(frame.replace("%", part)) for part in (old, new)]
    assert [side.problems for side in sides] == [[], []]
    return compare_proto(*sides, category=category)


def shown(found: list[ReadingChange]) -> list[tuple[str, str]]:
    return [(one.id.removeprefix("proto-"), " ".join(sorted(one.broken))) for one in found]


@pytest.mark.parametrize(
    ("frame", "old", "new", "id_", "wire", "json", "registry"),
    [
        (MESSAGE, "", "int32 x = 1;", "field-added", NONE, NONE, NONE),
        (MESSAGE2, "", "required int32 x = 1;", "message-same-required-fields", BACK, BACK, BACK),
        (MESSAGE, "int32 x = 1;", "", "field-no-delete-unless-number-reserved", BACK, BACK, BACK),
        (MESSAGE, "int32 x = 1;", "reserved 1, x;", "field-removed", NONE, NONE, NONE),
        (MESSAGE, "int32 x = 1;", "int32 x = 2;", "field-number-changed", BOTH, BOTH, BOTH),
        (MESSAGE, "int32 x = 1;", "int32 y = 1;", "field-same-name", NONE, BOTH, BOTH),
        (MESSAGE, "int32 x = 1;", 'int32 x = 1 [json_name = "y"];', "field-same-json-name", NONE, BOTH, NONE),
        (MESSAGE, "int32 x = 1;", "int64 x = 1;", "field-same-type", FORTH, BOTH, FORTH),
        (MESSAGE, "int64 x = 1;", "int32 x = 1;", "field-same-type", BACK, BOTH, BACK),
        (MESSAGE, "int32 x = 1;", "uint32 x = 1;", "field-same-type", BOTH, BOTH, BOTH),
        (MESSAGE, "bool x = 1;", "int32 x = 1;", "field-same-type", FORTH, BOTH, FORTH),
        (MESSAGE, "string x = 1;", "bytes x = 1;", "field-same-type", FORTH, BOTH, FORTH),
        (MESSAGE, "string x = 1;", "int32 x = 1;", "field-same-type", BOTH, BOTH, BOTH),
        (MESSAGE, "fixed64 x = 1;", "double x = 1;", "field-same-type", BOTH, BOTH, BOTH),
        (MESSAGE, "map<string, int32> x = 1;", "map<string, string> x = 1;", "field-same-type", BOTH, BOTH, BOTH),
        (MESSAGE, "map<int32, int32> x = 1;", "map<int64, int32> x = 1;", "field-same-type", FORTH, BOTH, FORTH),
        (MESSAGE, "string x = 1;", "repeated string x = 1;", "field-same-cardinality", BOTH, BOTH, BOTH),
        (MESSAGE3, "string x = 1;", "optional string x = 1;", "field-same-cardinality", NONE, NONE, NONE),
        (MESSAGE2, "optional int32 x = 1;", "required int32 x = 1;", "message-same-required-fields", BACK, BACK, BACK),
        (MESSAGE2, "required int32 x = 1;", "optional int32 x = 1;", "message-same-required-fields", *[FORTH] * 3),
        (MESSAGE, "int32 x = 1;", "int32 x = 1 [default = 4];", "field-same-default", BOTH, BOTH, BOTH),
        (MESSAGE, "int32 x = 1;", "oneof o { int32 x = 1; }", "field-same-oneof", NONE, NONE, NONE),
        (ENUM, "reserved 4;", "", "reserved-enum-no-delete", BACK, BACK, BACK),
        (MESSAGE, "reserved 4;", "", "reserved-message-no-delete", BACK, BACK, BACK),
        (ENUM, "", "PAID = 1;", "enum-value-added", NONE, NONE, NONE),
        (PROTO2_ENUM, "", "PAID = 1;", "enum-value-added", FORTH, FORTH, FORTH),
        (ENUM, "PAID = 1;", "", "enum-value-no-delete-unless-number-reserved", BACK, BACK, BACK),
        (ENUM, "PAID = 1;", "reserved 1;", "enum-value-no-delete-unless-name-reserved", None, BACK, BACK),
        (ENUM, "PAID = 1;", "reserved 1, PAID;", "enum-value-removed", NONE, NONE, NONE),
        (PROTO2_ENUM, "PAID = 1;", 'reserved 1; reserved "PAID";', "enum-value-removed", BACK, BACK, BACK),
        (ENUM, "PAID = 1;", "SETTLED = 1;", "enum-value-same-name", NONE, BOTH, BOTH),
        (ENUM, "", "option features.enum_type = CLOSED;", "enum-same-type", BACK, BACK, BACK),
        (SERVICE, "rpc Put(A) returns (B);", "", "rpc-no-delete", NONE, NONE, BACK),
        (SERVICE, "", "rpc Put(A) returns (B);", "rpc-added", NONE, NONE, NONE),
        (SERVICE, "rpc Put(A) returns (B);", "rpc Put(B) returns (B);", "rpc-same-request-type", BOTH, BOTH, BOTH),
    ],
)
def test_a_change_breaks_the_readings_that_it_breaks(
    frame: str, old: str, new: str, id_: str, wire: str | None, json: str, registry: str
) -> None:
    expected: dict[Category, str | None] = {"WIRE": wire, "WIRE_JSON": json, "CSR": registry}
    for category, broken in expected.items():
        found = shown(changes(frame, old, new, category))
        if broken is not None:
            assert found == ([(id_, broken)] if id_ else []), category


def test_nothing_differs_in_a_schema_against_itself_with_other_comments_and_order() -> None:
    assert changes(MESSAGE, "int32 x = 1; string y = 2;", "// new\n string y = 2; /* old */ int32 x = 1;") == []


@pytest.mark.parametrize(
    ("old", "new", "broken"),
    [
        ("int32 x = 1; int32 y = 2;", "oneof o { int32 x = 1; int32 y = 2; }", ["backward", "backward"]),
        ("int32 x = 1; oneof o { int32 y = 2; }", "oneof o { int32 x = 1; int32 y = 2; }", ["backward"]),
        ("oneof o { int32 x = 1; int32 y = 2; }", "int32 x = 1; oneof o { int32 y = 2; }", ["forward"]),
        ("oneof o { int32 x = 1; int32 y = 2; }", "oneof p { int32 x = 1; int32 y = 2; }", []),
    ],
)
def test_fields_that_could_be_set_together_cannot_share_a_oneof(old: str, new: str, broken: list[str]) -> None:
    found = [one for one in changes(MESSAGE, old, new, "WIRE") if one.broken]
    assert [reading for one in found for reading in sorted(one.broken)] == broken
    assert all(
        isinstance(one.witness(reading), ReadingWitness) for one in found if one.witness for reading in one.broken
    )


def test_a_witness_is_the_datum_decoded_the_part_and_the_reason() -> None:
    [change] = changes(MESSAGE, "int64 x = 1;", "int32 x = 1;")
    assert change.witness is not None
    assert change.witness("backward") == ReadingWitness(
        {"x": "1099511627776"}, "/x", "the reader gets 0 and not 1099511627776"
    )
    assert (change.subject, change.pointer, change.old, change.new) == ("shop.Order", "/fields/x", "int64", "int32")
    assert rule(change.id).message(change.what, old=str(change.old), new=str(change.new)) == (
        "field shop.Order.x: the type changed from int64 to int32"
    )


@pytest.mark.parametrize(
    ("frame", "old", "new", "reason"),
    [
        (MESSAGE, "reserved 4;", "", "the datum is older than both versions"),
        (SERVICE, "rpc Put(A) returns (B);", "", "a call is broken, not a datum"),
        (ENUM, "PAID = 1;", "", "no message that both versions have holds this enum"),
        ('syntax = "proto3";\n%\n', "package a;", "package b;", "the bytes of a message do not hold its name"),
    ],
)
def test_where_no_datum_shows_it_there_is_a_reason(frame: str, old: str, new: str, reason: str) -> None:
    told = [one.witness("backward") for one in changes(frame, old, new) if one.broken and one.witness]
    assert len(told) == 1
    assert isinstance(told[0], str)
    assert told[0].startswith(reason)


def test_another_package_is_one_cause() -> None:
    frame = 'syntax = "proto3";\npackage %;\nmessage A { A a = 1; map<string, A> m = 2; }\nservice S { rpc G(A) returns (A); }\n'
    assert shown(changes(frame, "a.b", "a.c")) == [("file-same-package", BOTH)]


def test_a_message_that_is_gone_is_told_once_with_what_is_in_it() -> None:
    gone = "message Gone { message In { enum E { A = 0; } } map<string, In> m = 1; }"
    assert shown(changes(MESSAGE, gone, "")) == [("message-no-delete", BACK)]
    assert shown(changes(MESSAGE, gone, "", "WIRE")) == [("message-no-delete", NONE)]
    assert shown(changes(MESSAGE, "", gone)) == [("message-added", NONE)]


def test_generated_code_has_a_reason_and_data_that_breaks_with_it_a_witness() -> None:
    found = changes('syntax = "proto3";\noption %;\n', 'go_package = "a"', 'go_package = "b"', "FILE")
    assert shown(found) == [("file-same-go-package", BOTH)]
    assert found[0].witness is not None
    assert "generated code" in str(found[0].witness("backward"))
    data = changes(MESSAGE, "int32 x = 1;", "string x = 1;", "FILE")
    assert shown(data) == [("field-same-type", BOTH)]
    assert data[0].witness is not None
    assert isinstance(data[0].witness("backward"), ReadingWitness)


def test_types_of_other_files_are_compared_too() -> None:
    root = 'syntax = "proto3";\nimport "line.proto";\nmessage Order { Line line = 1; }\n'
    sides = [
        read_proto(
            {"o.proto": root, "line.proto": f'syntax = "proto3"; message Line {{ {kind} x = 1; }}'}.__getitem__,
            "o.proto",
        )
        for kind in ("string", "int32")
    ]
    [change] = compare_proto(*sides)
    assert (change.subject, change.old_place and change.old_place.path) == ("Line", "line.proto")
    assert change.witness is not None
    assert change.witness("backward") == ReadingWitness({"x": "text"}, "/x", "the reader gets 0 and not 'text'")


def test_types_of_protobuf_itself_are_known_to_the_witness() -> None:
    frame = MESSAGE.replace("message", 'import "google/protobuf/any.proto";\nmessage')
    [change] = changes(frame, "google.protobuf.Any a = 1; int32 x = 2;", "google.protobuf.Any a = 1; string x = 2;")
    assert change.witness is not None
    assert isinstance(change.witness("forward"), ReadingWitness)
