"""One row per change of a keyword: a witness exists, and the whole schemas bear it out."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.contracts.schemas.store import Polarity, Steps
from retailctl.contracts.witness import Witness, Workshop
from tests.support.effort import THOROUGH
from tests.unit.contracts.witness.full import Store, verdict


def s(**more: Any) -> dict[str, Any]:
    return {"type": ["string"], **more}


def n(**more: Any) -> dict[str, Any]:
    return {"type": ["number"], **more}


def i(**more: Any) -> dict[str, Any]:
    return {"type": ["integer"], **more}


def a(**more: Any) -> dict[str, Any]:
    return {"type": ["array"], **more}


def o(**more: Any) -> dict[str, Any]:
    return {"type": ["object"], **more}


def t(*names: str, **more: Any) -> dict[str, Any]:
    return {"type": sorted(names), **more}


AB = {"a": s(), "b": i()}
CAT = o(properties={"kind": s(), "meow": s()}, required=["kind", "meow"])
DOG = o(properties={"kind": s(), "bark": s()}, required=["kind", "bark"])

# keyword, value at issue, what accepts more, what accepts less
CHANGES: list[tuple[str, Any, Any, Any]] = [
    ("enum", "b", s(enum=["a", "b"]), s(enum=["a"])),
    ("enum", None, s(), s(enum=["a"])),
    ("enum", 2, i(enum=[1, 2]), i(enum=[1])),
    ("enum", None, {"enum": ["a", {"b": 1}]}, {"enum": ["a"]}),
    ("const", None, s(const="b"), s(const="a")),
    ("const", None, i(), i(const=1)),
    ("type", "integer", t("integer", "string"), s()),
    ("type", None, n(), i()),
    ("type", None, {}, s()),
    ("type", ["array"], t("array", "object"), o()),
    ("type", "boolean", t("boolean", "null"), t("null")),
    ("nullable", None, t("null", "string"), s()),
    ("nullable", None, {"nullable": True, "enum": ["a"]}, {"enum": ["a"]}),
    ("nullable", None, {"nullable": True, "$ref": "X"}, {"$ref": "X"}),
    ("minimum", None, n(minimum=0), n(minimum=1)),
    ("minimum", None, n(), n(minimum=-5)),
    ("minimum", None, n(minimum=10.5, maximum=11), n(minimum=10.75, maximum=11)),
    ("exclusiveMinimum", None, n(minimum=0), n(exclusiveMinimum=0)),
    ("exclusiveMinimum", None, i(exclusiveMinimum=3), i(exclusiveMinimum=4)),
    ("maximum", None, i(maximum=1000), i(maximum=999)),
    ("maximum", None, i(multipleOf=7), i(multipleOf=7, maximum=100)),
    ("exclusiveMaximum", None, n(maximum=1), n(exclusiveMaximum=1)),
    ("exclusiveMaximum", None, n(), n(exclusiveMaximum=1)),
    ("multipleOf", None, n(multipleOf=0.01), n(multipleOf=0.05)),
    ("multipleOf", None, n(), n(multipleOf=0.01)),
    ("multipleOf", None, i(multipleOf=5), i(multipleOf=10)),
    ("minLength", None, s(), s(minLength=1)),
    ("minLength", None, s(minLength=3, maxLength=9), s(minLength=4, maxLength=9)),
    ("maxLength", None, s(), s(maxLength=10)),
    ("maxLength", None, s(pattern="^[A-Z]{2,9}$"), s(pattern="^[A-Z]{2,9}$", maxLength=5)),
    ("maxLength", None, s(format="email"), s(format="email", maxLength=50)),
    ("maxLength", None, s(format="uri"), s(format="uri", maxLength=64)),
    ("pattern", None, s(), s(pattern="^[0-9]+$")),
    ("pattern", None, s(pattern="^[A-Z]+$"), s(pattern="^[A-F]+$")),
    ("pattern", None, s(pattern="^(EUR|USD|GBP)$"), s(pattern="^(EUR|USD)$")),
    ("pattern", None, s(pattern=r"^\d{4}-\d{2}$"), s(pattern="^2[0-9]{3}-[0-9]{2}$")),
    ("format", None, s(), s(format="date")),
    ("format", None, s(format="date"), s(format="date-time")),
    ("format", None, s(format="uri-reference"), s(format="uri")),
    ("format", None, s(), s(format="uuid")),
    ("format", None, s(), s(format="email")),
    ("format", None, s(), s(format="ipv4")),
    ("required", "b", o(properties=AB, required=["a"]), o(properties=AB, required=["a", "b"])),
    ("required", ["a", "b"], o(properties=AB), o(properties=AB, required=["a", "b"])),
    ("properties", "b", o(properties=AB, additionalProperties=False), o(properties={"a": s()}, additionalProperties=False)),
    ("properties", "b", o(properties={"a": s(), "b": s()}), o(properties=AB)),
    ("additionalProperties", None, o(additionalProperties=s()), o(additionalProperties=False)),
    ("additionalProperties", None, o(additionalProperties=True), o(additionalProperties=i())),
    ("additionalProperties", None, o(properties=AB), o(properties={"a": s()}, additionalProperties=False)),
    ("patternProperties", None, o(patternProperties={"^x-[a-z]+$": {}}), o(patternProperties={"^x-[a-z]+$": i()})),
    ("patternProperties", None, o(patternProperties={"^x-": s()}), o(additionalProperties=False)),
    ("propertyNames", None, o(additionalProperties=s()), o(additionalProperties=s(), propertyNames={"pattern": "^[a-z]{3}$"})),
    ("minProperties", None, o(properties=AB), o(properties=AB, minProperties=1)),
    ("maxProperties", None, o(properties=AB), o(properties=AB, maxProperties=1)),
    ("maxProperties", None, o(additionalProperties=i()), o(additionalProperties=i(), maxProperties=4)),
    ("dependentRequired", None, o(properties=AB), o(properties=AB, dependentRequired={"a": ["b"]})),
    ("dependentRequired", "a", o(properties={**AB, "c": i()}, dependentRequired={"a": ["b"]}), o(properties={**AB, "c": i()}, dependentRequired={"a": ["b", "c"]})),
    ("required", "", o(properties=AB, required=["z"]), o(properties=AB, required=["z", "a"])),
    ("dependentSchemas", None, o(properties=AB), o(properties=AB, dependentSchemas={"a": {"required": ["b"]}})),
    ("unevaluatedProperties", None, o(properties=AB), o(allOf=[{"properties": {"a": s()}}], unevaluatedProperties=False)),
    ("items", None, a(items=t("integer", "string")), a(items=s())),
    ("items", None, a(), a(items=s())),
    ("items", None, a(items=s()), a(items=False)),
    ("prefixItems", None, a(prefixItems=[s(), i()]), a(prefixItems=[s(), s()])),
    ("minItems", None, a(items=s()), a(items=s(), minItems=2)),
    ("minItems", None, a(minItems=1, items=o(required=["a"], properties=AB)), a(minItems=3, items=o(required=["a"], properties=AB))),
    ("maxItems", None, a(items=i()), a(items=i(), maxItems=3)),
    ("maxItems", None, a(items=i(), uniqueItems=True), a(items=i(), uniqueItems=True, maxItems=5)),
    ("uniqueItems", None, a(items=s()), a(items=s(), uniqueItems=True)),
    ("uniqueItems", None, a(items=o(properties=AB)), a(items=o(properties=AB), uniqueItems=True)),
    ("contains", None, a(items=i()), a(items=i(), contains={"const": 5})),
    ("minContains", None, a(items=i(), contains={"minimum": 5}), a(items=i(), contains={"minimum": 5}, minContains=2)),
    ("maxContains", None, a(items=i(), contains={"minimum": 5}), a(items=i(), contains={"minimum": 5}, maxContains=2)),
    ("anyOf", None, {"anyOf": [s(), i()]}, {"anyOf": [s()]}),
    ("anyOf", None, {"anyOf": [CAT, DOG]}, {"anyOf": [CAT]}),
    ("oneOf", None, {"oneOf": [s(), i()]}, {"oneOf": [i()]}),
    ("oneOf", None, {"oneOf": [n()]}, {"oneOf": [n(), n(minimum=10)]}),
    ("oneOf", None, {"oneOf": [CAT]}, {"oneOf": [CAT, o(properties={"tail": s()}, required=["kind"])]}),
    ("allOf", None, o(properties=AB), {"allOf": [o(properties=AB), {"required": ["a"]}]}),
    ("allOf", None, s(), {"allOf": [{"maxLength": 3}, {"pattern": "^x"}]}),
    ("not", None, s(), s(**{"not": {"enum": ["x", "y"]}})),
    ("not", None, o(properties=AB), o(properties=AB, **{"not": {"required": ["a", "b"]}})),
    ("if", None, o(properties=AB), o(properties=AB, **{"if": {"required": ["a"]}, "then": {"required": ["b"]}})),
    ("else", None, {"if": s(), "then": {"minLength": 1}}, {"if": s(), "then": {"minLength": 1}, "else": i()}),
    ("discriminator", "dog", {"oneOf": [{"$ref": "Cat"}, {"$ref": "Dog"}], "discriminator": {"propertyName": "kind", "mapping": {"cat": "Cat", "dog": "Dog"}}}, {"oneOf": [{"$ref": "Cat"}], "discriminator": {"propertyName": "kind", "mapping": {"cat": "Cat"}}}),
]  # fmt: skip
STORE = Store({"X": s(maxLength=4), "Cat": CAT, "Dog": DOG})

# where the change sits: the whole position around it, and the way to it
AROUND: dict[str, tuple[Any, Steps]] = {
    "root": (lambda schema: schema, ()),
    "optional property": (lambda schema: o(properties={"id": i(), "it": schema}, required=["id"]), ("properties", "it")),
    "item behind allOf": (
        lambda schema: {"allOf": [o(properties={"lines": a(items=schema)}), o(properties={"id": s(format="uuid")}, required=["id"])]},
        ("allOf", 0, "properties", "lines", "items"),
    ),
    "branch": (
        lambda schema: {"oneOf": [o(properties={"n": {"const": 1}, "it": schema}, required=["n"]), o(properties={"n": {"const": 2}}, required=["n"])]},
        ("oneOf", 0, "properties", "it"),
    ),
    "map value": (lambda schema: o(additionalProperties=schema), ("additionalProperties",)),
}  # fmt: skip


def test_the_table_is_long_enough() -> None:
    assert len(CHANGES) >= 60


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("polarity", ["in", "out"])
@pytest.mark.parametrize(
    ("keyword", "value", "more", "less"), CHANGES, ids=[f"{n}-{row[0]}" for n, row in enumerate(CHANGES)]
)
def test_every_narrowing_has_a_witness(
    keyword: str, value: object, more: object, less: object, polarity: Polarity, around: str
) -> None:
    wrap, steps = AROUND[around]
    wider, tighter = wrap(more), wrap(less)
    old, new = (wider, tighter) if polarity == "in" else (tighter, wider)
    found = Workshop(STORE, STORE).find(
        old, new, polarity=polarity, old_steps=steps, new_steps=steps, keyword=keyword, value=value
    )
    assert isinstance(found, Witness), found
    assert verdict(wider, STORE, found.instance, polarity)
    assert not verdict(tighter, STORE, found.instance, polarity)
    assert (found.accepted_by, found.rejected_by) == (("old", "new") if polarity == "in" else ("new", "old"))
    assert 0 < len(found.error) < 120


@pytest.mark.parametrize("number", range(len(CHANGES)), ids=[f"{n}-{row[0]}" for n, row in enumerate(CHANGES)])
def test_no_witness_against_a_side_that_changed_nothing(number: int) -> None:
    """Looking for what is not there takes longest: outside a thorough run, each row is tried at one place in turn."""
    keyword, value, more, less = CHANGES[number]
    for wrap, steps in AROUND.values() if THOROUGH else [tuple(AROUND.values())[number % len(AROUND)]]:
        for schema in (wrap(more), wrap(less)):
            found = Workshop(STORE, STORE).find(
                schema, schema, polarity="in", old_steps=steps, new_steps=steps, keyword=keyword, value=value
            )
            assert not isinstance(found, Witness)
