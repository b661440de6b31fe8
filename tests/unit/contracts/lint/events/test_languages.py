"""Avro and Protobuf schemas under lint: inside a document, and as files of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from retailctl.contracts.lint import LintFact, lint, message
from retailctl.contracts.references import Library
from retailctl.errors import IncompleteError, Location
from retailctl.workspace.reader import parse_bytes
from tests.unit.contracts.lint.documents import change
from tests.unit.contracts.lint.events.test_passes import MESSAGE3, THREE

HEAD = 'syntax = "proto3";\n'
ORDER = {"type": "record", "name": "Order", "fields": [{"name": "next", "type": ["null", "Order"]}]}


def facts(root: str, files: Mapping[str, str]) -> list[LintFact]:
    """The facts of the file ``root`` beside others."""

    def read(path: str) -> Any:
        if path not in files:
            raise IncompleteError("cannot be read: No such file or directory", at=Location(path))
        return parse_bytes(path, files[path].encode(), owned=False, require_mapping=False)

    return list(lint(Library(read, root)))


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (ORDER, []),
        ("string", []),
        (["null", ORDER], []),
        (change(ORDER, "/fields/0/type", "Line"), [("avro-unknown-type", "/fields/0/type")]),
        (change(ORDER, "/fields/0/default", 5), [("avro-bad-default", "/fields/0/default")]),
        (change(ORDER, "/fields/0/type", "Order"), [("avro-endless-record", "")]),
        ({"type": "record", "name": "A"}, [("avro-missing-fields", "")]),
    ],
)
def test_avro_files(schema: object, expected: list[tuple[str, str]]) -> None:
    found = facts("a.avsc", {"a.avsc": json.dumps(schema)})
    assert [(one.id, one.pointer) for one in found] == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"p/a.proto": HEAD + "message A { string id = 1; }"}, []),
        ({"p/a.proto": HEAD + 'import "b.proto";\nmessage A { B b = 1; }', "p/b.proto": HEAD + "message B {}"}, []),
        ({"p/a.proto": HEAD + 'import "b.proto";\nmessage A { B b = 1; }', "b.proto": HEAD + "message B {}"}, []),
        ({"q/p/a.proto": HEAD + 'import "p/b.proto";\nmessage A { B b = 1; }', "q/p/b.proto": HEAD + "message B {}"}, []),
        ({"p/a.proto": HEAD + "message A {\n string id = 1"}, [("proto-syntax", "p/a.proto", (3, 15))]),
        ({"p/a.proto": HEAD + "message A {\n  Line id = 1; }"}, [("proto-type-unknown", "p/a.proto", (3, 3))]),
        ({"p/a.proto": HEAD + 'import "b.proto";', "p/b.proto": HEAD + "enum E {}"},
         [("proto-enum-empty", "p/b.proto", (2, 1))]),
        ({"p/a.proto": HEAD + 'import "b.proto";', "p/b.proto": HEAD + 'import "p/a.proto";'},
         [("proto-import-cycle", "p/a.proto", (2, 1))]),
        ({"p/a.proto": HEAD + 'import "../../b.proto";'}, [("proto-import-missing", "p/a.proto", (2, 1))]),
    ],
)  # fmt: skip
def test_protobuf_files(files: Mapping[str, str], expected: list[tuple[str, str, tuple[int, int]]]) -> None:
    assert [(one.id, one.path, one.at) for one in facts(next(iter(files)), files)] == expected


@pytest.mark.parametrize(
    ("format", "schema", "ids"),
    [
        ("application/vnd.apache.avro;version=1.12.0", ORDER, []),
        ("application/vnd.apache.avro+json;version=1.9.0", {"type": "no"}, ["avro-unknown-type"]),
        ("application/vnd.google.protobuf;version=3", HEAD + "message A {}", []),
        ("application/vnd.google.protobuf;version=3", HEAD + "message A {", ["proto-syntax"]),
        ("application/vnd.google.protobuf;version=3", {"message": "A"}, ["proto-syntax"]),
    ],
)
def test_inside_a_document(lint_document: Any, format: str, schema: object, ids: list[str]) -> None:
    document = change(THREE, f"{MESSAGE3}/payload", {"schemaFormat": format, "schema": schema})
    found = [one for one in lint_document(document) if one.id.startswith(("avro", "proto"))]
    assert [one.id for one in found] == ids
    assert all(one.pointer.startswith(f"{MESSAGE3}/payload/schema") for one in found)


def test_a_text_inside_a_document_says_its_line(lint_document: Any) -> None:
    payload = {"schemaFormat": "application/vnd.google.protobuf;version=3", "schema": HEAD + "message A {"}
    [found] = lint_document(change(THREE, f"{MESSAGE3}/payload", payload))
    assert message(found).endswith("(line 2, column 12 of the text)")


def test_a_reference_to_a_schema_file(lint_document: Any) -> None:
    payload = {"schemaFormat": "application/vnd.apache.avro;version=1.9.0", "schema": {"$ref": "order.avsc"}}
    document = change(THREE, f"{MESSAGE3}/payload", payload)
    assert lint_document(document, {"order.avsc": ORDER}) == ()
    [found] = lint_document(document, {"order.avsc": change(ORDER, "/fields/0/type", "Line")})
    assert (found.id, found.path, found.pointer) == ("avro-unknown-type", "order.avsc", "/fields/0/type")
