"""Documents that nobody wrote to be read: an answer each time, soon, and never an exception."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

import pytest

from retailctl.contracts.schemas.store import Steps
from retailctl.contracts.witness import NoWitness, Witness, Workshop, sample
from tests.unit.contracts.witness.full import Store

TEXT = {"type": ["string"]}
SHORT = {"type": ["string"], "maxLength": 3}
SECONDS = 5.0


def find(
    old: Any, new: Any, steps: Steps = (), keyword: str = "maxLength", before: Any = None, after: Any = None
) -> Witness | NoWitness:
    begun = time.process_time()
    found = Workshop(Store(before or {}), Store(after or {})).find(
        old, new, polarity="in", old_steps=steps, new_steps=steps, keyword=keyword
    )
    assert time.process_time() - begun < SECONDS
    return found


def ref(key: str) -> dict[str, Any]:
    return {"$ref": key}


def levels(count: int, level: Callable[[str], Any], leaf: Any) -> dict[str, Any]:
    return {**{f"k{number}": level(f"k{number + 1}") for number in range(count)}, f"k{count}": leaf}


@pytest.mark.parametrize(
    ("count", "level"),
    [
        (12, lambda key: {"allOf": [ref(key), ref(key)]}),
        (18, lambda key: {"allOf": [ref(key), ref(key)]}),
        (60, lambda key: {"allOf": [ref(key), {"allOf": [ref(key)]}]}),
        (20, lambda key: {"anyOf": [ref(key), {"anyOf": [ref(key)]}]}),
        (3000, ref),
        (1500, lambda key: {"allOf": [ref(key)]}),
    ],
    ids=["allOf 2^12", "allOf 2^18", "nested allOf 2^60", "anyOf 2^20", "chain of references", "chain of allOf"],
)
def test_references_that_multiply_still_have_a_witness(count: int, level: Callable[[str], Any]) -> None:
    found = find(ref("k0"), ref("k0"), before=levels(count, level, TEXT), after=levels(count, level, SHORT))
    assert isinstance(found, Witness)
    assert found.instance == "xxxx"


@pytest.mark.parametrize(
    "level",
    [
        lambda key: {"oneOf": [ref(key), {"not": ref(key)}]},
        lambda key: {"if": ref(key), "then": ref(key), "else": ref(key)},
        lambda key: {"type": ["object"], "properties": {"a": ref(key), "b": ref(key)}, "required": ["a", "b"]},
        lambda key: {"type": ["array"], "items": ref(key), "minItems": 9},
    ],
    ids=["oneOf and not", "conditions", "required twice", "nine items"],
)
def test_references_that_multiply_without_end_are_given_up(level: Callable[[str], Any]) -> None:
    found = find(ref("k0"), ref("k0"), before=levels(40, level, TEXT), after=levels(40, level, SHORT))
    assert isinstance(found, NoWitness)


@pytest.mark.parametrize(
    "store",
    [
        {"A": ref("A")},
        {"A": ref("B"), "B": ref("A")},
        {"A": {"allOf": [ref("A")]}},
        {"A": {"not": ref("A")}},
        {"A": {"anyOf": [ref("A"), TEXT]}},
        {"A": {"oneOf": [ref("A"), TEXT]}},
        {"A": {"type": ["object"], "properties": {"a": ref("A")}, "required": ["a"]}},
        {"A": {"type": ["array"], "items": ref("A"), "minItems": 1}},
        {f"A{'x' * number}": ref(f"A{'x' * ((number + 1) % 1000)}") for number in range(1000)},
    ],
)
def test_a_schema_of_itself_ends(store: dict[str, Any]) -> None:
    find(ref("A"), {"allOf": [ref("A"), {"maxLength": 2}]}, before=store, after=store)
    sample(ref("A"), Store(store))


def test_a_schema_that_needs_itself_without_end_has_no_sample() -> None:
    endless = {"A": {"type": ["object"], "properties": {"a": ref("A")}, "required": ["a"]}}
    assert isinstance(sample(ref("A"), Store(endless)), NoWitness)


def test_the_shortest_way_out_of_a_cycle_is_taken() -> None:
    node = {
        "type": ["object"],
        "required": ["next"],
        "properties": {
            "next": {
                "anyOf": [ref("Node"), {"type": ["object"], "required": ["end"], "properties": {"end": {"const": 1}}}]
            }
        },
    }
    assert sample(ref("Node"), Store({"Node": node})) == {"next": {"end": 1}}


@pytest.mark.parametrize("steps", [("properties", "a") * 100, ()], ids=["told", "not told"])
def test_a_hundred_levels(steps: Steps) -> None:
    old: Any = TEXT
    new: Any = SHORT
    for _ in range(100):
        old = {"type": ["object"], "properties": {"a": old}, "required": ["a"]}
        new = {"type": ["object"], "properties": {"a": new}, "required": ["a"]}
    found = find(old, new, steps)
    if steps:
        assert isinstance(found, Witness)
        assert found.pointer == "/a" * 100
    assert not isinstance(sample(new, Store()), NoWitness)


def test_thousands_of_components_that_reach_each_other() -> None:
    def document(longest: dict[str, int]) -> dict[str, Any]:
        chance = random.Random(1)
        return {
            f"C{number}": {
                "type": ["object"],
                "required": ["id", "p0"] if number % 3 == 0 else ["id"],
                "properties": {
                    **{f"p{at}": ref(f"C{chance.randrange(4000)}") for at in range(15)},
                    "id": {"type": ["string"], **longest},
                },
            }
            for number in range(4000)
        }

    workshop = Workshop(Store(document({})), Store(document({"maxLength": 5})))
    begun = time.process_time()
    for number in range(100):
        steps = ("$ref", "properties", f"p{number % 15}", "$ref", "properties", "id")
        root = ref(f"C{number}")
        found = workshop.find(root, root, polarity="in", old_steps=steps, new_steps=steps, keyword="maxLength")
        assert isinstance(found, Witness)
    assert time.process_time() - begun < 2.0


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$",
        "(.*a){25}",
        "^(([a-z])+.)+[A-Z]([a-z])+$",
        "(a|a)*b",
        "^((a+)+)(?=$)b",
        "(a+)+(?!b)$",
        "a{1,99999}",
        "^(?:a{1000}){1000}$",
    ],
)
def test_slow_patterns(pattern: str) -> None:
    find({**TEXT, "pattern": pattern}, {**TEXT, "pattern": pattern, "maxLength": 100})
    found = find(TEXT, {**TEXT, "pattern": pattern}, keyword="pattern")
    assert isinstance(found, Witness) or "pattern" in found.reason


@pytest.mark.parametrize("pattern", ["[", "a{,3}", "(" * 3000, "x" * 5000, "\\"])
def test_a_pattern_the_validator_cannot_read_is_named_as_the_reason(pattern: str) -> None:
    found = find(TEXT, {**TEXT, "pattern": pattern}, keyword="pattern")
    assert isinstance(found, NoWitness)
    assert "pattern" in found.reason


@pytest.mark.parametrize("pattern", ["(?=a)a", "(?<=a)b", r"^(a)\1$", "^(?!x).*$"])
def test_look_around_and_back_references_are_understood_by_the_validator(pattern: str) -> None:
    assert isinstance(find(TEXT, {**TEXT, "pattern": pattern}, keyword="pattern"), Witness)


BROKEN: list[Any] = [
    {"type": 5}, {"properties": [1]}, {"required": "abc"}, {"required": [1, None]}, {"anyOf": []}, {"anyOf": 3}, {"enum": 5}, {"items": 5},
    {"minimum": "x"}, {"multipleOf": 0}, {"multipleOf": -1}, {"pattern": 5}, {"$ref": "nope"}, {"$ref": 5}, {"$ref": ["a"]}, {"allOf": {"a": 1}},
    {"not": 3}, {"type": ["foo"]}, {"minLength": -5}, {"maxLength": 1.5}, {"minimum": float("nan")}, {"maximum": float("inf")},
    {"minimum": 10**4000}, {"maximum": 1e308}, {"minLength": 10**7}, {"minItems": 10**9}, {"minProperties": 10**9}, {"minContains": 1e300, "contains": {}},
    {"dependentRequired": {"a": 1}}, {"dependentSchemas": {"a": 1}}, {"discriminator": 7}, {"properties": {"a": None}}, {"enum": ["\ud800"]},
    {"prefixItems": {}}, {"patternProperties": {"[": True}}, {"patternProperties": 3}, {"propertyNames": 3}, {"const": object()}, {"if": 3, "then": []},
    {"$defs": {"a": 1}}, {"format": ["date"]}, {"type": ["string", ["x"]]}, None, 5, "x", [],
]  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN, ids=lambda value: repr(value).split(" at ")[0][:40])
@pytest.mark.parametrize(
    "steps", [(), ("properties", "a"), ("items",), ("allOf", 7), ("$ref", "anyOf", "x"), ("oneOf",), (0, 1)]
)
def test_broken_schemas_and_ways_never_raise(broken: Any, steps: Steps) -> None:
    for keyword in ("maxLength", "required", "oneOf", "nonsense"):
        find(broken, SHORT, steps, keyword)
        find(TEXT, broken, steps, keyword)
    sample(broken, Store())


def test_three_hundred_branches() -> None:
    def branches(count: int) -> dict[str, Any]:
        return {
            "oneOf": [
                {"type": ["object"], "properties": {"k": {"const": number}}, "required": ["k"]}
                for number in range(count)
            ]
        }

    found = find(branches(300), branches(299), keyword="oneOf")
    assert isinstance(found, Witness)
    assert found.instance == {"k": 299}


def test_twenty_thousand_values() -> None:
    values = [str(number) for number in range(20_000)]
    found = find({"enum": values}, {"enum": values[:-1]}, keyword="enum")
    assert isinstance(found, Witness)
    assert found.instance == "19999"
