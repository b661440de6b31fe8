"""What flows in which direction, what a side declares, and how a witness is shown."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from retailctl.contracts.schemas.store import Polarity, Steps
from retailctl.contracts.witness import NoWitness, Witness, Workshop, accepts, sample, shown
from tests.unit.contracts.witness.full import Store

ID = {"type": ["string"]}


def find(
    old: Any,
    new: Any,
    polarity: Polarity = "in",
    steps: Steps = (),
    keyword: str = "required",
    value: object = None,
    store: Any = None,
    content: Any = "declared",
) -> Witness | NoWitness:
    both = Store(store or {})
    return Workshop(both, both, content=content).find(
        old, new, polarity=polarity, old_steps=steps, new_steps=steps, keyword=keyword, value=value
    )


def thing(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": ["object"], "required": required, "properties": properties}


@pytest.mark.parametrize(("mark", "spared", "hit"), [("readOnly", "in", "out"), ("writeOnly", "out", "in")])
def test_a_property_that_does_not_flow_need_not_be_there(mark: str, spared: Polarity, hit: Polarity) -> None:
    part = {**ID, mark: True}
    one, two = thing([], id=part), thing(["id"], id=part)
    for polarity in (spared, hit):
        old, new = (one, two) if polarity == "in" else (two, one)
        assert isinstance(find(old, new, polarity, value="id"), Witness) is (polarity == hit)


@pytest.mark.parametrize(
    "new",
    [
        {"allOf": [thing([], id={"$ref": "Marked"}), {"required": ["id"]}]},
        {"allOf": [{"$ref": "Base"}], "required": ["id"]},
        {"allOf": [{"required": ["id"]}, {"allOf": [{"$ref": "Base"}]}]},
    ],
)
def test_the_mark_counts_where_another_branch_requires_the_property(new: Any) -> None:
    store = {"Marked": {**ID, "readOnly": True}, "Base": thing([], id={**ID, "readOnly": True})}
    assert accepts(new, Store(store), {}, "in") is True
    assert accepts(new, Store(store), {}, "out") is False
    assert isinstance(find(thing([], id=ID), new, store=store), NoWitness)


def test_a_cut_property_is_an_undeclared_one() -> None:
    closed = {**thing([], id={**ID, "readOnly": True}), "additionalProperties": False}
    assert accepts(closed, Store(), {"id": "x"}, "in") is False
    assert accepts(closed, Store(), {"id": "x"}, "out") is True


def test_only_what_is_declared_is_sent_unless_everything_counts() -> None:
    old, new = thing([], a=ID), thing([], a=ID, b={"type": ["integer"]})
    declared = find(old, new, steps=(), keyword="properties", value="b")
    assert isinstance(declared, NoWitness)
    assert "declare" in declared.reason
    everything = find(old, new, keyword="properties", value="b", content="all")
    assert isinstance(everything, Witness)
    assert everything.instance == {"b": "x"}
    assert everything.pointer == "/b"


@pytest.mark.parametrize("open_", [True, {}, {"type": ["string"]}])
def test_a_map_declares_its_names(open_: Any) -> None:
    found = find(
        {"type": ["object"], "additionalProperties": open_},
        {"type": ["object"], "additionalProperties": False},
        keyword="additionalProperties",
    )
    assert isinstance(found, Witness)


def test_a_property_declared_in_another_branch_is_declared() -> None:
    old = {"allOf": [thing([], a=ID), thing([], b=ID)]}
    found = find(old, {**old, "not": {"required": ["a", "b"]}}, keyword="not")
    assert isinstance(found, Witness)
    assert found.instance == {"a": "x", "b": "x"}


PETS = {
    "Cat": thing(["kind"], kind=ID, lives={"type": ["integer"]}),
    "Dog": thing(["kind"], kind=ID, tricks={"type": ["integer"]}),
    "Base": {
        **thing(["kind"], kind=ID),
        "discriminator": {"propertyName": "kind"},
        "oneOf": [{"$ref": "Own"}, {"$ref": "Other"}],
    },
    "Own": {"allOf": [{"$ref": "Base"}, thing(["own"], own=ID)]},
    "Other": {"allOf": [{"$ref": "Base"}, thing(["other"], other=ID)]},
}
TAGS = {"propertyName": "kind", "mapping": {"cat": "Cat", "dog": "Dog"}}


def test_the_discriminator_names_the_branch() -> None:
    union = {"anyOf": [{"$ref": "Cat"}, {"$ref": "Dog"}], "discriminator": TAGS}
    tightened = {"allOf": [union, {"properties": {"tricks": {"maximum": 5}}}]}
    steps = ("anyOf", 1, "$ref", "properties", "tricks")
    found = Workshop(Store(PETS), Store(PETS)).find(
        union,
        tightened,
        polarity="in",
        old_steps=steps,
        new_steps=("allOf", 1, "properties", "tricks"),
        keyword="maximum",
    )
    assert isinstance(found, Witness)
    assert found.instance == {"kind": "dog", "tricks": 6}


def test_a_parent_that_names_its_children_who_include_it_has_an_instance() -> None:
    found = sample({"$ref": "Base"}, Store(PETS))
    assert isinstance(found, dict)
    assert {"kind", "own"} <= set(found) or {"kind", "other"} <= set(found)


def test_a_discriminator_alone_changes_no_verdict() -> None:
    union = {"anyOf": [{"$ref": "Cat"}, {"$ref": "Dog"}]}
    assert isinstance(
        find({**union, "discriminator": TAGS}, union, keyword="discriminator", value="dog", store=PETS), NoWitness
    )


def test_null_passes_where_the_internal_keyword_stands_alone() -> None:
    assert accepts({"nullable": True, "enum": ["a"]}, Store(), None, "in") is True
    assert accepts({"nullable": True, "enum": ["a"]}, Store(), "b", "in") is False
    assert accepts({"nullable": True, "type": ["string"]}, Store(), None, "in") is False
    assert accepts({"nullable": True, "$ref": "N"}, Store({"N": {"type": ["object"]}}), None, "in") is True


def test_the_pointer_leads_to_the_place_of_the_change() -> None:
    def order(price: Any) -> dict[str, Any]:
        return thing(["id"], id=ID, **{"a/b~c": {"type": ["array"], "items": thing(["sku"], sku=ID, price=price)}})

    found = find(
        order({"type": ["number"]}),
        order({"type": ["number"], "minimum": 1}),
        steps=("properties", "a/b~c", "items", "properties", "price"),
        keyword="minimum",
    )
    assert isinstance(found, Witness)
    assert found.pointer == "/a~1b~0c/0/price"
    assert found.error == "the number is below the minimum 1"


def test_of_two_changes_the_one_asked_for_is_shown() -> None:
    old = thing([], a=ID, b={"type": ["integer"]})
    new = thing(["a"], a=ID, b={"type": ["integer"], "maximum": 5})
    found = find(old, new, steps=("properties", "b"), keyword="maximum")
    assert isinstance(found, Witness)
    assert (found.pointer, found.error) == ("/b", "the number is above the maximum 5")


def test_an_integer_format_is_a_range() -> None:
    found = find({"type": ["integer"], "format": "int64"}, {"type": ["integer"], "format": "int32"}, keyword="format")
    assert isinstance(found, Witness)
    assert found.instance in {2**31, -(2**31) - 1}


def test_a_format_no_validator_asserts_makes_no_witness() -> None:
    assert isinstance(find({**ID, "format": "sku"}, {**ID, "format": "ean"}, keyword="format"), NoWitness)


def test_decimals_of_a_document_become_numbers() -> None:
    found = find({"enum": [Decimal("1.10"), Decimal(2)]}, {"enum": [Decimal(2)]}, keyword="enum", value=Decimal("1.10"))
    assert isinstance(found, Witness)
    assert shown(found) == "1.1"


def test_a_long_instance_is_shown_short() -> None:
    found = find({**ID, "minLength": 900}, {**ID, "minLength": 900, "pattern": "^y"}, keyword="pattern")
    assert isinstance(found, Witness)
    assert len(shown(found)) == 400
    assert shown(found).endswith("...")


def test_shown_text_is_ascii_json() -> None:
    witness = Witness({"\u202e": "\x1b"}, "", "old", "new", "")
    assert shown(witness).isascii()
    assert json.loads(shown(witness)) == {"\u202e": "\x1b"}


def test_the_same_question_has_the_same_answer() -> None:
    old = {"anyOf": [thing(["a"], a=ID), thing(["b"], b={"type": ["integer", "null"]})]}
    answers = {repr(find(old, {"anyOf": [thing(["a"], a=ID)]}, keyword="anyOf")) for _ in range(3)}
    assert len(answers) == 1


def test_a_dangling_reference_is_the_reason() -> None:
    found = find(
        thing([], a={"$ref": "gone"}),
        thing(["a"], a={"$ref": "gone"}),
        steps=("properties", "a", "$ref"),
        keyword="type",
    )
    assert isinstance(found, NoWitness)
    assert found.reason == "a reference leads nowhere"
    assert accepts({"$ref": "gone"}, Store(), 1, "in") is None


def test_a_dangling_reference_elsewhere_does_not_matter() -> None:
    old = thing([], a=ID, b={"$ref": "gone"})
    assert isinstance(find(old, thing(["a"], a=ID, b={"$ref": "gone"}), keyword="required", value="a"), Witness)
