"""Verdicts on stand-alone JSON Schemas: strict and lenient, across drafts, with references of every kind."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.contracts.compatibility.json_schema import read_verdicts
from retailctl.contracts.schemas.store import ContentModel
from tests.support.schema_documents import document

D4 = "http://json-schema.org/draft-04/schema#"
D6 = "http://json-schema.org/draft-06/schema#"
D7 = "http://json-schema.org/draft-07/schema#"
D19 = "https://json-schema.org/draft/2019-09/schema"
D20 = "https://json-schema.org/draft/2020-12/schema"
BOTH = ("included", "included")


def verdicts(old: Any, new: Any, content: ContentModel = "all") -> tuple[str, str]:
    """Backward and forward."""
    found = read_verdicts(document(old), document(new), content)
    return found["backward"].verdict, found["forward"].verdict


def text(**more: Any) -> dict[str, Any]:
    return {"type": "string", **more}


MIGRATIONS: dict[str, tuple[Any, Any]] = {
    "definitions to $defs": (
        {"$schema": D7, "properties": {"a": {"$ref": "#/definitions/A"}}, "definitions": {"A": text(maxLength=3)}},
        {"$schema": D20, "properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": text(maxLength=3)}},
    ),
    "a tuple to prefixItems": (
        {"$schema": D7, "items": [text(), {"type": "number"}], "additionalItems": {"type": "boolean"}},
        {"$schema": D20, "prefixItems": [text(), {"type": "number"}], "items": {"type": "boolean"}},
    ),
    "a closed tuple to prefixItems": (
        {"$schema": D7, "items": [text()], "additionalItems": False},
        {"$schema": D20, "prefixItems": [text()], "items": False},
    ),
    "dependencies to dependentRequired and dependentSchemas": (
        {"$schema": D7, "dependencies": {"a": ["b"], "c": {"properties": {"d": text()}}}},
        {"$schema": D20, "dependentRequired": {"a": ["b"]}, "dependentSchemas": {"c": {"properties": {"d": text()}}}},
    ),
    "$recursiveRef to $dynamicRef": (
        {"$schema": D19, "$recursiveAnchor": True, "properties": {"v": text(), "next": {"$recursiveRef": "#"}}},
        {"$schema": D20, "$dynamicAnchor": "n", "properties": {"v": text(), "next": {"$dynamicRef": "#n"}}},
    ),
    "id to $id, and a flag to a bound": (
        {"$schema": D4, "id": "http://x.test/a", "type": "number", "minimum": 1, "exclusiveMinimum": True},
        {"$schema": D6, "$id": "http://x.test/a", "type": "number", "exclusiveMinimum": 1},
    ),
    "a flag that is off": (
        {"$schema": D4, "type": "number", "maximum": 1, "exclusiveMaximum": False},
        {"$schema": D6, "type": "number", "maximum": 1},
    ),
    "an anchor": (
        {"$schema": D7, "properties": {"a": {"$ref": "#item"}}, "definitions": {"x": {"$id": "#item", **text()}}},
        {"$schema": D20, "properties": {"a": {"$ref": "#item"}}, "$defs": {"x": {"$anchor": "item", **text()}}},
    ),
    "siblings of a reference, which draft-07 passes over": (
        {"$schema": D7, "properties": {"a": {"$ref": "#/definitions/A", "maxLength": 1}}, "definitions": {"A": text()}},
        {"$schema": D20, "properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": text()}},
    ),
    "an enum of one to const": ({"$schema": D4, "enum": ["a"]}, {"$schema": D6, "const": "a"}),
    "a keyword before its draft": ({"$schema": D4, "const": "a"}, {"$schema": D20}),
    "no condition in draft-06": ({"$schema": D6, "if": text(), "then": False}, {"$schema": D7}),
    "false as not": ({"$schema": D4, "not": {}}, False),
    "true as nothing": ({"$schema": D4}, True),
}


@pytest.mark.parametrize(("old", "new"), MIGRATIONS.values(), ids=MIGRATIONS)
@pytest.mark.parametrize("content", ["all", "declared"])
def test_another_spelling_is_no_break(old: Any, new: Any, content: ContentModel) -> None:
    assert verdicts(old, new, content) == BOTH


OPEN = {"type": "object", "properties": {"a": text()}}
MORE = {"type": "object", "properties": {"a": text(), "b": text()}}
CLOSED = {**OPEN, "additionalProperties": False}

STRICT_AND_LENIENT: dict[str, tuple[Any, Any, tuple[str, str], tuple[str, str]]] = {
    "a property added to an open object": (OPEN, MORE, ("excluded", "included"), ("included", "included")),
    "a property added to a closed object": (
        CLOSED, {**MORE, "additionalProperties": False}, ("included", "excluded"), ("included", "excluded"),
    ),
    "an object closed": (OPEN, CLOSED, ("excluded", "included"), ("included", "included")),
    "a property of any value added": (
        OPEN, {**OPEN, "properties": {"a": text(), "b": {}}}, ("included", "included"), ("included", "included"),
    ),
    "a property that must be there": (
        OPEN, {**OPEN, "required": ["a"]}, ("excluded", "included"), ("excluded", "included"),
    ),
    "a property covered by the schema of the others": (
        {**OPEN, "additionalProperties": text(maxLength=2)}, {**MORE, "additionalProperties": text()},
        ("included", "excluded"), ("included", "excluded"),
    ),
    "a format": (text(), text(format="date"), ("excluded", "included"), ("undecided", "included")),
    "a format nobody knows": (text(), text(format="x"), ("excluded", "included"), ("undecided", "included")),
    "another encoding": (
        text(contentEncoding="base64"), text(contentEncoding="base32"), ("excluded", "excluded"),
        ("undecided", "undecided"),
    ),
    "a pattern that every text has somewhere": (
        text(), text(pattern="[a-z]*"), ("excluded", "included"), ("included", "included"),
    ),
    "a pattern widened": (
        text(pattern="^[a-z]+$"), text(pattern="^[a-z0-9]*$"), ("included", "excluded"), ("included", "excluded"),
    ),
    "the same pattern otherwise written": (
        text(pattern="^[0-9]{2,}$"), text(pattern="^\\d\\d\\d*$"), BOTH, BOTH,
    ),
    "a pattern that says the length": (text(pattern="^..$"), text(pattern="^..$", minLength=2), BOTH, BOTH),
    "names apart": (
        {"patternProperties": {"^a": text(), "^b": {"type": "number"}}}, {"patternProperties": {"^a": text()}},
        ("included", "excluded"), BOTH,
    ),
    "everything": (text(), True, ("included", "excluded"), ("included", "excluded")),
    "nothing": (text(), False, ("excluded", "included"), ("excluded", "included")),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "strict", "lenient"), STRICT_AND_LENIENT.values(), ids=STRICT_AND_LENIENT)
def test_strict_and_lenient(old: Any, new: Any, strict: tuple[str, str], lenient: tuple[str, str]) -> None:
    assert verdicts(old, new, "all") == strict
    assert verdicts(old, new, "declared") == lenient


def test_a_witness_tells_in_writing() -> None:
    """Formats that anybody can check are shown; those known by name only are not."""
    assert read_verdicts(document(text()), document(text(format="date")), "all")["backward"].witness == ("",)
    found = read_verdicts(document(text()), document(text(format="x")), "all")["backward"]
    assert found.witness == ()
    assert [reason.keyword for reason in found.reasons] == ["format"]
    found = read_verdicts(document(text()), document(text(pattern="[a-z]*")), "all")["backward"]
    assert found.witness == ()
    assert "whole text" in found.reasons[0].text


TREE = {
    "$id": "https://x.test/tree", "$dynamicAnchor": "node", "type": "object",
    "properties": {"data": True, "children": {"type": "array", "items": {"$dynamicRef": "#node"}}},
}  # fmt: skip


def extended(**more: Any) -> dict[str, Any]:
    """A tree whose nodes all have what is said here, as 2020-12 Core shows it (8.2.3.2)."""
    return {"$schema": D20, "$id": "https://x.test/more", "$dynamicAnchor": "node", "$ref": "tree", **more,
            "$defs": {"tree": TREE}}  # fmt: skip


def test_a_dynamic_reference_leads_to_the_outermost_anchor() -> None:
    closed, weighed = extended(unevaluatedProperties=False), extended(required=["data"])
    assert verdicts(closed, {"$schema": D20, **TREE}) == ("included", "excluded")
    found = read_verdicts(document({"$schema": D20, "type": "object", "required": ["data"]}), document(weighed), "all")
    assert found["backward"].verdict == "excluded"
    deep = {"type": "object", "properties": {"children": {"type": "array", "items": {"required": ["data"]}}}}
    assert verdicts(weighed, {"$schema": D20, **deep}) == ("included", "excluded")


def test_a_dynamic_reference_that_depends_on_the_way_is_not_decided() -> None:
    several = {
        "$schema": D20,
        "properties": {"a": {"$ref": "one"}, "b": {"$ref": "two"}},
        "$defs": {
            "one": {"$id": "one", "$dynamicAnchor": "n", **text()},
            "two": {"$id": "two", "$dynamicAnchor": "n", "items": {"$dynamicRef": "#n"}},
        },
    }
    other = {"$schema": D20, "properties": {"a": text(), "b": {"items": {"items": text()}}}}
    assert verdicts(several, other)[1] == "undecided"


def test_references_count_from_the_schema_with_an_identifier() -> None:
    inner = {"$id": "https://x.test/i", "properties": {"n": {"$ref": "#/$defs/v"}}, "$defs": {"v": text()}}
    whole = {
        "$schema": D20,
        "properties": {"a": {"$ref": "https://x.test/i"}},
        "$defs": {"i": inner, "v": {"type": "null"}},
    }
    plain = {"properties": {"a": {"properties": {"n": text()}}}}
    assert verdicts(whole, plain) == BOTH
    beside = {"$schema": D20, "properties": {"a": inner}, "$defs": {"v": {"type": "null"}}}
    assert verdicts(beside, plain) == BOTH


def test_a_schema_in_another_file_counts() -> None:
    old = document({"properties": {"a": {"$ref": "part.schema.json#/$defs/A"}}}, part={"$defs": {"A": text()}})
    new = document(
        {"properties": {"a": {"$ref": "part.schema.json#/$defs/A"}}}, part={"$defs": {"A": text(minLength=1)}}
    )
    found = read_verdicts(old, new, "all")
    assert [found[each].verdict for each in ("backward", "forward")] == ["excluded", "included"]
    assert found["backward"].witness == ({"a": ""},)


def chain(value: str, onward: str) -> dict[str, Any]:
    """A linked list of values."""
    properties = {"v": {"type": value}, "next": {"$ref": onward}}
    return {"type": ["object", "null"], "properties": properties, "required": ["v"]}


def test_recursive_schemas_are_compared_as_a_whole() -> None:
    numbers = chain("integer", "#")
    assert verdicts(numbers, {"$ref": "#/$defs/L", "$defs": {"L": chain("integer", "#/$defs/L")}}) == BOTH
    assert verdicts(numbers, chain("number", "#")) == ("included", "excluded")
