"""JSON Schemas that stand alone, draft by draft."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.contracts.lint import message

OLD = "http://json-schema.org/draft-0{}/schema#"
NEW = "https://json-schema.org/draft/{}/schema"
DRAFTS = (*map(OLD.format, (4, 6, 7)), *map(NEW.format, ("2019-09", "2020-12")))


@pytest.mark.parametrize("draft", DRAFTS)
def test_valid(lint_document: Any, draft: str) -> None:
    order = {"type": "object", "properties": {"next": {"$ref": "#"}, "id": {"type": "string", "default": "a"}}}
    assert lint_document({"$schema": draft, **order}) == ()


@pytest.mark.parametrize(
    ("schema", "id", "at"),
    [
        *(({"$schema": draft, "type": "text"}, "structure-value", "/type") for draft in DRAFTS),
        *(({"$schema": draft, "properties": []}, "structure-type", "/properties") for draft in DRAFTS),
        *(({"$schema": draft, "default": 1, "type": "string"}, "default-invalid", "/default") for draft in DRAFTS),
        *(({"$schema": draft, "items": {"$ref": "#/no"}}, "reference-dangling", "/items/$ref") for draft in DRAFTS),
        *(({"$schema": draft, "not": {"pattern": "("}}, "pattern-invalid", "/not/pattern") for draft in DRAFTS),
        ({"$schema": DRAFTS[2], "examples": [1], "type": "string"}, "example-invalid", "/examples/0"),
        ({"$schema": DRAFTS[0], "minimum": 1, "exclusiveMinimum": True, "default": 1}, "default-invalid", "/default"),
        ({"$schema": DRAFTS[0], "const": 1, "default": 2}, "", ""),
        ({"$schema": DRAFTS[1], "const": 1, "default": 2}, "default-invalid", "/default"),
        ({"$schema": DRAFTS[1], "if": True, "then": False, "default": 2}, "", ""),
        ({"$schema": DRAFTS[2], "if": True, "then": False, "default": 2}, "default-invalid", "/default"),
        ({"$schema": DRAFTS[2], "items": [{"type": "string"}], "default": [1]}, "default-invalid", "/default/0"),
        ({"$schema": DRAFTS[2], "items": [{}], "additionalItems": False, "default": [1, 2]}, "default-invalid",
         "/default/1"),
        ({"$schema": DRAFTS[2], "dependencies": {"a": ["b"]}, "default": {"a": 1}}, "default-invalid", "/default"),
        ({"$schema": DRAFTS[2], "dependencies": {"a": {"minProperties": 2}}, "default": {"a": 1}}, "default-invalid",
         "/default"),
        ({"$schema": DRAFTS[2], "$ref": "#/definitions/a", "default": 1, "definitions": {"a": {"type": "string"}}},
         "", ""),
        ({"$schema": DRAFTS[4], "$ref": "#/$defs/a", "default": 1, "$defs": {"a": {"type": "string"}}},
         "default-invalid", "/default"),
        ({"$schema": DRAFTS[4], "minimum": 2, "maximum": 1}, "bounds-crossed", "/minimum"),
        ({"$schema": DRAFTS[4], "type": "string", "enum": [1]}, "enum-type", "/enum/0"),
        ({"$schema": DRAFTS[4], "$ref": "https://example.com/a"}, "reference-network", "/$ref"),
        ({"type": "object", "properties": {"a": {"default": 1, "type": "string"}}}, "default-invalid",
         "/properties/a/default"),
        ({"$schema": "http://json-schema.org/draft-03/schema#"}, "version-unknown", "/$schema"),
        ({"$schema": 7, "type": "object", "properties": {}}, "version-not-text", "/$schema"),
    ],
)  # fmt: skip
def test_one_problem(lint_document: Any, schema: Any, id: str, at: str) -> None:
    assert [(one.id, one.pointer) for one in lint_document(schema)] == ([(id, at)] if id else [])


def test_other_files(lint_document: Any) -> None:
    files = {"order.json": {"$defs": {"id": {"type": "string", "default": 1}}}}
    [found] = lint_document({"$schema": DRAFTS[4], "$ref": "order.json#/$defs/id"}, files)
    assert (found.path, found.pointer, found.id) == ("order.json", "/$defs/id/default", "default-invalid")


def test_the_supported_drafts_are_named(lint_document: Any) -> None:
    [found] = lint_document({"$schema": "http://json-schema.org/draft-03/schema#"})
    assert "draft-04, draft-06, draft-07, 2019-09, 2020-12" in message(found)
