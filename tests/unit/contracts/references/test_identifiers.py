"""$id, $anchor, $dynamicAnchor and $self (JSON Schema 2020-12 Core 8.2, OpenAPI 3.2)."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.contracts.references import ReferenceProblem

ROOT = "api/openapi.json"
TREE = {
    "$id": "https://schemas.example/tree",
    "$dynamicAnchor": "node",
    "$defs": {"Leaf": {"$anchor": "leaf", "type": "string"}, "Deep": {"$id": "deep", "$anchor": "here"}},
}
DOCUMENT = {
    "openapi": "3.1.0",
    "components": {"schemas": {"Tree": TREE, "Named": {"$anchor": "named"}, "Fake": {"example": {"$anchor": "fake"}}}},
}
TREE_AT = "/components/schemas/Tree"


@pytest.mark.parametrize(
    ("ref", "holder", "pointer"),
    [
        ("https://schemas.example/tree", "", TREE_AT),
        ("https://schemas.example/tree#/$defs/Leaf", "", f"{TREE_AT}/$defs/Leaf"),
        ("https://schemas.example/deep", "", f"{TREE_AT}/$defs/Deep"),
        ("#named", "", "/components/schemas/Named"),
        ("#/$defs/Leaf", f"{TREE_AT}/items", f"{TREE_AT}/$defs/Leaf"),
        ("#leaf", f"{TREE_AT}/items", f"{TREE_AT}/$defs/Leaf"),
        ("#node", f"{TREE_AT}/items", TREE_AT),
        ("deep#here", f"{TREE_AT}/items", f"{TREE_AT}/$defs/Deep"),
        ("#/components/schemas/Named", f"{TREE_AT}/items", "/components/schemas/Named"),
    ],
)
def test_identifiers(library: Any, ref: str, holder: str, pointer: str) -> None:
    made = library({ROOT: DOCUMENT})
    assert made.target(ref, made.base_of(ROOT, holder)).pointer == pointer


@pytest.mark.parametrize("ref", ["#fake", "#leaf", "deep", "https://schemas.example/tree#/none", "tree#none"])
def test_names_do_not_leave_their_resource_and_examples_have_none(library: Any, ref: str) -> None:
    with pytest.raises(ReferenceProblem):
        library({ROOT: DOCUMENT}).target(ref, ROOT)


def test_self_of_3_2(library: Any) -> None:
    made = library({ROOT: {"openapi": "3.2.0", "$self": "https://api.example/v1/openapi", "x": {"n": 1}}})
    assert made.target("https://api.example/v1/openapi#/x", ROOT).value == {"n": 1}
    assert made.target("openapi#/x", ROOT).value == {"n": 1}


def test_ids_mean_nothing_in_3_0(library: Any) -> None:
    with pytest.raises(ReferenceProblem):
        library({ROOT: {**DOCUMENT, "openapi": "3.0.3"}}).target("https://schemas.example/tree", ROOT)


def test_the_id_of_a_document_read_before(library: Any) -> None:
    made = library({ROOT: {}, "api/item.json": {"$id": "https://schemas.example/item", "type": "object"}})
    made.target("item.json", ROOT)
    assert made.target("https://schemas.example/item", ROOT).path == "api/item.json"


def test_siblings_of_a_root_with_an_id_are_found_by_file(library: Any) -> None:
    made = library({ROOT: {"$id": "https://schemas.example/order.json"}, "api/line.json": {"type": "object"}})
    assert made.target("line.json", ROOT).path == "api/line.json"


@pytest.mark.parametrize(("schema", "key"), [("http://json-schema.org/draft-07/schema#", "$id"), ("draft-04", "id")])
def test_old_drafts_write_anchors_as_ids(library: Any, schema: str, key: str) -> None:
    made = library({ROOT: {"$schema": schema, "definitions": {"A": {key: "#a", "type": "string"}}}})
    assert made.target("#a", ROOT).pointer == "/definitions/A"
