"""The judgement beside the relation: what the relation excludes is not called harmless, what it includes is no break."""

from __future__ import annotations

import pytest

from retailctl.contracts.schemas.inclusion import Relation
from tests.unit.contracts.changes.table import COMPONENTS, FAMILIES
from tests.unit.contracts.comparing import (
    Raw,
    body,
    judged,
    openapi,
    operation,
    read,
    request,
    response,
    schemas,
    thing,
)

# Rows whose level is a convention of the table: (what the relation says, direction) to the changes.
BY_CHOICE = {
    ("excluded", "out"): {"pattern-removed", "pattern-changed", "pattern-generalized", "schema-became-not-false"},
    ("included", "in"): {"x-extensible-enum-value-removed", "content-schema-added", "content-media-type-changed",
                         "content-encoding-changed"},
    ("included", "out"): {"content-schema-removed", "content-media-type-changed", "content-encoding-changed"},
}  # fmt: skip
KEYS = {
    "in": "#/paths/~1orders/post/requestBody/content/application~1json/schema",
    "out": "#/paths/~1orders/get/responses/200/content/application~1json/schema",
}


def relation(old: Raw, new: Raw, flows: str) -> str:
    """What the relation says of the two schemas by themselves."""
    one, other = read(old).schemas, read(new).schemas
    before, after = one.resolve(KEYS[flows]), other.resolve(KEYS[flows])
    if flows == "in":
        return Relation(one, other, polarity="in").included(before, after).verdict
    return Relation(other, one, polarity="out").included(after, before).verdict


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("flows", KEYS)
def test_the_judgement_says_what_the_relation_says(family: str, flows: str) -> None:
    place = request if flows == "in" else response
    old, new = (place(schema, components={"schemas": COMPONENTS}) for schema in FAMILIES[family])
    said = relation(old, new, flows)
    levels = {one.level for one in judged(old, new, witnesses=False).changes}
    if family in BY_CHOICE.get((said, flows), set()):
        return
    assert said != "excluded" or levels & {"ERR", "WARN"}, levels
    assert said != "included" or "ERR" not in levels, levels


def test_a_choice_is_one_of_the_changes() -> None:
    assert set.union(*BY_CHOICE.values()) <= set(FAMILIES)


def test_the_case_stands_at_the_operation_it_was_made_for() -> None:
    """The shortest way to a component may start at another operation than the first that reaches it."""
    far = thing(inner=thing(inner=thing(order={"$ref": "#/components/schemas/Order"})))
    far["required"] = ["inner"]

    def shop(schema: Raw) -> Raw:
        paths = {
            "/a": operation("post", "/a", **body({"$ref": "#/components/schemas/Far"}))["paths"]["/a"],
            "/b": operation("post", "/b", **body({"$ref": "#/components/schemas/Order"}))["paths"]["/b"],
        }
        return openapi(paths, "3.1.0", **schemas(Far=far, Order=schema))

    result = judged(shop(thing(id={"type": "string"})), shop({**thing(id={"type": "string"}), "required": ["id"]}))
    (one,) = (one for one in result.changes if one.change.schema is not None)
    assert one.witness is not None
    assert set(one.change.operations) == {"POST /a", "POST /b"}
    way = "inner" in one.witness.value
    assert one.witness.place == f"POST /{'a' if way else 'b'} application/json"
