"""Reading: every element has its place, names mean what the language says, and what is wrong is told where it is."""

from __future__ import annotations

import pytest

from retailctl.contracts.api.model import Place
from retailctl.contracts.protobuf.features import is_closed, is_packed, json_name, presence
from retailctl.contracts.protobuf.model import Enum, Message
from retailctl.contracts.protobuf.reading import ProtoTree, read_proto, read_set

SHOP = """\
// a comment with message Fake {
syntax = "proto3";
/* package no; */
package shop.orders;
import "google/protobuf/timestamp.proto";
option java_package = "com.shop";

message Order {
  int32 id = 1 [json_name = "number"];
  map<string, Line> lines = 2;
  oneof means {
    string card = 3;
    string cash = 4 [deprecated = true];
  }
  message Line { string text = 1; /* } */ string sku = 2; }
  enum Status { NONE = 0; PAID = 1; }
  repeated Status status = 5;
  google.protobuf.Timestamp at = 6;
  reserved 7, 9 to 11;
  reserved "old";
}
service Orders {
  rpc Get(Order) returns (stream .shop.orders.Order.Line);
}
"""


def read(text: str) -> ProtoTree:
    return read_proto({"shop.proto": text}.__getitem__, "shop.proto")


@pytest.mark.parametrize(
    ("pointer", "line", "column"),
    [
        ("", 1, 1),
        ("/package", 4, 1),
        ("/syntax", 2, 1),
        ("/imports/google~1protobuf~1timestamp.proto", 5, 1),
        ("/options/java_package", 6, 1),
        ("/messages/Order", 8, 1),
        ("/messages/Order/fields/id", 9, 3),
        ("/messages/Order/fields/id/name", 9, 9),
        ("/messages/Order/fields/id/number", 9, 14),
        ("/messages/Order/fields/id/options/json_name", 9, 17),
        ("/messages/Order/fields/lines/type", 10, 3),
        ("/messages/Order/oneofs/means", 11, 3),
        ("/messages/Order/fields/cash", 13, 5),
        ("/messages/Order/messages/Line/fields/sku", 15, 43),
        ("/messages/Order/enums/Status/values/PAID", 16, 27),
        ("/services/Orders/rpcs/Get/request", 23, 11),
        ("/services/Orders/rpcs/Get/response", 23, 34),
        ("/messages/Order/fields/nothing", 8, 1),
        ("/nothing/at/all", 1, 1),
    ],
)
def test_a_place_has_a_line(pointer: str, line: int, column: int) -> None:
    tree = read(SHOP)
    assert tree.problems == []
    assert tree.locate(Place("", pointer)) == ("shop.proto", line, column)


def test_names_are_resolved_from_the_inside_out() -> None:
    text = 'syntax = "proto3"; package a.b; message X { message X { X x = 1; a.b.X y = 2; .a.b.X.X z = 3; } X w = 1; }'
    tree = read(text)
    inner = tree.types["a.b.X.X"]
    assert isinstance(inner, Message)
    # a.b.X: the first part that is found decides, and a is found at the top.
    assert [one.type for one in inner.fields] == ["a.b.X.X", "a.b.X", "a.b.X.X"]
    assert tree.problems == []


def test_public_imports_hand_types_on_and_others_do_not() -> None:
    files = {
        "a.proto": 'import "b.proto"; message A { optional C c = 1; optional D d = 2; }',
        "b.proto": 'import public "c.proto"; import "d.proto";',
        "c.proto": "message C {}",
        "d.proto": "message D {}",
    }
    tree = read_proto(files.__getitem__, "a.proto")
    assert [(one.code, one.message) for one in tree.problems] == [
        ("proto-type-unknown", "D is declared in d.proto, which is not imported here: import it")
    ]
    assert set(tree.files) == set(files)


@pytest.mark.parametrize(
    ("syntax", "field", "expected"),
    [
        ('syntax = "proto2";', "optional int32 f = 1;", ("explicit", False)),
        ('syntax = "proto2";', "required int32 f = 1;", ("required", False)),
        ('syntax = "proto2";', "repeated int32 f = 1;", ("repeated", False)),
        ('syntax = "proto2";', "repeated int32 f = 1 [packed = true];", ("repeated", True)),
        ('syntax = "proto3";', "int32 f = 1;", ("implicit", False)),
        ('syntax = "proto3";', "optional int32 f = 1;", ("explicit", False)),
        ('syntax = "proto3";', "M f = 1;", ("explicit", False)),
        ('syntax = "proto3";', "oneof o { int32 f = 1; }", ("explicit", False)),
        ('syntax = "proto3";', "repeated int32 f = 1;", ("repeated", True)),
        ('syntax = "proto3";', "map<int32, int32> f = 1;", ("map", False)),
        ('edition = "2023";', "int32 f = 1;", ("explicit", False)),
        ('edition = "2023";', "int32 f = 1 [features.field_presence = IMPLICIT];", ("implicit", False)),
        ('edition = "2023"; option features.field_presence = IMPLICIT;', "int32 f = 1;", ("implicit", False)),
        ('edition = "2023";', "int32 f = 1 [features = { field_presence: LEGACY_REQUIRED }];", ("required", False)),
        ('edition = "2023";', "repeated int32 f = 1;", ("repeated", True)),
        (
            'edition = "2023";',
            "repeated int32 f = 1 [features.repeated_field_encoding = EXPANDED];",
            ("repeated", False),
        ),
    ],
)
def test_presence_and_packing_follow_the_syntax_and_the_features(
    syntax: str, field: str, expected: tuple[str, bool]
) -> None:
    tree = read(f"{syntax} message M {{ {field} }}")
    message = tree.types["M"]
    assert isinstance(message, Message)
    assert tree.problems == []
    assert (presence(message.fields[0], tree.files["shop.proto"]), is_packed(message.fields[0])) == expected


def test_groups_are_messages_with_a_field_in_small_letters() -> None:
    tree = read("message M { optional group Item = 1 { optional int32 x = 1; } }")
    message = tree.types["M"]
    assert isinstance(message, Message)
    assert [(one.name, one.kind, one.type) for one in message.fields] == [("item", "group", "M.Item")]
    delimited = read('edition = "2023"; message M { M f = 1 [features.message_encoding = DELIMITED]; }').types["M"]
    assert isinstance(delimited, Message)
    assert delimited.fields[0].kind == "group"


@pytest.mark.parametrize(("syntax", "closed"), [("proto2", True), ("proto3", False)])
def test_enums_are_closed_in_proto2(syntax: str, closed: bool) -> None:
    enum = read(f'syntax = "{syntax}"; enum E {{ A = 0; }}').types["E"]
    assert isinstance(enum, Enum)
    assert is_closed(enum) is closed


def test_names_in_json() -> None:
    message = read(SHOP).types["shop.orders.Order"]
    assert isinstance(message, Message)
    assert [json_name(one) for one in message.fields] == ["number", "lines", "card", "cash", "status", "at"]


@pytest.mark.parametrize(
    ("text", "code", "line", "told"),
    [
        ("message A {\n  int32 x = 1\n}", "proto-syntax", 3, "';' behind field x"),
        ("message A {\n  int32 = 1;\n}", "proto-syntax", 2, "the name of the field"),
        ('\nsyntax = "proto4";', "proto-syntax", 2, '"proto2" or "proto3"'),
        ('edition = "1999";', "proto-syntax", 1, "known editions"),
        ("message A {", "proto-syntax", 1, "the end of the file"),
        ("\n\nrubbish", "proto-syntax", 3, "a declaration"),
        ("option a = 'x\n';", "proto-syntax", 1, "not closed on its line"),
        ("message A {}\n/* open", "proto-syntax", 2, "a comment is opened"),
        ("message A { § }", "proto-syntax", 1, "has no meaning here"),
        ("message A {\n optional int32 x = 1;\n optional int32 y = 1;\n}", "proto-number-twice", 3, "that of x"),
        ("message A {\n optional int32 x = 1;\n optional int32 x = 2;\n}", "proto-name-twice", 3, "declared twice"),
        ("message A {}\nmessage A {}", "proto-name-twice", 2, "is declared in shop.proto too"),
        ("message A {\n optional int32 x = 0;\n}", "proto-number-range", 2, "from 1 to 536,870,911"),
        ("message A {\n optional int32 x = 19500;\n}", "proto-number-range", 2, "the implementation"),
        ("message A { reserved 3 to 5;\n optional int32 x = 4;\n}", "proto-reserved-used", 2, "the message reserves"),
        ('message A { reserved "x";\n optional int32 x = 4;\n}', "proto-reserved-used", 2, "a name that"),
        ("message A { extensions 3 to 5;\n optional int32 x = 4;\n}", "proto-reserved-used", 2, "kept for extensions"),
        ("message A { reserved 5 to 3; }", "proto-number-range", 1, "is empty"),
        ("message A {\n optional B b = 1;\n}", "proto-type-unknown", 2, "the type B is declared nowhere"),
        ('import "no.proto";', "proto-import-missing", 1, "add the file"),
        ('import "shop.proto";', "proto-import-cycle", 1, "shop.proto -> shop.proto"),
        ('syntax = "proto3";\nenum E {\n  A = 1;\n}', "proto-enum-zero", 3, "must be 0"),
        ("enum E {}", "proto-enum-empty", 1, "has no values"),
        ("enum E {\n  A = 1;\n  B = 1;\n}", "proto-number-twice", 3, "allow_alias"),
        ("enum E { A = 4294967296; }", "proto-number-range", 1, "32 bits"),
        ('syntax = "proto3";\nmessage A { required int32 x = 1; }', "proto-construct", 2, "no required fields"),
        ('syntax = "proto3";\nmessage A { int32 a_b = 1; int32 aB = 2; }', "proto-name-twice", 2, "in JSON"),
        ("message A" + " { message A" * 40, "proto-depth", 1, "nested deeper than 32"),
        ("option (a) = " + "{ b: " * 60, "proto-depth", 1, "nested deeper than 50"),
    ],
)
def test_a_problem_has_a_place_and_a_next_step(text: str, code: str, line: int, told: str) -> None:
    problems = [one for one in read(text).problems if one.code == code]
    assert [one.line for one in problems] == [line]
    assert told in problems[0].message


def test_a_circle_of_imports_is_told_where_it_closes() -> None:
    files = {"a": 'import "b";', "b": '\nimport "c";', "c": '\n\nimport "a";'}
    tree = read_proto(files.__getitem__, "a")
    assert [(one.code, one.file, one.line) for one in tree.problems] == [("proto-import-cycle", "c", 3)]
    assert "a -> b -> c -> a" in tree.problems[0].message


def test_a_file_of_five_megabytes_is_refused_with_the_limit() -> None:
    tree = read("message A {} " * 400_000)
    assert [(one.code, one.line) for one in tree.problems] == [("proto-size", 1)]
    assert "at most 2,000,000" in tree.problems[0].message
    assert not tree.readable


def test_nothing_is_printed_about_a_syntax_error(capfd: pytest.CaptureFixture[str]) -> None:
    assert not read_set({"a.proto": "message {"}).readable
    assert capfd.readouterr() == ("", "")
