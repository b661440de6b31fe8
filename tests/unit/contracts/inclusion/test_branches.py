"""Unions as contracts write them: tagged branches, discriminators, long lists."""

from __future__ import annotations

import time
from typing import Any

from tests.unit.contracts.inclusion.judging import included, verdict

STRING: dict[str, Any] = {"type": ("string",)}


def branch(tag: str, **properties: Any) -> dict[str, Any]:
    return {"type": ("object",), "properties": {"kind": {"const": tag}, **properties}, "required": ["kind"]}


def union(*keys: str) -> dict[str, Any]:
    return {"oneOf": [{"$ref": key} for key in keys]}


def test_tagged_branches_are_known_apart() -> None:
    store = {tag: branch(tag, v=STRING) for tag in "abc"}
    assert verdict(union("a", "b"), union("c", "b", "a"), a_store=store, b_store=dict(store)) == "included"
    assert verdict(union("a", "b", "c"), union("a", "b"), a_store=store, b_store=dict(store)) == "excluded"
    assert verdict(union("a"), store["a"], a_store=store) == "included"
    wider = {tag: branch(tag, v={"type": ("null", "string")}) for tag in "abc"}
    assert verdict(union("a", "b"), union("a", "b"), a_store=store, b_store=wider) == "included"


def test_the_reason_lies_in_the_branch_that_changed() -> None:
    store = {tag: branch(tag, v=STRING) for tag in "ab"}
    answer = included(union("a", "b"), union("a", "b"), store, store | {"b": branch("b", v={"type": ("integer",)})})
    (reason,) = answer.reasons
    assert reason.a_steps == reason.b_steps == ("oneOf", 1, "$ref", "properties", "v")


def test_a_new_branch_that_overlaps_an_old_one_excludes() -> None:
    loose: dict[str, Any] = {"type": ("object",), "properties": {"v": STRING}}
    a = {"oneOf": [branch("a", v=STRING)]}
    answer = included(a, {"oneOf": [branch("a", v=STRING), loose]})
    assert answer.verdict == "excluded"
    assert "more than one" in answer.reasons[0].text


def test_equal_overlapping_branches_are_still_equal() -> None:
    store: dict[str, Any] = {
        "x": {"type": ("object",), "properties": {"p": STRING}},
        "y": {"type": ("object",), "properties": {"q": STRING}},
    }
    assert verdict(union("x", "y"), union("x", "y"), a_store=store, b_store=dict(store)) == "included"
    described = {key: {**schema, "minProperties": 0} for key, schema in store.items()}
    assert verdict(union("x", "y"), union("x", "y"), a_store=store, b_store=described) == "included"


def test_a_discriminator_tells_branches_apart_and_a_lost_value_is_not_decided() -> None:
    store = {key: {"type": ("object",), "properties": {"kind": STRING}, "required": ["kind"]} for key in ("dog", "cat")}
    both = {**union("dog", "cat"), "discriminator": {"propertyName": "kind", "mapping": {"d": "dog", "c": "cat"}}}
    one = {**both, "discriminator": {"propertyName": "kind", "mapping": {"d": "dog"}}}
    wider = {key: {**schema, "minProperties": 0} for key, schema in store.items()}
    assert verdict(both, both, a_store=store, b_store=wider) == "included"
    answer = included(both, one, store, wider)
    assert answer.verdict == "undecided"
    assert {reason.keyword for reason in answer.reasons} == {"discriminator"}


def test_long_unions_cost_no_square() -> None:
    store: dict[str, Any] = {f"k{i}": branch(f"k{i}", v=STRING) for i in range(200)}
    wider = {key: branch(key, v={"type": ("null", "string")}) for key in store}
    start = time.process_time()
    assert verdict(union(*store), union(*reversed(store)), a_store=store, b_store=wider) == "included"
    assert verdict(union(*store), union(*list(store)[1:]), a_store=store, b_store=wider) == "excluded"
    assert time.process_time() - start < 5


def test_independent_choices_do_not_multiply() -> None:
    pairs = [{"anyOf": [branch("a", **{f"p{i}": STRING}), branch("a", **{f"q{i}": STRING})]} for i in range(20)]
    start = time.process_time()
    assert verdict({"allOf": pairs}, {"allOf": pairs[::-1]}) == "included"
    verdict({"allOf": pairs}, {"allOf": pairs[::-1], "required": ["z"]})
    assert time.process_time() - start < 10
