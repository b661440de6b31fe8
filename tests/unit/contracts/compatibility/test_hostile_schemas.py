"""Schemas made to cost much: a verdict or *undecided*, never an error, and never long."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.contracts.compatibility.json_schema import read_verdicts
from retailctl.contracts.schemas.inclusion.automata import shortest
from retailctl.contracts.schemas.store import ContentModel
from tests.support.schema_documents import document


@pytest.mark.parametrize(
    "pattern",
    [
        "^(a{1,999}){1,999}$", "(" * 200 + "a" + ")" * 200, "^(a|a?)+$" * 40, "[", "(", "a{2,1}", "\\", "^^a$$", "a**",
        "(?=a)b", "\\1", "[z-a]", "x" * 5_000, "^(a+)+$", "\\u{110000}", "\\uD800", "[]", "(?<n>a)\\k<n>", "{", "(?i)a",
    ],
    ids=lambda pattern: pattern[:20],
)  # fmt: skip
def test_any_pattern_is_searched_within_bounds(pattern: str) -> None:
    for must, must_not in (((pattern,), ("b",)), (("^[a-z]*$",), (pattern,)), ((pattern, pattern + "a"), ())):
        found = shortest(must, must_not, 0, 500)
        assert found.cost < 100_000
        assert found.text is None or found.sure


def branch(index: int, **more: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"kind": {"const": f"k{index}"}, "v": {"type": "string", **more}},
        "required": ["kind"],
    }


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
def test_hundreds_of_branches_are_decided(keyword: str) -> None:
    old = document({keyword: [branch(index, maxLength=3) for index in range(300)]})
    new = document({keyword: [branch(index, maxLength=4) for index in reversed(range(300))]})
    found = read_verdicts(old, new, "all")
    assert (found["backward"].verdict, found["forward"].verdict) == ("included", "excluded")
    assert len(found["forward"].witness[0]["v"]) == 4  # type: ignore[index]


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#"}, {"$ref": "#/nowhere"}, {"$ref": 1}, {"$dynamicRef": "#nowhere"}, {"$dynamicRef": 3},
        {"$recursiveRef": "#"}, {"$id": "::", "items": {"$id": "[", "$ref": "x"}}, {"allOf": [{"$ref": "#"}]},
        {"$id": "a", "$defs": {"b": {"$id": "a", "$ref": "a"}}, "$ref": "#/$defs/b"}, {"$dynamicRef": "##"},
        {"pattern": 1, "format": [], "contentEncoding": {}}, {"properties": [], "items": 3, "type": "nothing"},
    ],
    ids=str,
)  # fmt: skip
def test_junk_has_a_verdict(schema: Any) -> None:
    contents: tuple[ContentModel, ...] = ("all", "declared")
    for content in contents:
        for other in (schema, {"type": "string"}):
            found = read_verdicts(document({**schema, "type": "string"}), document({"$schema": "x", **other}), content)
            assert {one.verdict for one in found.values()} <= {"included", "excluded", "undecided"}


def test_a_deep_schema_has_a_verdict() -> None:
    deep: Any = {"type": "string"}
    for _ in range(45):
        deep = {"type": "object", "properties": {"a": deep}}
    found = read_verdicts(document(deep), document({"type": "object"}), "all")
    assert found["backward"].verdict == "included"
    assert found["forward"].verdict in {"excluded", "undecided"}
