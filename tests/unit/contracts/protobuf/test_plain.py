"""Which ``.proto`` files are read line by line, and which go through the parser."""

from __future__ import annotations

import pytest

from retailctl.contracts.protobuf.outline import proto_outline
from retailctl.contracts.protobuf.source import ProtoText

HEAD = 'syntax = "proto3";\npackage shop;\n'
TIMESTAMP = 'import "google/protobuf/timestamp.proto";\n'


def text_of(text: str, **files: str) -> ProtoText:
    return ProtoText(text, "order.proto", lambda path: files[path.rpartition("/")[2].removesuffix(".proto")])


@pytest.mark.parametrize(
    "text",
    [
        HEAD,
        HEAD + "message Order {\n  string id = 1;  // which\n  repeated Line lines = 2;\n}\nmessage Line {\n}\n",
        HEAD + "message Order {\n  message Line {\n    Kind kind = 1;\n    enum Kind {\n      NONE = 0;\n    }\n  }\n}\n",
        HEAD + "option java_package = \"shop\";\nenum Kind {\n  NONE = 0;\n  LESS = -1;\n}\n",
        HEAD + TIMESTAMP + "message Order {\n  google.protobuf.Timestamp at = 1;\n  optional bool paid = 536870911;\n}",
        "\n// first\nsyntax = 'proto3';\r\nmessage Order {\r\n}\r\n",
    ],
)  # fmt: skip
def test_plain_lines_say_what_the_tree_says(text: str) -> None:
    plain = text_of(text).plain({})
    assert plain is not None
    assert plain.outline == proto_outline(text_of(text).tree)


@pytest.mark.parametrize(
    "body",
    [
        "message Order { string id = 1; }",  # more than one declaration in a line
        "message Order {\n  string\n  id = 1;\n}",
        "message Order {\n  /* string id = 1; */\n}",
        "message Order {\n  string id = 1 [deprecated = true];\n}",
        "message Order {\n  map<string, string> all = 1;\n}",
        "message Order {\n  oneof key {\n    string id = 1;\n  }\n}",
        "message Order {\n  reserved 2;\n}",
        "service Orders {\n}",
        'import "other.proto";',
        # What Protobuf refuses, for whoever tells of it.
        "message Order {\n  string id = 1;\n  string id = 2;\n}",
        "message Order {\n  string id = 1;\n  string key = 1;\n}",
        "message Order {\n  string order_id = 1;\n  string orderId = 2;\n}",
        "message Order {\n  string id = 19000;\n}",
        "message Order {\n  string id = 536870912;\n}",
        "message Order {\n  Gone id = 1;\n}",
        "message Order {\n}\nmessage Order {\n}",
        "message Order {\n  string Line = 1;\n  message Line {\n  }\n}",
        "message Order {\n",
        "}\n",
        "enum Kind {\n}",
        "enum Kind {\n  ONE = 1;\n}",
        "enum Kind {\n  NONE = 0;\n  ZERO = 0;\n}",
        "enum Kind {\n  string id = 1;\n}",
        "string id = 1;",
        "package other;",
        'syntax = "proto3";',
    ],
)  # fmt: skip
def test_anything_else_goes_through_the_parser(body: str) -> None:
    assert text_of(HEAD + body).plain({}) is None


def test_proto2_and_a_file_of_the_workspace_in_place_of_a_known_one_go_through_the_parser() -> None:
    assert text_of('syntax = "proto2";\nmessage Order {\n}').plain({}) is None
    assert text_of("message Order {\n}").plain({}) is None
    assert text_of(HEAD + TIMESTAMP).plain({}) is not None
    assert text_of(HEAD + TIMESTAMP, timestamp='syntax = "proto3";').plain({}) is None


def test_a_place_is_known_without_the_tree() -> None:
    text = text_of(HEAD + "message Order {\n  message Line {\n    int64 sum = 3;\n  }\n}\n")
    plain = text.plain({})
    assert plain is not None
    assert dict(plain.places) == {
        "/messages/Order": (3, 1), "/messages/Order/messages/Line": (4, 3),
        "/messages/Order/messages/Line/fields/sum": (5, 5),
    }  # fmt: skip
